//! Appending to the log inside the writer's transaction: idempotency, sequence numbers, rows, facet counts.

use super::facets;
use crate::{Error, Result, record::OWN_SOURCE, writer::Pending};
use daybook_domain::{
    canonical,
    event::{Event, EventBody, MAX_EVENT_BYTES},
    id::{EventId, IdMaker, WorkspaceId},
    log::LogKind,
    time::Timestamp,
};
use daybook_entity::{event, event_head};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use std::collections::HashMap;

/// Rows per INSERT. One size for most of a batch, so that the prepared statement is found again.
const ROWS: usize = 100;
/// Ids per look-up.
const LOOKUPS: usize = 500;

/// An event on its way in.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub body: EventBody,
    /// Position in the caller's batch, for the answer.
    pub index: usize,
    /// First 16 bytes of the SHA-256 of what was sent, time of receipt left out.
    pub body_hash: [u8; 16],
}

impl NewEvent {
    /// One of the product's own.
    pub fn own(mut body: EventBody) -> Self {
        OWN_SOURCE.clone_into(&mut body.source);
        Self {
            body,
            index: 0,
            body_hash: [0; 16],
        }
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

/// Stores the events of a group, all workspaces. Returns the outcome per job.
pub(crate) async fn append(
    tx: &DatabaseTransaction,
    pending: Vec<Pending>,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<Vec<(usize, Appended)>> {
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
    let mut outcomes = Vec::new();
    for (workspace, batches) in by_workspace {
        outcomes.extend(append_to(tx, workspace, batches, now, ids).await?);
    }
    Ok(outcomes)
}

async fn append_to(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    batches: Vec<Pending>,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<Vec<(usize, Appended)>> {
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
    let mut counts = facets::Counts::default();
    for batch in batches {
        let (accepted, outcome) = sift(batch.events, batch.atomic, &mut seen);
        for new in accepted {
            let event = Event {
                id: EventId(ids.next()),
                sequence: sequence + 1,
                recorded_at: now,
                body: new.body,
            };
            counts.add(&event.body);
            rows.push(row(workspace, event, new.body_hash)?);
            sequence += 1;
        }
        outcomes.push((batch.job, outcome));
    }
    if sequence == head.last_sequence {
        return Ok(outcomes);
    }
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        event::Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    counts.store(tx, workspace).await?;
    let mut head = head.into_active_model();
    head.last_sequence = Set(sequence);
    event_head::Entity::update(head).exec(tx).await?;
    Ok(outcomes)
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
            let found: Vec<(Option<String>, Vec<u8>)> = event::Entity::find()
                .select_only()
                .columns([event::Column::SourceEventId, event::Column::BodyHash])
                .filter(event::Column::WorkspaceId.eq(workspace.0))
                .filter(event::Column::Source.eq(source))
                .filter(event::Column::SourceEventId.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(tx)
                .await?;
            for (id, hash) in found {
                if let (Some(id), Ok(hash)) = (id, hash.try_into()) {
                    seen.insert((source.to_owned(), id), hash);
                }
            }
        }
    }
    Ok(seen)
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

fn row(workspace: WorkspaceId, event: Event, body_hash: [u8; 16]) -> Result<event::ActiveModel> {
    let record = canonical::to_string(&event).map_err(Error::damaged)?;
    // Ingest has refused what is too large; our own events are within bounds by construction.
    if record.len() > 2 * MAX_EVENT_BYTES {
        return Err(Error::damaged(format!("an event of {} bytes", record.len())));
    }
    let Event {
        id,
        sequence,
        recorded_at,
        body,
    } = event;
    let target_key = match body.log {
        LogKind::WebhookFailure | LogKind::IntegrationFailure => facets::target_key(&body),
        _ => None,
    };
    Ok(event::ActiveModel {
        workspace_id: Set(workspace.0),
        sequence: Set(sequence),
        id: Set(id.0),
        occurred_at: Set(body.occurred_at.micros()),
        recorded_at: Set(recorded_at.micros()),
        log: Set(body.log.name().to_owned()),
        action: Set(body.action.name().to_owned()),
        outcome: Set(body.outcome.name().to_owned()),
        actor_key: Set(body.actor.key()),
        target_key: Set(target_key),
        brand_key: Set(body.brand.as_ref().map(|brand| brand.label().to_owned())),
        ip: Set(body.ip.map(|ip| ip.to_string())),
        event_type: Set(body.event_type),
        category: Set(body.category),
        section: Set(body.section),
        login_source: Set(body.login_source),
        correlation_id: Set(body.correlation_id),
        source: Set(body.source),
        source_event_id: Set(body.source_event_id),
        body_hash: Set(body_hash.to_vec()),
        record: Set(record),
    })
}
