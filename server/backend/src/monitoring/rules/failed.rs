//! Many failed sign-ins: of one account, or from one address on several.

use super::{Around, Finding, Rule, Subject, counted, window::reached};
use crate::monitoring::memory::Memory;
use daybook_domain::event::{Action, Event, Outcome};

pub(super) struct FailedSignIns {
    pub count: usize,
    pub minutes: u32,
}

impl FailedSignIns {
    fn subjects(event: &Event) -> Vec<Subject> {
        // Whose account it is: what Daybook itself records has them as a target, and others as the actor.
        let account = event
            .body
            .targets
            .iter()
            .find(|target| matches!(target.kind.as_str(), "user" | "contact"));
        let account = match account {
            Some(of) => {
                let id = of.id.clone().unwrap_or_else(|| of.label().to_owned());
                Subject {
                    key: format!("{}:{id}", of.kind),
                    kind: of.kind.clone(),
                    id: of.id.clone(),
                    name: of.label().to_owned(),
                }
            }
            None => Subject::actor(&event.body.actor),
        };
        let address = event.body.ip.map(Subject::address);
        std::iter::once(account).chain(address).collect()
    }
}

impl Rule for FailedSignIns {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let failed = event.body.action == Action::Login && event.body.outcome == Outcome::Failure;
        let subjects = Self::subjects(event).into_iter();
        failed.then(|| subjects.map(|subject| subject.key).collect())
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let mut found = Vec::new();
        for subject in Self::subjects(event) {
            let key = subject.key.clone();
            let Some(records) = reached(event, memory, &key, self.minutes, self.count) else {
                continue;
            };
            let times = counted(records.len(), "failed sign-in", "failed sign-ins");
            let of = if subject.kind == "ip" { "from" } else { "of" };
            let summary = format!("{times} {of} {} within {} minutes", subject.name, self.minutes);
            found.push(Finding::new(event, subject, summary).showing(records));
        }
        found
    }
}
