//! The helpdesk's master data: companies, boards, … A kind of thing is data (`daybook_domain::object`); nothing here knows
//! one by name but [`records`], which knows to whose log a customer's records belong.
//!
//! Every change goes one way ([`change`]): load, change, compare, store, record. Beside each thing stand the values and
//! words it is found by ([`found_by`]), and the counts of lists, all of the same transaction.

mod aliases;
mod cells;
mod change;
mod choices;
mod circles;
mod demo;
mod export;
mod found_by;
mod given;
mod holders;
mod import;
mod list;
mod many;
mod matching;
pub(crate) mod meant;
mod merge;
mod newcomers;
mod order;
mod past;
mod records;
mod rows;
mod said;
mod save;
mod sort_keys;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod typed;

pub(crate) use aliases::known_as;
pub(crate) use newcomers::{companies_of_domain, make_contact};
pub(crate) use rows::{find_if_there as find_object, names, values as values_of};

use crate::{accounts::Accounts, db::Db, local_time::Reader, reading::ReadLogs, writer::WriteTx};
use async_trait::async_trait;
use change::{Applied, Edit};
use daybook_domain::{
    Result,
    compare::Point,
    id::ObjectId,
    object::{
        Change, Choices, Chosen, Given, KindGranted, ManyChoice, ManyDone, ManyTyped, Merge, Object,
        ObjectKind, ObjectPage, ObjectQuery, ObjectStatus, ObjectThen, Pair, Put, Right, See, Typed,
    },
    permission::ViewAuditLogs,
    ports,
    time::Clock,
    viewer::{Granted, Viewer},
};
use many::ManyEdit;
use std::{fmt, sync::Arc};
pub(crate) use stored::Things;

/// The things of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    db: Db,
    accounts: Accounts,
    logs: ReadLogs,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Objects")
    }
}

impl Objects {
    pub fn new(db: Db, accounts: Accounts, logs: ReadLogs, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            accounts,
            logs,
            clock,
        }
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.clock.now())
    }

    async fn shown<R: Right>(&self, who: &KindGranted<R>, id: ObjectId) -> crate::Result<Object> {
        let row = rows::find(&self.db.read, who.workspace(), who.kind(), id).await?;
        rows::shown(&self.db.read, row, &self.reader(who.viewer())).await
    }

    /// Makes a change, and answers with the thing as it is then.
    async fn edit(&self, who: &KindGranted<Change>, what: &str, edit: Edit) -> Result<Object> {
        Ok(self.put(who, what, edit).await?.object)
    }

    async fn put(&self, who: &KindGranted<Change>, what: &str, edit: Edit) -> Result<Put> {
        let kind = who.kind();
        self.accounts
            .change(who.viewer(), what, move |tx, who| {
                Box::pin(async move {
                    let applied = change::apply(tx, who, kind, edit).await?;
                    let Applied {
                        row,
                        created,
                        not_kept,
                    } = applied;
                    let object = rows::shown(tx.db(), row, &Reader::viewer(who, tx.now())).await?;
                    Ok(Put {
                        object,
                        created,
                        not_kept,
                    })
                })
            })
            .await
    }
}

/// Takes a thing out of use within a change of something else, and says why.
pub(crate) async fn switch_off(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    id: ObjectId,
    why: String,
) -> crate::Result<()> {
    change::apply(tx, who, kind, Edit::SwitchOff(id, why)).await?;
    Ok(())
}

fn outside(who: &Viewer) -> impl Fn(crate::Error) -> daybook_domain::Error {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Objects for Objects {
    async fn list_objects(&self, who: &KindGranted<See>, query: &ObjectQuery) -> Result<ObjectPage> {
        let reader = self.reader(who.viewer());
        let page = list::page(&self.db.read, who.workspace(), who.kind(), query, &reader).await;
        page.map_err(outside(who.viewer()))
    }

    async fn object(&self, who: &KindGranted<See>, id: ObjectId) -> Result<Object> {
        self.shown(who, id).await.map_err(outside(who.viewer()))
    }

    async fn became(&self, who: &KindGranted<See>, id: ObjectId) -> Result<Option<(ObjectId, String)>> {
        let became = aliases::became(&self.db.read, who.workspace(), who.kind(), id).await;
        became.map_err(outside(who.viewer()))
    }

    async fn choices(&self, who: &KindGranted<Change>) -> Result<Vec<Choices>> {
        let choices = choices::all(&self.db.read, who.workspace(), who.kind()).await;
        choices.map_err(outside(who.viewer()))
    }

    async fn create_object(&self, who: &KindGranted<Change>, typed: &Typed) -> Result<Object> {
        let edit = Edit::Create(typed.clone());
        self.edit(who, "create a thing", edit).await
    }

    async fn update_object(
        &self,
        who: &KindGranted<Change>,
        id: ObjectId,
        version: i32,
        typed: &Typed,
    ) -> Result<Object> {
        let edit = Edit::Update {
            id,
            seen: version,
            typed: typed.clone(),
        };
        self.edit(who, "change a thing", edit).await
    }

    async fn put_object(&self, who: &KindGranted<Change>, external_id: &str, given: &Given) -> Result<Put> {
        let edit = Edit::Put {
            external_id: external_id.to_owned(),
            given: given.clone(),
        };
        self.put(who, "synchronise a thing", edit).await
    }

    async fn deactivate_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<Object> {
        let edit = Edit::Status(id, ObjectStatus::Deactivated);
        self.edit(who, "deactivate a thing", edit).await
    }

    async fn reactivate_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<Object> {
        let edit = Edit::Status(id, ObjectStatus::Active);
        self.edit(who, "reactivate a thing", edit).await
    }

    async fn delete_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<()> {
        let kind = who.kind();
        self.accounts
            .change(who.viewer(), "delete a thing", move |tx, who| {
                Box::pin(async move { change::delete(tx, who, kind, id).await })
            })
            .await
    }

    async fn update_objects(
        &self,
        who: &KindGranted<Change>,
        ids: &[ObjectId],
        typed: &ManyTyped,
    ) -> Result<ManyDone> {
        let edit = ManyEdit::Change(typed.clone());
        self.do_with_many(who, "change things", ids, edit).await
    }

    async fn switch_objects(
        &self,
        who: &KindGranted<Change>,
        ids: &[ObjectId],
        status: ObjectStatus,
    ) -> Result<ManyDone> {
        let edit = ManyEdit::Status(status);
        self.do_with_many(who, "switch things", ids, edit).await
    }

    async fn delete_objects(&self, who: &KindGranted<Change>, ids: &[ObjectId]) -> Result<ManyDone> {
        self.do_with_many(who, "delete things", ids, ManyEdit::Delete)
            .await
    }

    async fn choose_objects(&self, who: &KindGranted<Change>, choice: &ManyChoice) -> Result<Chosen> {
        let chosen = many::chosen(&self.db.read, who.workspace(), who.kind(), choice).await;
        chosen.map_err(outside(who.viewer()))
    }

    async fn object_then(
        &self,
        who: &KindGranted<See>,
        reader: &Granted<ViewAuditLogs>,
        id: ObjectId,
        point: Point,
    ) -> Result<ObjectThen> {
        let then = self.then(who, reader, id, point).await;
        then.map_err(outside(who.viewer()))
    }

    async fn restore_object(
        &self,
        who: &KindGranted<Change>,
        reader: &Granted<ViewAuditLogs>,
        id: ObjectId,
        version: i32,
        point: Point,
        properties: &[String],
    ) -> Result<Object> {
        let restore = self
            .wanted_back(who, reader, id, (version, point), properties)
            .await
            .map_err(outside(who.viewer()))?;
        self.edit(who, "restore values", Edit::Restore(restore)).await
    }

    async fn object_pair(&self, who: &KindGranted<Change>, stays: ObjectId, goes: ObjectId) -> Result<Pair> {
        let pair = self.pair(who, stays, goes).await;
        pair.map_err(outside(who.viewer()))
    }

    async fn merge_objects(&self, who: &KindGranted<Change>, asked: &Merge) -> Result<Object> {
        self.merge(who, asked).await
    }
}
