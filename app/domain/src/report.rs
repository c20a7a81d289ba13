//! Scheduled reports: a saved view that is sent by mail, every day, week or month, for the period that has ended.
//!
//! What a report says is the view's list within the period: how many records there are, whose and which, and the records
//! themselves as a file. Data leaves with it, so who sets one needs the permission to export.

use crate::{
    Error, Result,
    email::address,
    event::{Outcome, words},
    id::ViewId,
    log::LogScope,
    query::LogQuery,
    seen::Seen,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Most addresses that one report goes to.
pub const MAX_RECIPIENTS: usize = 20;
/// Most records in the file of a report.
pub const MAX_RECORDS: u64 = 10_000;
/// Most bytes in it.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

words! {
    /// How often a report is sent, and what it is about.
    Every {
        /// About the day before.
        Day = "day", "Every day";
        /// About the seven days before.
        Week = "week", "Every week";
        /// On the first, about the month before.
        Month = "month", "Every month";
    }
}

words! {
    Weekday {
        Monday = "monday", "Monday";
        Tuesday = "tuesday", "Tuesday";
        Wednesday = "wednesday", "Wednesday";
        Thursday = "thursday", "Thursday";
        Friday = "friday", "Friday";
        Saturday = "saturday", "Saturday";
        Sunday = "sunday", "Sunday";
    }
}

/// When a report is sent, by the clock of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    pub every: Every,
    /// Of a weekly one.
    pub weekday: Option<Weekday>,
    /// From 0 to 23.
    pub hour: u8,
}

/// A schedule as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportForm {
    pub timing: Timing,
    pub recipients: Vec<String>,
}

impl ReportForm {
    /// As it is stored: each address once, in lower case, and a weekday where it means something.
    ///
    /// # Errors
    /// `Invalid{field: "weekday"|"hour"|"recipients"}`.
    pub fn checked(mut self) -> Result<Self> {
        if self.timing.hour > 23 {
            return Err(Error::invalid("hour", "An hour is a number from 0 to 23."));
        }
        match self.timing.every {
            Every::Week if self.timing.weekday.is_none() => {
                return Err(Error::invalid("weekday", "Choose a day of the week."));
            }
            Every::Week => {}
            Every::Day | Every::Month => self.timing.weekday = None,
        }
        let wrong = |reason: String| Error::invalid("recipients", reason);
        let mut recipients = Vec::new();
        for typed in self.recipients.iter().map(|typed| typed.trim()) {
            if typed.is_empty() {
                continue;
            }
            let to = address(typed).map_err(|reason| {
                let shown: String = typed.chars().take(60).collect();
                wrong(format!("“{shown}”: {reason}"))
            })?;
            if !recipients.contains(&to) {
                recipients.push(to);
            }
            if recipients.len() > MAX_RECIPIENTS {
                return Err(wrong(format!(
                    "A report goes to at most {MAX_RECIPIENTS} addresses."
                )));
            }
        }
        if recipients.is_empty() {
            return Err(wrong(
                "Say to whom it is sent: an address on each line.".to_owned(),
            ));
        }
        self.recipients = recipients;
        Ok(self)
    }
}

/// A saved view as the one that is sent, to somebody who may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub view: ViewId,
    /// The view's name.
    pub name: String,
    pub log: LogScope,
    /// `None` where what was stored can't be read any more.
    pub query: Option<LogQuery>,
    /// The asker's zone: what they set holds by its clock.
    pub zone: String,
    /// Whether there is a mail server to send with.
    pub has_mail: bool,
    pub schedule: Option<Schedule>,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// When a view is sent, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub timing: Timing,
    /// IANA name of the zone by whose clock it is sent.
    pub zone: String,
    pub recipients: Vec<String>,
    /// The name of who set it, by whose rights it is sent.
    pub set_by: String,
    /// When it is sent next; `None` where it was stopped.
    pub next: Option<LocalTime>,
    /// Why it was stopped, as a sentence.
    pub stopped: Option<String>,
    pub last: Option<LastReport>,
}

/// What came of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastReport {
    pub at: LocalTime,
    pub outcome: Outcome,
    /// As a sentence.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(every: Every, weekday: Option<Weekday>, hour: u8, recipients: &[&str]) -> ReportForm {
        ReportForm {
            timing: Timing { every, weekday, hour },
            recipients: recipients.iter().map(|to| (*to).to_owned()).collect(),
        }
    }

    fn field(form: ReportForm) -> String {
        match form.checked() {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_would_be_taken_again(
            hour in 0_u8..30, recipients in prop::collection::vec("[a-c]@[x-y]| |[a-c]", 0..6), which in 0_usize..3,
        ) {
            let recipients: Vec<_> = recipients.iter().map(String::as_str).collect();
            let form = form(Every::ALL[which], Some(Weekday::Friday), hour, &recipients);
            if let Ok(checked) = form.checked() {
                prop_assert!((1..=MAX_RECIPIENTS).contains(&checked.recipients.len()));
                prop_assert_eq!(checked.clone().checked(), Ok(checked));
            }
        }
    }

    #[test]
    fn a_form_is_held_to_its_limits() {
        let ann = ["ann@harbor.example"];
        assert_eq!(field(form(Every::Week, None, 8, &ann)), "weekday");
        assert_eq!(field(form(Every::Day, None, 24, &ann)), "hour");
        assert_eq!(field(form(Every::Day, None, 8, &[])), "recipients");
        assert_eq!(field(form(Every::Day, None, 8, &["ann"])), "recipients");
        let many: Vec<_> = (0..=MAX_RECIPIENTS).map(|n| format!("a{n}@x.example")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert_eq!(field(form(Every::Day, None, 8, &many)), "recipients");
        assert!(form(Every::Day, None, 8, &many[1..]).checked().is_ok());
        let twice = [
            "Ann@Harbor.example ",
            "",
            "ann@harbor.example",
            "bo@harbor.example",
        ];
        let checked = form(Every::Day, Some(Weekday::Monday), 8, &twice)
            .checked()
            .unwrap();
        assert_eq!(checked.recipients, ["ann@harbor.example", "bo@harbor.example"]);
        assert_eq!(checked.timing.weekday, None);
    }
}
