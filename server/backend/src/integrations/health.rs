//! How integrations do, as people read it.

use super::{Integrations, integration::Integration, secret, send, state};
use crate::{Error, Result, local_time::Reader, store::place};
use daybook_domain::{
    delivery::{Failure, FailureKind},
    id::{ObjectId, WorkspaceId},
    integration::{ATTEMPTS, StreamAttempt, StreamDetail, StreamHealth, StreamState},
    viewer::Viewer,
    webhook::AttemptCause,
};
use daybook_entity::{
    integration_attempt::{self, Column as A},
    integration_state::Model,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// Records that an integration may be behind and is still said to be up to date: they are on their way.
const ON_THE_WAY: u64 = 500;
/// How far off the next attempt is, in microseconds, where it is worth waiting for.
const SOON: i64 = 10_000_000;

impl Integrations {
    pub(super) async fn health_of_all(&self, who: &Viewer) -> Result<Vec<StreamHealth>> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let mut states = state::all(db, workspace).await?;
        let holders = secret::holders(db, workspace).await?;
        let last = place::last_sequence(db, workspace).await?;
        let mut all = Vec::new();
        for integration in Integration::all(db, workspace).await? {
            let state = states.remove(&integration.id.0);
            all.push(health(db, workspace, integration, state, last, &holders, &reader).await?);
        }
        Ok(all)
    }

    pub(super) async fn detail(&self, who: &Viewer, id: ObjectId) -> Result<StreamDetail> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let integration = Integration::find(db, workspace, id).await?;
        let state = state::find(db, workspace, &integration).await?;
        let holders = secret::holders(db, workspace).await?;
        let last = place::last_sequence(db, workspace).await?;
        let has_secret = integration
            .of_type
            .secret()
            .map(|_| holders.contains(&integration.id.0));
        let is_archive = integration.of_type.is_archive();
        let is_tested = send::tests(db, workspace).await?.contains(&id.0);
        let next = state.as_ref().and_then(|state| state.next_at);
        let health = health(db, workspace, integration, state, last, &holders, &reader).await?;
        let is_next = next.is_some_and(|next| (0..=SOON).contains(&(next - reader.now().micros())));
        Ok(StreamDetail {
            soon: match health.state {
                StreamState::CatchingUp => !is_archive,
                StreamState::UpToDate => is_tested,
                StreamState::Failing => is_tested || is_next,
                StreamState::Paused | StreamState::Incomplete | StreamState::Off => false,
            },
            health,
            has_secret,
            attempts: attempts(db, workspace, id, &reader).await?,
        })
    }
}

async fn health(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    integration: Integration,
    state: Option<Model>,
    last: i64,
    holders: &HashSet<Uuid>,
    reader: &Reader,
) -> Result<StreamHealth> {
    let cursor = match &state {
        Some(state) => state.cursor,
        // Nobody has begun with it yet.
        None => place::first_since(db, workspace, integration.created).await? - 1,
    };
    let behind = u64::try_from(last - cursor).unwrap_or_default();
    let oldest = if behind > 0 {
        place::first_from(db, workspace, cursor + 1).await?
    } else {
        None
    };
    let of = |at: fn(&Model) -> Option<i64>| {
        let at = state.as_ref().and_then(at);
        at.map(|at| reader.stored(at)).transpose()
    };
    let (paused, failing_since) = (of(|state| state.paused_at)?, of(|state| state.failing_since)?);
    let failure = state.as_ref().and_then(|state| {
        let kind = FailureKind::from_name(state.failure.as_deref()?)?;
        Some(Failure::new(kind, state.detail.clone().unwrap_or_default()))
    });
    // An archive lets records come together.
    let rests = integration.of_type.is_archive()
        && oldest.is_none_or(|(_, recorded)| reader.now().micros() - recorded < 2 * send::ARCHIVED_AFTER);
    let standing = if !integration.is_on() {
        StreamState::Off
    } else if secret::is_wanting(&integration, holders) {
        StreamState::Incomplete
    } else if paused.is_some() {
        StreamState::Paused
    } else if failing_since.is_some() {
        StreamState::Failing
    } else if behind > ON_THE_WAY && !rests {
        StreamState::CatchingUp
    } else {
        StreamState::UpToDate
    };
    Ok(StreamHealth {
        integration: integration.id,
        state: standing,
        behind,
        oldest: oldest.map(|(_, recorded)| reader.stored(recorded)).transpose()?,
        failing_since,
        failure,
        next: of(|state| state.next_at)?,
        last_sent: of(|state| state.sent_at)?,
        sent: state.map_or(0, |state| state.sent.unsigned_abs()),
        name: integration.name,
        of_type: integration.of_type,
    })
}

async fn attempts(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ObjectId,
    reader: &Reader,
) -> Result<Vec<StreamAttempt>> {
    let rows = integration_attempt::Entity::find()
        .filter(A::WorkspaceId.eq(workspace.0))
        .filter(A::IntegrationId.eq(id.0))
        .order_by_desc(A::Id)
        .limit(ATTEMPTS)
        .all(db)
        .await?;
    let shown = |row: integration_attempt::Model| {
        let kind = row.failure.as_deref().and_then(FailureKind::from_name);
        Ok(StreamAttempt {
            at: reader.stored(row.at)?,
            cause: AttemptCause::from_name(&row.cause)
                .ok_or_else(|| Error::damaged(format!("an attempt by “{}”", row.cause)))?,
            took_ms: row.took_ms.unsigned_abs(),
            events: row.events.unsigned_abs().into(),
            records: row.first_sequence.zip(row.last_sequence),
            bytes: row.bytes.unsigned_abs(),
            status: row.status.and_then(|status| status.try_into().ok()),
            answer: row.answer,
            failure: kind.map(|kind| Failure::new(kind, row.detail.unwrap_or_default())),
        })
    };
    rows.into_iter().map(shown).collect()
}
