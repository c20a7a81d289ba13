//! A role granted outside business hours.

use super::{Around, Finding, Rule, Subject};
use crate::monitoring::memory::Memory;
use chrono::{Datelike, Timelike};
use daybook_domain::{
    event::{Action, ActorKind, Event, Outcome},
    time::Timestamp,
};
use serde_json::Value;

pub(super) struct OutsideHours {
    pub from: u32,
    pub to: u32,
    /// From Monday on.
    pub days: u32,
}

impl OutsideHours {
    fn is_outside(&self, at: Timestamp, around: &Around) -> bool {
        let local = at.to_datetime().with_timezone(&around.zone);
        let (day, hour) = (local.weekday().num_days_from_monday(), local.hour());
        day >= self.days || !(self.from..self.to).contains(&hour)
    }
}

/// Whether somebody has, or a role allows, what they didn't.
fn grants(event: &Event) -> bool {
    let acts = matches!(
        event.body.action,
        Action::Create | Action::Update | Action::Assign | Action::Invite | Action::Enable
    );
    let gives = event.body.changes.iter().any(|change| {
        let property = change.property.to_lowercase();
        match property.as_str() {
            "role" | "roles" | "group" | "groups" | "security group" | "security role" => {
                !change.after.is_null()
            }
            "permissions" | "rights" => has_more(&change.before, &change.after),
            _ => false,
        }
    });
    acts && gives && event.body.outcome == Outcome::Success
}

/// Whether a set has something that it hadn't; of what is no set, whether it is there.
fn has_more(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => after.iter().any(|of| !before.contains(of)),
        (_, after) => !after.is_null() && after != before,
    }
}

impl Rule for OutsideHours {
    fn names(&self, event: &Event, around: &Around) -> Option<Vec<String>> {
        // Programs work at night.
        let is_person = event.body.actor.kind == ActorKind::User && event.body.actor.automation.is_none();
        let outside = || self.is_outside(event.body.occurred_at, around);
        (is_person && grants(event) && outside()).then(Vec::new)
    }

    fn look(&self, event: &Event, _: &mut Memory, around: &Around) -> Vec<Finding> {
        let subject = Subject::actor(&event.body.actor);
        let at = event.body.occurred_at.to_datetime().with_timezone(&around.zone);
        let to = event.body.target().map_or("somebody", |target| target.label());
        let when = at.format("%A at %H:%M");
        let summary = format!(
            "{} changed the role or permissions of {to} on a {when}, {}",
            subject.name, around.zone
        );
        vec![Finding::new(event, subject, summary)]
    }
}
