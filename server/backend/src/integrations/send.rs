//! Sending: the attempts that are due, and what came of them.
//!
//! What an integration gets follows from how far it is and from the log alone. An attempt takes what is next; once it went
//! well, the integration is that much further. Whatever happens between, the next attempt takes the same again: at least
//! once, in order, and nothing is left out.

use super::{
    Integrations, NAME,
    attempt::{Came, Made, Sent},
    integration::Integration,
    records, secret, state,
};
use crate::{
    Error, Result,
    accounts::Workspace,
    delivery::{
        outbox::Due,
        worker::{Carrier, Jobs, Next},
    },
    store::place,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    delivery::{Failure, FailureKind},
    id::{ObjectId, WorkspaceId},
    integration::ATTEMPTS,
    time::Timestamp,
    webhook::AttemptCause,
};
use daybook_entity::{
    integration_attempt::{self, Column as A},
    integration_state, outbox,
};
use futures::future::BoxFuture;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long after the first attempt that failed it is tried again; after each further one twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// And no longer: a collector that is back shall have what it lacks soon.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// By which share a wait may be longer.
const JITTER: f64 = 0.2;
/// The longest that a receiver may ask to be left alone.
const LONGEST_ASKED: Duration = Duration::from_hours(1);
/// Chats take about a message a second.
const CHAT_PAUSE: i64 = 1_000_000;
/// An archive isn't written record by record, but when the oldest is of so long ago.
pub(super) const ARCHIVED_AFTER: i64 = 5 * 60 * 1_000_000;
/// How often a batch is halved at most: one event is left then.
const HALVED: i32 = 16;
/// Attempts after which a single event that is refused for what it is isn't tried again.
const PASSED_OVER_AFTER: i32 = 10;

/// Sends to integrations from the outbox.
pub(super) struct StreamCarrier(pub Integrations);

/// Of whom an attempt is to be made. What it sends is read while others are under way.
pub(super) struct Job {
    workspace: WorkspaceId,
    integration: ObjectId,
    is_test: bool,
}

impl Carrier for StreamCarrier {
    const NAME: &'static str = "integration";
    type Job = Job;
    type Attempted = Made;

    fn destinations(&self, workspace: WorkspaceId, now: Timestamp) -> BoxFuture<'_, Result<Vec<Uuid>>> {
        Box::pin(self.0.waiting(workspace, now))
    }

    fn load<'a>(&'a self, workspace: WorkspaceId, due: &'a [&'a Due]) -> BoxFuture<'a, Result<Jobs<Job>>> {
        let job = |due: &&Due| Job {
            workspace,
            integration: ObjectId(due.destination),
            is_test: due.cause == AttemptCause::Test.name(),
        };
        let jobs = due.iter().map(job).collect();
        Box::pin(async move { Ok(jobs) })
    }

    async fn attempt(self: Arc<Self>, job: Job) -> Made {
        self.0.attempt(job.workspace, job.integration, job.is_test).await
    }

    fn record<'t>(&'t self, tx: &'t mut WriteTx, due: &'t Due, made: Made) -> BoxFuture<'t, Result<Next>> {
        Box::pin(self.0.made(tx, due, made))
    }
}

impl Integrations {
    /// Those to which something is to be sent now, as far as that can be said without reading what it is.
    async fn waiting(&self, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<Uuid>> {
        let db = &self.0.db.read;
        let mut all = Integration::all(db, workspace).await?;
        all.retain(Integration::is_on);
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let mut states = state::all(db, workspace).await?;
        let new: Vec<_> = all
            .iter()
            .filter(|one| !states.contains_key(&one.id.0))
            .cloned()
            .collect();
        if !new.is_empty() {
            self.begin(workspace, new).await?;
            states = state::all(db, workspace).await?;
        }
        let holders = secret::holders(db, workspace).await?;
        let tested = tests(db, workspace).await?;
        let last = place::last_sequence(db, workspace).await?;
        let mut waiting = Vec::new();
        for one in all {
            let Some(state) = states.get(&one.id.0) else {
                continue;
            };
            if state.paused_at.is_some() || secret::is_wanting(&one, &holders) {
                continue;
            }
            let rests = state.next_at.is_some_and(|next| next > now.micros());
            let is_tested = tested.contains(&one.id.0);
            if is_tested || !rests && last > state.cursor && self.is_time(workspace, &one, state, now).await?
            {
                waiting.push(one.id.0);
            }
        }
        Ok(waiting)
    }

    /// Whether what there is is to be sent now.
    async fn is_time(
        &self,
        workspace: WorkspaceId,
        integration: &Integration,
        state: &integration_state::Model,
        now: Timestamp,
    ) -> Result<bool> {
        if !integration.of_type.is_archive() {
            return Ok(true);
        }
        let oldest = place::first_from(&self.0.db.read, workspace, state.cursor + 1).await?;
        Ok(oldest.is_some_and(|(_, recorded)| now.micros() - recorded >= ARCHIVED_AFTER))
    }

    async fn made(&self, tx: &mut WriteTx, due: &Due, made: Made) -> Result<Next> {
        let workspace = self.0.accounts.workspace().await?;
        let workspace = workspace.ok_or_else(|| Error::damaged("there is no workspace"))?;
        let integration = match Integration::find(tx.db(), workspace.id, ObjectId(due.destination)).await {
            Ok(integration) => integration,
            Err(Error::Domain(Told::NotFound)) => return Ok(Next::Never),
            Err(error) => return Err(error),
        };
        let Some(was) = state::find(tx.db(), workspace.id, &integration).await? else {
            return Ok(Next::Never);
        };
        let cause = AttemptCause::from_name(&due.cause).unwrap_or(AttemptCause::Schedule);
        let Made { sent, at, mut came } = made;
        if let Some(came) = &mut came {
            // Of a test it is told as of any failure.
            if let (AttemptCause::Test, None, Some((_, why))) = (cause, &came.failure, came.refused.first()) {
                came.failure = Some(Failure::new(FailureKind::Status, why.clone()));
            }
            keep_attempt(tx, &workspace, &integration, cause, at, &sent, came).await?;
        }
        if cause == AttemptCause::Test {
            if let Some(came) = &came {
                self.tested(tx, &workspace, &integration, &sent, came);
            }
            return Ok(Next::Never);
        }
        let mut is = was.clone();
        // Unless somebody set it back meanwhile.
        let reached = (sent.after == Some(was.cursor)).then_some(sent.upto);
        let next = match came {
            None => {
                is.cursor = reached.unwrap_or(was.cursor);
                // It didn't want what failed, or not any more.
                (is.failures, is.shrunk) = (0, 0);
                (is.failing_since, is.next_at, is.failure, is.detail) = (None, None, None, None);
                tx.now()
            }
            Some(mut came) => {
                pass_over(&was, &sent, &mut came);
                if came.failure.is_some() {
                    if is_too_much(&came) {
                        is.shrunk = (was.shrunk + 1).min(HALVED);
                    }
                    let next = self
                        .failed(tx, &workspace, &integration, &mut is, &sent, &came)
                        .await?;
                    is.next_at = Some(next.micros());
                    next
                } else {
                    is.cursor = reached.unwrap_or(was.cursor);
                    let taken = sent.events.saturating_sub(came.refused.len());
                    is.sent += i64::try_from(taken).unwrap_or_default();
                    is.sent_at = Some(tx.now().micros());
                    if was.shrunk > 0 && place::last_sequence(tx.db(), workspace.id).await? <= is.cursor {
                        is.shrunk = 0;
                    }
                    self.went_well(tx, &workspace, &integration, &mut is, &sent)
                        .await?;
                    if !came.refused.is_empty() && !sent.tells_of_refusals {
                        let who = self.0.accounts.system_viewer(&workspace, NAME);
                        records::refused(tx, &who, &integration, &sent, &came);
                    }
                    let is_chat = integration.of_type.is_chat();
                    tx.now().plus_micros(if is_chat { CHAT_PAUSE } else { 0 })
                }
            }
        };
        state::store(tx, &was, is).await?;
        Ok(Next::At(next))
    }
}

/// Whether less at a time may go well. Who is away, or doesn't know us, is so for any batch.
fn is_too_much(came: &Came) -> bool {
    let kind = came.failure.as_ref().map(|failure| failure.kind);
    match came.status {
        Some(401 | 403 | 404 | 410 | 429 | 500..=599) => false,
        _ => matches!(
            kind,
            Some(FailureKind::Status | FailureKind::Timeout | FailureKind::Broken | FailureKind::TooLarge)
        ),
    }
}

/// A single event that is refused again and again for what it is holds up all that come after it: it is passed over, and that
/// is told.
fn pass_over(was: &integration_state::Model, sent: &Sent, came: &mut Came) {
    let is_of_the_event = matches!(came.status, Some(400 | 413 | 422)) && sent.events == 1;
    if !is_of_the_event || was.failures < PASSED_OVER_AFTER {
        return;
    }
    let Some((sequence, _)) = sent.records else { return };
    if let Some(failure) = came.failure.take() {
        came.refused = vec![(sequence, failure.detail)];
    }
}

/// Those for which a test is to be sent.
pub(super) async fn tests(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<HashSet<Uuid>> {
    use outbox::Column as O;
    let waiting: Vec<Uuid> = outbox::Entity::find()
        .select_only()
        .column(O::DestinationId)
        .filter(O::WorkspaceId.eq(workspace.0))
        .filter(O::Carrier.eq(StreamCarrier::NAME))
        .filter(O::Cause.eq(AttemptCause::Test.name()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(waiting.into_iter().collect())
}

/// When it is tried again that has failed for the so many-th time.
pub(super) fn wait(failures: i32, asked: Option<Duration>, dice: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(failures.saturating_sub(1).clamp(0, 16).unsigned_abs());
    let wait = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
    let wait = wait.max(asked.unwrap_or_default().min(LONGEST_ASKED));
    wait.mul_f64(1.0 + JITTER * dice.clamp(0.0, 1.0))
}

async fn keep_attempt(
    tx: &WriteTx,
    workspace: &Workspace,
    integration: &Integration,
    cause: AttemptCause,
    at: Timestamp,
    sent: &Sent,
    came: &Came,
) -> Result<()> {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let row = integration_attempt::Model {
        workspace_id: workspace.id.0,
        integration_id: integration.id.0,
        id: tx.new_id(),
        at: at.micros(),
        took_ms: i64::try_from(came.took.as_millis()).unwrap_or(i64::MAX),
        cause: cause.name().to_owned(),
        events: i32::try_from(sent.events).unwrap_or(i32::MAX),
        first_sequence: sent.records.map(|(first, _)| first),
        last_sequence: sent.records.map(|(_, last)| last),
        bytes: number(sent.bytes),
        status: came.status.map(i32::from),
        answer: came.answer.clone().filter(|answer| !answer.is_empty()),
        failure: came
            .failure
            .as_ref()
            .map(|failure| failure.kind.name().to_owned()),
        detail: came.failure.as_ref().map(|failure| failure.detail.clone()),
    };
    integration_attempt::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    // Of those before, the latest stay.
    let of_this = || {
        integration_attempt::Entity::find()
            .filter(A::WorkspaceId.eq(workspace.id.0))
            .filter(A::IntegrationId.eq(integration.id.0))
    };
    let beyond: Option<Uuid> = of_this()
        .select_only()
        .column(A::Id)
        .order_by_desc(A::Id)
        .offset(ATTEMPTS)
        .limit(1)
        .into_tuple()
        .one(tx.db())
        .await?;
    if let Some(beyond) = beyond {
        integration_attempt::Entity::delete_many()
            .filter(A::WorkspaceId.eq(workspace.id.0))
            .filter(A::IntegrationId.eq(integration.id.0))
            .filter(A::Id.lte(beyond))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests_of_waits {
    use super::*;

    #[test]
    fn it_is_tried_again_soon_and_then_every_five_minutes() {
        let waits: Vec<_> = (1..=8)
            .map(|failures| wait(failures, None, 0.0).as_secs())
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
        assert_eq!(wait(i32::MAX, None, 1.0), Duration::from_mins(6));
        assert_eq!(
            wait(1, Some(Duration::from_secs(90)), 0.0),
            Duration::from_secs(90)
        );
        assert_eq!(wait(1, Some(Duration::MAX), 0.0), LONGEST_ASKED);
    }
}
