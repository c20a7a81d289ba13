//! What a user's pages say.

use crate::{past::text::PAST, routes::UserTab};

pub const USERS: &str = "Users";
pub const AUDIT_LOGS: &str = "Audit logs";
pub const DELETED: &str = "Deleted";
pub const APPEAR: &str = "Appear as them";
pub const NEVER: &str = "Never";
pub const NONE: &str = "None";
pub const FACTOR_SINCE: &str = "On, since ";
pub const NO_FACTOR: &str = "None";
pub const DATA: &str = "Name and contact";
pub const EMAIL_HINT: &str = "They sign in with it.";
pub const SAVE: &str = "Save name and contact";
pub const SAVING: &str = "Saving…";
pub const ACCESS: &str = "Role and access";
pub const SESSIONS: &str = "Signed in";
pub const IDENTITIES: &str = "Comes from a provider";
pub const IDENTITIES_LEAD: &str =
    "Whom these mean comes in as this user, whatever address the provider gives by then.";
pub const IDENTITY: &str = "Identity";
pub const SUBJECT: &str = "Subject";
pub const LINKED: &str = "Since";
pub const UNLINK: &str = "Part";
pub const UNLINKING: &str = "Parting…";
pub const SIGNED_IN_NOWHERE: &str = "Signed in nowhere.";
pub const UNKNOWN_DEVICE: &str = "Unknown browser";

pub const WHAT_THEY_WERE: &str = "What they were";
pub const RECORDS_STAY: &str = "Records keep the name.";
pub const ITS_RECORD: &str = "The record of it";

pub const SUMMARY: &str = "Summary";
pub const PERIOD: &str = "Period";
pub const SHOW: &str = "Show";
pub const WHEN: &str = "When they did it";
pub const SEE_RECORDS: &str = "See the records";
pub const SIGN_INS: &str = "Sign-ins";
pub const FAILED: &str = "Failed sign-ins";
pub const LAST_SIGN_IN: &str = "Last sign-in of the period";
pub const SECTIONS: &str = "By section";
pub const ACTIONS: &str = "By kind of act";
pub const PLACES: &str = "Places";
pub const IMPERSONATED_BY: &str = "Others who appeared as them";
pub const IMPERSONATED: &str = "As whom they appeared";
pub const WHAT: &str = "What";
pub const WHO: &str = "Who";
pub const ADDRESS: &str = "IP address";
pub const RECORDS: &str = "Records";
pub const FIRST: &str = "First";
pub const LAST: &str = "Last";
pub const OF_THE_NEWEST: &str = "Counted over the newest 50,000 records of the period.";
pub const MORE_PLACES: &str = "These are the latest; there may be more.";

pub fn tab(tab: UserTab) -> &'static str {
    match tab {
        UserTab::Overview => "Overview",
        UserTab::Activity => "Activity",
        UserTab::AuditLog => "Audit log",
        UserTab::Past => PAST,
    }
}

pub fn pages_of(name: &str) -> String {
    format!("Pages of {name}")
}

pub fn deleted_on(name: &str) -> String {
    format!("{name} was deleted on")
}

pub fn last(days: u32) -> String {
    format!("Last {days} days")
}
