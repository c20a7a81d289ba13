//! How long records are kept: who says so, and what is removed.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody},
    log::LogKind,
};
use serde_json::{Value, json};

const CATEGORY: &str = "Audit logs";
const RETENTION: &[&str] = &["Retention"];
const HOLD: &[&str] = &["Legal hold"];
const NONE: Value = Value::Null;

const BY_LOG: Field = always("metadata.by_log", "How many of each log, by the log's name.");
const HELD: Field = always("metadata.held", "How many more were due, and under a legal hold.");
const THE_HOLD: Field = always("targets", "The hold, of kind `legal_hold`.");
const HOLD_FIELDS: &[Field] = &[
    THE_HOLD,
    always("changes.name", "Its name."),
    always("changes.reason", "Why the records have to be kept."),
    always("changes.log", "The title of the log whose records it covers."),
    always(
        "changes.query",
        "What it covers of them, as in the address of the list.",
    ),
];

pub(super) static RETENTION_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RETENTION,
    action: Action::Update,
    meaning: "A log's records are kept for another time. A shorter one takes effect a day later.",
    fields: &[
        always("targets", "The log, of kind `retention`."),
        sometimes("changes.days", "For how many days; nothing is for ever."),
        sometimes("changes.from", "When it takes effect."),
        sometimes(
            "changes.until_then",
            "For how many days they are kept until it does; nothing is for ever.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Changed 2 properties of retention “Access”",
            "retention",
            "access",
            "Access",
        );
        body.changes = vec![
            Change::new("days", NONE, 365),
            Change::new("from", NONE, "2026-11-23T14:12:51.481207Z"),
        ];
    },
};

pub(super) static PURGE_REQUESTED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RETENTION,
    action: Action::Delete,
    meaning: "Somebody asked that what is due, or will be within a day, be removed now.",
    fields: &[],
    since: V0_1_0,
    example: |body| body.summary = Some("Asked to remove what is due now".to_owned()),
};

pub(super) static PURGE_STARTED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RETENTION,
    action: Action::Delete,
    meaning: "Records past their retention are about to be removed; it is recorded before the first of them goes.",
    fields: &[
        always("metadata.records", "How many are going to be removed."),
        BY_LOG,
        HELD,
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Began to remove 1,204 records past their retention".to_owned());
        purged(body);
    },
};

pub(super) static PURGED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RETENTION,
    action: Action::Delete,
    meaning: "Records past their retention were removed. Their sequences and leaf hashes stay.",
    fields: &[always("metadata.records", "How many were removed."), BY_LOG, HELD],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Removed 1,204 records past their retention".to_owned());
        purged(body);
    },
};

pub(super) static PURGE_FAILED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RETENTION,
    action: Action::Delete,
    meaning: "A removal broke off, which is a failure; it is tried again within the day.",
    fields: &[
        always("metadata.records", "How many had been removed by then."),
        always("reason", "Why."),
    ],
    since: V0_1_0,
    example: |body| {
        by_itself(body);
        body.summary = Some("A removal of records broke off".to_owned());
        body.reason = Some("The legal hold “Case 7” can't be read".to_owned());
        body.metadata.insert("records".to_owned(), 0.into());
    },
};

pub(super) static LEGAL_HOLD_PLACED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: HOLD,
    action: Action::Create,
    meaning: "The records of a list are kept, whatever their retention, until the hold is released.",
    fields: HOLD_FIELDS,
    since: V0_1_0,
    example: |body| {
        tell(body, "Placed legal hold “Case 7”", "legal_hold", THING, "Case 7");
        body.changes = held(|property, value| Change::new(property, NONE, value));
    },
};

pub(super) static LEGAL_HOLD_RELEASED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: HOLD,
    action: Action::Delete,
    meaning: "A hold was released: its records are kept as long as their log keeps any, and a day at least.",
    fields: HOLD_FIELDS,
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Released legal hold “Case 7”",
            "legal_hold",
            THING,
            "Case 7",
        );
        body.changes = held(|property, value| Change::new(property, value, NONE));
    },
};

fn held(change: fn(&'static str, Value) -> Change) -> Vec<Change> {
    vec![
        change("log", json!("All")),
        change("name", json!("Case 7")),
        change("query", json!("?actor=mara&from=2026-10-01")),
        change("reason", json!("Court order 12/2026")),
    ]
}

fn purged(body: &mut EventBody) {
    by_itself(body);
    let metadata = &mut body.metadata;
    metadata.insert("records".to_owned(), 1204.into());
    metadata.insert("by_log".to_owned(), json!({"access": 1200, "activity": 4}));
    metadata.insert("held".to_owned(), 12.into());
}

/// Nobody's doing: no address, no browser.
fn by_itself(body: &mut EventBody) {
    body.actor = Actor::named(ActorKind::System, "Retention");
    body.ip = None;
    body.user_agent = None;
}
