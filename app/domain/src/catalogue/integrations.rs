//! What is sent to other products, and what comes of it.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody, Outcome},
    integration::IntegrationType,
    log::LogKind,
};
use serde_json::json;

const CATEGORY: &str = "Integrations";
const SECTION: &[&str] = &["Integration"];
const KIND: &str = "integration";
const NAME: &str = "Log store";

const THE_INTEGRATION: Field = always("targets", "The integration, of kind `integration`.");

/// A row of what becomes of an integration beyond its properties.
macro_rules! done {
    ($name:ident, $action:expr, $meaning:literal, [$($field:expr),*], $example:expr) => {
        pub(super) static $name: Row = Row {
            log: LogKind::Activity,
            category: CATEGORY,
            sections: SECTION,
            action: $action,
            meaning: $meaning,
            fields: &[THE_INTEGRATION $(, $field)*],
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
    SECRET_SET,
    Action::Update,
    "What it is sent with in secret is another: a token, a key, or an address that nobody else may know.",
    [sometimes("changes.secret", "That it changed; never its value.").secret()],
    |body| {
        told(body, "Set the secret of integration “Log store”");
        body.changes = vec![Change::secret("secret")];
    }
);
done!(
    PAUSED,
    Action::Disable,
    "Nothing is sent until it is resumed; what happens meanwhile is sent then.",
    [],
    |body| told(body, "Paused integration “Log store”")
);
done!(
    RESUMED,
    Action::Enable,
    "It goes on where it stopped.",
    [],
    |body| told(body, "Resumed integration “Log store”")
);
done!(
    TESTED,
    Action::Send,
    "Somebody had a test event sent.",
    [],
    |body| told(body, "Sent a test event to integration “Log store”")
);
done!(
    REWOUND,
    Action::Send,
    "Somebody had it go back, or on, to a time: it is sent what was recorded from then on, once more or for the first time.",
    [
        always("metadata.since", "From when on."),
        always(
            "metadata.from_sequence",
            "The sequence of the first record from then on."
        ),
        always("metadata.records", "How many records it is to be held against.")
    ],
    |body| {
        told(body, "Set integration “Log store” back to 2026-11-22T06:00:00Z");
        body.metadata
            .insert("since".to_owned(), json!("2026-11-22T06:00:00.000000Z"));
        body.metadata.insert("from_sequence".to_owned(), json!(990));
        body.metadata.insert("records".to_owned(), json!(214));
    }
);
done!(
    RECOVERED,
    Action::Other,
    "After attempts that failed one went well: it gets what it hasn't got.",
    [
        always("metadata.failing_since", "Since when every attempt had failed."),
        always(
            "metadata.behind",
            "How many records it was behind when it went well."
        )
    ],
    |body| {
        body.actor = Actor::named(ActorKind::System, "Integrations");
        told(body, "Integration “Log store” works again");
        body.metadata
            .insert("failing_since".to_owned(), json!("2026-11-22T06:00:00.000000Z"));
        body.metadata.insert("behind".to_owned(), json!(214));
    }
);

const FAILURE_FIELDS: &[Field] = &[
    THE_INTEGRATION,
    always("reason", "What is known of the cause."),
    always("metadata.integration_type", "The type, as its property has it."),
    always(
        "metadata.failure_type",
        "One of `dns`, `blocked`, `connect`, `tls`, `timeout`, `broken`, `status`, `not_sent` and `body_too_large`.",
    ),
    always(
        "metadata.details",
        "Where to, which records, how far it is behind, and what was answered.",
    ),
    sometimes("metadata.next_attempt_at", "When it is tried again."),
];

/// The section of a failure is the type of the integration.
const TYPES: &[&str] = &[
    "Slack",
    "Microsoft Teams",
    "HTTPS stream",
    "Syslog",
    "Splunk",
    "Elasticsearch or OpenSearch",
    "S3 archive",
    "Folder archive",
];

pub(super) static DELIVERY_FAILED: Row = Row {
    log: LogKind::IntegrationFailure,
    category: CATEGORY,
    sections: TYPES,
    action: Action::Send,
    meaning: "An attempt failed. It is tried again until it goes well, and nothing is left out. Recorded when it begins to fail, when \
              it fails in another way, and once an hour.",
    fields: FAILURE_FIELDS,
    since: V0_1_0,
    example: |body| {
        failed(
            body,
            "Integration “Log store” failed: The receiver answered 503 (Service Unavailable).",
            "The receiver answered 503 (Service Unavailable).",
        );
        body.metadata
            .insert("next_attempt_at".to_owned(), json!("2026-11-23T14:12:57.112000Z"));
    },
};

pub(super) static EVENTS_REFUSED: Row = Row {
    log: LogKind::IntegrationFailure,
    category: CATEGORY,
    sections: TYPES,
    action: Action::Send,
    meaning: "The receiver won't ever take some events for what they are: they are passed over. The others are there.",
    fields: FAILURE_FIELDS,
    since: V0_1_0,
    example: |body| {
        failed(
            body,
            "Integration “Log store” won't take 1 event: mapper_parsing_exception",
            "mapper_parsing_exception",
        );
        body.metadata["details"]["refused"] =
            json!([{"sequence": 1204, "reason": "mapper_parsing_exception"}]);
    },
};

fn failed(body: &mut EventBody, summary: &str, reason: &str) {
    let of_type = IntegrationType::Elasticsearch;
    body.actor = Actor::named(ActorKind::System, "Integrations");
    told(body, summary);
    body.section = Some(of_type.title().to_owned());
    body.outcome = Outcome::Failure;
    body.reason = Some(reason.to_owned());
    body.metadata
        .insert("integration_type".to_owned(), json!(of_type.name()));
    body.metadata.insert("failure_type".to_owned(), json!("status"));
    let details = json!({
        "to": "https://logs.example.com",
        "events": 214,
        "first_sequence": 991,
        "last_sequence": 1204,
        "behind": 214,
        "status": 503,
        "answer": "overloaded",
    });
    body.metadata.insert("details".to_owned(), details);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sections_are_the_types() {
        let titles: Vec<_> = IntegrationType::ALL.iter().map(|of| of.title()).collect();
        assert_eq!(TYPES, titles);
    }
}
