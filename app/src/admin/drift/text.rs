//! What the page of the drift check says.

use crate::ui::number::{counted, thousands};
use daybook_domain::drift::{DriftReport, SHOWN_DRIFTS};

pub const TITLE: &str = "Drift check";
pub const LEAD: &str = "Plays the whole log and compares what it says of each company, contact, board, user, role and \
                        setting with what is stored. A difference means that something has changed the data around Daybook.";
pub const CHECK: &str = "Check now";
pub const CHECK_AGAIN: &str = "Check again";
pub const CHECKING: &str = "Beginning…";
pub const BEGAN: &str = "The check began.";
pub const AT_WORK: &str = "Reading the log";
pub const LOOK_AGAIN: &str = "Look again";
pub const NEVER: &str = "Nothing was checked since this server was started.";
pub const NEVER_ABOUT: &str = "A check reads every record, which takes about a minute for a million. Nobody has to wait: you \
                               can leave this page and come back. That it was made stands in the log.";
pub const FAILED: &str = "The check broke off. The server's own log says why.";
pub const NONE: &str = "Everything is as the log says.";
pub const LAST: &str = "The last check";
pub const BEGUN_BY: &str = "Begun by";
pub const ENDED: &str = "Ended";
pub const THING: &str = "Thing";
pub const PROPERTY: &str = "Property";
pub const STORED: &str = "Stored";
pub const LOGGED: &str = "The log says";
pub const NOTHING: &str = "nothing";
pub const NOT_STORED: &str = "isn't there";
pub const NOT_LOGGED: &str = "never made, or deleted";
pub const UNREADABLE: &str = "can't be read";
pub const IS_THERE: &str = "is there";
pub const ADVICE: &str = "Compare with a backup. Where the log is right, open the thing and save it as it should be: that is a \
                          change like any other.";

pub fn progress(done: u64, of: u64) -> String {
    format!("{} of {} records read", thousands(done), thousands(of))
}

pub fn found(found: u64) -> String {
    counted(found, "difference", "differences")
}

pub fn compared(report: &DriftReport) -> String {
    format!(
        "{} compared with {}.",
        counted(report.things, "thing", "things"),
        counted(report.records, "record", "records"),
    )
}

pub fn partly(things: u64) -> String {
    format!(
        "Of {} the log doesn't know all, because records were removed when their time was over or the things are older than \
         it: only what it is sure to say was compared.",
        counted(things, "thing", "things"),
    )
}

/// What isn't in the log itself, but follows from what is.
pub fn should_be(due: &str) -> String {
    format!("should be {due}")
}

pub fn first() -> String {
    format!("These are the first {SHOWN_DRIFTS}. daybook check-drift lists them all.")
}
