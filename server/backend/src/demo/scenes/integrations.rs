//! Third-party integrations that fail (R13): which one, of what type, why, with what the other side said.

use crate::demo::{
    calendar::MINUTE,
    draft::Draft,
    life::{Next, Scene, Stage},
    things::KindName,
};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Target},
    log::LogKind,
};
use serde_json::json;

/// The type of each integration and what it synchronises, in the order of their names in `things`.
const TYPES: [(&str, &[&str]); 7] = [
    (
        "Professional services automation",
        &["Company", "Contact", "Ticket", "Time entry"],
    ),
    ("Identity provider", &["User", "Group"]),
    ("Accounting", &["Invoice", "Company"]),
    ("Chat", &["Message", "Channel"]),
    ("Customer relationship management", &["Contact", "Company"]),
    ("Remote monitoring", &["Device", "Alert"]),
    ("Calendar", &["Appointment"]),
];

/// Why a call failed: type, reason, the other side's status.
pub type Cause = (&'static str, &'static str, i64);

/// The other side is down: what the outage looks like.
pub const OUTAGE: Cause = ("unavailable", "The other side answers 503 since 09:40", 503);

static CAUSES: [Cause; 8] = [
    (
        "authentication_expired",
        "The refresh token has expired: connect again",
        401,
    ),
    ("rate_limited", "More calls than the other side allows", 429),
    ("timeout", "No answer within 30 seconds", 0),
    ("mapping_error", "A required field has no counterpart", 0),
    (
        "conflict",
        "Both sides changed the record since the last run",
        409,
    ),
    (
        "permission_missing",
        "The connected account may not read this",
        403,
    ),
    ("not_found", "The record was deleted on the other side", 404),
    (
        "invalid_data",
        "A field is longer than the other side allows",
        422,
    ),
];

/// A run that fails, and the runs after it until somebody or something mends it.
#[derive(Debug)]
pub struct Failing {
    integration: usize,
    cause: Cause,
    left: u64,
    run: String,
}

impl Failing {
    pub fn any(stage: &mut Stage) -> Self {
        let number = stage.dice.index(TYPES.len());
        let cause = stage.dice.pick(&CAUSES);
        let left = if stage.dice.percent(60) {
            1
        } else {
            2 + stage.dice.below(3)
        };
        Self::of(stage, number, cause, left)
    }

    /// `number` is the integration's position among the integrations.
    pub fn of(stage: &mut Stage, number: usize, cause: Cause, left: u64) -> Self {
        Self {
            integration: number,
            cause,
            left,
            run: stage.dice.token(),
        }
    }
}

impl Scene for Failing {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let (of_type, objects) = TYPES[self.integration % TYPES.len()];
        let kind = KindName::Integration as usize;
        let living = stage.world.things.living(kind);
        let thing = living[self.integration % living.len()];
        let object = stage.dice.pick(objects);
        let id = stage.dice.range(1_000, 99_999);
        let millis = stage.dice.range(60, 30_000);
        let request_id = stage.dice.token();
        let integration = stage.world.things.get(thing);
        let name = &integration.name;
        let (failure, reason, status) = self.cause;
        let actor = Actor::named(ActorKind::System, "Integration runner").with_id("integration-runner");
        let draft = Draft::new(stage.now, LogKind::IntegrationFailure, "integration.call_failed", actor)
            .action(Action::Other)
            .area("Integrations", of_type)
            .says(format!("{name} could not synchronise {} {id}: {}", object.to_lowercase(), reason))
            .failed(reason)
            .on(Target::new("integration", &integration.id, name))
            .with("integration_type", of_type)
            .with("failure_type", failure)
            .with("details", json!({ "object": object, "object_id": id, "direction": if id % 2 == 0 { "in" } else { "out" }, "duration_ms": millis }))
            .with("response", json!({ "status": (status > 0).then_some(status), "request_id": request_id }))
            .linked(&self.run);
        stage.emit(draft);
        self.left -= 1;
        match self.left {
            0 => Next::End,
            more => {
                let every = stage
                    .world
                    .things
                    .value(thing, "Sync interval in minutes")
                    .as_i64()
                    .unwrap_or(15);
                Next::After {
                    micros: every * MINUTE,
                    more,
                }
            }
        }
    }
}
