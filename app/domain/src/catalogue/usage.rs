//! Monthly reports of usage.

use super::{
    Row, V0_1_0, always,
    example::{THING, tell},
};
use crate::{event::Action, log::LogKind};

pub(super) static REFRESHED: Row = Row {
    log: LogKind::Activity,
    category: "Analytics",
    sections: &["Monthly report"],
    action: Action::Update,
    meaning: "The names of companies and contacts in a monthly report were read again. What was counted stayed.",
    fields: &[
        always(
            "targets",
            "The report, of kind `usage_report`, with what it is of and its month.",
        ),
        always("metadata.names", "How many names had changed."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Refreshed monthly report “Portal usage, 2026-10”: 1 name changed";
        tell(body, summary, "usage_report", THING, "Portal usage, 2026-10");
        body.metadata.insert("names".to_owned(), 1.into());
    },
};
