//! Rules looking at events, one event after the other. Nothing is read or stored here.

use super::{
    memory::Memory,
    rules::{Around, Finding, Rule, built_in, is_our_own},
    sigma::{self, Sigma},
};
use crate::{Error, Result};
use daybook_domain::{
    Error as Told,
    catalogue::{OWN_SOURCE, OwnType},
    event::Event,
    monitoring::{Params, RuleId},
    time::Timestamp,
};
use daybook_entity::alert_rule;

/// Whether Daybook itself begins.
fn begins(event: &Event) -> bool {
    event.body.source == OWN_SOURCE && event.body.event_type == OwnType::RecordingStarted.name()
}

/// How often rules with a clock look at it while events pass by.
pub(super) const TICK: i64 = 5 * 60 * 1_000_000;

enum Looks {
    BuiltIn(Box<dyn Rule>),
    Sigma(Box<Sigma>),
}

/// A rule at work, with what it remembers.
pub(super) struct Watcher {
    looks: Looks,
    pub memory: Memory,
}

impl Watcher {
    /// # Errors
    /// `Invalid` for a Sigma rule that can't be read.
    pub fn of(id: RuleId, params: &Params, sigma: Option<&str>) -> Result<Self, Told> {
        let looks = match id {
            RuleId::BuiltIn(of) => Looks::BuiltIn(built_in(of, params)),
            RuleId::Sigma(_) => Looks::Sigma(Box::new(Sigma::read(sigma.unwrap_or_default())?)),
        };
        Ok(Self {
            looks,
            memory: Memory::default(),
        })
    }

    /// Of a rule as it is stored.
    pub fn stored(row: &alert_rule::Model) -> Result<Self> {
        let params: Params = serde_json::from_str(&row.params).map_err(Error::damaged)?;
        let id = row.id.parse()?;
        Self::of(id, &params, row.sigma.as_deref()).map_err(|error| Error::damaged(error.to_string()))
    }

    pub fn has_clock(&self) -> bool {
        matches!(&self.looks, Looks::BuiltIn(rule) if rule.has_clock())
    }

    /// For how many days it has to remember something of which nothing more comes; `None` where it remembers nothing.
    pub fn remembers_days(&self) -> Option<i64> {
        match &self.looks {
            Looks::BuiltIn(rule) => Some(rule.remembers_days()),
            Looks::Sigma(_) => None,
        }
    }

    /// Of what it remembers, what an event bears on.
    pub fn names(&self, event: &Event, around: &Around) -> Vec<String> {
        match &self.looks {
            Looks::BuiltIn(rule) if !is_our_own(event) => rule.names(event, around).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    pub fn passes(&mut self, now: Timestamp) -> Vec<Finding> {
        match &self.looks {
            Looks::BuiltIn(rule) => rule.passes(now, &mut self.memory),
            Looks::Sigma(_) => Vec::new(),
        }
    }
}

/// Several rules that look at the same events.
pub(super) struct Watch<'w> {
    pub watchers: &'w mut [Watcher],
    around: &'w Around,
    ticked: Option<Timestamp>,
}

impl<'w> Watch<'w> {
    pub fn new(watchers: &'w mut [Watcher], around: &'w Around) -> Self {
        Self {
            watchers,
            around,
            ticked: None,
        }
    }

    /// What they find in the next event, each with the place of its rule.
    pub fn look(&mut self, event: &Event) -> Vec<(usize, Finding)> {
        let mut found = Vec::new();
        let now = event.recorded_at;
        let is_due = self
            .ticked
            .is_none_or(|then| now.micros() - then.micros() >= TICK);
        if is_due {
            self.ticked = Some(now);
        }
        // Until Daybook is there again nobody could send anything: that is heard before it is asked who was quiet.
        let is_due = is_due && !begins(event);
        if is_our_own(event) {
            return found;
        }
        let mut told = None;
        for (place, watcher) in self.watchers.iter_mut().enumerate() {
            if is_due && watcher.has_clock() {
                found.extend(watcher.passes(now).into_iter().map(|finding| (place, finding)));
            }
            match &watcher.looks {
                Looks::BuiltIn(rule) => {
                    if rule.names(event, self.around).is_some() {
                        let new = rule.look(event, &mut watcher.memory, self.around);
                        found.extend(new.into_iter().map(|finding| (place, finding)));
                    }
                }
                Looks::Sigma(rule) => {
                    let told = told.get_or_insert_with(|| sigma::told(event));
                    if rule.matches(told) {
                        found.push((place, rule.found(event)));
                    }
                }
            }
        }
        found
    }
}
