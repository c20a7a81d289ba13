//! What the pages say.

use crate::ui::number::{counted, thousands};
use daybook_domain::analytics::{Figures, Grain, UsageType};

pub const TITLE: &str = "Analytics";
pub const USAGE: &str = "Usage";
pub const PAGES: &str = "What is counted";

pub const PERIOD: &str = "Period";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const BY: &str = "By";
pub const SHOW: &str = "Show";
pub const CSV: &str = "Download CSV";

pub const FIGURES: &str = "Figures";
pub const ACTIVITIES: &str = "Activities";
pub const USERS: &str = "Users";
pub const COMPANIES: &str = "Companies";
pub const NEW: &str = "New users";
pub const RETURNING: &str = "Returning users";
pub const COMPANY: &str = "Company";
pub const CONTACT: &str = "Contact";
pub const AS_A_TABLE: &str = "The figures as a table";
pub const TOP_COMPANIES: &str = "Most active companies";
pub const TOP_CONTACTS: &str = "Most active contacts";
pub const TOP_EVENT_TYPES: &str = "Most frequent event types";
pub const EVENT_TYPE: &str = "Event type";
pub const ONLY: &str = "Only this one";
pub const NOTHING: &str = "Nothing was counted in this period.";
pub const NOTHING_LEAD: &str = "What contacts do in the customer portal is counted as soon as it is recorded. Choose another \
                                period, or send events with “portal”: “customer” and a contact as the actor.";

/// The page of what is counted.
pub fn lead(of: UsageType) -> &'static str {
    match of {
        UsageType::General => "What contacts do in the customer portal: who they are, how much, and when.",
        UsageType::Courses => {
            "What contacts do with courses in the customer portal: event types and sections that begin with “course”."
        }
        UsageType::Files => {
            "What contacts do with files in the customer portal: event types and sections that begin with “file”, “folder” or \
             “document”."
        }
    }
}

pub fn tab(of: UsageType) -> &'static str {
    match of {
        UsageType::General => "User portal",
        other => other.title(),
    }
}

pub fn last(days: u64) -> String {
    match days {
        366 => "Last 12 months".to_owned(),
        days => format!("Last {days} days"),
    }
}

/// What a number was in the period before.
pub fn before(now: u64, before: u64) -> String {
    let was = thousands(before);
    if before == 0 {
        return format!("{was} before");
    }
    let percent = (i128::from(now) - i128::from(before)) * 100 / i128::from(before);
    let sign = match percent {
        ..0 => "−",
        0 => "±",
        _ => "+",
    };
    format!("{sign}{} %, {was} before", percent.unsigned_abs())
}

/// What a chart shows, for those who don't see it.
pub fn chart(what: &str, by: Grain, period: &str, most: &str, count: u64) -> String {
    let by = match by {
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
    };
    format!("{what} by {by}, {period}: at most {} {most}", thousands(count))
}

pub fn bar(label: &str, figures: Figures) -> String {
    format!(
        "{label}: {}, {}",
        counted(figures.activities, "activity", "activities"),
        counted(figures.users, "user", "users")
    )
}

pub fn compared(label: &str) -> String {
    format!("Compared with {label}.")
}

pub const COUNTED_TO: &str = "Counted up to ";
pub const COUNTED_ALL: &str = "Counted up to now.";
pub const DAYS_IN: &str = "Days in ";
pub const RETENTION: &str = "What was counted stays counted when its records are removed: a number may be higher than the list it leads to.";
