//! Security monitoring: rules that look at each record as it comes, and the alerts they raise (R37).
//!
//! A rule is one of those that come with Daybook ([`BuiltInRule`]), with a few numbers that can be set, or a Sigma rule that
//! somebody has added. An alert is about a subject: an account, a key, an address. While it is open, what the rule finds about
//! the same subject goes into it; it shows the records it was raised for.

mod rules;

pub use rules::{BuiltInRule, Param};

use crate::{
    Error, Result,
    event::words,
    facet::Count,
    id::{AlertId, EventId, UserId},
    object::{Filters, ObjectCursor, SortBy, one_of},
    seen::Seen,
    time::LocalTime,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{collections::BTreeMap, fmt, str::FromStr};
use uuid::Uuid;

/// Longest note to an alert, in characters.
pub const MAX_NOTE: usize = 1_000;
/// Most bytes of a Sigma rule.
pub const MAX_SIGMA_BYTES: usize = 16 * 1024;
/// Most Sigma rules of a workspace: each looks at every record.
pub const MAX_SIGMA_RULES: u64 = 100;
/// Most records that are shown with an alert; of more it is counted how many there are.
pub const MAX_EVIDENCE: u64 = 100;
/// Days of the past that a rule is tried against, and learns from.
pub const PAST_DAYS: u32 = 90;
/// Most records of the past that a rule is tried against, and learns from; the newest.
pub const PAST_RECORDS: i64 = 100_000;
/// An open alert about which nothing came for so long is raised again by what comes then.
pub const QUIET_SECONDS: i64 = 24 * 60 * 60;
/// The filters of the list of alerts.
pub const STATE: &str = "state";
pub const SEVERITY: &str = "severity";
pub const RULE: &str = "rule";

words! {
    /// How bad it is if it is what it looks like.
    Severity {
        Low = "low", "Low";
        Medium = "medium", "Medium";
        High = "high", "High";
        Critical = "critical", "Critical";
    }
}

words! {
    /// How far an alert has been dealt with.
    AlertState {
        /// Nobody has said that they look at it.
        Open = "open", "Open";
        Acknowledged = "acknowledged", "Acknowledged";
        Closed = "closed", "Closed";
    }
}

words! {
    /// Who is mailed when an alert is raised.
    AlertMail {
        Managers = "managers", "Everybody who may manage alerts";
        Nobody = "nobody", "Nobody";
    }
}

/// A rule, as it stands in addresses: the word of one that comes with Daybook, or the id of one that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    BuiltIn(BuiltInRule),
    Sigma(Uuid),
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(rule) => rule.fmt(f),
            Self::Sigma(id) => id.fmt(f),
        }
    }
}

impl FromStr for RuleId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(rule) = BuiltInRule::from_name(text) {
            return Ok(Self::BuiltIn(rule));
        }
        Uuid::parse_str(text)
            .map(Self::Sigma)
            .map_err(|_| Error::NotFound)
    }
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RuleId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// The numbers of a rule, by name. One that isn't there is as the rule comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<String, u32>);

impl Params {
    /// A rule's numbers as typed.
    ///
    /// # Errors
    /// `Invalid` with the name of the first that can't be it.
    pub fn typed(of: BuiltInRule, typed: &BTreeMap<String, String>) -> Result<Self> {
        let mut params = BTreeMap::new();
        for param in of.params() {
            let text = typed.get(param.name).map_or("", |text| text.trim());
            let number = text.parse().ok().filter(|number| param.range().contains(number));
            let number = number.ok_or_else(|| {
                let reason = format!("Enter a whole number from {} to {}.", param.least, param.most);
                Error::invalid(param.name, reason)
            })?;
            params.insert(param.name.to_owned(), number);
        }
        of.checked(Self(params))
    }

    /// The number called `name`; 0 for one that the rule doesn't have.
    pub fn get(&self, of: BuiltInRule, name: &str) -> u32 {
        let usual = || of.params().iter().find(|param| param.name == name);
        let usual = || usual().map_or(0, |param| param.usual);
        self.0.get(name).copied().unwrap_or_else(usual)
    }

    /// Each number of a rule with what it is now.
    pub fn all(&self, of: BuiltInRule) -> impl Iterator<Item = (&'static Param, u32)> {
        of.params()
            .iter()
            .map(move |param| (param, self.get(of, param.name)))
    }
}

/// What the list of alerts can be narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct AlertFilters;

impl Filters for AlertFilters {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        match name {
            STATE => one_of(
                AlertState::from_name(value).is_some(),
                STATE,
                &AlertState::names(),
            ),
            SEVERITY => one_of(Severity::from_name(value).is_some(), SEVERITY, &Severity::names()),
            RULE => one_of(value.parse::<RuleId>().is_ok(), RULE, &BuiltInRule::names()),
            _ => Ok(None),
        }
    }

    fn orders(&self) -> &[SortBy] {
        &[]
    }
}

/// An alert in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub id: AlertId,
    pub rule: RuleId,
    /// As it was called when the alert was raised.
    pub rule_name: String,
    pub severity: Severity,
    pub state: AlertState,
    /// What it is about, as a sentence.
    pub summary: String,
    /// Who or what it is about: a name, a key, an address.
    pub subject: String,
    /// When the first and the last of its records happened.
    pub first: LocalTime,
    pub last: LocalTime,
    /// How many records there are to it.
    pub count: u64,
    /// The name of who looks after it.
    pub assigned: Option<String>,
}

/// A page of alerts, those with the latest records first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPage {
    pub rows: Vec<Alert>,
    /// How many there are in each state, and of each severity.
    pub states: Vec<(AlertState, Count)>,
    pub severities: Vec<(Severity, Count)>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
}

/// A record that an alert was raised for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `None` where it was removed since.
    pub event: Option<EventId>,
    pub sequence: i64,
    pub at: Option<LocalTime>,
    pub who: String,
    /// Its own sentence.
    pub summary: String,
}

/// An alert with everything there is to know to deal with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertDetail {
    pub alert: Alert,
    /// What the rule looks for.
    pub meaning: String,
    /// Whether there is still such a rule.
    pub has_rule: bool,
    pub assigned_to: Option<UserId>,
    pub note: Option<String>,
    /// The oldest first, at most [`MAX_EVIDENCE`].
    pub evidence: Vec<Evidence>,
    /// Who may look after it.
    pub assignees: Vec<(UserId, String)>,
}

/// How a rule stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleState {
    Off,
    /// It is being shown the past, for which it raises nothing: so many records are still to come.
    Learning(u64),
    On,
    /// It can't work; why.
    Unavailable(String),
}

/// A rule in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub severity: Severity,
    pub is_on: bool,
    pub state: RuleState,
    /// Alerts of it that aren't closed.
    pub open: u64,
}

/// A rule with everything there is to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDetail {
    pub rule: Rule,
    pub meaning: String,
    pub params: Params,
    pub mail: AlertMail,
    /// Its text, where it is a Sigma rule.
    pub sigma: Option<String>,
    /// The zone in which hours and days are meant.
    pub zone: String,
    /// Whether there is a mail server to send with.
    pub has_mail: bool,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// A rule as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleForm {
    pub severity: Severity,
    pub mail: AlertMail,
    /// As typed, of a rule that comes with Daybook.
    pub params: BTreeMap<String, String>,
    /// The text of a Sigma rule.
    pub sigma: Option<String>,
}

/// What a rule would have done in the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// How many alerts it would have raised.
    pub alerts: u64,
    /// How many records it looked at, and since when.
    pub records: u64,
    pub since: Option<LocalTime>,
    /// Whether there are more records in these days than it was shown.
    pub is_cut: bool,
    /// The latest few.
    pub examples: Vec<TrialAlert>,
}

/// An alert that would have been raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialAlert {
    pub at: LocalTime,
    pub summary: String,
    /// The record for which it would have been.
    pub event: Option<EventId>,
}

/// A note, as it is stored.
///
/// # Errors
/// `Invalid{field: "note"}`.
pub fn note(typed: &str) -> Result<String> {
    let note = typed.trim().replace("\r\n", "\n");
    if note.is_empty() {
        let reason = "Say what it was, and what was done: who reads it later knows no more than this.";
        return Err(Error::invalid("note", reason));
    }
    if note.chars().count() > MAX_NOTE {
        return Err(Error::invalid(
            "note",
            format!("A note has at most {MAX_NOTE} characters."),
        ));
    }
    if note.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Error::invalid(
            "note",
            "This holds a character that can't be shown.",
        ));
    }
    Ok(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(of: BuiltInRule, change: &[(&str, &str)]) -> Result<Params> {
        let usual = of.params().iter();
        let usual = usual.map(|param| (param.name.to_owned(), param.usual.to_string()));
        let mut all: BTreeMap<_, _> = usual.collect();
        for (name, text) in change {
            all.insert((*name).to_owned(), (*text).to_owned());
        }
        Params::typed(of, &all)
    }

    #[test]
    fn every_rule_comes_as_it_may_be_set() {
        for of in BuiltInRule::ALL.iter().copied() {
            let params = typed(of, &[]).unwrap();
            for (param, number) in params.all(of) {
                assert_eq!(number, param.usual, "{of} {}", param.name);
                assert_eq!(Params::default().get(of, param.name), param.usual);
            }
            assert!(of.meaning().ends_with('.'), "{of}");
            assert_eq!(of.to_string().parse::<RuleId>(), Ok(RuleId::BuiltIn(of)));
        }
    }

    #[test]
    fn numbers_are_held_to_their_bounds() {
        let of = BuiltInRule::FailedSignIns;
        for wrong in ["", "1", "ten", "-3", "100000"] {
            assert!(
                matches!(typed(of, &[("count", wrong)]), Err(Error::Invalid { field, .. }) if field == "count"),
                "{wrong}"
            );
        }
        assert_eq!(typed(of, &[("count", " 7 ")]).unwrap().get(of, "count"), 7);
        let of = BuiltInRule::RoleOutsideHours;
        let turned = typed(of, &[("from_hour", "18"), ("to_hour", "8")]);
        assert!(matches!(turned, Err(Error::Invalid { field, .. }) if field == "to_hour"));
    }

    #[test]
    fn a_note_says_something() {
        assert!(note("  ").is_err());
        assert!(note(&"x".repeat(MAX_NOTE + 1)).is_err());
        assert!(note("a\u{7}").is_err());
        assert_eq!(note(" two\r\nlines "), Ok("two\nlines".to_owned()));
    }
}
