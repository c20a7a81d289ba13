//! Alerts, what is done about them, and the rules that raise them. No rule looks at these records: an alert about alerts would
//! raise the next.

use super::{
    Field, Row, V0_1_0, always,
    example::{MARA, OTHER_THING, THING, TOMAS, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody, Target},
    log::LogKind,
};
use serde_json::{Value, json};

const CATEGORY: &str = "Security";
const ALERTS: &[&str] = &["Alert"];
const RULES: &[&str] = &["Alert rule"];
const FOUND: &str = "12 failed sign-ins of Tomás Rey within 10 minutes";
const RULE_NAME: &str = "Many failed sign-ins";
const NONE: Value = Value::Null;

const ALERT: Field = always(
    "targets",
    "The alert, of kind `alert`, and who or what it is about, where that has an id.",
);
const STATE: &str = "How far it is: `open`, `acknowledged` or `closed`.";
const ASSIGNED: &str = "The user who looks after it.";
const NOTE: &str = "What it was, and what was done.";
const FOUND_BY: Field = always(
    "metadata.rule",
    "The rule: the word of one that comes with Daybook, or the id of one that was added.",
);
const RULE_TITLE: Field = always("metadata.rule_name", "What the rule is called.");
const HOW_BAD: Field = always(
    "metadata.severity",
    "How bad it may be: `low`, `medium`, `high` or `critical`.",
);
const SUBJECT: Field = always("metadata.subject", "Who or what it is about.");
const RECORDS: Field = always("metadata.records", "How many records it has by then.");
const SEQUENCES: Field = always(
    "metadata.sequences",
    "The sequences of those it was raised for, at most 20.",
);
const DONE: &[Field] = &[
    ALERT,
    sometimes("changes.state", STATE),
    sometimes("changes.assigned_to", ASSIGNED),
    sometimes("changes.note", NOTE),
];

fn alert(body: &mut EventBody, summary: &str) {
    tell(body, summary, "alert", THING, FOUND);
    body.targets.push(Target::new("user", TOMAS, "Tomás Rey"));
}

fn raised(body: &mut EventBody) {
    body.actor = Actor::named(ActorKind::System, "Monitoring");
    body.ip = None;
    body.user_agent = None;
    let said = [
        ("rule", json!("failed_sign_ins")),
        ("rule_name", json!(RULE_NAME)),
        ("severity", json!("high")),
        ("subject", json!("Tomás Rey")),
        ("records", json!(12)),
        ("sequences", json!([1190, 1191, 1193])),
    ];
    body.metadata
        .extend(said.map(|(name, value)| (name.to_owned(), value)));
}

pub(super) static ALERT_RAISED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: ALERTS,
    action: Action::Open,
    meaning: "A rule has found something, and there was no open alert about it.",
    fields: &[
        ALERT,
        always("changes.state", STATE),
        FOUND_BY,
        RULE_TITLE,
        HOW_BAD,
        SUBJECT,
        RECORDS,
        SEQUENCES,
    ],
    since: V0_1_0,
    example: |body| {
        alert(body, FOUND);
        raised(body);
        body.changes = vec![Change::new("state", NONE, "open")];
    },
};

pub(super) static ALERT_RAISED_AGAIN: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: ALERTS,
    action: Action::Open,
    meaning: "A rule has found more of what there is an open alert about, for which nothing had come for a day.",
    fields: &[
        ALERT,
        sometimes("changes.state", STATE),
        FOUND_BY,
        RULE_TITLE,
        HOW_BAD,
        SUBJECT,
        RECORDS,
        SEQUENCES,
    ],
    since: V0_1_0,
    example: |body| {
        alert(body, FOUND);
        raised(body);
        body.changes = vec![Change::new("state", "acknowledged", "open")];
    },
};

/// A row of what somebody has done about an alert.
macro_rules! about_alert {
    ($name:ident, $action:expr, $meaning:literal, $summary:literal, $change:expr) => {
        pub(super) static $name: Row = Row {
            log: LogKind::Activity,
            category: CATEGORY,
            sections: ALERTS,
            action: $action,
            meaning: $meaning,
            fields: DONE,
            since: V0_1_0,
            example: |body| {
                alert(body, $summary);
                body.changes = $change;
            },
        };
    };
}

about_alert!(
    ALERT_ACKNOWLEDGED,
    Action::Update,
    "Somebody says that they have seen an alert.",
    "Acknowledged alert “12 failed sign-ins of Tomás Rey within 10 minutes”",
    vec![Change::new("state", "open", "acknowledged")]
);
about_alert!(
    ALERT_ASSIGNED,
    Action::Assign,
    "An alert was given to somebody to look after, or to nobody.",
    "Assigned alert “12 failed sign-ins of Tomás Rey within 10 minutes” to Mara Okafor",
    vec![Change::new(
        "assigned_to",
        NONE,
        json!({"id": MARA, "name": "Mara Okafor"})
    )]
);
about_alert!(
    ALERT_CLOSED,
    Action::Close,
    "An alert was dealt with. What the rule finds of the same from then on raises another.",
    "Closed alert “12 failed sign-ins of Tomás Rey within 10 minutes”",
    vec![
        Change::new("note", NONE, "He had forgotten his new password."),
        Change::new("state", "acknowledged", "closed"),
    ]
);
about_alert!(
    ALERT_REOPENED,
    Action::Open,
    "An alert that was closed is open again.",
    "Reopened alert “12 failed sign-ins of Tomás Rey within 10 minutes”",
    vec![Change::new("state", "closed", "open")]
);

const RULE: Field = always("targets", "The rule, of kind `alert_rule`.");
const NAME: Field = sometimes("changes.name", "What it is called; of one that was added.");
const ON: Field = sometimes("changes.state", "`on` or `off`.");
const SEVERITY: Field = sometimes("changes.severity", "How bad what it finds may be.");
const MAIL: Field = sometimes(
    "changes.mail",
    "Who is mailed: `managers`, those who may manage alerts, or `nobody`.",
);
const SIGMA: Field = sometimes("changes.sigma", "Its text; of one that was added.");
const CHANGED: &[Field] = &[
    RULE,
    NAME,
    SEVERITY,
    MAIL,
    SIGMA,
    sometimes("changes.count", "How many make it fire."),
    sometimes("changes.minutes", "Within how many minutes."),
    sometimes("changes.rows", "How many rows of one export make it fire."),
    sometimes("changes.speed", "Kilometres an hour that nobody travels."),
    sometimes("changes.distance", "Kilometres below which no way counts."),
    sometimes("changes.from_hour", "When business hours begin."),
    sometimes("changes.to_hour", "When business hours end."),
    sometimes(
        "changes.days",
        "Days: how many are business days, or how many have to pass.",
    ),
    sometimes("changes.characters", "How many characters a reason has at least."),
    sometimes("changes.hours", "For how many hours a source is quiet."),
];
const WHOLE: &[Field] = &[RULE, NAME, ON, SEVERITY, MAIL, SIGMA];

const TEXT: &str = "title: Key made at night\nlogsource:\n  product: daybook\ndetection:\n  made:\n    event_type: \
                    api_key.created\n  condition: made\nlevel: high\n";

fn whole(body: &mut EventBody, summary: &str, change: fn(&'static str, Value) -> Change) {
    tell(body, summary, "alert_rule", OTHER_THING, "Key made at night");
    body.changes = vec![
        change("mail", "managers".into()),
        change("name", "Key made at night".into()),
        change("severity", "high".into()),
        change("sigma", TEXT.into()),
        change("state", "off".into()),
    ];
}

pub(super) static RULE_CREATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RULES,
    action: Action::Create,
    meaning: "A Sigma rule was added. It is off until somebody switches it on.",
    fields: WHOLE,
    since: V0_1_0,
    example: |body| {
        let summary = "Created alert rule “Key made at night”";
        whole(body, summary, |property, value| {
            Change::new(property, NONE, value)
        });
    },
};

pub(super) static RULE_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RULES,
    action: Action::Update,
    meaning: "What a rule looks for was changed, how bad it is, or who is mailed.",
    fields: CHANGED,
    since: V0_1_0,
    example: |body| {
        let summary = "Changed count of alert rule “Many failed sign-ins”";
        tell(body, summary, "alert_rule", "failed_sign_ins", RULE_NAME);
        body.changes = vec![Change::new("count", 10, 5)];
    },
};

pub(super) static RULE_DELETED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: RULES,
    action: Action::Delete,
    meaning: "A Sigma rule was taken away. Its alerts stay.",
    fields: WHOLE,
    since: V0_1_0,
    example: |body| {
        let summary = "Deleted alert rule “Key made at night”";
        whole(body, summary, |property, value| {
            Change::new(property, value, NONE)
        });
    },
};

/// A row of a rule that was switched.
macro_rules! switched {
    ($name:ident, $action:expr, $meaning:literal, $summary:literal, $from:literal, $to:literal) => {
        pub(super) static $name: Row = Row {
            log: LogKind::Activity,
            category: CATEGORY,
            sections: RULES,
            action: $action,
            meaning: $meaning,
            fields: &[RULE, ON],
            since: V0_1_0,
            example: |body| {
                tell(body, $summary, "alert_rule", "mass_export", "Mass export");
                body.changes = vec![Change::new("state", $from, $to)];
            },
        };
    };
}

switched!(
    RULE_SWITCHED_ON,
    Action::Enable,
    "A rule looks at what is recorded from now on, after it has learned from the past.",
    "Switched on alert rule “Mass export”",
    "off",
    "on"
);
switched!(
    RULE_SWITCHED_OFF,
    Action::Disable,
    "A rule doesn't look at records any more. What it had learned is forgotten.",
    "Switched off alert rule “Mass export”",
    "on",
    "off"
);
