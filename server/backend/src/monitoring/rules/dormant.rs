//! A dormant account used: something of one that did nothing for long.

use super::{Around, Finding, Rule, Subject, is_account};
use crate::monitoring::memory::Memory;
use daybook_domain::event::{Event, Outcome};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// How exactly it is remembered when somebody was last seen: each record of theirs needn't be written down.
const GRAIN: i64 = 6 * 60 * 60 * 1_000_000;

pub(super) struct Dormant {
    pub days: u32,
}

impl Rule for Dormant {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let actor = &event.body.actor;
        let uses = event.body.outcome == Outcome::Success && is_account(actor);
        // Who appears as somebody doesn't wake them.
        (uses && event.body.impersonator.is_none()).then(|| vec![Subject::actor(actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let subject = Subject::actor(&event.body.actor);
        let at = event.body.occurred_at.micros();
        let last: Option<i64> = memory.get(&subject.key);
        if last.is_none_or(|last| at - last >= GRAIN) {
            memory.set(&subject.key, &at, at);
        }
        let days = last.map_or(0, |last| (at - last) / DAY);
        if days < i64::from(self.days) {
            return Vec::new();
        }
        let summary = format!("{} is active again after {days} days", subject.name);
        vec![Finding::new(event, subject, summary)]
    }

    /// Longer than it can be asked for.
    fn remembers_days(&self) -> i64 {
        800
    }
}
