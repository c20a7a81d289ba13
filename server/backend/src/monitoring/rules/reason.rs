//! Impersonation without reason.

use super::{Around, Finding, Rule, Subject};
use crate::monitoring::memory::Memory;
use daybook_domain::event::{Action, Event, Outcome};

pub(super) struct WithoutReason {
    pub characters: usize,
}

impl Rule for WithoutReason {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let begins = event.body.action == Action::ImpersonateStart && event.body.outcome == Outcome::Success;
        let reason = event.body.reason.as_deref().unwrap_or_default().trim();
        (begins && reason.chars().count() < self.characters).then(Vec::new)
    }

    fn look(&self, event: &Event, _: &mut Memory, _: &Around) -> Vec<Finding> {
        // Who really acts: some tell it as the actor, others beside the one who is appeared as.
        let who = event.body.impersonator.as_ref().unwrap_or(&event.body.actor);
        let subject = Subject::actor(who);
        let shown = event.body.target().map_or("another", |target| target.label());
        let summary = match event.body.reason.as_deref().map(str::trim) {
            None | Some("") => format!("{} appears as {shown} and gives no reason", subject.name),
            Some(reason) => format!("{} appears as {shown}, because “{reason}”", subject.name),
        };
        vec![Finding::new(event, subject, summary)]
    }
}
