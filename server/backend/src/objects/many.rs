//! Many things changed at once: one action, one record each, all or none.

use super::{
    Objects, change,
    list::slice,
    matching::Matching,
    said::{Found, Wanted},
    save::{Became, Intended, State, save},
};
use crate::{Result, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{
        Change, Chosen, KindGranted, MAX_TOGETHER, ManyChoice, ManyDone, ManyTyped, ManyWay, ObjectKind,
        ObjectStatus, Property, Sort, Values,
    },
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// What is to be done with each of them.
#[derive(Debug)]
pub(super) enum ManyEdit {
    Change(ManyTyped),
    Status(ObjectStatus),
    Delete,
}

impl Objects {
    pub(super) async fn do_with_many(
        &self,
        who: &KindGranted<Change>,
        what: &str,
        ids: &[ObjectId],
        edit: ManyEdit,
    ) -> daybook_domain::Result<ManyDone> {
        if ids.is_empty() {
            return Err(Told::invalid("ids", "Choose at least one."));
        }
        if ids.len() > MAX_TOGETHER {
            return Err(Told::invalid(
                "ids",
                format!("These are more than the {MAX_TOGETHER} that are changed together."),
            ));
        }
        let (kind, mut ids) = (who.kind(), ids.to_vec());
        ids.sort_unstable();
        ids.dedup();
        self.accounts
            .change(who.viewer(), what, move |tx, who| {
                Box::pin(async move {
                    let workspace = who.workspace();
                    let rows = there(tx.db(), workspace, kind, &ids).await?;
                    let mut done = ManyDone {
                        gone: (ids.len() - rows.len()) as u64,
                        ..ManyDone::default()
                    };
                    if let ManyEdit::Delete = edit {
                        change::remove(tx, who, kind, &rows, None).await?;
                        done.changed = rows.len() as u64;
                        return Ok(done);
                    }
                    let intended = intended(tx, who, kind, rows, &edit).await?;
                    for saved in save(tx, who, kind, intended).await? {
                        match saved?.1 {
                            Became::Same => done.same += 1,
                            Became::Created | Became::Changed => done.changed += 1,
                        }
                    }
                    Ok(done)
                })
            })
            .await
    }
}

/// What is chosen, by name.
pub(super) async fn chosen(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    choice: &ManyChoice,
) -> Result<Chosen> {
    let (rows, more) = match choice {
        ManyChoice::Some(ids) => {
            let first = ids.get(..MAX_TOGETHER).unwrap_or(ids);
            (there(db, workspace, kind, first).await?, ids.len() > MAX_TOGETHER)
        }
        ManyChoice::All(query) => {
            let query = query.sorted(Sort::USUAL);
            let matching = Matching::of(db, workspace, kind, &query).await?;
            let (rows, _, after) = slice(db, &matching, &query, MAX_TOGETHER).await?;
            (rows, after.is_some())
        }
    };
    let things = rows.into_iter().map(|row| (ObjectId(row.id), row.name));
    Ok(Chosen {
        things: things.collect(),
        more,
    })
}

/// Those that are still there, by name: in that order their records stand.
async fn there(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    ids: &[ObjectId],
) -> Result<Vec<object::Model>> {
    let rows = object::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()))
        .filter(C::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(C::NameKey)
        .order_by_asc(C::Id);
    Ok(rows.all(db).await?)
}

async fn intended(
    tx: &WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    rows: Vec<object::Model>,
    edit: &ManyEdit,
) -> Result<Vec<Intended>> {
    let changes = match edit {
        ManyEdit::Change(typed) => understood(tx, who, kind, typed).await?,
        ManyEdit::Status(_) | ManyEdit::Delete => Vec::new(),
    };
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut after = State::of(&row)?;
        if let ManyEdit::Status(status) = edit {
            after.status = *status;
        }
        for change in &changes {
            change.apply(&row.name, &mut after.values)?;
        }
        all.push(Intended {
            row: Some(row),
            after,
            told: None,
        });
    }
    Ok(all)
}

/// A change of one property, in the property's one form.
struct Understood {
    property: &'static Property,
    way: ManyWay,
    value: serde_json::Value,
}

async fn understood(
    tx: &WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    typed: &ManyTyped,
) -> Result<Vec<Understood>> {
    let unique = kind.spec().unique;
    let of = |name: &String| {
        let property = kind
            .spec()
            .property(name)
            .filter(|property| property.is_shared(unique));
        property.ok_or_else(|| Told::invalid(name.as_str(), "This isn't changed for many at once."))
    };
    let mut wanted = Wanted::default();
    for (name, (_, texts)) in typed {
        if let Some(other) = of(name)?.refers_to() {
            wanted.add(other, texts.iter().map(String::as_str));
        }
    }
    let found = Found::look_up(tx.db(), who, wanted).await?;
    let mut all = Vec::with_capacity(typed.len());
    for (name, (way, texts)) in typed {
        let property = of(name)?;
        let invalid = |reason: String| Told::invalid(name.as_str(), reason);
        if !ManyWay::of(property).any(|fits| fits == *way) {
            return Err(invalid("This can't be changed so.".to_owned()).into());
        }
        let ids = property
            .refers_to()
            .map(|other| found.ids_of(other, name, texts))
            .transpose()?;
        let value = property.read(ids.as_ref().unwrap_or(texts)).map_err(invalid)?;
        let value = match (way, value) {
            (ManyWay::Clear, _) => serde_json::Value::Null,
            (_, Some(value)) => value,
            (_, None) => return Err(invalid("Say what, or choose to empty it.".to_owned()).into()),
        };
        all.push(Understood {
            property,
            way: *way,
            value,
        });
    }
    if all.is_empty() {
        return Err(Told::invalid("ways", "Choose what to change.").into());
    }
    Ok(all)
}

impl Understood {
    /// `Invalid{field}` with the name of the thing that can't be so.
    fn apply(&self, thing: &str, values: &mut Values) -> Result<(), Told> {
        let name = self.property.name;
        let before = values.get(name);
        let value = match self.way {
            ManyWay::Set | ManyWay::Clear => self.value.clone(),
            ManyWay::Add => self.property.with_members(before, &self.value, true),
            ManyWay::Remove => self.property.with_members(before, &self.value, false),
        };
        let checked = self.property.check(&value);
        match checked.map_err(|reason| Told::invalid(name, format!("“{thing}”: {reason}")))? {
            Some(value) => values.insert(name.to_owned(), value),
            None => values.remove(name),
        };
        Ok(())
    }
}
