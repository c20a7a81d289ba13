//! What happens once: people come and leave, a day on which everything fails, an attack and the answer to it. The last of each
//! lies within the last weeks, where somebody who looks around finds it.

mod attack;
mod incident;
mod joining;
mod leaving;

use super::{
    calendar::DAY,
    life::{Scene, Stage},
};
use daybook_domain::time::Timestamp;

/// A scene that begins at a time that is known beforehand.
#[derive(Debug)]
pub struct Chapter {
    pub at: Timestamp,
    /// About how many events it has.
    pub more: u64,
    pub scene: Box<dyn Scene>,
}

/// Below this many events the stories would be all there is.
const ENOUGH: u64 = 500;

/// All chapters.
pub fn plan(stage: &mut Stage, events: u64) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    if events < ENOUGH {
        return chapters;
    }
    joining::plan(stage, &mut chapters);
    leaving::plan(stage, &mut chapters);
    incident::plan(stage, events, &mut chapters);
    attack::plan(stage, events, &mut chapters);
    chapters
}

/// So many days before the end; in a shorter span, as far from it in proportion to three weeks.
fn days_before_end(stage: &Stage, days: i64) -> Timestamp {
    let calendar = &stage.world.calendar;
    let span = calendar.until().micros() - calendar.start().micros();
    let back = if span >= 21 * DAY {
        days * DAY
    } else {
        span / 21 * days
    };
    calendar.until().plus_micros(-back)
}
