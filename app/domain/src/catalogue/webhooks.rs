//! What is sent to webhook endpoints, and what comes of it.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, EventBody, Outcome, Target},
    log::LogKind,
};
use serde_json::json;

const CATEGORY: &str = "Webhooks";
const SECTION: &[&str] = &["Webhook endpoint"];
const MESSAGE: &[&str] = &["Webhook message"];
const KIND: &str = "webhook_endpoint";
const NAME: &str = "Data warehouse";
const MESSAGE_ID: &str = "msg_01940d5e6b1c7cf29a3e5d7f00000001";

const THE_ENDPOINT: Field = always("targets", "The endpoint, of kind `webhook_endpoint`.");
const THE_MESSAGE: Field = always(
    "targets",
    "The endpoint, of kind `webhook_endpoint`, and the message, of kind `webhook_message`.",
);

/// A row of what an administrator does with an endpoint beyond its properties.
macro_rules! done {
    ($name:ident, $action:expr, $meaning:literal, [$($field:expr),*], $example:expr) => {
        pub(super) static $name: Row = Row {
            log: LogKind::Activity,
            category: CATEGORY,
            sections: SECTION,
            action: $action,
            meaning: $meaning,
            fields: &[THE_ENDPOINT $(, $field)*],
            since: V0_1_0,
            example: |body| {
                let example: fn(&mut EventBody) = $example;
                example(body);
            },
        };
    };
}

fn told(body: &mut EventBody, summary: &str) {
    tell(body, summary, KIND, THING, NAME);
}

done!(
    SECRET_ADDED,
    Action::Create,
    "The endpoint's messages are signed with a new secret. Those before it sign, too, until they expire.",
    [sometimes(
        "metadata.expires_at",
        "Until when the secrets before it sign beside it."
    )],
    |body| {
        told(
            body,
            "Added a signing secret to webhook endpoint “Data warehouse”",
        );
        body.metadata
            .insert("expires_at".to_owned(), json!("2026-11-24T14:12:51.481207Z"));
    }
);
done!(
    SECRET_REMOVED,
    Action::Delete,
    "A secret doesn't sign any more.",
    [],
    |body| told(
        body,
        "Removed a signing secret from webhook endpoint “Data warehouse”"
    )
);
done!(
    HEADERS_CHANGED,
    Action::Update,
    "Other headers are sent along. Their values are secrets and in no record.",
    [
        sometimes("changes.headers", "That they changed; never their values.").secret(),
        always("metadata.names", "The names of those that are sent now.")
    ],
    |body| {
        told(body, "Changed the headers of webhook endpoint “Data warehouse”");
        body.changes = vec![crate::event::Change::secret("headers")];
        body.metadata.insert("names".to_owned(), json!(["authorization"]));
    }
);
done!(
    PAUSED,
    Action::Disable,
    "Nothing is sent until the endpoint is resumed; what happens meanwhile waits.",
    [],
    |body| told(body, "Paused webhook endpoint “Data warehouse”")
);
done!(
    RESUMED,
    Action::Enable,
    "What has waited is sent, and what comes.",
    [],
    |body| told(body, "Resumed webhook endpoint “Data warehouse”")
);
done!(
    TESTED,
    Action::Send,
    "Somebody had a test event sent.",
    [always(
        "metadata.message_id",
        "The message's id, as the receiver gets it."
    )],
    |body| {
        told(body, "Sent a test event to webhook endpoint “Data warehouse”");
        body.metadata.insert("message_id".to_owned(), json!(MESSAGE_ID));
    }
);
done!(
    RESENT,
    Action::Send,
    "Somebody had a message sent once more, under the id it has.",
    [always(
        "metadata.message_id",
        "The message's id, as the receiver gets it."
    )],
    |body| {
        told(body, "Sent a message to webhook endpoint “Data warehouse” again");
        body.metadata.insert("message_id".to_owned(), json!(MESSAGE_ID));
    }
);
done!(
    RECOVERED,
    Action::Send,
    "Somebody had all messages sent once more that had failed since a time.",
    [
        always("metadata.messages", "How many."),
        always("metadata.since", "From when on.")
    ],
    |body| {
        told(
            body,
            "Sent 214 failed messages to webhook endpoint “Data warehouse” again",
        );
        body.metadata.insert("messages".to_owned(), json!(214));
        body.metadata
            .insert("since".to_owned(), json!("2026-11-22T06:00:00.000000Z"));
    }
);

const ATTEMPT_FIELDS: &[Field] = &[
    THE_MESSAGE,
    always(
        "metadata.message_id",
        "The message's id, as the receiver gets it.",
    ),
    always("metadata.attempt", "The how-manieth attempt it was, from 1."),
    always(
        "metadata.request",
        "Method, URL and headers, without what is secret.",
    ),
    sometimes(
        "metadata.response",
        "Status, headers and the beginning of the body, where there was an answer.",
    ),
    always("reason", "What is known of the cause."),
    always(
        "metadata.error",
        "Its `class`, one of `dns`, `blocked`, `connect`, `tls`, `timeout`, `broken`, `status`, `not_sent` and `body_too_large`, and the \
         `message`.",
    ),
    always(
        "metadata.duration_ms",
        "How long the attempt took, in milliseconds.",
    ),
    sometimes("metadata.next_attempt_at", "When it is tried again."),
    sometimes(
        "metadata.event",
        "The record that was to be told of: id and sequence.",
    ),
];

pub(super) static ATTEMPT_FAILED: Row = Row {
    log: LogKind::WebhookFailure,
    category: CATEGORY,
    sections: MESSAGE,
    action: Action::Send,
    meaning: "An attempt to send a message failed. It is tried again as long as there is a next attempt.",
    fields: ATTEMPT_FIELDS,
    since: V0_1_0,
    example: |body| attempt(body, 1, Some("2026-11-23T14:12:57.112000Z")),
};

pub(super) static GIVEN_UP: Row = Row {
    log: LogKind::WebhookFailure,
    category: CATEGORY,
    sections: MESSAGE,
    action: Action::Send,
    meaning: "The last attempt to send a message failed: it isn't tried again by itself.",
    fields: ATTEMPT_FIELDS,
    since: V0_1_0,
    example: |body| attempt(body, 8, None),
};

fn attempt(body: &mut EventBody, number: u32, next: Option<&str>) {
    body.actor = Actor::named(ActorKind::System, "Webhooks");
    let summary = format!(
        "Attempt {number} to send role.updated to “{NAME}” failed: The receiver answered 503 (Service Unavailable)."
    );
    told(body, &summary);
    body.targets
        .push(Target::new("webhook_message", MESSAGE_ID, "role.updated"));
    body.outcome = Outcome::Failure;
    body.reason = Some("The receiver answered 503 (Service Unavailable).".to_owned());
    body.correlation_id = Some(MESSAGE_ID.to_owned());
    let metadata = json!({
        "message_id": MESSAGE_ID,
        "attempt": number,
        "request": {
            "method": "POST",
            "url": "https://dwh.example.com/daybook",
            "headers": {"content-type": "application/json", "webhook-id": MESSAGE_ID, "webhook-timestamp": "1795443171"},
        },
        "response": {"status": 503, "headers": {"retry-after": "120"}, "body": "overloaded"},
        "error": {"class": "status", "message": "The receiver answered 503 (Service Unavailable)."},
        "duration_ms": 412,
        "event": {"id": THING, "sequence": 4711},
    });
    if let serde_json::Value::Object(metadata) = metadata {
        body.metadata.extend(metadata);
    }
    if let Some(next) = next {
        body.metadata.insert("next_attempt_at".to_owned(), next.into());
    }
}
