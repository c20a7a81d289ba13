//! Appending to the log inside the writer's transaction: idempotency, sequence numbers, rows, facet counts.

use super::facets;
use crate::{
    Error, Result, beside::beside, fresh::Run, record::OWN_SOURCE, rows::insert_many, webhooks::fan_out,
    writer::Pending,
};
use daybook_domain::{
    canonical::Unplaced,
    event::{Event, EventBody},
    id::{EventId, IdMaker, WorkspaceId},
    time::Timestamp,
};
use daybook_entity::{
    event::{self, Column},
    event_head,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait, Value,
    sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, ValueTuple},
};
use std::collections::HashMap;

/// Ids per look-up.
const LOOKUPS: usize = 500;

/// An event on its way in. Serialised before it reaches the writer, which does only what must be done in turn.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub(crate) body: EventBody,
    id: EventId,
    record: Unplaced,
    /// Position in the caller's batch, for the answer.
    pub(crate) index: usize,
    body_hash: [u8; 16],
}

impl NewEvent {
    /// `body_hash` is the first 16 bytes of the SHA-256 of what was sent; it tells a repeated send from another event
    /// under the same id.
    ///
    /// # Errors
    /// Where the body can't be written as JSON.
    pub fn new(id: EventId, body: EventBody, index: usize, body_hash: [u8; 16]) -> Result<Self> {
        let record = Unplaced::new(id, &body).map_err(Error::damaged)?;
        Ok(Self {
            body,
            id,
            record,
            index,
            body_hash,
        })
    }

    /// One of the product's own.
    ///
    /// # Errors
    /// Where the body can't be written as JSON.
    pub fn own(id: EventId, mut body: EventBody) -> Result<Self> {
        OWN_SOURCE.clone_into(&mut body.source);
        Self::new(id, body, 0, [0; 16])
    }

    #[cfg(test)]
    pub(crate) fn hash(&self) -> [u8; 16] {
        self.body_hash
    }

    /// Bytes of the stored record.
    pub fn size(&self) -> usize {
        self.record.len()
    }
}

/// An event that was not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub index: usize,
    pub field: String,
    pub reason: String,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appended {
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: Vec<Refusal>,
}

/// Key of idempotency: source and the source's id.
type Key = (String, String);

/// What became of a group's batches, per job, and the events that were stored, per workspace.
#[derive(Default)]
pub(crate) struct Outcome {
    pub jobs: Vec<(usize, Appended)>,
    pub stored: Vec<Run>,
}

/// Stores the events of a group, all workspaces.
pub(crate) async fn append(
    tx: &DatabaseTransaction,
    pending: Vec<Pending>,
    ids: &dyn IdMaker,
    now: Timestamp,
) -> Result<Outcome> {
    let mut by_workspace: Vec<(WorkspaceId, Vec<Pending>)> = Vec::new();
    for batch in pending {
        match by_workspace
            .iter_mut()
            .find(|(workspace, _)| *workspace == batch.workspace)
        {
            Some((_, batches)) => batches.push(batch),
            None => by_workspace.push((batch.workspace, vec![batch])),
        }
    }
    // Always in the same order: two processes never wait for each other's rows crosswise.
    by_workspace.sort_by_key(|(workspace, _)| *workspace);
    let mut outcome = Outcome::default();
    for (workspace, batches) in by_workspace {
        let (jobs, stored) = append_to(tx, workspace, batches, ids, now).await?;
        outcome.jobs.extend(jobs);
        outcome.stored.push(stored);
    }
    Ok(outcome)
}

async fn append_to(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    batches: Vec<Pending>,
    ids: &dyn IdMaker,
    now: Timestamp,
) -> Result<(Vec<(usize, Appended)>, Run)> {
    // Locks the row on PostgreSQL; SQLite's transaction holds the write lock already.
    let head = event_head::Entity::find_by_id(workspace.0)
        .lock_exclusive()
        .one(tx)
        .await?;
    let head = head.ok_or_else(|| Error::damaged("the workspace has no log"))?;
    let mut sequence = head.last_sequence;
    let mut seen = stored_hashes(tx, workspace, &batches).await?;
    let mut outcomes = Vec::with_capacity(batches.len());
    let mut rows = Vec::new();
    let mut stored = Run {
        workspace,
        events: Vec::new(),
        bytes: 0,
    };
    for batch in batches {
        let (accepted, outcome) = sift(batch.events, batch.atomic, &mut seen);
        for new in accepted {
            sequence += 1;
            stored.bytes += new.size();
            let (row, event) = row(workspace, new, now, sequence);
            rows.push(row);
            stored.events.push(event);
        }
        outcomes.push((batch.job, outcome));
    }
    if sequence == head.last_sequence {
        return Ok((outcomes, stored));
    }
    let wants = fan_out::wants(tx, workspace).await?;
    // Counted, and held against what endpoints want, while the database stores.
    let counts = beside(async move {
        let mut counts = facets::Counts::default();
        for event in &stored.events {
            counts.add(&event.body);
        }
        let told = fan_out::told(&wants, &stored.events);
        Ok((counts, told, stored))
    });
    insert_many(tx, "event", &COLUMNS, rows, "").await?;
    let (counts, told, stored) = counts.await?;
    counts.store(tx, workspace).await?;
    fan_out::store(tx, workspace, &stored.events, told, ids, now).await?;
    let mut head = head.into_active_model();
    head.last_sequence = Set(sequence);
    event_head::Entity::update(head).exec(tx).await?;
    Ok((outcomes, stored))
}

/// Hashes of the events already stored under the ids that come in.
async fn stored_hashes(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    batches: &[Pending],
) -> Result<HashMap<Key, [u8; 16]>> {
    let mut by_source: HashMap<&str, Vec<&str>> = HashMap::new();
    for new in batches.iter().flat_map(|batch| &batch.events) {
        if let Some(id) = &new.body.source_event_id {
            by_source.entry(&new.body.source).or_default().push(id);
        }
    }
    let mut seen = HashMap::new();
    for (source, ids) in by_source {
        for chunk in ids.chunks(LOOKUPS) {
            let found = tx.query_all(&hashes_of(workspace, source, chunk)).await?;
            for row in found {
                let (id, hash): (String, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                if let Ok(hash) = hash.try_into() {
                    seen.insert((source.to_owned(), id), hash);
                }
            }
        }
    }
    Ok(seen)
}

/// Those of some ids that are stored, with their hashes. A question for each: asked for all at once, PostgreSQL may read
/// everything the source has sent.
fn hashes_of(workspace: WorkspaceId, source: &str, ids: &[&str]) -> SelectStatement {
    let id = ("ids", "column1").into_column_ref();
    let hash = event::Entity::find()
        .select_only()
        .column(Column::BodyHash)
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(Column::Source.eq(source))
        .filter(Expr::col((event::Entity, Column::SourceEventId)).equals(id.clone()))
        .into_query();
    let ids = ids.iter().map(|id| ValueTuple::One((*id).into()));
    let asked = Query::select()
        .expr_as(Expr::col(id), "id")
        .expr_as(Expr::SubQuery(None, Box::new(hash.into())), "hash")
        .from_values(ids, "ids")
        .to_owned();
    Query::select()
        .columns(["id", "hash"])
        .from_subquery(asked, "found")
        .and_where(Expr::col("hash").is_not_null())
        .to_owned()
}

/// Splits a batch into what is new and what isn't. `seen` learns what is accepted.
fn sift(events: Vec<NewEvent>, atomic: bool, seen: &mut HashMap<Key, [u8; 16]>) -> (Vec<NewEvent>, Appended) {
    let mut outcome = Appended::default();
    let mut accepted = Vec::with_capacity(events.len());
    let mut learnt = Vec::new();
    for new in events {
        let Some(id) = &new.body.source_event_id else {
            accepted.push(new);
            continue;
        };
        let key = (new.body.source.clone(), id.clone());
        match seen.get(&key) {
            None => {
                seen.insert(key.clone(), new.body_hash);
                learnt.push(key);
                accepted.push(new);
            }
            Some(hash) if *hash == new.body_hash => outcome.duplicates += 1,
            Some(_) => outcome.rejected.push(Refusal {
                index: new.index,
                field: "id".to_owned(),
                reason: "id already used for a different event".to_owned(),
            }),
        }
    }
    if atomic && !outcome.rejected.is_empty() {
        // Nothing of it is stored, so later batches must not take its ids for used.
        for key in learnt {
            seen.remove(&key);
        }
        accepted.clear();
        outcome.duplicates = 0;
    }
    outcome.accepted = accepted.len() as u64;
    (accepted, outcome)
}

/// The columns of a row, in the order of [`row`].
const COLUMNS: [Column; 10] = [
    Column::WorkspaceId,
    Column::Sequence,
    Column::Id,
    Column::OccurredAt,
    Column::RecordedAt,
    Column::Log,
    Column::Source,
    Column::SourceEventId,
    Column::BodyHash,
    Column::Record,
];

fn row(
    workspace: WorkspaceId,
    new: NewEvent,
    recorded_at: Timestamp,
    sequence: i64,
) -> ([Value; COLUMNS.len()], Event) {
    let NewEvent {
        body,
        id,
        record,
        body_hash,
        ..
    } = new;
    let row = [
        workspace.0.into(),
        sequence.into(),
        id.0.into(),
        body.occurred_at.micros().into(),
        recorded_at.micros().into(),
        body.log.name().into(),
        body.source.as_str().into(),
        body.source_event_id.clone().into(),
        body_hash.to_vec().into(),
        record.place(recorded_at, sequence).into(),
    ];
    let event = Event {
        id,
        sequence,
        recorded_at,
        body,
    };
    (row, event)
}
