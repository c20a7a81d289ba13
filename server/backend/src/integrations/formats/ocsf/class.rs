//! Which class of events one belongs to, and which of the class's activities it is.

use super::super::{about::Subject, text::words};
use super::{granted, recipient};
use daybook_domain::event::{Action, EventBody};

pub(super) const OTHER: i64 = 99;
/// A class of events: its number, its name, its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Class {
    pub uid: i64,
    pub name: &'static str,
    pub(super) category: (i64, &'static str),
}

const IAM: (i64, &str) = (3, "Identity & Access Management");
const NETWORK: (i64, &str) = (4, "Network Activity");
const APPLICATION: (i64, &str) = (6, "Application Activity");

const fn class(uid: i64, name: &'static str, category: (i64, &'static str)) -> Class {
    Class { uid, name, category }
}

pub(super) const ACCOUNT_CHANGE: Class = class(3001, "Account Change", IAM);
pub(super) const AUTHENTICATION: Class = class(3002, "Authentication", IAM);
pub(super) const ENTITY_MANAGEMENT: Class = class(3004, "Entity Management", IAM);
pub(super) const USER_ACCESS: Class = class(3005, "User Access Management", IAM);
pub(super) const EMAIL_ACTIVITY: Class = class(4009, "Email Activity", NETWORK);
pub(super) const WEB_RESOURCES: Class = class(6001, "Web Resources Activity", APPLICATION);
pub(super) const API_ACTIVITY: Class = class(6003, "API Activity", APPLICATION);
pub(super) const APPLICATION_ERROR: Class = class(6008, "Application Error", APPLICATION);

impl Class {
    pub(in super::super) fn of(body: &EventBody) -> Self {
        match Subject::of(body) {
            Subject::Session => AUTHENTICATION,
            Subject::Account => ACCOUNT_CHANGE,
            Subject::Rights => USER_ACCESS,
            Subject::Transfer => WEB_RESOURCES,
            Subject::Api => API_ACTIVITY,
            // An email of which neither end is known isn't one in that class.
            Subject::Email if recipient(body).is_some() => EMAIL_ACTIVITY,
            Subject::Email | Subject::Failure => APPLICATION_ERROR,
            Subject::Thing => ENTITY_MANAGEMENT,
        }
    }

    /// Whether who acted is an attribute of the class itself. The others have it by the profile "host".
    pub(super) fn knows_actors(self) -> bool {
        self.category == IAM || self == API_ACTIVITY
    }

    /// Whether from where and with what somebody acted is.
    pub(super) fn knows_requests(self) -> bool {
        self.knows_actors() || self == WEB_RESOURCES
    }

    pub(super) fn activity(self, body: &EventBody) -> (i64, &'static str) {
        let known = match self {
            AUTHENTICATION => match body.action {
                Action::Login => Some((1, "Logon")),
                Action::Logout | Action::ImpersonateEnd => Some((2, "Logoff")),
                Action::ImpersonateStart => Some((7, "Account Switch")),
                _ => None,
            },
            ACCOUNT_CHANGE => account_activity(body),
            USER_ACCESS if granted(body).is_empty() => Some((2, "Revoke Privileges")),
            USER_ACCESS => Some((1, "Assign Privileges")),
            EMAIL_ACTIVITY => Some((1, "Send")),
            WEB_RESOURCES if body.action == Action::Import => Some((6, "Import")),
            WEB_RESOURCES => Some((7, "Export")),
            API_ACTIVITY => Some((2, "Read")),
            APPLICATION_ERROR => Some((1, "General Error")),
            _ => match body.action {
                Action::Create => Some((1, "Create")),
                Action::Read => Some((2, "Read")),
                Action::Update => Some((3, "Update")),
                Action::Delete => Some((4, "Delete")),
                Action::Enable => Some((8, "Enable")),
                Action::Disable => Some((9, "Disable")),
                _ => None,
            },
        };
        known.unwrap_or((OTHER, body.action.title()))
    }
}

/// What became of an account. The schema has no word for a change of name or address.
fn account_activity(body: &EventBody) -> Option<(i64, &'static str)> {
    let words: Vec<String> = words(&body.event_type).collect();
    let says = |any: &[&str]| any.iter().any(|word| words.iter().any(|said| said == word));
    let second_factor = says(&["mfa", "2fa", "factor"]) || (says(&["two"]) && says(&["step", "factor"]));
    match body.action {
        _ if says(&["password"]) && says(&["reset"]) => Some((4, "Password Reset")),
        _ if says(&["password"]) => Some((3, "Password Change")),
        _ if second_factor && says(&["disabled", "deactivated", "removed", "reset", "deactivate"]) => {
            Some((11, "MFA Factor Disable"))
        }
        _ if second_factor && says(&["enabled", "activated", "added", "enrolled", "activate"]) => {
            Some((10, "MFA Factor Enable"))
        }
        _ if says(&["unlock", "unlocked"]) => Some((12, "Unlock")),
        _ if says(&["lock", "locked"]) => Some((9, "Lock")),
        Action::Create | Action::Invite => Some((1, "Create")),
        Action::Enable | Action::Restore => Some((2, "Enable")),
        Action::Disable | Action::Revoke => Some((5, "Disable")),
        Action::Delete => Some((6, "Delete")),
        _ => None,
    }
}
