//! Usage of the portals as counts (R30–R34): what is counted, the periods it is counted by, and the answers.
//!
//! Which records count is said once, in [`UsageType::counts`], and again as a query of the query language, so that a number
//! can lead to the records behind it; a test holds the two against each other. Days are those of the workspace's zone.

mod counted;
mod period;
mod query;
mod report;

pub use counted::{MAX_KEY_CHARS, company_key, contact_key, key_of};
pub use period::Period;
pub use query::{UsageQuery, Whose};
pub use report::{MonthlyReport, PastWeek, PastWeekDay, ReportLine, ReportLineKind, ReportLines, month_of};

use crate::{event::words, id::ObjectId, time::LocalTime};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Companies, contacts and event types that are listed.
pub const MOST: usize = 10;

words! {
    /// What is counted.
    UsageType {
        /// Whatever contacts do in the customer portal.
        General = "general", "Portal usage";
        /// What of it is about courses.
        Courses = "courses", "Courses";
        /// What of it is about files, folders and documents.
        Files = "files", "Native file system";
    }
}

words! {
    /// By what figures are counted together.
    Grain {
        Day = "day", "Day";
        /// From Monday.
        Week = "week", "Week";
        Month = "month", "Month";
    }
}

/// What a time comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub activities: u64,
    /// Different contacts.
    pub users: u64,
    /// Different companies.
    pub companies: u64,
    /// Users who had never been counted before.
    pub new_users: u64,
}

impl Figures {
    /// Users who had been there before.
    pub fn returning(self) -> u64 {
        self.users.saturating_sub(self.new_users)
    }
}

/// A day, a week or a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageBar {
    pub period: Period,
    /// As a person reads it: `22 Nov 2026`, `16–22 Nov 2026`, `November 2026`.
    pub label: String,
    pub span: Span,
    pub figures: Figures,
}

/// The moments a period lies between: the first inclusive, the second not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: crate::time::Timestamp,
    pub to: crate::time::Timestamp,
}

/// A company, a contact or an event type with how much there was of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// As records have it: an id, or a name where there is none.
    pub key: String,
    pub name: String,
    /// The thing of the directory, where there is one.
    pub thing: Option<ObjectId>,
    pub activities: u64,
}

/// The answer to a [`UsageQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub query: UsageQuery,
    /// What is shown: whole days, weeks or months.
    pub period: Period,
    pub label: String,
    pub span: Span,
    pub by: Grain,
    pub figures: Figures,
    /// The period before, as long.
    pub before: Figures,
    pub before_label: String,
    /// Without gaps, oldest first.
    pub bars: Vec<UsageBar>,
    /// Most active first, at most [`MOST`] each.
    pub companies: Vec<Ranked>,
    pub contacts: Vec<Ranked>,
    pub event_types: Vec<Ranked>,
    /// The names of who it is narrowed to, in the order of the query.
    pub names: Vec<String>,
    /// IANA name of the zone whose days they are.
    pub zone: String,
    /// Up to when records are counted, where some aren't yet.
    pub counted_to: Option<LocalTime>,
    /// Whether the courses module is on.
    pub courses: bool,
}

/// The first day of the one that a day is in.
pub fn start(grain: Grain, day: NaiveDate) -> NaiveDate {
    period::start(grain, day)
}
