//! An event while it is being written: reads like the sentence it becomes.

use super::network::Origin;
use daybook_domain::{
    event::{Action, Actor, Auth, Change, EventBody, NamedRef, Outcome, Step, Target},
    log::LogKind,
    time::Timestamp,
};
use serde_json::Value;

#[derive(Debug)]
pub struct Draft(
    // In a box: it is handed from sentence to sentence, and it is large.
    Box<EventBody>,
);

impl Draft {
    pub fn new(at: Timestamp, log: LogKind, event_type: impl Into<String>, actor: Actor) -> Self {
        let mut event = Box::new(EventBody::new(event_type, actor, at));
        event.log = log;
        Self(event)
    }

    pub fn in_log(mut self, log: LogKind) -> Self {
        self.0.log = log;
        self
    }

    pub fn action(mut self, action: Action) -> Self {
        self.0.action = action;
        self
    }

    pub fn area(mut self, category: &str, section: &str) -> Self {
        self.0.category = Some(category.to_owned());
        self.0.section = Some(section.to_owned());
        self
    }

    pub fn says(mut self, summary: impl Into<String>) -> Self {
        self.0.summary = Some(summary.into());
        self
    }

    pub fn failed(mut self, reason: impl Into<String>) -> Self {
        self.0.outcome = Outcome::Failure;
        self.0.reason = Some(reason.into());
        self
    }

    /// Why, of something that went well.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.0.reason = Some(reason.into());
        self
    }

    pub fn by(mut self, impersonator: Actor) -> Self {
        self.0.impersonator = Some(impersonator);
        self
    }

    pub fn on(mut self, target: Target) -> Self {
        self.0.targets.push(target);
        self
    }

    pub fn company(mut self, company: NamedRef) -> Self {
        self.0.company = Some(company);
        self
    }

    pub fn contact(mut self, contact: NamedRef) -> Self {
        self.0.contact = Some(contact);
        self
    }

    pub fn conversation(mut self, conversation: NamedRef) -> Self {
        self.0.conversation = Some(conversation);
        self
    }

    pub fn brand(mut self, brand: NamedRef) -> Self {
        self.0.brand = Some(brand);
        self
    }

    pub fn from(mut self, origin: Origin) -> Self {
        self.0.ip = origin.ip;
        self.0.user_agent = origin.user_agent.map(str::to_owned);
        self.0.portal = origin.portal;
        self
    }

    pub fn signed_in_with(mut self, source: &str) -> Self {
        self.0.login_source = Some(source.to_owned());
        self
    }

    pub fn auth(mut self, method: &str, id: String) -> Self {
        self.0.auth = Some(Auth {
            method: Some(method.to_owned()),
            id: Some(id),
        });
        self
    }

    pub fn change(mut self, change: Change) -> Self {
        self.0.changes.push(change);
        self
    }

    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.0.changes.extend(changes);
        self
    }

    pub fn steps(mut self, steps: Vec<Step>) -> Self {
        self.0.steps = steps;
        self
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.metadata.insert(key.to_owned(), value.into());
        self
    }

    pub fn linked(mut self, correlation_id: &str) -> Self {
        self.0.correlation_id = Some(correlation_id.to_owned());
        self
    }

    pub fn done(self) -> Box<EventBody> {
        self.0
    }
}
