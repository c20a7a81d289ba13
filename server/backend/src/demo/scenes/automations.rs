//! Workflows and business rules that stopped with an error (R14), at which step and why.

use crate::demo::{
    calendar::MINUTE,
    draft::Draft,
    life::{Next, Scene, Stage},
    things::KindName,
    world::{WORKFLOWS, automation, workflow},
};
use daybook_domain::{
    event::{Action, Actor, Automation, NamedRef, Step, Target},
    log::LogKind,
};
use serde_json::json;

#[derive(Debug)]
pub struct Stopped {
    actor: Actor,
    target: Target,
    left: u64,
}

impl Stopped {
    pub fn any(stage: &mut Stage) -> Self {
        let left = if stage.dice.percent(75) { 1 } else { 2 };
        if stage.dice.percent(65) {
            let number = stage.dice.index(WORKFLOWS.len());
            let (id, name) = WORKFLOWS[number];
            return Self {
                actor: workflow(number),
                target: Target::new("workflow", id, name),
                left,
            };
        }
        let kind = KindName::BusinessRule as usize;
        let rule = stage.dice.pick(stage.world.things.living(kind));
        let rule = stage.world.things.get(rule);
        Self {
            actor: automation(Automation::BusinessRule, Some(&rule.id), &rule.name),
            target: Target::new("business_rule", &rule.id, &rule.name),
            left,
        }
    }
}

impl Scene for Stopped {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const ERRORS: [(&str, &str); 7] = [
            ("Assign to queue ‘Networks’", "The queue was deleted"),
            ("Call webhook ‘Ticket mirror’", "No answer within 15 seconds"),
            (
                "Send reply ‘We are on it’",
                "The template has no text in Français",
            ),
            ("Set property ‘Region’", "The property does not exist"),
            ("Wait for approval", "The approver is deactivated"),
            (
                "Add tag ‘vip’",
                "The rule ran 50 times for one conversation and was stopped",
            ),
            ("Look up the company", "Found 2 companies for one email domain"),
        ];
        let number = stage.world.conversations_so_far() - stage.dice.below(40);
        let (step, reason) = stage.dice.pick(&ERRORS);
        let name = self.target.label().to_owned();
        let what = if self.target.kind == "workflow" {
            "Workflow"
        } else {
            "Business rule"
        };
        let steps = vec![
            Step::new(stage.now.plus_micros(-214_000), "Started")
                .with_data(json!({ "conversation": number })),
            Step::new(stage.now.plus_micros(-198_000), "Conditions met")
                .with_data(json!({ "matched": 3, "of": 3 })),
            Step::new(stage.now, format!("Stopped at “{step}”")).with_data(json!({ "error": reason })),
        ];
        let event_type = format!("{}.failed", self.target.kind);
        let draft = Draft::new(
            stage.now,
            LogKind::WorkflowFailure,
            event_type,
            self.actor.clone(),
        )
        .action(Action::Other)
        .area("Automation", what)
        .says(format!(
            "{what} “{name}” stopped at “{step}” for #{number}: {reason}"
        ))
        .failed(reason)
        .on(self.target.clone())
        .conversation(NamedRef::new(number.to_string(), format!("#{number}")))
        .steps(steps)
        .with("step", step);
        stage.emit(draft);
        self.left -= 1;
        match self.left {
            0 => Next::End,
            more => Next::After {
                micros: stage.dice.range(5, 60) * MINUTE,
                more,
            },
        }
    }
}
