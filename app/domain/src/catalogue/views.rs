//! What is done with saved views. How a log is shown to one user is nobody else's business, and has no type.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Change},
    log::LogKind,
};
use serde_json::Value;

const CATEGORY: &str = "Audit logs";
const SECTIONS: &[&str] = &["Saved view"];
const NONE: Value = Value::Null;

const VIEW: Field = always("targets", "The view, of kind `saved_view`.");
const SHARED_WITH: Field = sometimes("changes.shared_with", "The name of the role that sees it, too.");
const NAME: &str = "The view's name.";
const LOG: Field = always("changes.log", "The title of the log it is of.");
const OWNER: Field = always("changes.owner", "The name of its owner.");
const QUERY: &str = "What the log is narrowed to, as in the address of the list.";

pub(super) static SAVED_VIEW_CREATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Create,
    meaning: "A list was saved under a name, for its owner or for everybody with a role.",
    fields: &[
        VIEW,
        always("changes.name", NAME),
        LOG,
        always("changes.query", QUERY),
        SHARED_WITH,
        OWNER,
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Created saved view “Failed sign-ins”",
            "saved_view",
            THING,
            "Failed sign-ins",
        );
        body.changes = vec![
            Change::new("log", NONE, "Access"),
            Change::new("name", NONE, "Failed sign-ins"),
            Change::new("owner", NONE, "Mara Okafor"),
            Change::new("query", NONE, "?from=-7d&action=login&outcome=failure"),
            Change::new("shared_with", NONE, "Auditor"),
        ];
    },
};

pub(super) static SAVED_VIEW_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Update,
    meaning: "A saved view got another name, another list or other readers; it becomes its owner's own where the role \
              it was shared with is deleted.",
    fields: &[
        VIEW,
        sometimes("changes.name", NAME),
        sometimes("changes.query", QUERY),
        SHARED_WITH,
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Shared saved view “Failed sign-ins” with the role “Auditor”";
        tell(body, summary, "saved_view", THING, "Failed sign-ins");
        body.changes = vec![Change::new("shared_with", NONE, "Auditor")];
    },
};

pub(super) static SAVED_VIEW_DELETED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SECTIONS,
    action: Action::Delete,
    meaning: "A saved view was deleted, by its owner or, where it was shared, by somebody who manages roles.",
    fields: &[
        VIEW,
        always("changes.name", NAME),
        LOG,
        always("changes.query", QUERY),
        SHARED_WITH,
        OWNER,
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Deleted saved view “Failed sign-ins”",
            "saved_view",
            THING,
            "Failed sign-ins",
        );
        body.changes = vec![
            Change::new("log", "Access", NONE),
            Change::new("name", "Failed sign-ins", NONE),
            Change::new("owner", "Mara Okafor", NONE),
            Change::new("query", "?from=-7d&action=login&outcome=failure", NONE),
        ];
    },
};
