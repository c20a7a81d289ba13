//! Monthly reports, and the week that is past: what programs read (R31–R34).

use super::UsageType;
use crate::{event::words, id::UsageReportId, time::Timestamp};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a month came to, as it was counted when it was over. Never changed afterwards, except for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthlyReport {
    pub id: UsageReportId,
    #[serde(rename = "type")]
    pub of: UsageType,
    /// `2026-10`.
    pub month: String,
    /// IANA name of the zone whose month it was.
    pub time_zone: String,
    /// Different contacts.
    pub users: u64,
    /// Different companies.
    pub companies: u64,
    /// What they did, in all.
    pub activities: u64,
    /// When it was counted.
    pub closed_at: Timestamp,
    /// When the names in it were read again last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refreshed_at: Option<Timestamp>,
}

words! {
    /// Whose activity a line is.
    ReportLineKind {
        Company = "company", "Company";
        Contact = "contact", "Contact";
    }
}

/// A company or a contact, with its activity in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MonthlyReportLine))]
pub struct ReportLine {
    pub kind: ReportLineKind,
    /// As records have it: an id, or a name where there is none.
    pub id: String,
    pub name: String,
    /// The company of a contact, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    pub activities: u64,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLines {
    pub report: MonthlyReport,
    /// Companies first, then contacts; the most active first.
    pub lines: Vec<ReportLine>,
    /// Where the next page begins.
    pub next: Option<u32>,
}

/// The seven days before today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastWeek {
    #[serde(rename = "type")]
    pub of: UsageType,
    /// `2026-11-15`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub from: NaiveDate,
    /// Included.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub to: NaiveDate,
    /// IANA name of the zone whose days they are.
    pub time_zone: String,
    pub users: u64,
    pub companies: u64,
    pub activities: u64,
    /// Oldest first.
    pub days: Vec<PastWeekDay>,
    /// Up to when records are counted.
    pub counted_to: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastWeekDay {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub day: NaiveDate,
    pub users: u64,
    pub companies: u64,
    pub activities: u64,
}

/// The first day of a month written as `2026-10`.
pub fn month_of(text: &str) -> Option<NaiveDate> {
    let is_written = text.len() == 7 && text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let day = is_written.then(|| format!("{text}-01"))?;
    NaiveDate::parse_from_str(&day, "%Y-%m-%d").ok()
}
