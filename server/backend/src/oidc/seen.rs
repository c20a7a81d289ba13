//! What was looked at on the way, for the record: names and outcomes, never what is secret.

use super::Ids;
use daybook_domain::{event::Step, time::Clock};
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Seen {
    clock: Arc<dyn Clock>,
    pub steps: Vec<Step>,
    pub ids: Ids,
}

impl Seen {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            steps: Vec::new(),
            ids: Ids::default(),
        }
    }

    pub fn step(&mut self, message: impl Into<String>, data: Value) {
        let step = Step::new(self.clock.now(), message).with_data(data);
        self.steps.push(step);
    }
}
