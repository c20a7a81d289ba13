//! For how long records are kept, and what is kept whatever that says.
//!
//! A log keeps its records for a number of days, counted from when they happened, or for ever, which is what it does
//! until somebody says otherwise. A **legal hold** is a list whose records are kept as long as it stands. The
//! **purge** removes what is due once a day, in small steps, and says so in the log; a removed record leaves its
//! sequence and its leaf hash behind.

use crate::{
    Error, Result,
    facet::Count,
    id::HoldId,
    log::{LogKind, LogScope},
    query::LogQuery,
    seen::Seen,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Most days a log's records can be kept for where there is an end: about 100 years.
pub const MAX_DAYS: u32 = 36_525;
/// Seconds until a shorter retention takes effect, or the next purge comes after a hold was released: time to see what
/// will be removed, and to take it back.
pub const GRACE_SECONDS: i64 = 24 * 60 * 60;
/// Seconds from one purge to the next.
pub const PURGE_SECONDS: i64 = 24 * 60 * 60;
/// Most holds at a time: each is asked about every record that is due.
pub const MAX_HOLDS: usize = 100;
const MAX_NAME_CHARS: usize = 80;
const MAX_REASON_CHARS: usize = 500;

/// Everything there is to see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Every log that has records or keeps them for a time.
    pub logs: Vec<LogRetention>,
    /// The oldest first.
    pub holds: Vec<Hold>,
    pub purge: Purge,
}

/// One log's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRetention {
    pub log: LogKind,
    pub records: u64,
    /// When the oldest of them happened.
    pub oldest: Option<LocalTime>,
    /// What holds now; `None` for ever.
    pub days: Option<u32>,
    /// What will hold, and from when.
    pub next: Option<(Option<u32>, LocalTime)>,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// What became of a change of a log's retention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRetention {
    pub log: LogKind,
    pub days: Option<u32>,
    /// How many of today's records are older than that and not under a hold, and when they will be removed.
    pub due: Option<(Count, LocalTime)>,
}

/// A list whose records are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub id: HoldId,
    pub name: String,
    pub reason: String,
    pub log: LogScope,
    /// `None` where what was stored can't be read any more: then nothing at all is removed.
    pub query: Option<LogQuery>,
    /// How many records it covers now.
    pub records: Count,
    pub placed: LocalTime,
    pub placed_by: String,
}

/// The last removal, and the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// `None` where every log keeps everything.
    pub next: Option<LocalTime>,
    pub last: Option<LastPurge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPurge {
    pub started: LocalTime,
    /// `None` while it is going on.
    pub finished: Option<LocalTime>,
    pub removed: u64,
    pub planned: u64,
    /// How many more were due, and under a hold.
    pub held: u64,
    /// Why it did not remove what it was going to.
    pub problem: Option<String>,
}

/// A number of days as typed: empty for ever.
///
/// # Errors
/// `Invalid{field: "days"}` for what is no number from 1 to [`MAX_DAYS`].
pub fn days(typed: &str) -> Result<Option<u32>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse() {
        Ok(days) if (1..=MAX_DAYS).contains(&days) => Ok(Some(days)),
        _ => {
            let reason = format!(
                "Enter a whole number of days from 1 to {MAX_DAYS}, or nothing to keep them for ever."
            );
            Err(Error::invalid("days", reason))
        }
    }
}

/// Whether `new` removes what `old` would have kept.
pub fn is_shorter(new: Option<u32>, old: Option<u32>) -> bool {
    match (new, old) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(new), Some(old)) => new < old,
    }
}

/// A hold as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldForm {
    pub name: String,
    pub reason: String,
    pub log: LogScope,
    pub query: LogQuery,
}

impl HoldForm {
    /// As it is stored.
    ///
    /// # Errors
    /// `Invalid` with the field where a text is missing, too long or holds control characters, or where the search
    /// can't be read.
    pub fn checked(self) -> Result<Self> {
        let text = |field: &str, text: &str, most: usize| {
            let text = text.trim();
            if text.is_empty() {
                return Err(Error::invalid(field, format!("Enter a {field}.")));
            }
            if text.chars().count() > most || text.chars().any(char::is_control) {
                let reason = format!("A {field} has at most {most} characters, on one line.");
                return Err(Error::invalid(field, reason));
            }
            Ok(text.to_owned())
        };
        Ok(Self {
            name: text("name", &self.name, MAX_NAME_CHARS)?,
            reason: text("reason", &self.reason, MAX_REASON_CHARS)?,
            log: self.log,
            query: LogQuery {
                columns: Vec::new(),
                ..crate::view::kept(&self.query)?
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_are_a_number_in_bounds_or_nothing(typed in "[ 0-9a+.-]{0,7}") {
            match days(&typed) {
                Ok(None) => prop_assert!(typed.trim().is_empty()),
                Ok(Some(days)) => prop_assert!((1..=MAX_DAYS).contains(&days)),
                Err(error) => prop_assert_eq!(error.status(), 422),
            }
        }

        #[test]
        fn of_two_retentions_one_at_most_is_shorter(
            one in prop::option::of(1_u32..5), other in prop::option::of(1_u32..5),
        ) {
            prop_assert!(!(is_shorter(one, other) && is_shorter(other, one)));
            prop_assert_eq!(one == other, !is_shorter(one, other) && !is_shorter(other, one));
        }
    }

    #[test]
    fn a_hold_says_why_and_can_be_read() {
        let form = |name: &str, reason: &str, query: &str| HoldForm {
            name: name.to_owned(),
            reason: reason.to_owned(),
            log: LogScope::All,
            query: LogQuery::parse(query).unwrap(),
        };
        let kept = form(" Case 7 ", "Court order", "q=mara&columns=time&tz=Europe/Berlin").checked();
        let kept = kept.unwrap();
        assert_eq!((kept.name.as_str(), kept.query.columns.len()), ("Case 7", 0));
        for (field, wrong) in [
            ("name", form(" ", "Court order", "")),
            ("reason", form("Case 7", "", "")),
            ("reason", form("Case 7", &"x".repeat(501), "")),
            ("query", form("Case 7", "Court order", "q=(mara")),
        ] {
            assert!(
                matches!(wrong.checked(), Err(Error::Invalid { field: of, .. }) if of == field),
                "{field}"
            );
        }
    }
}
