//! Saved views that are sent by mail.

use super::{
    Field, Row, V0_1_0, always,
    example::{MARA, THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody, Target},
    log::LogKind,
};
use serde_json::{Value, json};

const CATEGORY: &str = "Audit logs";
const SECTIONS: &[&str] = &["Scheduled report"];
const NAME: &str = "Failed sign-ins";
const NONE: Value = Value::Null;

const REPORT: Field = always(
    "targets",
    "The report, of kind `report_schedule`, with the id and the name of its view.",
);
const EVERY: &str = "How often: `day`, `week` or `month`.";
const WEEKDAY: &str = "The day of a weekly one: `monday` to `sunday`.";
const HOUR: &str = "The hour, from 0 to 23.";
const ZONE: &str = "The zone by whose clock it is sent.";
const RECIPIENTS: &str = "The addresses it goes to.";
const SET_BY: &str = "By whose rights it is sent: who set it last.";
const STOPPED: &str = "Why it isn't sent any more.";

const CHANGED: &[Field] = &[
    REPORT,
    sometimes("changes.every", EVERY),
    sometimes("changes.weekday", WEEKDAY),
    sometimes("changes.hour", HOUR),
    sometimes("changes.zone", ZONE),
    sometimes("changes.recipients", RECIPIENTS),
    sometimes("changes.set_by", SET_BY),
    sometimes("changes.stopped", STOPPED),
];
const WHOLE: &[Field] = &[
    REPORT,
    always("changes.every", EVERY),
    sometimes("changes.weekday", WEEKDAY),
    always("changes.hour", HOUR),
    always("changes.zone", ZONE),
    always("changes.recipients", RECIPIENTS),
    always("changes.set_by", SET_BY),
    sometimes("changes.stopped", STOPPED),
];

fn whole(body: &mut EventBody, summary: &str, change: fn(&'static str, Value) -> Change) {
    tell(body, summary, "report_schedule", THING, NAME);
    body.changes = vec![
        change("every", "week".into()),
        change("hour", 8.into()),
        change("recipients", json!(["tomas.rey@northdesk.example"])),
        change("set_by", json!({"id": MARA, "name": "Mara Okafor"})),
        change("weekday", "monday".into()),
        change("zone", "Europe/Berlin".into()),
    ];
}

/// What Daybook does by itself: from no address, with no browser.
fn by_itself(body: &mut EventBody) {
    body.actor = Actor::named(ActorKind::System, "Reports");
    body.ip = None;
    body.user_agent = None;
}

pub(super) static CREATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Create,
    meaning: "A saved view is sent by mail from now on.",
    fields: WHOLE,
    since: V0_1_0,
    example: |body| {
        whole(
            body,
            "Created scheduled report “Failed sign-ins”",
            |property, value| Change::new(property, NONE, value),
        );
    },
};

pub(super) static UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Update,
    meaning: "It was changed when a saved view is sent, or to whom.",
    fields: CHANGED,
    since: V0_1_0,
    example: |body| {
        let summary = "Changed hour of scheduled report “Failed sign-ins”";
        tell(body, summary, "report_schedule", THING, NAME);
        body.changes = vec![Change::new("hour", 8, 6)];
    },
};

pub(super) static DELETED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Delete,
    meaning: "A saved view isn't sent any more: somebody said so, or the view was deleted.",
    fields: WHOLE,
    since: V0_1_0,
    example: |body| {
        whole(
            body,
            "Deleted scheduled report “Failed sign-ins”",
            |property, value| Change::new(property, value, NONE),
        );
    },
};

pub(super) static STOPPED_BY_ITSELF: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Disable,
    meaning: "A report that was due wasn't sent, nor is it from now on: who set it is gone, or may not take records out \
              any more.",
    fields: &[REPORT, always("changes.stopped", STOPPED)],
    since: V0_1_0,
    example: |body| {
        by_itself(body);
        let why = "Mara Okafor, who set it, was deactivated.";
        let summary = format!("Stopped scheduled report “{NAME}”: {why}");
        tell(body, &summary, "report_schedule", THING, NAME);
        body.changes = vec![Change::new("stopped", NONE, why)];
    },
};

pub(super) static SENT: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Export,
    meaning: "A report was sent: by itself when it was due, by the rights of the user who is its second target; or because \
              somebody asked for it.",
    fields: &[
        REPORT,
        always("metadata.recipients", "The addresses it went to."),
        always("metadata.log", "The log, as in its address."),
        always(
            "metadata.query",
            "What it was narrowed to, with the period, as in the address of the list.",
        ),
        always("metadata.from", "When the period began."),
        always("metadata.to", "When it had ended."),
        always("metadata.records", "How many records there were, at most."),
        always(
            "metadata.attached",
            "How many of them stand in the file that went along.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        by_itself(body);
        let summary = "Sent report “Failed sign-ins” with 12 records to 1 address";
        tell(body, summary, "report_schedule", THING, NAME);
        body.targets.push(Target::new("user", MARA, "Mara Okafor"));
        let metadata = &mut body.metadata;
        metadata.insert("recipients".to_owned(), json!(["tomas.rey@northdesk.example"]));
        metadata.insert("log".to_owned(), "access".into());
        let query = "?from=2026-11-16&to=2026-11-22&action=login&outcome=failure&tz=Europe%2FBerlin";
        metadata.insert("query".to_owned(), query.into());
        metadata.insert("from".to_owned(), "2026-11-15T23:00:00.000000Z".into());
        metadata.insert("to".to_owned(), "2026-11-22T23:00:00.000000Z".into());
        metadata.insert("records".to_owned(), 12.into());
        metadata.insert("attached".to_owned(), 12.into());
    },
};
