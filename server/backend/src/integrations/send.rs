//! Sending: the attempts that are due, and what came of them.
//!
//! What an integration gets follows from how far it is and from the log alone. An attempt takes what is next; once it went
//! well, the integration is that much further. Whatever happens between, the next attempt takes the same again: at least
//! once, in order, and nothing is left out.

use super::{
    Inner, Integrations, NAME,
    batch::{self, Room},
    formats::{Origin, bulk},
    integration::Integration,
    outgoing::{Http, Work, work},
    records, secret, state,
    transports::{folder, s3},
};
use crate::{
    Error, Result,
    accounts::Workspace,
    delivery::{
        hidden::{hide_in, readable},
        outbox::Due,
        worker::{Carrier, Jobs, Next},
    },
    record::OWN_SOURCE,
    store::place,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    delivery::{Failure, FailureKind},
    event::{Action, Actor, ActorKind, Event, EventBody},
    id::{EventId, IdMaker, ObjectId, WorkspaceId},
    integration::{ATTEMPTS, IntegrationType},
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
use tokio::time::Instant;
use uuid::Uuid;

/// Characters of an answer that are kept.
const ANSWER_CHARS: usize = 2_000;
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
/// An archive waits for so many records, or so long, before it writes a file.
const ARCHIVED_TOGETHER: i64 = 5_000;
const ARCHIVED_AFTER: i64 = 5 * 60 * 1_000_000;

/// Sends to integrations from the outbox.
pub(super) struct StreamCarrier(pub Integrations);

/// An attempt that is to be made.
pub(super) struct Job {
    what: What,
    sent: Sent,
    at: Timestamp,
}

enum What {
    Send(Box<Work>),
    /// Nothing is wanted of what is there.
    Nothing,
    /// Something of ours is amiss, as a sentence.
    Amiss(String),
}

/// What an attempt is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    /// How far the integration was.
    pub after: i64,
    /// And is once it went well.
    pub upto: i64,
    pub events: usize,
    /// The sequences of the first and the last record.
    pub records: Option<(i64, i64)>,
    pub bytes: usize,
}

/// What came of one.
pub(super) struct Made {
    pub sent: Sent,
    pub at: Timestamp,
    /// `None` where there was nothing to send.
    pub came: Option<Came>,
}

#[derive(Debug, Default)]
pub(super) struct Came {
    pub took: Duration,
    pub status: Option<u16>,
    /// The beginning of what was answered.
    pub answer: Option<String>,
    pub failure: Option<Failure>,
    /// How long the receiver asks to be left alone.
    pub asked: Option<Duration>,
    /// Events that it won't ever take: their sequences, and why.
    pub refused: Vec<(i64, String)>,
}

impl Carrier for StreamCarrier {
    const NAME: &'static str = "integration";
    type Job = Job;
    type Attempted = Made;

    fn destinations(&self, workspace: WorkspaceId, now: Timestamp) -> BoxFuture<'_, Result<Vec<Uuid>>> {
        Box::pin(self.0.waiting(workspace, now))
    }

    fn load<'a>(&'a self, workspace: WorkspaceId, due: &'a [&'a Due]) -> BoxFuture<'a, Result<Jobs<Job>>> {
        Box::pin(async move {
            let mut jobs = Vec::with_capacity(due.len());
            for due in due {
                jobs.push(self.0.job(workspace, due).await?);
            }
            Ok(jobs)
        })
    }

    async fn attempt(self: Arc<Self>, job: Job) -> Made {
        let Job { what, sent, at } = job;
        let came = match what {
            What::Nothing => None,
            What::Amiss(why) => Some(Came {
                failure: Some(Failure::new(FailureKind::NotSent, why)),
                ..Came::default()
            }),
            What::Send(work) => Some(self.0.carry(*work, at).await),
        };
        Made { sent, at, came }
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
            let is_behind = last > state.cursor && self.is_enough(workspace, &one, state, last, now).await?;
            if is_behind || tested.contains(&one.id.0) {
                waiting.push(one.id.0);
            }
        }
        Ok(waiting)
    }

    /// Whether what there is is worth an attempt: an archive isn't written record by record.
    async fn is_enough(
        &self,
        workspace: WorkspaceId,
        integration: &Integration,
        state: &integration_state::Model,
        last: i64,
        now: Timestamp,
    ) -> Result<bool> {
        let is_archive = matches!(integration.of_type, IntegrationType::S3 | IntegrationType::Folder);
        if !is_archive || last - state.cursor >= ARCHIVED_TOGETHER {
            return Ok(true);
        }
        let oldest = place::first_from(&self.0.db.read, workspace, state.cursor + 1).await?;
        Ok(oldest.is_some_and(|(_, recorded)| now.micros() - recorded >= ARCHIVED_AFTER))
    }

    async fn job(&self, workspace: WorkspaceId, due: &Due) -> Result<Job> {
        let Inner { db, clock, .. } = &*self.0;
        let at = clock.now();
        let is_test = due.cause == AttemptCause::Test.name();
        match self
            .prepared(workspace, ObjectId(due.destination), is_test, at)
            .await
        {
            Ok((what, sent)) => Ok(Job { what, sent, at }),
            // What is amiss with one is its own affair: others are sent to.
            Err(Error::Damaged(why)) => {
                let id = ObjectId(due.destination);
                let after = match Integration::find(&db.read, workspace, id).await {
                    Ok(integration) => state::find(&db.read, workspace, &integration).await?,
                    Err(_) => None,
                };
                let after = after.map_or(0, |state| state.cursor);
                Ok(Job {
                    what: What::Amiss(format!("What is to be sent can't be read: {why}.")),
                    sent: Sent {
                        after,
                        upto: after,
                        ..Sent::default()
                    },
                    at,
                })
            }
            Err(error) => Err(error),
        }
    }

    async fn prepared(
        &self,
        workspace: WorkspaceId,
        id: ObjectId,
        is_test: bool,
        now: Timestamp,
    ) -> Result<(What, Sent)> {
        let Inner { db, keys, .. } = &*self.0;
        let gone = (What::Nothing, Sent::default());
        let integration = match Integration::find(&db.read, workspace, id).await {
            Ok(integration) => integration,
            Err(Error::Domain(Told::NotFound)) => return Ok(gone),
            Err(error) => return Err(error),
        };
        let Some(state) = state::find(&db.read, workspace, &integration).await? else {
            return Ok(gone);
        };
        let mut sent = Sent {
            after: state.cursor,
            upto: state.cursor,
            ..Sent::default()
        };
        let amiss = |why: String, sent| Ok((What::Amiss(why), sent));
        let secret = match secret::open(&db.read, workspace, &integration, keys).await? {
            Ok(secret) => secret,
            Err(why) => return amiss(why, sent),
        };
        let events = if is_test {
            vec![test_event(&integration, self.0.writer.ids(), now)]
        } else {
            let wanted = match integration.wants() {
                Ok(wanted) => wanted,
                Err(why) => return amiss(why, sent),
            };
            let room = Room::of(integration.of_type);
            let next = batch::next(&db.read, workspace, state.cursor, wanted.as_ref(), room).await?;
            sent.upto = next.upto;
            let ends = next.events.first().zip(next.events.last());
            sent.records = ends.map(|(first, last)| (first.sequence, last.sequence));
            next.events
        };
        if events.is_empty() {
            return Ok((What::Nothing, sent));
        }
        sent.events = events.len();
        let name = self.0.accounts.workspace().await?.map(|workspace| workspace.name);
        let origin = Origin {
            workspace: name.as_deref().unwrap_or_default(),
            host: &self.0.surroundings.host,
            url: self.0.surroundings.url.as_deref(),
        };
        match work(&integration, secret.as_ref(), events, &origin, now) {
            Ok(work) => {
                sent.bytes = work.bytes();
                Ok((What::Send(Box::new(work)), sent))
            }
            Err(why) => amiss(why, sent),
        }
    }

    async fn carry(&self, work: Work, now: Timestamp) -> Came {
        let surroundings = &self.0.surroundings;
        let begun = Instant::now();
        let failure = match work {
            Work::Http(http) => return self.by_http(*http, now).await,
            Work::Syslog(server, messages) => {
                let sent = surroundings
                    .connector
                    .send(&server, &messages, surroundings.limits)
                    .await;
                sent.err()
            }
            Work::File { folder, key, bytes } => {
                let root = surroundings.archive.clone();
                let put = tokio::task::spawn_blocking(move || folder::put(&root, &folder, &key, &bytes));
                match put.await {
                    Ok(put) => put.err(),
                    Err(error) => Some(Failure::new(FailureKind::NotSent, error.to_string())),
                }
            }
        };
        Came {
            took: begun.elapsed(),
            failure,
            ..Came::default()
        }
    }

    async fn by_http(&self, http: Http, now: Timestamp) -> Came {
        let Http {
            outgoing,
            keep,
            told_of,
            hide,
        } = http;
        let mut attempted = self.0.surroundings.sender.send_keeping(outgoing, keep).await;
        if let Some(answer) = &mut attempted.answer {
            hide_in(answer, &hide);
        }
        let answer = attempted.answer.as_ref();
        let seconds = now.micros().div_euclid(1_000_000);
        let mut came = Came {
            took: attempted.took,
            status: answer.map(|answer| answer.status),
            answer: answer.map(|answer| said(&answer.body)),
            asked: answer.and_then(|answer| answer.retry_after(seconds)),
            failure: attempted.failure,
            refused: Vec::new(),
        };
        if let (None, Some(answer), false) = (&came.failure, answer, told_of.is_empty()) {
            match bulk::refused(&answer.body, &told_of) {
                Ok(verdict) => judge(&mut came, verdict, &told_of),
                Err(why) => {
                    let detail = format!("The answer doesn't say what became of the events: {why}.");
                    came.failure = Some(Failure::new(FailureKind::Broken, detail));
                }
            }
        }
        came
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
        if let Some(came) = &made.came {
            keep_attempt(tx, &workspace, &integration, cause, &made, came).await?;
        }
        if cause == AttemptCause::Test {
            self.tested(tx, &workspace, &integration, &made);
            return Ok(Next::Never);
        }
        let mut is = was.clone();
        // Unless somebody set it back meanwhile.
        let is_in_place = was.cursor == made.sent.after;
        let next = match &made.came {
            None => {
                if is_in_place {
                    is.cursor = made.sent.upto;
                }
                tx.now()
            }
            Some(came) if came.failure.is_none() => {
                if is_in_place {
                    is.cursor = made.sent.upto;
                }
                is.sent += i64::try_from(made.sent.events).unwrap_or_default();
                is.sent_at = Some(tx.now().micros());
                self.went_well(tx, &workspace, &integration, &was, &mut is, &made.sent)
                    .await?;
                if !came.refused.is_empty() {
                    let who = self.0.accounts.system_viewer(&workspace, NAME);
                    records::refused(tx, &who, &integration, &made.sent, came);
                }
                let is_chat = matches!(
                    integration.of_type,
                    IntegrationType::Slack | IntegrationType::Teams
                );
                tx.now().plus_micros(if is_chat { CHAT_PAUSE } else { 0 })
            }
            Some(came) => {
                let next = self
                    .failed(tx, &workspace, &integration, &mut is, &made.sent, came)
                    .await?;
                is.next_at = Some(next.micros());
                next
            }
        };
        state::store(tx, &was, is).await?;
        Ok(Next::At(next))
    }
}

/// What an answer says, as far as it is kept.
fn said(body: &[u8]) -> String {
    // Stores answer in XML, of which a few words say what it is.
    let said = s3::told(body).unwrap_or_else(|| readable(body));
    said.chars().take(ANSWER_CHARS).collect()
}

/// What it means that a receiver tells of each event what became of it.
fn judge(came: &mut Came, verdict: bulk::Verdict, of: &[Event]) {
    let all = of.len() > 1 && verdict.refused.len() == of.len();
    let first = verdict.refused.first().map(|(_, reason)| reason.clone());
    let why = match (verdict.later, first) {
        (Some(why), _) => Some(format!("Not all events were taken: {why}.")),
        // It isn't the events then, but where they are sent to: they wait.
        (None, Some(why)) if all => Some(format!("None of the {} events was taken: {why}.", of.len())),
        _ => None,
    };
    if let Some(why) = why {
        came.failure = Some(Failure::new(FailureKind::Status, why));
        return;
    }
    // That some were refused is told once: who refuses that as well would be told of for ever.
    let told = |sequence: i64| {
        let event = of.iter().find(|event| event.sequence == sequence);
        event.is_some_and(|event| event.body.event_type == OwnType::IntegrationEventsRefused.name())
    };
    came.refused = verdict.refused;
    came.refused.retain(|(sequence, _)| !told(*sequence));
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

/// What says that it is a test.
fn test_event(integration: &Integration, ids: &dyn IdMaker, now: Timestamp) -> Event {
    let mut body = EventBody::new(
        "integration.test",
        Actor::named(ActorKind::System, "Daybook"),
        now,
    );
    OWN_SOURCE.clone_into(&mut body.source);
    body.action = Action::Send;
    body.category = Some("Integrations".to_owned());
    body.section = Some(integration.of_type.title().to_owned());
    body.summary = Some(format!(
        "This is a test of the integration “{}”.",
        integration.name
    ));
    body.targets = vec![integration.target()];
    Event {
        id: EventId(ids.next()),
        sequence: 0,
        recorded_at: now,
        body,
    }
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
    made: &Made,
    came: &Came,
) -> Result<()> {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let row = integration_attempt::Model {
        workspace_id: workspace.id.0,
        integration_id: integration.id.0,
        id: tx.new_id(),
        at: made.at.micros(),
        took_ms: i64::try_from(came.took.as_millis()).unwrap_or(i64::MAX),
        cause: cause.name().to_owned(),
        events: i32::try_from(made.sent.events).unwrap_or(i32::MAX),
        first_sequence: made.sent.records.map(|(first, _)| first),
        last_sequence: made.sent.records.map(|(_, last)| last),
        bytes: number(made.sent.bytes),
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
