//! Mass export: many rows at once, or export after export.

use super::{Around, Finding, Rule, Subject, counted, window::reached};
use crate::monitoring::memory::Memory;
use daybook_domain::event::{Action, Event, Outcome};

/// What those who send records call the number of rows that went out.
const ROWS: [&str; 5] = ["rows", "records", "count", "row_count", "exported"];

pub(super) struct MassExport {
    pub rows: u64,
    pub count: usize,
    pub minutes: u32,
}

fn rows(event: &Event) -> Option<u64> {
    ROWS.iter()
        .find_map(|name| event.body.metadata.get(*name)?.as_u64())
}

impl Rule for MassExport {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let exports = event.body.action == Action::Export && event.body.outcome == Outcome::Success;
        // What begins has an end that says how much it was.
        let begins = event.body.event_type.ends_with("_started");
        (exports && !begins).then(|| vec![Subject::actor(&event.body.actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let subject = Subject::actor(&event.body.actor);
        let often = reached(event, memory, &subject.key, self.minutes, self.count);
        if let Some(rows) = rows(event).filter(|rows| *rows >= self.rows) {
            let summary = format!("{} took {rows} rows out at once", subject.name);
            return vec![Finding::new(event, subject, summary)];
        }
        let Some(records) = often else { return Vec::new() };
        let times = counted(records.len(), "export", "exports");
        let summary = format!("{times} by {} within {} minutes", subject.name, self.minutes);
        vec![Finding::new(event, subject, summary).showing(records)]
    }
}
