//! The rules that come with Daybook: what each looks for, and the numbers it can be given.

use super::{Params, Severity};
use crate::{Error, Result, event::words};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

words! {
    /// A rule that comes with Daybook. The names are for ever: they stand in addresses and records.
    BuiltInRule {
        FailedSignIns = "failed_sign_ins", "Many failed sign-ins";
        AdministratorNewPlace = "administrator_new_place", "Administrator from a new country or device";
        ImpossibleTravel = "impossible_travel", "Impossible travel";
        RoleOutsideHours = "role_outside_hours", "Role granted outside business hours";
        ImpersonationWithoutReason = "impersonation_without_reason", "Impersonation without reason";
        MassExport = "mass_export", "Mass export";
        MassDelete = "mass_delete", "Mass delete";
        LoggingStopped = "logging_stopped", "Logging stopped";
        DormantAccount = "dormant_account", "Dormant account used";
        KeyFromNewNetwork = "key_from_new_network", "API key used from a new network";
    }
}

/// A number of a rule.
#[derive(Debug)]
pub struct Param {
    pub name: &'static str,
    pub title: &'static str,
    /// A sentence, or nothing.
    pub hint: &'static str,
    pub least: u32,
    pub most: u32,
    /// What it is until somebody says otherwise.
    pub usual: u32,
}

impl Param {
    pub fn range(&self) -> RangeInclusive<u32> {
        self.least..=self.most
    }
}

const fn param(name: &'static str, title: &'static str, range: (u32, u32), usual: u32) -> Param {
    Param {
        name,
        title,
        hint: "",
        least: range.0,
        most: range.1,
        usual,
    }
}

impl Param {
    const fn saying(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }
}

impl BuiltInRule {
    /// What it looks for, in a sentence or two.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::FailedSignIns => {
                "Sign-ins of one account, or from one address, fail again and again within a short time."
            }
            Self::AdministratorNewPlace => {
                "Somebody who manages users or roles, or who comes in by another system’s Admin Center, signs in from a \
                 country or with a device that Daybook hasn’t seen of them. Countries are told where there is a MaxMind \
                 database; devices always are."
            }
            Self::ImpossibleTravel => {
                "Two sign-ins of one account are so far apart that nobody travels as fast. It needs a MaxMind database \
                 with places."
            }
            Self::RoleOutsideHours => {
                "Somebody is given a role, or a role is given permissions, outside business hours."
            }
            Self::ImpersonationWithoutReason => {
                "Somebody appears as another and gives no reason, or hardly one."
            }
            Self::MassExport => {
                "Somebody takes many rows out at once, or exports again and again within a short time."
            }
            Self::MassDelete => "Somebody deletes many things within a short time.",
            Self::LoggingStopped => {
                "A source that used to send to a log goes quiet for longer than it ever was; or somebody switches auditing \
                 off, pauses an integration or has records kept for a shorter time."
            }
            Self::DormantAccount => "An account that did nothing for long is used again.",
            Self::KeyFromNewNetwork => {
                "A program uses an API key from a network that the key wasn’t used from before."
            }
        }
    }

    pub fn severity(self) -> Severity {
        match self {
            Self::ImpersonationWithoutReason | Self::DormantAccount => Severity::Medium,
            Self::LoggingStopped | Self::ImpossibleTravel => Severity::Critical,
            _ => Severity::High,
        }
    }

    /// Its numbers, in the order of their fields.
    pub fn params(self) -> &'static [Param] {
        const MINUTES: Param = param("minutes", "Within so many minutes", (1, 1_440), 10);
        static FAILED: [Param; 2] = [param("count", "Failed sign-ins", (2, 1_000), 10), MINUTES];
        static TRAVEL: [Param; 2] = [
            param(
                "speed",
                "Faster than so many kilometres an hour",
                (100, 20_000),
                900,
            ),
            param("distance", "Farther than so many kilometres", (50, 20_000), 300)
                .saying("Places of addresses are estimates: short ways mean nothing."),
        ];
        static HOURS: [Param; 3] = [
            param("from_hour", "Business hours begin at", (0, 23), 7)
                .saying("By the clock of the workspace’s time zone."),
            param("to_hour", "Business hours end at", (1, 24), 19),
            param("days", "Business days a week, from Monday on", (1, 7), 5).saying("5 is Monday to Friday."),
        ];
        static REASON: [Param; 1] = [param(
            "characters",
            "A reason has at least so many characters",
            (1, 200),
            10,
        )
        .saying("Shorter ones count as none.")];
        static EXPORT: [Param; 3] = [
            param("rows", "Rows in one export", (10, 10_000_000), 1_000),
            param("count", "Exports", (2, 1_000), 10),
            param("minutes", "Within so many minutes", (1, 1_440), 60),
        ];
        static DELETE: [Param; 2] = [param("count", "Deletions", (2, 1_000), 25), MINUTES];
        static QUIET: [Param; 1] = [param("hours", "Quiet for so many hours", (1, 720), 24)
            .saying("Where a source was quiet for longer before, twice that time has to pass.")];
        static DORMANT: [Param; 1] = [param("days", "Nothing for so many days", (7, 730), 60)];
        static NETWORK: [Param; 1] = [
            param("days", "The key has been known for so many days", (0, 365), 1)
                .saying("Until then its networks are learned."),
        ];
        match self {
            Self::FailedSignIns => &FAILED,
            Self::ImpossibleTravel => &TRAVEL,
            Self::RoleOutsideHours => &HOURS,
            Self::ImpersonationWithoutReason => &REASON,
            Self::MassExport => &EXPORT,
            Self::MassDelete => &DELETE,
            Self::LoggingStopped => &QUIET,
            Self::DormantAccount => &DORMANT,
            Self::KeyFromNewNetwork => &NETWORK,
            Self::AdministratorNewPlace => &[],
        }
    }

    /// Numbers that are each in their bounds, as far as they fit each other.
    pub(super) fn checked(self, params: Params) -> Result<Params> {
        let ends = params.get(self, "to_hour");
        if self == Self::RoleOutsideHours && ends <= params.get(self, "from_hour") {
            return Err(Error::invalid("to_hour", "Business hours end after they begin."));
        }
        Ok(params)
    }
}
