//! All that is to be written of some things, made before it is written: making it needs no database, and writing it little
//! else.

use super::{
    Became, Prepared, Saved, State, Touched,
    prepared::{Going, neither},
};
use crate::{
    Error, Result,
    objects::{
        aliases,
        found_by::{self, Moved},
        records::ObjectRecord,
        rows,
        sort_keys::{self, SortKeys},
    },
    portal::shut_out,
    record::{Done, told},
    rows::insert_many,
    store::append::NewEvent,
    writer::{WriteTx, own},
};
use daybook_domain::{
    event::EventBody,
    id::{IdMaker, ObjectId, WorkspaceId},
    object::{Names, ObjectKind, ObjectStatus, name_of},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};

/// Where what is to be written begins.
#[derive(Debug, Clone, Copy)]
pub(in crate::objects) struct Beginning {
    /// When it happens.
    pub at: Timestamp,
    /// The last number of the kind. Nobody else gives numbers meanwhile: changes of a workspace go one by one.
    pub last_number: i32,
}

impl Beginning {
    /// Here and now.
    pub(in crate::objects) async fn next(
        tx: &WriteTx,
        workspace: WorkspaceId,
        kind: ObjectKind,
    ) -> Result<Self> {
        let last: Option<i32> = object::Entity::find()
            .select_only()
            .column(C::Number)
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .order_by_desc(C::Number)
            .into_tuple()
            .one(tx.db())
            .await?;
        Ok(Self {
            at: tx.now(),
            last_number: last.unwrap_or(0),
        })
    }
}

/// What is to be written.
pub(in crate::objects) struct Ready {
    workspace: WorkspaceId,
    kind: ObjectKind,
    last_number: i32,
    new: Vec<[Value; COLUMNS.len()]>,
    changed: Vec<object::ActiveModel>,
    found_by: found_by::Changes,
    sort_keys: Vec<SortKeys>,
    /// What others are known by no more, because these are.
    external_ids: Vec<String>,
    records: Vec<NewEvent>,
    saved: Vec<Saved>,
    touches: Touched,
    rests_on: Touched,
}

impl Ready {
    pub(super) fn make(
        prepared: Prepared,
        who: &Viewer,
        ids: &dyn IdMaker,
        begin: Beginning,
    ) -> Result<Self> {
        let (touches, rests_on) = (prepared.touches(), prepared.rests_on());
        let Prepared {
            kind,
            mut settled,
            going,
            names,
            ..
        } = prepared;
        let workspace = who.workspace();
        let mut last_number = begin.last_number;
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        let (mut moved, mut external_ids) = (Vec::with_capacity(going.len()), Vec::new());
        let (mut records, mut sort_keys) = (Vec::with_capacity(going.len()), Vec::with_capacity(going.len()));
        for mut going in going {
            let number = if let Some(row) = &going.row {
                row.number
            } else {
                going.id = ObjectId(ids.next());
                last_number += 1;
                last_number
            };
            for body in record(&going, kind, who, begin.at, &names)? {
                records.push(own(ids, body)?);
            }
            let row = row(&going, workspace, kind, number, begin.at)?;
            let had = going.row.as_ref().and_then(|row| row.external_id.as_ref());
            let has = going.keys.external_id.as_ref();
            external_ids.extend(has.filter(|_| has != had).cloned());
            sort_keys.push(SortKeys::of(&row));
            let became = going.becomes();
            match became {
                Became::Created => new.push(cells(row.clone())),
                _ => changed.push(update(row.clone())),
            }
            settled[going.place] = Some(Ok((row, became)));
            moved.push(Moved {
                id: going.id,
                number: number.unsigned_abs(),
                made: going.row.is_none(),
                was: going
                    .before
                    .as_ref()
                    .map(|before| before.found_by(kind))
                    .unwrap_or_default(),
                is: going.found_by,
            });
        }
        let saved = settled.into_iter().map(|saved| saved.ok_or_else(neither));
        Ok(Self {
            workspace,
            kind,
            last_number,
            new,
            changed,
            found_by: found_by::Changes::of(workspace, kind, &moved)?,
            sort_keys,
            external_ids,
            records,
            saved: saved.collect::<Result<_>>()?,
            touches,
            rests_on,
        })
    }

    /// The last number of the kind, once this is stored.
    pub(in crate::objects) fn last_number(&self) -> i32 {
        self.last_number
    }

    /// Whether it would be another, had it been made after what touches something was stored.
    pub(in crate::objects) fn rests_on(&self, touched: &Touched) -> bool {
        self.touches.meets(touched) || self.rests_on.meets(touched)
    }

    /// Stores and records it, and answers with what that makes untrue of what was read before. Nothing it depends on may
    /// have changed since it was made.
    pub(in crate::objects) async fn store(self, tx: &mut WriteTx) -> Result<(Vec<Saved>, Touched)> {
        let Self { workspace, kind, .. } = self;
        let mut changed = Vec::with_capacity(self.changed.len());
        for row in self.changed {
            changed.push(object::Entity::update(row).exec(tx.db()).await?.id);
        }
        insert_many(tx.db(), "object", &COLUMNS, self.new, "").await?;
        self.found_by.store(tx.db()).await?;
        sort_keys::store(tx.db(), workspace, kind, &self.sort_keys).await?;
        // An external id that a thing gets is no other's any more, also where that one became part of another.
        aliases::take(tx, workspace, kind, &self.external_ids).await?;
        shut_out(tx, workspace, kind, &changed).await?;
        tx.record_made(workspace, self.records);
        Ok((self.saved, self.touches))
    }
}

fn record(
    going: &Going,
    kind: ObjectKind,
    who: &Viewer,
    at: Timestamp,
    names: &Names,
) -> Result<Vec<EventBody>> {
    let of = |state: &State| ObjectRecord::new(kind, going.id, state.status, &state.values, names);
    let (before, after) = (going.before.as_ref().map(of), of(&going.after));
    let mut done = match &before {
        Some(before) => Done::updated(before, &after),
        None => Done::created(&after),
    };
    // Where that is all there is to it, it has words of its own.
    let switched = going
        .before
        .as_ref()
        .filter(|before| before.status != going.after.status && before.values == going.after.values);
    done.verb = switched.map(|_| match going.after.status {
        ObjectStatus::Active => "reactivated",
        ObjectStatus::Deactivated => "deactivated",
    });
    if let Some(told) = going.told.clone() {
        told.onto(&mut done);
    }
    told(at, who, &done)
}

fn row(
    going: &Going,
    workspace: WorkspaceId,
    kind: ObjectKind,
    number: i32,
    at: Timestamp,
) -> Result<object::Model> {
    let name = name_of(&going.after.values);
    let was = going.row.as_ref().map(|row| (row.version, row.created_at));
    let (version, created_at) = was.unwrap_or((0, at.micros()));
    Ok(object::Model {
        workspace_id: workspace.0,
        id: going.id.0,
        kind: kind.name().to_owned(),
        number,
        name: name.to_owned(),
        name_key: rows::key(name),
        unique_key: going.keys.unique.clone(),
        external_id: going.keys.external_id.clone(),
        status: going.after.status.name().to_owned(),
        version: version + 1,
        properties: serde_json::to_string(&going.after.values).map_err(Error::damaged)?,
        words: going.found_by.words(),
        created_at,
        changed_at: at.micros(),
    })
}

fn update(row: object::Model) -> object::ActiveModel {
    object::ActiveModel {
        workspace_id: Unchanged(row.workspace_id),
        id: Unchanged(row.id),
        kind: Unchanged(row.kind),
        number: Unchanged(row.number),
        name: Set(row.name),
        name_key: Set(row.name_key),
        unique_key: Set(row.unique_key),
        external_id: Set(row.external_id),
        status: Set(row.status),
        version: Set(row.version),
        properties: Set(row.properties),
        words: Set(row.words),
        created_at: Unchanged(row.created_at),
        changed_at: Set(row.changed_at),
    }
}

const COLUMNS: [C; 14] = [
    C::WorkspaceId,
    C::Id,
    C::Kind,
    C::Number,
    C::Name,
    C::NameKey,
    C::UniqueKey,
    C::ExternalId,
    C::Status,
    C::Version,
    C::Properties,
    C::Words,
    C::CreatedAt,
    C::ChangedAt,
];

/// As [`COLUMNS`] has them.
fn cells(row: object::Model) -> [Value; 14] {
    [
        row.workspace_id.into(),
        row.id.into(),
        row.kind.into(),
        row.number.into(),
        row.name.into(),
        row.name_key.into(),
        row.unique_key.into(),
        row.external_id.into(),
        row.status.into(),
        row.version.into(),
        row.properties.into(),
        row.words.into(),
        row.created_at.into(),
        row.changed_at.into(),
    ]
}
