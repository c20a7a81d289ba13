//! Mass delete: one actor deletes many things.

use super::{Around, Finding, Rule, Subject, counted, window::reached};
use crate::monitoring::memory::Memory;
use daybook_domain::event::{Action, Event, Outcome};

pub(super) struct MassDelete {
    pub count: usize,
    pub minutes: u32,
}

impl Rule for MassDelete {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let deletes = event.body.action == Action::Delete && event.body.outcome == Outcome::Success;
        deletes.then(|| vec![Subject::actor(&event.body.actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let subject = Subject::actor(&event.body.actor);
        let Some(records) = reached(event, memory, &subject.key, self.minutes, self.count) else {
            return Vec::new();
        };
        let times = counted(records.len(), "deletion", "deletions");
        let summary = format!("{times} by {} within {} minutes", subject.name, self.minutes);
        vec![Finding::new(event, subject, summary).showing(records)]
    }
}
