//! One attempt: what is next is read, written as the product takes it, and carried there. The worker goes on meanwhile.

use super::{
    Inner, Integrations,
    batch::{self, Room},
    formats::{Origin, bulk},
    integration::Integration,
    outgoing::{Http, Work, work},
    secret, state,
    transports::{folder, s3},
};
use crate::{
    Error, Result,
    delivery::hidden::{self, readable},
    error::chain,
    record::OWN_SOURCE,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    delivery::{Failure, FailureKind},
    event::{Action, Actor, ActorKind, Event, EventBody},
    id::{EventId, IdMaker, ObjectId, WorkspaceId},
    time::Timestamp,
};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use tokio::{
    task::spawn_blocking,
    time::{Instant, timeout},
};

/// Characters of an answer that are kept.
const ANSWER_CHARS: usize = 2_000;
/// How long a file may take to be written, and to wait for others that are.
const FILE_TIME: Duration = Duration::from_secs(30);

/// What an attempt is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    /// How far the integration was; nowhere where that can't be told.
    pub after: Option<i64>,
    /// And is once it went well.
    pub upto: i64,
    pub events: usize,
    /// The sequences of the first and the last record.
    pub records: Option<(i64, i64)>,
    pub bytes: usize,
    /// Whether it only tells that something was refused.
    pub tells_of_refusals: bool,
}

/// What came of one.
#[derive(Debug)]
pub(super) struct Made {
    pub sent: Sent,
    pub at: Timestamp,
    /// `None` where there was nothing to send.
    pub came: Option<Came>,
}

#[derive(Debug, Clone, Default)]
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

impl Came {
    fn failed(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            failure: Some(Failure::new(kind, detail)),
            ..Self::default()
        }
    }
}

enum What {
    Send(Box<Work>),
    /// Nothing is wanted of what is there.
    Nothing,
    /// Something of ours is amiss, as a sentence.
    Amiss(String),
}

/// Whether a record tells that events were refused.
pub(super) fn tells_of_refusals(event: &Event) -> bool {
    event.body.event_type == OwnType::IntegrationEventsRefused.name() && event.body.source == OWN_SOURCE
}

impl Integrations {
    pub(super) async fn attempt(&self, workspace: WorkspaceId, id: ObjectId, is_test: bool) -> Made {
        let at = self.0.clock.now();
        let (what, sent) = match self.prepared(workspace, id, is_test, at).await {
            Ok(prepared) => prepared,
            Err(error) => {
                tracing::warn!(%id, error = chain(&error), "what an integration is to be sent can't be read");
                let why = "What is to be sent can't be read; the server's log says why.";
                (What::Amiss(why.to_owned()), Sent::default())
            }
        };
        let came = match what {
            What::Nothing => None,
            What::Amiss(why) => Some(Came::failed(FailureKind::NotSent, why)),
            What::Send(work) => Some(self.carry(*work, at).await),
        };
        Made { sent, at, came }
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
            after: Some(state.cursor),
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
            let room = Room::of(integration.of_type).shrunk(state.shrunk);
            let next = batch::next(&db.read, workspace, state.cursor, wanted.as_ref(), room).await?;
            sent.upto = next.upto;
            let ends = next.events.first().zip(next.events.last());
            sent.records = ends.map(|(first, last)| (first.sequence, last.sequence));
            sent.tells_of_refusals = next.events.iter().all(tells_of_refusals);
            next.events
        };
        if events.is_empty() {
            return Ok((What::Nothing, sent));
        }
        sent.events = events.len();
        let name = self.0.accounts.workspace().await?.map(|workspace| workspace.name);
        let surroundings = self.0.surroundings.clone();
        // Writing and packing thousands of records keeps a thread busy.
        let written = spawn_blocking(move || {
            let origin = Origin {
                workspace: name.as_deref().unwrap_or_default(),
                host: &surroundings.host,
                url: surroundings.url.as_deref(),
            };
            work(&integration, secret.as_ref(), events, &origin, state.turn, now)
        });
        match written.await.map_err(Error::damaged)? {
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
            Work::File { folder, key, bytes } => self.write(folder, key, bytes).await.err(),
        };
        Came {
            took: begun.elapsed(),
            failure,
            ..Came::default()
        }
    }

    /// A disk that doesn't answer holds a thread for as long as it likes: those that may wait for one are few.
    async fn write(&self, folder: String, key: String, bytes: Vec<u8>) -> Result<(), Failure> {
        let root = self.0.surroundings.archive.clone();
        let files = Arc::clone(&self.0.files);
        let written = async {
            let permit = files.acquire_owned().await;
            let put = spawn_blocking(move || {
                let _permit = permit;
                folder::put(&root, &folder, &key, &bytes)
            });
            put.await
                .unwrap_or_else(|error| Err(Failure::new(FailureKind::NotSent, error.to_string())))
        };
        timeout(FILE_TIME, written).await.unwrap_or_else(|_| {
            let detail = format!("The file wasn't written within {} seconds.", FILE_TIME.as_secs());
            Err(Failure::new(FailureKind::Timeout, detail))
        })
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
            hidden::hide_in(answer, &hide);
        }
        let answer = attempted.answer.as_ref();
        let seconds = now.micros().div_euclid(1_000_000);
        let mut came = Came {
            took: attempted.took,
            status: answer.map(|answer| answer.status),
            answer: answer.map(|answer| said(&answer.body, &hide)),
            asked: answer.and_then(|answer| answer.retry_after(seconds)),
            failure: attempted.failure,
            refused: Vec::new(),
        };
        if let (None, Some(answer), false) = (&came.failure, answer, told_of.is_empty()) {
            match bulk::refused(&answer.body, &told_of) {
                Ok(verdict) => judge(&mut came, verdict, &told_of),
                Err(why) => {
                    let why = why.trim_end_matches('.');
                    let detail = format!("The answer doesn't say what became of the events: {why}.");
                    came.failure = Some(Failure::new(FailureKind::Broken, detail));
                }
            }
        }
        came
    }
}

/// What an answer says, as far as it is kept.
fn said(body: &[u8], hide: &[SecretString]) -> String {
    // Stores answer in XML, of which a few words say what it is.
    let said = s3::told(body).unwrap_or_else(|| readable(body));
    let said = hidden::hide(&said, hide);
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
        event.is_some_and(tells_of_refusals)
    };
    came.refused = verdict.refused;
    came.refused.retain(|(sequence, _)| !told(*sequence));
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
