//! What is set for the whole workspace, and when Daybook itself began and ended to record.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    people::FORMAT_OF_NEW,
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody},
    log::LogKind,
};

const CATEGORY: &str = "Settings";
const LOG: &[&str] = &["Log"];
const LOG_FIELDS: &[Field] = &[
    always("targets", "The log, of kind `log`."),
    always(
        "changes.tab",
        "When the log has a tab: `always`, or `when it has records`.",
    ),
];
const LIFE: &[&str] = &["Recording"];
const LIFE_FIELDS: &[Field] = &[always("metadata.version", "The version of Daybook.")];

pub(super) static WORKSPACE_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: &["Workspace"],
    action: Action::Update,
    meaning: "The general settings were changed.",
    fields: &[
        always("targets", "The workspace, of kind `workspace`."),
        sometimes("changes.name", "The workspace's name."),
        sometimes(
            "changes.time_zone",
            "The zone in which new users read times, by its IANA name.",
        ),
        sometimes("changes.regional_format", FORMAT_OF_NEW),
        sometimes(
            "changes.helpdesk_integration",
            "The helpdesk product: `none`, `connectwise` or `autotask`. It decides what agents are called.",
        ),
        sometimes(
            "changes.courses_module",
            "Whether the helpdesk has the courses module, whose usage is shown then.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed time zone of workspace “Northdesk”";
        tell(body, summary, "workspace", THING, "Northdesk");
        body.changes = vec![Change::new("time_zone", "UTC", "Europe/Berlin")];
    },
};

pub(super) static SIGN_IN_POLICY_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: &["Sign-in policy"],
    action: Action::Update,
    meaning: "What is asked of those who sign in was changed.",
    fields: &[
        always("targets", "The policy, of kind `sign_in_policy`."),
        sometimes(
            "changes.session_idle_minutes",
            "Minutes without a request after which a session is over.",
        ),
        sometimes(
            "changes.session_longest_hours",
            "Hours after the sign-in when a session is over in any case.",
        ),
        sometimes(
            "changes.password_length",
            "How many characters a new password needs.",
        ),
        sometimes(
            "changes.networks",
            "The networks from which people come in; empty for any.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed session idle minutes of sign-in policy “Northdesk”";
        tell(body, summary, "sign_in_policy", THING, "Northdesk");
        body.changes = vec![Change::new("session_idle_minutes", 720, 30)];
    },
};

pub(super) static LOG_SWITCHED_ON: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: LOG,
    action: Action::Enable,
    meaning: "A log has a tab from now on, also without records.",
    fields: LOG_FIELDS,
    since: V0_1_0,
    example: |body| {
        tell(body, "Switched log “Billing” on", "log", "billing", "Billing");
        body.changes = vec![Change::new("tab", "when it has records", "always")];
    },
};

pub(super) static LOG_SWITCHED_OFF: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: LOG,
    action: Action::Disable,
    meaning: "A log has a tab only where it has records. Nothing is removed.",
    fields: LOG_FIELDS,
    since: V0_1_0,
    example: |body| {
        tell(body, "Switched log “Billing” off", "log", "billing", "Billing");
        body.changes = vec![Change::new("tab", "always", "when it has records")];
    },
};

pub(super) static SECRETS_RESEALED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: &["Secrets"],
    action: Action::Update,
    meaning: "Secrets that an older key had sealed were sealed with the key that seals now.",
    fields: &[
        always("metadata.sealed_anew", "How many."),
        always(
            "metadata.unopened",
            "How many can't be opened, and stay as they are.",
        ),
        sometimes("reason", "That some can't be opened."),
    ],
    since: V0_1_0,
    example: |body| {
        body.actor = Actor::named(ActorKind::System, "Command line");
        body.summary = Some("Sealed 4 secrets with the current key".to_owned());
        body.metadata.insert("sealed_anew".to_owned(), 4.into());
        body.metadata.insert("unopened".to_owned(), 0.into());
    },
};

pub(super) static RECORDING_STARTED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: LIFE,
    action: Action::Other,
    meaning: "A Daybook process began to take and record events. One that follows another without a stop between them, \
              on one machine, means that the first was killed.",
    fields: LIFE_FIELDS,
    since: V0_1_0,
    example: |body| life(body, "Daybook 0.1.0 started"),
};

pub(super) static RECORDING_STOPPED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: LIFE,
    action: Action::Other,
    meaning: "A Daybook process was asked to stop, and had stored all it had taken.",
    fields: LIFE_FIELDS,
    since: V0_1_0,
    example: |body| life(body, "Daybook 0.1.0 stopped"),
};

fn life(body: &mut EventBody, summary: &str) {
    body.actor = Actor::named(ActorKind::System, "Daybook");
    body.ip = None;
    body.user_agent = None;
    body.summary = Some(summary.to_owned());
    body.metadata.insert("version".to_owned(), "0.1.0".into());
}
