//! Storing what things are to be: compared with what they were, found by what they are, and recorded. One thing or many
//! at once go the same way; many cost few statements more than one.

use super::{
    aliases,
    circles::{self, Circles},
    found_by::{self, FoundBy, Moved},
    holders::{Holders, Keys},
    records::{ObjectRecord, Telling},
    rows,
};
use crate::{
    Error, Result,
    record::{Done, told},
    rows::insert_many,
    store::append::NewEvent,
    writer::{WriteTx, own},
};
use daybook_domain::{
    Error as Told,
    event::EventBody,
    id::{ObjectId, WorkspaceId},
    object::{Names, ObjectKind, ObjectStatus, Values, name_of},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};
use std::{collections::HashSet, mem, sync::Arc};
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

/// What a thing is at a moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub status: ObjectStatus,
    pub values: Values,
}

impl State {
    pub(super) fn of(row: &object::Model) -> Result<Self> {
        Ok(Self {
            status: rows::status(row)?,
            values: rows::values(row)?,
        })
    }

    pub(super) fn found_by(&self, kind: ObjectKind) -> FoundBy {
        FoundBy::of(kind, self.status, &self.values)
    }
}

/// What a thing is to be.
#[derive(Debug)]
pub(super) struct Intended {
    /// As it is stored; `None` for one that is to be made.
    pub row: Option<object::Model>,
    pub after: State,
    /// How the record tells of it, where the usual words would say too little.
    pub told: Option<Telling>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    Created,
    Changed,
    /// Nothing differed: nothing was stored.
    Same,
}

/// A thing on its way.
struct Going {
    /// Its place among what was intended.
    place: usize,
    id: ObjectId,
    /// Of one that is to be made, from [`number`].
    number: i32,
    row: Option<object::Model>,
    before: Option<State>,
    after: State,
    /// What it is to be found by.
    found_by: FoundBy,
    keys: Keys,
    told: Option<Telling>,
}

impl Going {
    /// What it is told apart by, and was.
    fn all_keys(&self) -> impl Iterator<Item = &str> {
        let was = self.row.iter().flat_map(|row| {
            let unique = [row.unique_key.as_str()];
            unique.into_iter().chain(row.external_id.as_deref())
        });
        was.chain(self.keys.all())
    }

    fn becomes(&self) -> Became {
        match self.before {
            Some(_) => Became::Changed,
            None => Became::Created,
        }
    }

    fn moved(&mut self, kind: ObjectKind) -> Moved {
        let was = self.before.as_ref().map(|before| before.found_by(kind));
        Moved {
            id: self.id,
            number: self.number.unsigned_abs(),
            made: self.row.is_none(),
            was: was.unwrap_or_default(),
            is: mem::take(&mut self.found_by),
        }
    }

    fn records(
        &self,
        kind: ObjectKind,
        who: &Viewer,
        now: Timestamp,
        names: &Names,
    ) -> Result<Vec<EventBody>> {
        let of = |state: &State| ObjectRecord::new(kind, self.id, state.status, &state.values, names);
        let (before, after) = (self.before.as_ref().map(of), of(&self.after));
        let mut done = match &before {
            Some(before) => Done::updated(before, &after),
            None => Done::created(&after),
        };
        // Where that is all there is to it, it has words of its own.
        let switched = self
            .before
            .as_ref()
            .filter(|before| before.status != self.after.status && before.values == self.after.values);
        done.verb = switched.map(|_| match self.after.status {
            ObjectStatus::Active => "reactivated",
            ObjectStatus::Deactivated => "deactivated",
        });
        if let Some(told) = self.told.clone() {
            told.onto(&mut done);
        }
        told(now, who, &done)
    }
}

pub(super) type Saved = Result<(object::Model, Became), Told>;

/// Stores and records, in the order given. What can't be, because another thing has its name, email or external id, or
/// because it would lead back to itself, is refused by itself: whoever wants all or nothing fails the transaction.
pub(super) async fn save(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    intended: Vec<Intended>,
) -> Result<Vec<Saved>> {
    circles::one_at_a_time(tx.db(), who.workspace(), kind).await?;
    let prepared = Prepared::of(tx.db(), who, kind, intended).await?;
    store(tx, who, prepared).await
}

/// What is to be stored, once it has been compared with everything it depends on.
pub(super) struct Prepared {
    kind: ObjectKind,
    sifted: Sifted,
    /// Of all that records refer to.
    names: Names,
}

impl Prepared {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        who: &Viewer,
        kind: ObjectKind,
        intended: Vec<Intended>,
    ) -> Result<Self> {
        let sifted = sift(db, who, kind, intended).await?;
        let mut referred = Vec::new();
        for going in &sifted.going {
            let states = going.before.iter().chain([&going.after]);
            referred.extend(states.flat_map(|state| rows::references(kind, &state.values)));
        }
        let names = rows::names(db, who.workspace(), referred).await?;
        Ok(Self { kind, sifted, names })
    }

    /// What becomes of each, were it stored.
    pub(super) fn foreseen(self) -> Result<Vec<Result<Became, Told>>> {
        let Sifted { settled, going, .. } = self.sifted;
        let mut foreseen: Vec<_> = settled
            .into_iter()
            .map(|settled| settled.map(|settled| settled.map(|(_, became)| became)))
            .collect();
        for going in going {
            foreseen[going.place] = Some(Ok(going.becomes()));
        }
        foreseen
            .into_iter()
            .map(|foreseen| foreseen.ok_or_else(neither))
            .collect()
    }

    /// What storing it makes untrue that was read before.
    pub(super) fn touches(&self) -> Touched {
        let mut touched = Touched::default();
        for going in &self.sifted.going {
            touched.keys.extend(going.all_keys().map(str::to_owned));
            touched.ids.extend(going.row.as_ref().map(|row| row.id));
        }
        touched
    }

    /// Whether it would be another, had it been read after what touches something was stored.
    pub(super) fn rests_on(&self, touched: &Touched) -> bool {
        let Sifted {
            settled,
            going,
            refused,
        } = &self.sifted;
        let same = settled.iter().flatten().flatten().map(|(row, _)| row.id);
        let rows = going.iter().filter_map(|going| Some(going.row.as_ref()?.id));
        let keys = going.iter().flat_map(Going::all_keys);
        let wanted = refused.iter().flat_map(Keys::all);
        same.chain(rows).any(|id| touched.ids.contains(&id))
            || keys.chain(wanted).any(|key| touched.keys.contains(key))
    }
}

/// Things that are changed, and all that they or new ones are told apart by, before and after.
#[derive(Debug, Default)]
pub(super) struct Touched {
    ids: HashSet<Uuid>,
    keys: HashSet<String>,
}

/// As [`save`], for what was prepared. Nothing it depends on may have changed since.
pub(super) async fn store(tx: &mut WriteTx, who: &Viewer, prepared: Prepared) -> Result<Vec<Saved>> {
    let Prepared { kind, sifted, names } = prepared;
    let Sifted {
        mut settled,
        mut going,
        ..
    } = sifted;
    let workspace = who.workspace();
    number(tx, workspace, kind, &mut going).await?;
    let moved: Vec<_> = going.iter_mut().map(|going| going.moved(kind)).collect();
    let going = Arc::new(going);
    // Made while the database stores.
    let records = records(tx, who, kind, &going, names);
    let stored = put(tx, workspace, kind, &going, &moved).await?;
    found_by::store(tx.db(), workspace, kind, &moved).await?;
    take_external_ids(tx, workspace, kind, &going).await?;
    tx.record_made(workspace, records.await.map_err(Error::damaged)??);
    for (going, row) in going.iter().zip(stored) {
        settled[going.place] = Some(Ok((row, going.becomes())));
    }
    settled
        .into_iter()
        .map(|saved| saved.ok_or_else(neither))
        .collect()
}

fn neither() -> Error {
    Error::damaged("a thing that was neither stored nor refused")
}

/// What was intended, apart: what needs no storing or can't be stored, by place, and what is to be stored.
struct Sifted {
    settled: Vec<Option<Saved>>,
    going: Vec<Going>,
    /// What those wanted that were refused for what others have.
    refused: Vec<Keys>,
}

async fn sift(
    db: &impl ConnectionTrait,
    who: &Viewer,
    kind: ObjectKind,
    intended: Vec<Intended>,
) -> Result<Sifted> {
    // Only to tell them apart: they get others once they are stored.
    let mut new_ids = (1..).map(Uuid::from_u128);
    let mut settled: Vec<Option<Saved>> = intended.iter().map(|_| None).collect();
    let mut changing = Vec::with_capacity(intended.len());
    for (place, Intended { row, after, told }) in intended.into_iter().enumerate() {
        let before = row.as_ref().map(State::of).transpose()?;
        let has_a_word = told.as_ref().is_some_and(Telling::has_a_word);
        match row {
            Some(row) if before.as_ref() == Some(&after) && !has_a_word => {
                settled[place] = Some(Ok((row, Became::Same)));
            }
            row => changing.push(Going {
                place,
                id: ObjectId(
                    row.as_ref()
                        .map_or_else(|| new_ids.next().unwrap_or_default(), |row| row.id),
                ),
                number: row.as_ref().map_or(0, |row| row.number),
                keys: Keys::of(kind, &after.values),
                found_by: after.found_by(kind),
                row,
                before,
                after,
                told,
            }),
        }
    }
    let workspace = who.workspace();
    let keys: Vec<_> = changing.iter().map(|changing| &changing.keys).collect();
    let mut holders = Holders::of(db, workspace, kind, &keys).await?;
    let after = changing.iter().map(|changing| &changing.after.values);
    let mut circles = Circles::around(db, workspace, kind, after).await?;
    let mut going = Vec::with_capacity(changing.len());
    let mut refused = Vec::new();
    for changing in changing {
        let fits = match holders.refusal(kind, who.naming(), changing.id, &changing.keys) {
            Some(told) => Err(told),
            None => circles.lead(kind, changing.id, &changing.after.values),
        };
        if let Err(told) = fits {
            settled[changing.place] = Some(Err(told));
            refused.push(changing.keys);
        } else {
            let called = name_of(&changing.after.values);
            holders.pass(changing.id, called, changing.row.as_ref(), &changing.keys);
            going.push(changing);
        }
    }
    Ok(Sifted {
        settled,
        going,
        refused,
    })
}

/// An external id that a thing gets is no other's any more, also where that one became part of another.
async fn take_external_ids(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    things: &[Going],
) -> Result<()> {
    let new = things.iter().filter_map(|going| {
        let had = going.row.as_ref().and_then(|row| row.external_id.as_ref());
        let has = going.keys.external_id.as_ref();
        has.filter(|_| has != had).map(String::as_str)
    });
    aliases::take(tx, workspace, kind, &new.collect::<Vec<_>>()).await
}

/// The records of all of them, made on another thread.
fn records(
    tx: &WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    things: &Arc<Vec<Going>>,
    names: Names,
) -> JoinHandle<Result<Vec<NewEvent>>> {
    let (who, now, ids, things) = (who.clone(), tx.now(), tx.ids(), Arc::clone(things));
    spawn_blocking(move || {
        let mut records = Vec::with_capacity(things.len());
        for going in things.iter() {
            for body in going.records(kind, &who, now, &names)? {
                records.push(own(ids.as_ref(), body)?);
            }
        }
        Ok(records)
    })
}

/// Gives those that are made their ids, and numbers after all there are. Nobody else does meanwhile: changes of a workspace
/// go one by one.
async fn number(tx: &WriteTx, workspace: WorkspaceId, kind: ObjectKind, things: &mut [Going]) -> Result<()> {
    if things.iter().all(|going| going.row.is_some()) {
        return Ok(());
    }
    let last: Option<i32> = object::Entity::find()
        .select_only()
        .column(C::Number)
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()))
        .order_by_desc(C::Number)
        .into_tuple()
        .one(tx.db())
        .await?;
    let new = things.iter_mut().filter(|going| going.row.is_none());
    for (going, number) in new.zip(last.unwrap_or(0) + 1..) {
        going.id = ObjectId(tx.new_id());
        going.number = number;
    }
    Ok(())
}

/// Stores the rows, and answers with them.
async fn put(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    things: &[Going],
    found_by: &[Moved],
) -> Result<Vec<object::Model>> {
    let (mut rows, mut new) = (Vec::with_capacity(things.len()), Vec::new());
    for (going, found_by) in things.iter().zip(found_by) {
        let name = name_of(&going.after.values);
        let was = going.row.as_ref().map(|row| (row.version, row.created_at));
        let (version, created_at) = was.unwrap_or((0, tx.now().micros()));
        let row = object::Model {
            workspace_id: workspace.0,
            id: going.id.0,
            kind: kind.name().to_owned(),
            number: going.number,
            name: name.to_owned(),
            name_key: rows::key(name),
            unique_key: going.keys.unique.clone(),
            external_id: going.keys.external_id.clone(),
            status: going.after.status.name().to_owned(),
            version: version + 1,
            properties: serde_json::to_string(&going.after.values).map_err(Error::damaged)?,
            words: found_by.is.words(),
            created_at,
            changed_at: tx.now().micros(),
        };
        if going.row.is_none() {
            new.push(cells(row.clone()));
        } else {
            object::Entity::update(changed(row.clone())).exec(tx.db()).await?;
        }
        rows.push(row);
    }
    insert_many(tx.db(), "object", &COLUMNS, new, "").await?;
    Ok(rows)
}

fn changed(row: object::Model) -> object::ActiveModel {
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
