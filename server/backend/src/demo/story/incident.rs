//! The day on which everything fails: the machine behind the webhooks is overloaded, an integration is down, and
//! workflows that need them stop. Somebody switches things off and, later, on again. Smaller ones happen all year.

use super::{Chapter, days_before_end};
use crate::demo::{
    calendar::{DAY, HOUR, MINUTE},
    life::{Next, Scene, Stage},
    scenes::{
        activity::{Author, updated},
        integrations, webhooks,
    },
    things::KindName,
};
use daybook_domain::time::Timestamp;

pub fn plan(stage: &mut Stage, events: u64, chapters: &mut Vec<Chapter>) {
    let day = days_before_end(stage, 9);
    let start = stage.world.calendar.working_hour(0, day, 9);
    let messages = (events / 500).clamp(8, 140);
    failures(stage, start, messages, 100 * MINUTE, chapters);
    let runs = (events / 1_500).clamp(4, 60);
    for _ in 0..runs {
        let at = start.plus_micros(stage.dice.range(0, 150 * MINUTE));
        let scene = integrations::Failing::of(stage, 0, integrations::OUTAGE, 1);
        chapters.push(Chapter {
            at,
            more: 1,
            scene: Box::new(scene),
        });
    }
    let at = start.plus_micros(35 * MINUTE);
    chapters.push(Chapter {
        at,
        more: 6,
        scene: Box::new(Response {
            off: Vec::new(),
            link: stage.dice.token(),
        }),
    });
    // Once in a while a smaller one, as they happen.
    let begin = stage.world.calendar.start();
    let mut at = day.plus_micros(-34 * DAY);
    while at > begin {
        let hour = i64::try_from(stage.dice.below(24)).unwrap_or(0);
        failures(
            stage,
            at.plus_micros(hour * HOUR),
            messages / 6 + 2,
            40 * MINUTE,
            chapters,
        );
        at = at.plus_micros(-37 * DAY);
    }
}

/// Messages that fail within a span of time.
fn failures(stage: &mut Stage, from: Timestamp, messages: u64, span: i64, chapters: &mut Vec<Chapter>) {
    let webhooks = stage.world.things.living(KindName::Webhook as usize).to_vec();
    for _ in 0..messages {
        let at = from.plus_micros(stage.dice.range(0, span));
        let webhook = webhooks[stage.dice.index(3)];
        let last = 1 + stage.dice.below(3);
        let scene = webhooks::Failing::of(stage, webhook, webhooks::OVERLOADED, last);
        chapters.push(Chapter {
            at,
            more: last,
            scene: Box::new(scene),
        });
    }
}

/// Two webhooks are switched off, and on again when it is over.
#[derive(Debug)]
struct Response {
    off: Vec<usize>,
    link: String,
}

impl Scene for Response {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let author = Author::admin(stage);
        let begin = self.off.is_empty();
        if begin {
            let webhooks = stage.world.things.living(KindName::Webhook as usize);
            self.off = webhooks.iter().take(3).copied().collect();
        }
        for webhook in self.off.clone() {
            if let Some(change) = stage.world.things.set(webhook, "Active", (!begin).into()) {
                updated(stage, &author, webhook, vec![change], &self.link);
                stage.tick();
            }
        }
        if begin {
            return Next::After {
                micros: stage.dice.range(110 * MINUTE, 150 * MINUTE),
                more: 3,
            };
        }
        Next::End
    }
}
