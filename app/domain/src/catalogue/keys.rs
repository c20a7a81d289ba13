//! What is done to the ways in: API keys and sessions.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    people::{NONE, PEOPLE},
    sometimes,
};
use crate::{
    event::{Action, Change},
    log::LogKind,
};
use serde_json::json;

const KEY: Field = always("targets", "The API key, of kind `api_key`.");

pub(super) static API_KEY_CREATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["API key"],
    action: Action::Create,
    meaning: "An API key was made for a program.",
    fields: &[
        KEY,
        always(
            "changes.name",
            "The key's name, which is the source of what it sends.",
        ),
        always(
            "changes.prefix",
            "The first characters of the key, to tell keys apart.",
        ),
        always("changes.scopes", "What the key may do."),
        always("changes.status", "`active`."),
        always("changes.key", "That there is a key; never the key.").secret(),
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Created API key “Helpdesk”", "api_key", THING, "Helpdesk");
        body.changes = vec![
            Change::secret("key"),
            Change::new("name", NONE, "Helpdesk"),
            Change::new("prefix", NONE, "dbk_3fa9c1"),
            Change::new("scopes", NONE, json!(["events:write"])),
            Change::new("status", NONE, "active"),
        ];
    },
};

pub(super) static API_KEY_REVOKED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["API key"],
    action: Action::Revoke,
    meaning: "An API key was revoked; programs that use it are turned away.",
    fields: &[KEY, always("changes.status", "From `active` to `revoked`.")],
    since: V0_1_0,
    example: |body| {
        tell(body, "Revoked API key “Helpdesk”", "api_key", THING, "Helpdesk");
        body.changes = vec![Change::new("status", "active", "revoked")];
    },
};

pub(super) static SESSION_REVOKED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["Session"],
    action: Action::Revoke,
    meaning: "A session was ended before its time, by its user, or because they were deactivated or got another \
              password.",
    fields: &[
        always("targets", "The session, of kind `session`."),
        always("changes.user", "Whose session it was."),
        always("changes.email", "Their address."),
        always("changes.signed_in_at", "When it began."),
        sometimes("changes.ip_address", "Where it began."),
        sometimes("changes.browser", "The browser's name for itself."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Ended a session of user “Mara Okafor” from 198.51.100.7";
        tell(body, summary, "session", THING, "Mara Okafor from 198.51.100.7");
        body.changes = vec![
            Change::new(
                "browser",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X)",
                NONE,
            ),
            Change::new("email", "mara.okafor@northdesk.example", NONE),
            Change::new("ip_address", "198.51.100.7", NONE),
            Change::new("signed_in_at", "2026-11-21T19:03:28.114502Z", NONE),
            Change::new("user", "Mara Okafor", NONE),
        ];
    },
};
