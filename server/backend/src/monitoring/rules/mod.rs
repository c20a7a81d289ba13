//! What each rule looks for. A rule is a function of an event and what it remembers of those before, and knows nothing of
//! databases or clocks: the same code looks at what is recorded now ([`super::follow`]) and at what was recorded once
//! ([`super::trial`]). Time is when things happened.

mod delete;
mod dormant;
mod export;
mod failed;
mod hours;
mod key;
mod place;
mod quiet;
mod reason;
mod travel;
mod window;

use super::{
    memory::Memory,
    places::{Place, Places},
};
use chrono_tz::Tz;
use daybook_domain::{
    event::{Action, Actor, ActorKind, Event, MAX_TEXT_CHARS, Outcome},
    monitoring::{BuiltInRule, Params},
    time::Timestamp,
};
use std::{collections::HashSet, net::IpAddr};

/// What rules need to know beside events.
#[derive(Debug, Clone)]
pub(super) struct Around {
    /// The workspace's.
    pub zone: Tz,
    /// Ids and addresses, in lower case, of those who manage users or roles.
    pub administrators: HashSet<String>,
    pub places: Option<Places>,
}

impl Around {
    fn place(&self, ip: Option<IpAddr>) -> Option<Place> {
        self.places.as_ref()?.place(ip?)
    }
}

/// Who or what an alert is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The same for the same.
    pub key: String,
    /// As in the targets of records.
    pub kind: String,
    pub id: Option<String>,
    pub name: String,
}

impl Subject {
    fn actor(actor: &Actor) -> Self {
        Self {
            key: format!("{}:{}", actor.kind, actor.key()),
            kind: actor.kind.name().to_owned(),
            id: actor.id.clone(),
            name: actor.label(),
        }
    }

    fn address(ip: IpAddr) -> Self {
        Self {
            key: format!("ip:{ip}"),
            kind: "ip".to_owned(),
            id: None,
            name: ip.to_string(),
        }
    }
}

/// Something a rule has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub subject: Subject,
    /// As a sentence without its full stop.
    pub summary: String,
    pub at: Timestamp,
    /// The sequences of the records that show it.
    pub records: Vec<i64>,
}

impl Finding {
    fn new(event: &Event, subject: Subject, summary: String) -> Self {
        Self {
            subject,
            summary: summary.chars().take(MAX_TEXT_CHARS).collect(),
            at: event.body.occurred_at,
            records: vec![event.sequence],
        }
    }

    fn showing(mut self, records: Vec<i64>) -> Self {
        self.records = records;
        self
    }
}

pub(super) trait Rule: Send + Sync {
    /// Of what it remembers, what an event bears on; `None` where the event is nothing to it.
    fn names(&self, event: &Event, around: &Around) -> Option<Vec<String>>;

    /// Looks at an event for which there are [`Self::names`].
    fn look(&self, event: &Event, memory: &mut Memory, around: &Around) -> Vec<Finding>;

    /// Whether it looks at all it remembers, also when nothing happens.
    fn has_clock(&self) -> bool {
        false
    }

    /// What is found because time has passed.
    fn passes(&self, _now: Timestamp, _memory: &mut Memory) -> Vec<Finding> {
        Vec::new()
    }

    /// For how many days it has to remember something of which nothing more comes.
    fn remembers_days(&self) -> i64 {
        2
    }
}

/// A rule that comes with Daybook, with its numbers.
pub(super) fn built_in(of: BuiltInRule, params: &Params) -> Box<dyn Rule> {
    use BuiltInRule as B;
    let get = |name| params.get(of, name);
    let count = |name| usize::try_from(get(name)).unwrap_or(usize::MAX);
    match of {
        B::FailedSignIns => Box::new(failed::FailedSignIns {
            count: count("count"),
            minutes: get("minutes"),
        }),
        B::AdministratorNewPlace => Box::new(place::NewPlace),
        B::ImpossibleTravel => Box::new(travel::Travel {
            speed: get("speed"),
            distance: get("distance"),
        }),
        B::RoleOutsideHours => Box::new(hours::OutsideHours {
            from: get("from_hour"),
            to: get("to_hour"),
            days: get("days"),
        }),
        B::ImpersonationWithoutReason => Box::new(reason::WithoutReason {
            characters: count("characters"),
        }),
        B::MassExport => Box::new(export::MassExport {
            rows: get("rows").into(),
            count: count("count"),
            minutes: get("minutes"),
        }),
        B::MassDelete => Box::new(delete::MassDelete {
            count: count("count"),
            minutes: get("minutes"),
        }),
        B::LoggingStopped => Box::new(quiet::Stopped { hours: get("hours") }),
        B::DormantAccount => Box::new(dormant::Dormant { days: get("days") }),
        B::KeyFromNewNetwork => Box::new(key::NewNetwork { days: get("days") }),
    }
}

/// What no rule ever looks at: what alerts and rules themselves leave behind.
pub(super) fn is_our_own(event: &Event) -> bool {
    let of = event.body.event_type.as_str();
    event.body.source == daybook_domain::catalogue::OWN_SOURCE
        && (of.starts_with("alert.") || of.starts_with("alert_rule."))
}

/// Whether somebody is in now who wasn't: by a form, or by another way.
fn is_sign_in(event: &Event) -> bool {
    event.body.action == Action::Login && event.body.outcome == Outcome::Success
}

/// Whether a person, or a program with a key, acts.
fn is_account(actor: &Actor) -> bool {
    matches!(
        actor.kind,
        ActorKind::User | ActorKind::Contact | ActorKind::ApiKey
    ) && actor.automation.is_none()
        && (actor.id.is_some() || actor.email.is_some())
}

/// `1 failed sign-in`, `12 failed sign-ins`.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
