//! Webhook attempts that failed (R52): request, response, classified error, timing, attempt number. A message is
//! tried again after longer and longer waits.

use crate::demo::{
    calendar::SECOND,
    draft::Draft,
    life::{Next, Scene, Stage},
    things::KindName,
};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Target},
    log::LogKind,
};
use serde_json::{Value, json};

/// How an attempt ends: the class of the error, the status if there was an answer, how long it took.
#[derive(Debug, Clone, Copy)]
pub struct Ending {
    class: &'static str,
    reason: &'static str,
    status: Option<i64>,
    body: &'static str,
    millis: (i64, i64),
}

const fn ending(class: &'static str, reason: &'static str, millis: (i64, i64)) -> Ending {
    Ending {
        class,
        reason,
        status: None,
        body: "",
        millis,
    }
}

const fn answer(status: i64, reason: &'static str, body: &'static str) -> Ending {
    Ending {
        class: "http_status",
        reason,
        status: Some(status),
        body,
        millis: (40, 2_400),
    }
}

/// The server behind everything is overloaded: what the incident looks like.
pub const OVERLOADED: Ending = answer(
    503,
    "503 Service Unavailable",
    "<html><body><h1>503 Service Unavailable</h1></body></html>",
);

static ENDINGS: [Ending; 9] = [
    ending("timeout", "No answer within 15 seconds", (15_000, 15_040)),
    ending("connection_refused", "Connection refused", (2, 40)),
    ending("dns", "The host name could not be resolved", (5, 300)),
    ending("tls", "The certificate expired three days ago", (30, 200)),
    answer(
        500,
        "500 Internal Server Error",
        "{\"error\":\"null is not an object (evaluating 'ticket.company.id')\"}",
    ),
    answer(
        502,
        "502 Bad Gateway",
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>",
    ),
    answer(401, "401 Unauthorized", "{\"message\":\"signature mismatch\"}"),
    answer(404, "404 Not Found", ""),
    answer(410, "410 Gone", "{\"message\":\"this endpoint was removed\"}"),
];

const MAX_ATTEMPTS: u64 = 7;
/// Seconds until the next attempt.
const WAITS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/// One message to one endpoint, attempt after attempt.
#[derive(Debug)]
pub struct Failing {
    webhook: usize,
    ending: Ending,
    message: String,
    event: &'static str,
    attempt: u64,
    /// After this one it goes through.
    last: u64,
}

impl Failing {
    pub fn any(stage: &mut Stage) -> Self {
        let webhooks = stage.world.things.living(KindName::Webhook as usize);
        let webhook = stage.dice.pick(webhooks);
        let ending = stage.dice.pick(&ENDINGS);
        let given_up = stage.dice.percent(7);
        let last = if given_up {
            MAX_ATTEMPTS
        } else {
            1 + stage.dice.below(3) + stage.dice.below(3)
        };
        Self::of(stage, webhook, ending, last)
    }

    pub fn of(stage: &mut Stage, webhook: usize, ending: Ending, last: u64) -> Self {
        const EVENTS: [&str; 6] = [
            "ticket.created",
            "ticket.updated",
            "ticket.closed",
            "contact.created",
            "company.updated",
            "survey.answered",
        ];
        Self {
            webhook,
            ending,
            message: format!("msg_{}", stage.dice.token()),
            event: stage.dice.pick(&EVENTS),
            attempt: 1,
            last: last.clamp(1, MAX_ATTEMPTS),
        }
    }

    fn metadata(&self, stage: &mut Stage, url: &str, wait: i64) -> Value {
        let millis = stage.dice.range(self.ending.millis.0, self.ending.millis.1);
        let conversation = stage.world.conversations_so_far();
        let retried = self.attempt < MAX_ATTEMPTS;
        let next = retried.then(|| stage.now.plus_seconds(wait).to_string());
        let response = self.ending.status.map(|status| {
            json!({
                "status": status,
                "headers": { "content-type": "text/html; charset=utf-8", "server": "nginx", "content-length": self.ending.body.len().to_string() },
                "body": self.ending.body,
            })
        });
        json!({
            "message_id": self.message,
            "attempt": self.attempt,
            "max_attempts": MAX_ATTEMPTS,
            "request": {
                "method": "POST",
                "url": url,
                "headers": {
                    "content-type": "application/json",
                    "webhook-id": self.message,
                    "webhook-timestamp": (stage.now.micros() / SECOND).to_string(),
                    "webhook-signature": "hidden",
                },
                "body": { "type": self.event, "data": { "number": conversation, "status": "open" } },
            },
            "response": response,
            "error": { "class": self.ending.class, "message": self.ending.reason },
            "duration_ms": millis,
            "next_attempt_at": next,
        })
    }
}

impl Scene for Failing {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let url = stage
            .world
            .things
            .value(self.webhook, "URL")
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let position = usize::try_from(self.attempt - 1).unwrap_or(0);
        let wait = WAITS[position.min(WAITS.len() - 1)] + stage.dice.range(0, 20);
        let metadata = self.metadata(stage, &url, wait);
        let webhook = stage.world.things.get(self.webhook);
        let name = &webhook.name;
        let event_type = if self.attempt == MAX_ATTEMPTS {
            "webhook.message_given_up"
        } else {
            "webhook.attempt_failed"
        };
        let mut draft = Draft::new(
            stage.now,
            LogKind::WebhookFailure,
            event_type,
            Actor::named(ActorKind::System, "Webhook sender").with_id("webhook-sender"),
        )
        .action(Action::Send)
        .area("Webhooks", "Webhook")
        .says(format!(
            "Attempt {} of {MAX_ATTEMPTS} to send {} to “{name}” failed: {}",
            self.attempt, self.event, self.ending.reason
        ))
        .failed(self.ending.reason)
        .on(Target::new("webhook", &webhook.id, name))
        .on(Target::new("webhook_message", &self.message, self.event))
        .linked(&self.message);
        if let Value::Object(metadata) = metadata {
            for (key, value) in metadata {
                draft = draft.with(&key, value);
            }
        }
        stage.emit(draft);
        if self.attempt >= self.last {
            return Next::End;
        }
        self.attempt += 1;
        Next::After {
            micros: wait * SECOND,
            more: self.last + 1 - self.attempt,
        }
    }
}
