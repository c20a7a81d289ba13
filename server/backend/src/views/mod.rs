//! What users keep of lists: views under a name, for themselves or for a role, and how each log is shown to them.
//!
//! Changes run as changes of accounts do, one at a time and only for who may still ask: who sees a view is a question
//! of roles. A view's own changes are recorded; the order of one's views, which of them opens first and how a log is
//! shown are each user's own and aren't (see the tests).
//!
//! A view that was shared with a role which is deleted becomes its owner's own: nobody had the role any more, so nobody
//! loses sight of it, and the owner keeps the work (see [`unshare`]). The views of a user who is deleted go with them, also
//! those they share (see [`forget`]).

mod records;
mod rows;
mod settings;
mod stored;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use rows::{find, forget, is_seen, log_of, unshare};

use crate::{
    Result,
    accounts::Accounts,
    db::Db,
    record::{Done, has_seen, record},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    id::{UserId, ViewId},
    log::LogScope,
    permission::{ManageRoles, Permission, ViewAuditLogs},
    ports::Views,
    query::LogQuery,
    seen::Tag,
    view::{ListSettings, MAX_VIEWS, OwnLists, SavedView, Shift, ViewForm, kept},
    viewer::{Granted, Viewer},
};
use daybook_entity::saved_view;
use rows::{Reader, key};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use std::fmt;
pub(crate) use stored::Kept;

/// The views of the installation. Cheap to clone.
#[derive(Clone)]
pub struct SavedViews {
    db: Db,
    accounts: Accounts,
}

impl fmt::Debug for SavedViews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SavedViews")
    }
}

impl SavedViews {
    pub fn new(db: Db, accounts: Accounts) -> Self {
        Self { db, accounts }
    }
}

/// Programs and the command line keep nothing.
fn own_id(who: &Granted<ViewAuditLogs>) -> daybook_domain::Result<UserId> {
    who.viewer().user_id().ok_or(Told::Forbidden {
        permission: Permission::AuditLogsView,
    })
}

fn outside(who: &Viewer) -> impl Fn(crate::Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

/// Refuses a name that another view of the log has. Compared in lower case.
fn name_is_free(own: &[saved_view::Model], log: &str, name: &str, except: Option<ViewId>) -> Result<()> {
    let other = own
        .iter()
        .find(|row| row.log == log && row.name_key == key(name) && except != Some(ViewId(row.id)));
    match other {
        Some(other) => {
            let reason = format!("There is a view “{}” of this log already.", other.name);
            Err(Told::invalid("name", reason).into())
        }
        None => Ok(()),
    }
}

#[async_trait]
impl Views for SavedViews {
    async fn own_lists(&self, who: &Granted<ViewAuditLogs>) -> daybook_domain::Result<OwnLists> {
        let user = own_id(who)?;
        settings::own_lists(&self.db.read, who.viewer(), user)
            .await
            .map_err(outside(who.viewer()))
    }

    async fn list_shared_views(&self, who: &Granted<ManageRoles>) -> daybook_domain::Result<Vec<SavedView>> {
        rows::all_shared(&self.db.read, who.viewer())
            .await
            .map_err(outside(who.viewer()))
    }

    async fn create_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        query: &LogQuery,
        form: ViewForm,
    ) -> daybook_domain::Result<SavedView> {
        let user = own_id(who)?;
        let (form, query) = (form.checked()?, kept(query)?);
        self.accounts
            .change(who.viewer(), "save a view", move |tx, who| {
                Box::pin(async move {
                    let own = rows::own(tx.db(), who.workspace(), user.0).await?;
                    if own.len() >= MAX_VIEWS {
                        let reason =
                            format!("You have {MAX_VIEWS} saved views, which is the most. Delete one first.");
                        return Err(Told::conflict(reason).into());
                    }
                    let log = log.name();
                    name_is_free(&own, log, &form.name, None)?;
                    rows::may_be_shared_with(tx.db(), who.workspace(), form.shared_with).await?;
                    let last = own
                        .iter()
                        .filter(|row| row.log == log)
                        .map(|row| row.position)
                        .max();
                    let row = saved_view::ActiveModel {
                        workspace_id: Set(who.workspace().0),
                        id: Set(tx.new_id()),
                        owner_id: Set(user.0),
                        log: Set(log.to_owned()),
                        name_key: Set(key(&form.name)),
                        name: Set(form.name),
                        query: Set(query.to_query_string()),
                        shared_with: Set(form.shared_with.map(|role| role.0)),
                        position: Set(last.map_or(0, |last| last.saturating_add(1))),
                        created_at: Set(tx.now().micros()),
                    };
                    let made = saved_view::Entity::insert(row)
                        .exec_with_returning(tx.db())
                        .await?;
                    let reader = Reader::new(tx.db(), who, std::slice::from_ref(&made)).await?;
                    record(tx, who, &Done::created(&reader.record(&made)))?;
                    reader.shown(&made)
                })
            })
            .await
    }

    async fn update_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
        seen: &Tag,
        form: ViewForm,
    ) -> daybook_domain::Result<SavedView> {
        let user = own_id(who)?;
        let (form, seen) = (form.checked()?, seen.clone());
        self.accounts
            .change(who.viewer(), "change a saved view", move |tx, who| {
                Box::pin(async move {
                    let before = rows::changeable(tx.db(), who, user, id).await?;
                    let reader = Reader::new(tx.db(), who, std::slice::from_ref(&before)).await?;
                    has_seen(&seen, &reader.record(&before))?;
                    let own = rows::own(tx.db(), who.workspace(), before.owner_id).await?;
                    name_is_free(&own, &before.log, &form.name, Some(id))?;
                    let shared_with = form.shared_with.map(|role| role.0);
                    if shared_with != before.shared_with {
                        rows::may_be_shared_with(tx.db(), who.workspace(), form.shared_with).await?;
                    }
                    let mut row = before.clone().into_active_model();
                    row.name_key = Set(key(&form.name));
                    row.name = Set(form.name);
                    row.shared_with = Set(shared_with);
                    rows::update(tx, who, &before, row, "").await
                })
            })
            .await
    }

    async fn replace_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
        query: &LogQuery,
    ) -> daybook_domain::Result<SavedView> {
        let user = own_id(who)?;
        let query = kept(query)?;
        self.accounts
            .change(who.viewer(), "change a saved view", move |tx, who| {
                Box::pin(async move {
                    let before = rows::changeable(tx.db(), who, user, id).await?;
                    let mut row = before.clone().into_active_model();
                    row.query = Set(query.to_query_string());
                    rows::update(tx, who, &before, row, "").await
                })
            })
            .await
    }

    async fn delete_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
    ) -> daybook_domain::Result<SavedView> {
        let user = own_id(who)?;
        self.accounts
            .change(who.viewer(), "delete a saved view", move |tx, who| {
                Box::pin(async move {
                    let row = rows::changeable(tx.db(), who, user, id).await?;
                    let reader = Reader::new(tx.db(), who, std::slice::from_ref(&row)).await?;
                    rows::delete(tx, who, &row, &reader).await?;
                    reader.shown(&row)
                })
            })
            .await
    }

    async fn move_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
        shift: Shift,
    ) -> daybook_domain::Result<SavedView> {
        let user = own_id(who)?;
        self.accounts
            .change(who.viewer(), "order saved views", move |tx, who| {
                Box::pin(async move { rows::shift(tx, who, user, id, shift).await })
            })
            .await
    }

    async fn set_default_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        view: Option<ViewId>,
    ) -> daybook_domain::Result<()> {
        let user = own_id(who)?;
        self.accounts
            .change(who.viewer(), "choose the first view of a log", move |tx, who| {
                Box::pin(async move { settings::set_default(tx, who, user, log, view).await })
            })
            .await
    }

    async fn set_list_settings(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        settings: ListSettings,
    ) -> daybook_domain::Result<()> {
        let user = own_id(who)?;
        self.accounts
            .change(who.viewer(), "keep columns", move |tx, who| {
                Box::pin(async move { settings::set(tx, who, user, log, &settings).await })
            })
            .await
    }
}
