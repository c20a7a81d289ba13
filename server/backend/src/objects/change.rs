//! A change of a thing, from what was typed to what is recorded.

use super::{
    found_by::{self, FoundBy, Moved},
    given,
    past::Restore,
    records::{ObjectRecord, Telling},
    rows,
    said::{Found, Wanted},
    save::{Became, Intended, Saved, State, save},
    typed,
};
use crate::{
    Error, Result,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::ObjectId,
    object::{Given, ObjectKind, ObjectStatus, Typed, Values, custom::NotKept},
    viewer::Viewer,
};
use daybook_entity::{object, object_reference};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

/// What is to be done with a thing.
#[derive(Debug)]
pub(super) enum Edit {
    Create(Typed),
    Update {
        id: ObjectId,
        /// The version that whoever changes it has seen.
        seen: i32,
        typed: Typed,
    },
    /// As another system has it.
    Put {
        external_id: String,
        given: Given,
    },
    Status(ObjectId, ObjectStatus),
    /// Taken out of use by Daybook itself, with the sentence that says why.
    SwitchOff(ObjectId, String),
    Restore(Restore),
}

/// The row as it is after a change, and whether there was none before.
pub(super) struct Applied {
    pub row: object::Model,
    pub created: bool,
    /// Of what another system says, what can't be kept.
    pub not_kept: Vec<NotKept>,
}

/// Makes a change. Where nothing differs, nothing is stored.
pub(super) async fn apply(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, edit: Edit) -> Result<Applied> {
    let workspace = who.workspace();
    let (mut told, mut not_kept) = (None, Vec::new());
    let (row, after) = match edit {
        Edit::Create(typed) => {
            let values = read(tx, who, kind, Values::new(), &typed).await?;
            let status = ObjectStatus::Active;
            (None, State { status, values })
        }
        Edit::Update { id, seen, typed } => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            if row.version != seen {
                return Err(Told::conflict(format!(
                    "“{}” was changed while you edited it. What you typed is still here: compare it with what it is now, \
                     and save again.",
                    row.name
                ))
                .into());
            }
            let values = read(tx, who, kind, rows::values(&row)?, &typed).await?;
            let status = rows::status(&row)?;
            (Some(row), State { status, values })
        }
        Edit::Put { external_id, given } => {
            let row = given::known(tx.db(), workspace, kind, &external_id, &given).await?;
            let status = row.as_ref().map_or(Ok(ObjectStatus::Active), rows::status)?;
            let status = given::status(&given)?.unwrap_or(status);
            let read = given::read(tx.db(), who, kind, row.as_ref(), &external_id, given);
            let values;
            (values, not_kept) = read.await?;
            (row, State { status, values })
        }
        Edit::Status(id, status) => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            let values = rows::values(&row)?;
            (Some(row), State { status, values })
        }
        Edit::SwitchOff(id, why) => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            let values = rows::values(&row)?;
            told = Some(Telling::saying(why));
            let status = ObjectStatus::Deactivated;
            (Some(row), State { status, values })
        }
        Edit::Restore(restore) => {
            let row = rows::find(tx.db(), workspace, kind, restore.id).await?;
            told = Some(restore.telling(&row));
            let after = restore.state(tx.db(), &row).await?;
            (Some(row), after)
        }
    };
    let intended = Intended { row, after, told };
    let saved = save(tx, who, kind, vec![intended]).await?;
    let (row, became) = only(saved)?;
    let created = became == Became::Created;
    Ok(Applied {
        row,
        created,
        not_kept,
    })
}

pub(super) fn only(mut saved: Vec<Saved>) -> Result<(object::Model, Became)> {
    let only = saved
        .pop()
        .ok_or_else(|| Error::damaged("a change without a thing"))?;
    Ok(only?)
}

/// The values with what was typed, each checked.
async fn read(tx: &WriteTx, who: &Viewer, kind: ObjectKind, values: Values, typed: &Typed) -> Result<Values> {
    let mut wanted = Wanted::default();
    typed::references(kind, typed, &mut wanted);
    let found = Found::look_up(tx.db(), who, wanted).await?;
    Ok(typed::read(kind, values, typed, &found)?)
}

/// Takes a thing away. What it was stays in the record.
pub(super) async fn delete(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, id: ObjectId) -> Result<()> {
    let row = rows::find(tx.db(), who.workspace(), kind, id).await?;
    remove(tx, who, kind, &[row], None).await
}

/// As [`delete`], for rows at hand. What refers to one of them goes with it, or is in the way.
pub(super) async fn remove(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    rows: &[object::Model],
    told: Option<&Telling>,
) -> Result<()> {
    let workspace = who.workspace();
    refuse_where_used(tx, who, rows).await?;
    let states: Vec<_> = rows.iter().map(State::of).collect::<Result<_>>()?;
    let references = states
        .iter()
        .flat_map(|state| rows::references(kind, &state.values));
    let names = rows::names(tx.db(), workspace, references.collect()).await?;
    let moved: Vec<_> = rows
        .iter()
        .zip(&states)
        .map(|(row, state)| Moved {
            id: ObjectId(row.id),
            number: row.number.unsigned_abs(),
            made: false,
            was: FoundBy::of(kind, state.status, &state.values),
            is: FoundBy::default(),
        })
        .collect();
    let changes = found_by::Changes::of(workspace, kind, &moved)?;
    changes.store(tx.db()).await?;
    object::Entity::delete_many()
        .filter(object::Column::WorkspaceId.eq(workspace.0))
        .filter(object::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx.db())
        .await?;
    for (row, state) in rows.iter().zip(states) {
        let before = ObjectRecord::new(kind, ObjectId(row.id), state.status, &state.values, &names);
        let mut done = Done::deleted(&before);
        if let Some(told) = told {
            told.clone().onto(&mut done);
        }
        record(tx, who, &done)?;
    }
    Ok(())
}

async fn refuse_where_used(tx: &WriteTx, who: &Viewer, rows: &[object::Model]) -> Result<()> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let Some((used, whom)) = used_by(tx, who, &ids, &ids).await? else {
        return Ok(());
    };
    let used = rows.iter().find(|row| row.id == used);
    Err(Told::conflict(format!(
        "“{}” is used by {whom}. Take it away there first, or deactivate it.",
        used.map_or("", |row| row.name.as_str())
    ))
    .into())
}

/// One of some things that another refers to, and what does, as a sentence has it. `but` are those that don't count.
pub(super) async fn used_by(
    tx: &WriteTx,
    who: &Viewer,
    ids: &[Uuid],
    but: &[Uuid],
) -> Result<Option<(Uuid, String)>> {
    use object_reference::Column as V;
    let workspace = who.workspace();
    let references = object_reference::Entity::find()
        .select_only()
        .filter(V::WorkspaceId.eq(workspace.0))
        .filter(V::ObjectId.is_not_in(but.iter().copied()));
    let one: Option<(Uuid, Uuid)> = references
        .clone()
        .columns([V::RefersTo, V::ObjectId])
        .filter(V::RefersTo.is_in(ids.iter().copied()))
        .into_tuple()
        .one(tx.db())
        .await?;
    let Some((used, first)) = one else {
        return Ok(None);
    };
    let count: Option<i64> = references
        .column_as(Expr::col(V::ObjectId).count_distinct(), "things")
        .filter(V::RefersTo.eq(used))
        .into_tuple()
        .one(tx.db())
        .await?;
    let first = object::Entity::find_by_id((workspace.0, first))
        .one(tx.db())
        .await?;
    // Nobody is told the name of what they may not see.
    let first = match first {
        Some(first) if who.may(rows::kind(&first)?.spec().see) => format!("“{}”", first.name),
        _ => "something else".to_owned(),
    };
    let whom = match count.unwrap_or(1) {
        ..=1 => first,
        2 => format!("{first} and another"),
        more => format!("{first} and {} others", more - 1),
    };
    Ok(Some((used, whom)))
}
