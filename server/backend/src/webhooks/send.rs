//! Sending messages: the attempts that are due, and what is kept of what came of them.

use super::{
    Endpoint, Inner, NAME, Webhooks, condition,
    outgoing::{Job, Unsent, body, job, seconds, test_body},
    signing,
};
use crate::{
    Error, Result,
    accounts::Workspace,
    delivery::{
        hidden::{hide_in, readable, shown_url},
        http::{Answer, Attempted},
        outbox::Due,
        schedule,
        worker::{Carrier, Jobs, Next},
    },
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType,
    delivery::{Failure, FailureKind},
    event::{MAX_TEXT_CHARS, Outcome, Target},
    id::{ObjectId, WebhookMessageId, WorkspaceId},
    time::Timestamp,
    webhook::{AttemptCause, GotResponse, MessageState, SentRequest},
};
use daybook_entity::{
    event, webhook_attempt,
    webhook_message::{self, Column as C},
};
use futures::future::BoxFuture;
use reqwest::header::HeaderValue;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// Bytes of an answer that stand in the record of a failure; the attempt has more.
const TOLD: usize = 2_000;
/// And headers, with so many characters of each.
const TOLD_HEADERS: usize = 30;
const TOLD_HEADER: usize = 200;

/// Sends webhooks from the outbox.
pub(super) struct WebhookCarrier(pub Webhooks);

/// One that was made, or would have been.
pub(super) struct Made {
    attempted: Attempted,
    request: SentRequest,
    at: Timestamp,
    is_final: bool,
}

impl Carrier for WebhookCarrier {
    const NAME: &'static str = "webhook";
    type Job = Job;
    type Attempted = Made;

    fn destinations(&self, workspace: WorkspaceId, now: Timestamp) -> BoxFuture<'_, Result<Vec<Uuid>>> {
        Box::pin(condition::open(&self.0.0.db.read, workspace, now))
    }

    fn load<'a>(&'a self, workspace: WorkspaceId, due: &'a [&'a Due]) -> BoxFuture<'a, Result<Jobs<Job>>> {
        Box::pin(self.jobs(workspace, due))
    }

    async fn attempt(self: Arc<Self>, job: Job) -> Made {
        let Job {
            what,
            request,
            at,
            hide,
        } = job;
        let (attempted, is_final) = match what {
            Ok(outgoing) => {
                let mut attempted = self.0.0.sender.send(*outgoing).await;
                if let Some(answer) = &mut attempted.answer {
                    hide_in(answer, &hide);
                }
                (attempted, false)
            }
            Err(Unsent { why, is_final }) => {
                let attempted = Attempted {
                    took: Duration::ZERO,
                    answer: None,
                    failure: Some(Failure::new(FailureKind::NotSent, why)),
                };
                (attempted, is_final)
            }
        };
        Made {
            attempted,
            request,
            at,
            is_final,
        }
    }

    fn record<'t>(&'t self, tx: &'t mut WriteTx, due: &'t Due, made: Made) -> BoxFuture<'t, Result<Next>> {
        Box::pin(self.made(tx, due, made))
    }
}

impl WebhookCarrier {
    async fn jobs(&self, workspace: WorkspaceId, due: &[&Due]) -> Result<Jobs<Job>> {
        let Inner { db, keys, clock, .. } = &*self.0.0;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let messages = webhook_message::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Id.is_in(due.iter().map(|due| due.id)))
            .all(&db.read)
            .await?;
        let messages: HashMap<_, _> = messages
            .into_iter()
            .map(|message| (message.id, message))
            .collect();
        let sequences = messages.values().filter_map(|message| message.sequence);
        let records: Vec<(i64, i64, String)> = event::Entity::find()
            .select_only()
            .columns([
                event::Column::Sequence,
                event::Column::OccurredAt,
                event::Column::Record,
            ])
            .filter(event::Column::WorkspaceId.eq(workspace.0))
            .filter(event::Column::Sequence.is_in(sequences))
            .into_tuple()
            .all(&db.read)
            .await?;
        let records: HashMap<_, _> = records
            .into_iter()
            .map(|(sequence, at, record)| (sequence, (at, record)))
            .collect();
        let now = clock.now();
        let mut endpoints = HashMap::new();
        for destination in due.iter().map(|due| due.destination) {
            if endpoints.contains_key(&destination) {
                continue;
            }
            // What is amiss with one endpoint is its own affair: others are sent to.
            let known = match Endpoint::find(&db.read, workspace, ObjectId(destination)).await {
                Ok(endpoint) => {
                    let signs = signing::Signs::of(&db.read, workspace, &endpoint, keys, now).await?;
                    Ok((endpoint, signs))
                }
                Err(Error::Domain(_)) => Err("The endpoint is gone.".to_owned()),
                Err(Error::Damaged(why)) => Err(format!("The endpoint can't be read: {why}.")),
                Err(error) => return Err(error),
            };
            endpoints.insert(destination, known);
        }
        let unsent = |why: String, is_final| Job {
            what: Err(Unsent { why, is_final }),
            request: SentRequest {
                method: "POST".to_owned(),
                url: String::new(),
                headers: Vec::new(),
            },
            at: now,
            hide: Vec::new(),
        };
        let job = |due: &&Due| {
            let (endpoint, signs) = match endpoints.get(&due.destination) {
                Some(Ok((endpoint, Ok(signs)))) => (endpoint, signs),
                Some(Ok((_, Err(why))) | Err(why)) => return Ok(unsent(why.clone(), false)),
                None => return Ok(unsent("The endpoint is gone.".to_owned(), true)),
            };
            let Some(message) = messages.get(&due.id) else {
                return Ok(unsent("The message is gone.".to_owned(), true));
            };
            let at = |micros| Timestamp::from_micros(micros).unwrap_or(now);
            let body = match message.sequence.map(|sequence| records.get(&sequence)) {
                None => test_body(&endpoint.name, at(message.created_at))?,
                Some(Some((occurred, record))) => body(&message.event_type, at(*occurred), record)?,
                Some(None) => {
                    let why = "The record it tells of has been removed: its retention is over.";
                    return Ok(unsent(why.to_owned(), true));
                }
            };
            job(endpoint, signs, WebhookMessageId(message.id), body, now)
        };
        due.iter().map(job).collect()
    }

    async fn made(&self, tx: &mut WriteTx, due: &Due, made: Made) -> Result<Next> {
        let workspace = self.0.0.accounts.workspace().await?;
        let workspace = workspace.ok_or_else(|| Error::damaged("there is no workspace"))?;
        let row = webhook_message::Entity::find_by_id((workspace.id.0, due.id))
            .one(tx.db())
            .await?;
        let Some(message) = row else {
            return Ok(Next::Never);
        };
        let endpoint = match Endpoint::find(tx.db(), workspace.id, ObjectId(due.destination)).await {
            Ok(endpoint) => endpoint,
            Err(Error::Domain(daybook_domain::Error::NotFound)) => return Ok(Next::Never),
            Err(error) => return Err(error),
        };
        let Made {
            attempted,
            request,
            at,
            is_final,
        } = made;
        let number = message.attempts + 1;
        let cause = AttemptCause::from_name(&due.cause).unwrap_or(AttemptCause::Schedule);
        let asked = attempted
            .answer
            .as_ref()
            .and_then(|answer| answer.retry_after(seconds(tx.now())));
        let is_last = is_final || cause != AttemptCause::Schedule;
        let wait = attempted.failure.as_ref().filter(|_| !is_last).and_then(|_| {
            let failed = usize::try_from(number).unwrap_or(usize::MAX);
            schedule::wait(failed, asked, rand::random())
        });
        let next = wait.map(|wait| {
            let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
            tx.now().plus_micros(micros)
        });
        let state = match (&attempted.failure, next) {
            (None, _) => MessageState::Delivered,
            (Some(_), Some(_)) => MessageState::Waiting,
            (Some(_), None) => MessageState::Failed,
        };
        let of = Of {
            workspace: &workspace,
            endpoint: &endpoint,
            message: &message,
            number,
            cause,
            next,
        };
        webhook_attempt::Entity::insert(of.attempt(&attempted, &request, at)?)
            .exec_without_returning(tx.db())
            .await?;
        if let Some(failure) = &attempted.failure {
            self.told(tx, &of, failure, &attempted, &request);
        }
        let status = attempted.answer.as_ref().map(|answer| i32::from(answer.status));
        let mut row = message.clone().into_active_model();
        row.attempts = Set(number);
        row.state = Set(state.name().to_owned());
        row.next_at = Set(next.map(Timestamp::micros));
        row.ended_at = Set((state != MessageState::Waiting).then(|| tx.now().micros()));
        row.status = Set(status);
        row.failure = Set(attempted
            .failure
            .as_ref()
            .map(|failure| failure.kind.name().to_owned()));
        row.detail = Set(attempted.failure.as_ref().map(|failure| failure.detail.clone()));
        webhook_message::Entity::update(row).exec(tx.db()).await?;
        let who = self.0.0.accounts.system_viewer(&workspace, NAME);
        let came = condition::Came {
            failure: attempted.failure.as_ref(),
            status,
            asked,
            is_here: request.url == shown_url(&endpoint.url),
            is_test: cause == AttemptCause::Test,
        };
        condition::after(tx, &who, self.0.0.accounts.mailing(), &endpoint, came).await?;
        Ok(next.map_or(Next::Never, Next::At))
    }

    /// A record of an attempt that failed.
    fn told(
        &self,
        tx: &mut WriteTx,
        of: &Of<'_>,
        failure: &Failure,
        attempted: &Attempted,
        request: &SentRequest,
    ) {
        let who = self.0.0.accounts.system_viewer(of.workspace, NAME);
        let kind = match of.next {
            Some(_) => OwnType::WebhookAttemptFailed,
            None => OwnType::WebhookMessageGivenUp,
        };
        let id = WebhookMessageId(of.message.id).sent();
        let summary = format!(
            "Attempt {} to send {} to “{}” failed: {}",
            of.number, of.message.event_type, of.endpoint.name, failure.detail
        );
        let summary = summary.chars().take(MAX_TEXT_CHARS).collect();
        let mut event = of.endpoint.event(kind, &who, tx, summary);
        let message = Target::new(
            "webhook_message",
            of.message.id.to_string(),
            &of.message.event_type,
        );
        event.targets.push(message);
        event.outcome = Outcome::Failure;
        event.reason = Some(failure.detail.chars().take(MAX_TEXT_CHARS).collect());
        event.correlation_id = Some(id.clone());
        event.portal = None;
        let headers: serde_json::Map<_, _> = request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.as_deref().unwrap_or("hidden").into()))
            .collect();
        let mut metadata = json!({
            "message_id": id,
            "attempt": of.number,
            "request": {"method": request.method, "url": request.url, "headers": headers},
            "error": {"class": failure.kind.name(), "message": failure.detail},
            "duration_ms": millis(attempted),
        });
        if let Some(answer) = &attempted.answer {
            let GotResponse {
                status,
                headers,
                body,
                ..
            } = got(answer);
            let headers: serde_json::Map<_, _> = headers
                .into_iter()
                .take(TOLD_HEADERS)
                .map(|(name, value)| {
                    let [name, value] =
                        [name, value].map(|text| text.chars().take(TOLD_HEADER).collect::<String>());
                    (name, value.into())
                })
                .collect();
            let body: String = body.chars().take(TOLD).collect();
            metadata["response"] = json!({"status": status, "headers": headers, "body": body});
        }
        if let Some(next) = of.next {
            metadata["next_attempt_at"] = next.to_string().into();
        }
        if let (Some(id), Some(sequence)) = (of.message.event_id, of.message.sequence) {
            metadata["event"] = json!({"id": id, "sequence": sequence});
        }
        if let Value::Object(metadata) = metadata {
            event.metadata.extend(metadata);
        }
        tx.record(of.workspace.id, event);
    }
}

/// What an attempt was part of.
struct Of<'a> {
    workspace: &'a Workspace,
    endpoint: &'a Endpoint,
    message: &'a webhook_message::Model,
    number: i32,
    cause: AttemptCause,
    next: Option<Timestamp>,
}

impl Of<'_> {
    fn attempt(
        &self,
        attempted: &Attempted,
        request: &SentRequest,
        at: Timestamp,
    ) -> Result<webhook_attempt::ActiveModel> {
        let answer = attempted.answer.as_ref();
        let headers =
            answer.map(|answer| serde_json::to_string(&got(answer).headers).map_err(Error::damaged));
        let failure = attempted.failure.as_ref();
        Ok(webhook_attempt::Model {
            workspace_id: self.workspace.id.0,
            message_id: self.message.id,
            number: self.number,
            endpoint_id: self.endpoint.id.0,
            at: at.micros(),
            took_ms: millis(attempted).cast_signed(),
            cause: self.cause.name().to_owned(),
            request: serde_json::to_string(request).map_err(Error::damaged)?,
            status: answer.map(|answer| answer.status.into()),
            response_headers: headers.transpose()?,
            response_body: answer.map(|answer| answer.body.to_vec()),
            is_cut: answer.is_some_and(|answer| answer.is_cut),
            failure: failure.map(|failure| failure.kind.name().to_owned()),
            detail: failure.map(|failure| failure.detail.clone()),
        }
        .into_active_model())
    }
}

fn millis(attempted: &Attempted) -> u64 {
    u64::try_from(attempted.took.as_millis()).unwrap_or(u64::MAX)
}

/// An answer as people read it. What isn't text is shown as far as it goes.
fn got(answer: &Answer) -> GotResponse {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    GotResponse {
        status: answer.status,
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: readable(&answer.body),
        is_cut: answer.is_cut,
    }
}
