//! A change of a thing, from what was typed to what is recorded.

use super::{
    choices,
    found_by::{self, FoundBy, Moved},
    given,
    records::ObjectRecord,
    rows,
};
use crate::{
    Error, Result,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{Given, ObjectKind, ObjectStatus, Typed, Values, name_of},
    viewer::Viewer,
};
use daybook_entity::{
    object::{self, Column as C},
    object_value,
};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
};

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
}

/// What a thing is at a moment.
#[derive(Debug, Clone, PartialEq)]
struct State {
    status: ObjectStatus,
    values: Values,
}

/// The row as it is after a change, and whether there was none before.
pub(super) struct Applied {
    pub row: object::Model,
    pub created: bool,
}

/// Makes a change. Where nothing differs, nothing is stored.
pub(super) async fn apply(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, edit: Edit) -> Result<Applied> {
    let workspace = who.workspace();
    let (row, after) = match edit {
        Edit::Create(typed) => {
            let values = read(tx, workspace, kind, Values::new(), &typed).await?;
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
            let values = read(tx, workspace, kind, rows::values(&row)?, &typed).await?;
            let status = rows::status(&row)?;
            (Some(row), State { status, values })
        }
        Edit::Put { external_id, given } => {
            let row = given::known(tx.db(), workspace, kind, &external_id, &given).await?;
            let (status, values) = match &row {
                Some(row) => (rows::status(row)?, rows::values(row)?),
                None => (ObjectStatus::Active, Values::new()),
            };
            let status = given::status(&given)?.unwrap_or(status);
            let values = given::read(tx.db(), workspace, kind, values, &external_id, given).await?;
            (row, State { status, values })
        }
        Edit::Status(id, status) => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            let values = rows::values(&row)?;
            (Some(row), State { status, values })
        }
    };
    let created = row.is_none();
    let row = save(tx, who, kind, row, after).await?;
    Ok(Applied { row, created })
}

/// The values with what was typed, each checked.
async fn read(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    mut values: Values,
    typed: &Typed,
) -> Result<Values> {
    for property in kind.spec().properties {
        let Some(texts) = typed.get(property.name) else {
            if property.required && !values.contains_key(property.name) {
                return Err(Told::invalid(property.name, "This is required.").into());
            }
            continue;
        };
        let texts = match property.refers_to() {
            Some(other) => choices::ids(tx.db(), workspace, other, property.name, texts).await?,
            None => texts.clone(),
        };
        let read = property.read(&texts);
        match read.map_err(|reason| Told::invalid(property.name, reason))? {
            Some(value) => values.insert(property.name.to_owned(), value),
            None => values.remove(property.name),
        };
    }
    Ok(values)
}

/// Compares, stores and records.
async fn save(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    row: Option<object::Model>,
    after: State,
) -> Result<object::Model> {
    let workspace = who.workspace();
    let before = match &row {
        Some(row) => Some(State {
            status: rows::status(row)?,
            values: rows::values(row)?,
        }),
        None => None,
    };
    if let (Some(row), true) = (&row, before.as_ref() == Some(&after)) {
        return Ok(row.clone());
    }
    let id = ObjectId(row.as_ref().map_or_else(|| tx.new_id(), |row| row.id));
    let keys = Keys::of(kind, &after.values);
    keys.check(tx, workspace, kind, id).await?;
    let saved = put(tx, workspace, kind, id, row, &after, keys).await?;
    let found_by = |state: Option<&State>| {
        state.map_or_else(FoundBy::default, |state| {
            FoundBy::of(kind, state.status, &state.values)
        })
    };
    let moved = Moved {
        id,
        was: found_by(before.as_ref()),
        is: found_by(Some(&after)),
    };
    found_by::store(tx.db(), workspace, kind, &[moved]).await?;
    let mut ids = rows::references(kind, &after.values);
    if let Some(before) = &before {
        ids.extend(rows::references(kind, &before.values));
    }
    let names = rows::names(tx.db(), workspace, ids).await?;
    // Where that is all there is to it, it has words of its own.
    let switched = before
        .as_ref()
        .filter(|before| before.status != after.status && before.values == after.values)
        .map(|_| after.status);
    let of = |state: &State| ObjectRecord::new(kind, id, state.status, &state.values, &names);
    let (before, after) = (before.as_ref().map(of), of(&after));
    let done = match &before {
        Some(before) => Done::updated(before, &after),
        None => Done::created(&after),
    };
    let done = match switched {
        Some(ObjectStatus::Active) => done.called("reactivated"),
        Some(ObjectStatus::Deactivated) => done.called("deactivated"),
        None => done,
    };
    record(tx, who, &done)?;
    Ok(saved)
}

/// What no two things of a kind may share.
struct Keys {
    unique: String,
    external_id: Option<String>,
}

impl Keys {
    fn of(kind: ObjectKind, values: &Values) -> Self {
        let text = |property: &str| values.get(property).and_then(|value| value.as_str());
        Self {
            unique: rows::key(text(kind.spec().unique).unwrap_or_default()),
            external_id: text("external_id").map(str::to_owned),
        }
    }

    async fn check(
        &self,
        tx: &WriteTx,
        workspace: WorkspaceId,
        kind: ObjectKind,
        id: ObjectId,
    ) -> Result<()> {
        let others = object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::Id.ne(id.0));
        let taken = others
            .clone()
            .filter(C::UniqueKey.eq(&self.unique))
            .one(tx.db())
            .await?;
        if let Some(other) = taken {
            return Err(taken_by(kind, kind.spec().unique, &other));
        }
        if let Some(external_id) = &self.external_id {
            let taken = others.filter(C::ExternalId.eq(external_id)).one(tx.db()).await?;
            if let Some(other) = taken {
                return Err(taken_by(kind, "external_id", &other));
            }
        }
        Ok(())
    }
}

fn taken_by(kind: ObjectKind, property: &str, other: &object::Model) -> Error {
    let reason = format!(
        "The {} “{}” has this already.",
        kind.spec().singular(),
        other.name
    );
    Told::invalid(property, reason).into()
}

async fn put(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ObjectId,
    row: Option<object::Model>,
    state: &State,
    keys: Keys,
) -> Result<object::Model> {
    let name = name_of(&state.values);
    let is_new = row.is_none();
    let (version, created_at) = row.map_or((0, tx.now().micros()), |row| (row.version, row.created_at));
    let row = object::Model {
        workspace_id: workspace.0,
        id: id.0,
        kind: kind.name().to_owned(),
        name: name.to_owned(),
        name_key: rows::key(name),
        unique_key: keys.unique,
        external_id: keys.external_id,
        status: state.status.name().to_owned(),
        version: version + 1,
        properties: serde_json::to_string(&state.values).map_err(Error::damaged)?,
        created_at,
        changed_at: tx.now().micros(),
    };
    let saved = row.clone();
    if is_new {
        object::Entity::insert(row.into_active_model())
            .exec_without_returning(tx.db())
            .await?;
    } else {
        let changed = object::ActiveModel {
            workspace_id: Unchanged(row.workspace_id),
            id: Unchanged(row.id),
            kind: Unchanged(row.kind),
            name: Set(row.name),
            name_key: Set(row.name_key),
            unique_key: Set(row.unique_key),
            external_id: Set(row.external_id),
            status: Set(row.status),
            version: Set(row.version),
            properties: Set(row.properties),
            created_at: Unchanged(row.created_at),
            changed_at: Set(row.changed_at),
        };
        object::Entity::update(changed).exec(tx.db()).await?;
    }
    Ok(saved)
}

/// Takes a thing away. What it was stays in the record.
pub(super) async fn delete(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, id: ObjectId) -> Result<()> {
    let workspace = who.workspace();
    let row = rows::find(tx.db(), workspace, kind, id).await?;
    refuse_where_used(tx, who, &row).await?;
    let (status, values) = (rows::status(&row)?, rows::values(&row)?);
    let names = rows::names(tx.db(), workspace, rows::references(kind, &values)).await?;
    let moved = Moved {
        id,
        was: FoundBy::of(kind, status, &values),
        is: FoundBy::default(),
    };
    found_by::store(tx.db(), workspace, kind, &[moved]).await?;
    object::Entity::delete_by_id((workspace.0, id.0))
        .exec(tx.db())
        .await?;
    let before = ObjectRecord::new(kind, id, status, &values, &names);
    record(tx, who, &Done::deleted(&before))
}

async fn refuse_where_used(tx: &WriteTx, who: &Viewer, row: &object::Model) -> Result<()> {
    let workspace = who.workspace();
    let uses = object_value::Entity::find()
        .filter(object_value::Column::WorkspaceId.eq(workspace.0))
        .filter(object_value::Column::RefersTo.eq(row.id))
        .filter(object_value::Column::ObjectId.ne(row.id));
    let count = uses.clone().count(tx.db()).await?;
    if count == 0 {
        return Ok(());
    }
    let one: Option<uuid::Uuid> = uses
        .select_only()
        .column(object_value::Column::ObjectId)
        .into_tuple()
        .one(tx.db())
        .await?;
    let first = object::Entity::find_by_id((workspace.0, one.unwrap_or_default()))
        .one(tx.db())
        .await?;
    // Nobody is told the name of what they may not see.
    let first = match first {
        Some(first) if who.may(rows::kind(&first)?.spec().see) => format!("“{}”", first.name),
        _ => "something else".to_owned(),
    };
    let whom = match count {
        1 => first,
        2 => format!("{first} and another"),
        more => format!("{first} and {} others", more - 1),
    };
    Err(Told::conflict(format!(
        "“{}” is used by {whom}. Take it away there first, or deactivate it.",
        row.name
    ))
    .into())
}
