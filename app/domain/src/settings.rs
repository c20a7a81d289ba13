//! What administrators set for the whole workspace.

use crate::{log::LogKind, naming::Helpdesk, regional::RegionalFormat, seen::Seen};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Everything there is to see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The workspace's name.
    pub workspace: String,
    /// IANA name of the zone in which new users read times.
    pub zone: String,
    /// How dates and numbers are written for new users.
    pub format: RegionalFormat,
    /// It decides what agents are called.
    pub helpdesk: Helpdesk,
    /// Whether the helpdesk has the courses module.
    pub courses: bool,
    /// The logs beyond the core ones, in the order of their tabs.
    pub logs: Vec<LogTab>,
    /// Who changes the name, the zone or the helpdesk says that they have seen this.
    pub seen: Seen,
}

/// The workspace as an administrator fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceForm {
    pub name: String,
    /// IANA name.
    pub zone: String,
    pub format: RegionalFormat,
}

/// Whether a log has a tab. The core logs always have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTab {
    pub log: LogKind,
    pub records: u64,
    /// Also without records.
    pub switched_on: bool,
}

/// What the workspace asks of those who sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPolicy {
    /// Minutes without a request after which a session is over.
    pub idle_minutes: u32,
    /// Hours after the sign-in when it is over in any case.
    pub longest_hours: u32,
    /// Characters of a new password.
    pub password_length: u32,
    /// Networks (RFC 4632) from which people come in, sorted; empty for any.
    pub networks: Vec<String>,
}

impl SignInPolicy {
    pub const IDLE_MINUTES: RangeInclusive<u32> = 5..=7 * 24 * 60;
    pub const LONGEST_HOURS: RangeInclusive<u32> = 1..=90 * 24;
    pub const PASSWORD_LENGTH: RangeInclusive<u32> = 12..=128;
    pub const MAX_NETWORKS: usize = 100;
}

impl Default for SignInPolicy {
    /// What a workspace begins with.
    fn default() -> Self {
        Self {
            idle_minutes: 12 * 60,
            longest_hours: 14 * 24,
            password_length: *Self::PASSWORD_LENGTH.start(),
            networks: Vec::new(),
        }
    }
}
