//! What is done with records as such: taken out, and brought in.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, EventBody},
    log::LogKind,
};

const LOG: Field = always(
    "metadata.log",
    "The log the records are of, as in its address; `all` for all of them.",
);
const QUERY: Field = always(
    "metadata.query",
    "What they were narrowed to, as in the address of the list.",
);
const FORMAT: Field = always("metadata.format", "`csv` or `jsonl`.");

pub(super) static LOG_VIEWED: Row = Row {
    log: LogKind::Access,
    category: "Audit logs",
    sections: &["Reading"],
    action: Action::Read,
    meaning: "Somebody looked at a list of records; the same list is recorded once an hour.",
    fields: &[LOG, QUERY],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Looked at the log Access, narrowed".to_owned());
        let metadata = &mut body.metadata;
        metadata.insert("log".to_owned(), "access".into());
        metadata.insert("query".to_owned(), "?from=-30d&outcome=failure".into());
    },
};

pub(super) static RECORD_VIEWED: Row = Row {
    log: LogKind::Access,
    category: "Audit logs",
    sections: &["Reading"],
    action: Action::Read,
    meaning: "Somebody looked at one record by its permanent address, or compared what it is about; recorded once an \
              hour.",
    fields: &[always("targets", "The record, of kind `event`.")],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Looked at the record “Created role “Auditor””",
            "event",
            THING,
            "Created role “Auditor”",
        );
    },
};

pub(super) static EXPORT_STARTED: Row = Row {
    log: LogKind::Activity,
    category: "Audit logs",
    sections: &["Export"],
    action: Action::Export,
    meaning: "Somebody began to take records out; it is recorded before the first of them leaves.",
    fields: &[
        LOG,
        QUERY,
        FORMAT,
        always("metadata.records", "How many records it is about, at most."),
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Began to export 1204 records (Access) as CSV".to_owned());
        exported(body);
    },
};

pub(super) static EXPORT_FINISHED: Row = Row {
    log: LogKind::Activity,
    category: "Audit logs",
    sections: &["Export"],
    action: Action::Export,
    meaning: "An export ended: all records went out, or it broke off, which is a failure.",
    fields: &[
        LOG,
        QUERY,
        FORMAT,
        always("metadata.records", "How many records went out."),
        sometimes("reason", "Why it broke off."),
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Exported 1204 records (Access) as CSV".to_owned());
        exported(body);
    },
};

pub(super) static EVENTS_IMPORTED: Row = Row {
    log: LogKind::Activity,
    category: "Data",
    sections: &["Events"],
    action: Action::Import,
    meaning: "A file of events was read in from the command line.",
    fields: &[
        always("metadata.file", "The name of the file, without its folder."),
        always("metadata.accepted", "How many events were stored."),
        always("metadata.duplicates", "How many were there already."),
        always(
            "metadata.rejected",
            "How many were refused; they stand in a file beside it, with reasons.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        // From the machine itself: no address, no browser.
        body.actor = Actor::named(ActorKind::System, "Command line");
        body.ip = None;
        body.user_agent = None;
        body.summary = Some("Imported 2,501 events from chats.ndjson".to_owned());
        let metadata = &mut body.metadata;
        metadata.insert("accepted".to_owned(), 2501.into());
        metadata.insert("duplicates".to_owned(), 0.into());
        metadata.insert("rejected".to_owned(), 3.into());
        metadata.insert("file".to_owned(), "chats.ndjson".into());
    },
};

pub(super) static DATA_IMPORTED: Row = Row {
    log: LogKind::Activity,
    category: "Data",
    sections: &["Import"],
    action: Action::Import,
    meaning: "A file of companies, contacts, … was read in. What it made and changed has records of its own, with the same \
              correlation id.",
    fields: &[
        always("metadata.kind", "The kind of things, such as `contact`."),
        always("metadata.file", "The name of the file."),
        always("metadata.lines", "How many lines it has."),
        always("metadata.created", "How many things were created."),
        always("metadata.changed", "How many were changed."),
        always("metadata.same", "How many were left as they are."),
        always("metadata.bad", "How many lines couldn't be stored."),
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Imported contacts.csv: 97 contacts created, 3 changed".to_owned());
        let metadata = &mut body.metadata;
        metadata.insert("kind".to_owned(), "contact".into());
        metadata.insert("file".to_owned(), "contacts.csv".into());
        metadata.insert("lines".to_owned(), 103.into());
        metadata.insert("created".to_owned(), 97.into());
        metadata.insert("changed".to_owned(), 3.into());
        metadata.insert("same".to_owned(), 0.into());
        metadata.insert("bad".to_owned(), 3.into());
    },
};

pub(super) static DATA_EXPORTED: Row = Row {
    log: LogKind::Activity,
    category: "Data",
    sections: &["Export"],
    action: Action::Export,
    meaning: "Somebody took companies, contacts, … or usage figures out as a file; it is recorded before the first of them leaves.",
    fields: &[
        always(
            "metadata.kind",
            "The kind of things, such as `contact`; `usage` for figures.",
        ),
        sometimes(
            "metadata.usage_type",
            "Of figures what was counted: `general`, `courses` or `files`.",
        ),
        QUERY,
        FORMAT,
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Exported contacts as CSV".to_owned());
        let metadata = &mut body.metadata;
        metadata.insert("kind".to_owned(), "contact".into());
        metadata.insert("query".to_owned(), "?tags=vip".into());
        metadata.insert("format".to_owned(), "csv".into());
    },
};

pub(super) static DRIFT_CHECKED: Row = Row {
    log: LogKind::Activity,
    category: "Data",
    sections: &["Drift check"],
    action: Action::Read,
    meaning: "The whole log was played and compared with what is stored.",
    fields: &[
        always("metadata.records", "How many records were read."),
        always("metadata.things", "How many stored things were compared."),
        always(
            "metadata.differences",
            "How many values differ, or things are missing on one side.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Checked the log against what is stored: no difference".to_owned());
        let metadata = &mut body.metadata;
        metadata.insert("records".to_owned(), 1_204_331.into());
        metadata.insert("things".to_owned(), 105_000.into());
        metadata.insert("differences".to_owned(), 0.into());
    },
};

fn exported(body: &mut EventBody) {
    let metadata = &mut body.metadata;
    metadata.insert("log".to_owned(), "access".into());
    metadata.insert("query".to_owned(), "?from=-30d&outcome=failure".into());
    metadata.insert("format".to_owned(), "csv".into());
    metadata.insert("records".to_owned(), 1204.into());
}
