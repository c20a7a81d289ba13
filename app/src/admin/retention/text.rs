//! What the retention page says.

use crate::{
    ui::number::{count_of, counted, thousands},
    viewer::use_format,
};
use daybook_domain::retention::{Hold, LastPurge, SetRetention};

/// The sections its records stand in.
pub const SECTIONS: &[&str] = &["Retention", "Legal hold"];
pub const TITLE: &str = "Retention";
pub const LEAD: &str = "For how long each log keeps its records. What is removed leaves its place and a hash behind, so \
                        that the log can still be proved complete.";
pub const LOGS: &str = "Logs";
pub const KEPT: &str = "Kept";
pub const OLDEST: &str = "Oldest record";
pub const CHANGE: &str = "Change";
pub const CLOSE: &str = "Close";
pub const CANCEL: &str = "Cancel";
pub const SAVE: &str = "Save";
pub const SAVING: &str = "Saving…";
pub const DAYS: &str = "Days, counted from when a record happened";
pub const DAYS_HINT: &str =
    "Leave it empty to keep records for ever. A shorter time takes effect a day later.";
pub const NONE: &str = "None";

pub const HOLDS: &str = "Legal holds";
pub const HOLDS_LEAD: &str = "Records of these lists are kept, whatever their log's retention says, until the hold is \
                              released.";
pub const NO_HOLDS: &str = "No legal holds. Narrow a log to what has to be kept, and place a hold from its Export menu, or \
                            begin here.";
pub const PLACE: &str = "Place a legal hold";
pub const PLACE_LEAD: &str = "Everything this list shows, now and later, is kept until the hold is released. Spans such as \
                              “the last 7 days” become the dates they mean today.";
pub const PLACING: &str = "Placing…";
pub const PLACE_BUTTON: &str = "Place hold";
pub const NAME_HINT: &str = "By which you and the auditors will know it: a case number, say.";
pub const REASON: &str = "Reason";
pub const REASON_HINT: &str = "Why these records have to be kept. It is recorded.";
pub const LOG: &str = "Log";
pub const QUERY: &str = "List";
pub const QUERY_HINT: &str = "The part of a list's address after the question mark; empty for the whole log.";
pub const COVERS: &str = "Covers";
pub const RECORDS: &str = "Records";
pub const PLACED: &str = "Placed";
pub const RELEASE: &str = "Release";
pub const RELEASE_BUTTON: &str = "Release hold";
pub const RELEASING: &str = "Releasing…";
pub const UNREADABLE: &str = "can't be read any more: nothing is removed until it is released";

pub const PURGE: &str = "Removal";
pub const PURGE_NONE: &str = "Nothing is removed: every log keeps its records for ever.";
pub const PURGE_NOW: &str = "Remove now…";
pub const PURGE_NOW_BUTTON: &str = "Remove what is due";
pub const PURGE_NOW_QUESTION: &str =
    "Remove what is due now, and what would be within a day? It can't be brought back.";
pub const PURGING: &str = "Asking…";
pub const PURGE_ASKED: &str =
    "Records past their retention are being removed. Reload the page to see how far it is.";

/// For how long.
pub fn kept(days: Option<u32>) -> String {
    days.map_or_else(
        || "For ever".to_owned(),
        |days| counted(u64::from(days), "day", "days"),
    )
}

pub fn next(days_then: Option<u32>, when: &str) -> String {
    format!("{} from {when}", kept(days_then))
}

pub fn set(set: &SetRetention) -> String {
    let log = set.log.title();
    let keeps = match set.days {
        None => format!("“{log}” keeps its records for ever."),
        Some(_) => format!("“{log}” keeps its records for {}.", kept(set.days)),
    };
    match &set.due {
        None if set.days.is_none() => keeps,
        None => format!("{keeps} Nothing in it is older than that."),
        Some((due, from)) => format!(
            "{keeps} {} older than that and will be removed after {}, {} UTC. Until then you can take it back.",
            match due.number() {
                1 => "1 record is".to_owned(),
                number => format!("{} records are", thousands(number)),
            },
            use_format().date(from.utc.to_datetime().date_naive()),
            use_format().minutes(from.utc.to_datetime().time()),
        ),
    }
}

pub fn placed(hold: &Hold) -> String {
    format!(
        "The legal hold “{}” keeps {} records.",
        hold.name,
        count_of(hold.records)
    )
}

pub fn released(name: &str) -> String {
    format!("The legal hold “{name}” is released. What it kept is removed in a day at the earliest.")
}

pub fn release_question(name: &str) -> String {
    format!(
        "Release “{name}”? Records it kept that are past their retention are removed with the next removal, in a day at \
         the earliest."
    )
}

/// How the last removal went.
pub fn last(last: &LastPurge) -> String {
    let removed = counted(last.removed, "record", "records");
    let held = match last.held {
        0 => String::new(),
        held => format!(
            " {} kept by a legal hold.",
            if held == 1 {
                "1 more was".to_owned()
            } else {
                format!("{} more were", thousands(held))
            }
        ),
    };
    match (&last.finished, &last.problem) {
        (None, _) => format!(
            "Removing: {} of {} records so far.",
            thousands(last.removed),
            thousands(last.planned)
        ),
        (Some(_), Some(problem)) => {
            format!("The last one broke off after {removed}: {problem}. It is tried again.")
        }
        (Some(finished), None) => format!("The last one removed {removed}, {}.{held}", finished.ago),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{log::LogKind, time::LocalTime};

    #[test]
    fn what_will_be_removed_is_said_with_its_time() {
        let from = LocalTime {
            utc: "2026-11-23T14:00:00Z".parse().unwrap(),
            day: "2026-11-23".parse().unwrap(),
            clock: "15:00:00".parse().unwrap(),
            date: "23 Nov 2026".to_owned(),
            time: "15:00:00".to_owned(),
            ago: "in 24 h".to_owned(),
        };
        let said = |days, due| {
            set(&SetRetention {
                log: LogKind::Access,
                days,
                due,
            })
        };
        assert_eq!(said(None, None), "“Access” keeps its records for ever.");
        assert_eq!(
            said(
                Some(30),
                Some((daybook_domain::facet::Count::Exactly(1204), from))
            ),
            "“Access” keeps its records for 30 days. 1,204 records are older than that and will be removed after 23 \
             Nov 2026, 14:00 UTC. Until then you can take it back."
        );
    }
}
