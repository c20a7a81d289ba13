//! The demo workspace: Northdesk, a helpdesk that doesn't exist, told event by event from a seed.
//!
//! The same seed, end, span and number of events give the same events, byte for byte. Nothing here reads a clock or
//! stores anything; the caller does. Rooms: `start` is what the directory holds at first, `life` keeps time, `world` knows
//! what is true, `scenes` are everyday stories (one file a theme), `story` the ones told once, `things` and `data` what they
//! are about.

mod calendar;
mod data;
mod dice;
mod directory;
mod draft;
mod life;
mod network;
mod people;
mod scenes;
mod start;
mod story;
#[cfg(test)]
mod tests;
mod things;
mod world;

pub use life::SOURCE;
pub use people::{DemoPeople, DemoUser, WORKSPACE_NAME, people};
pub use start::{DemoThings, begins, things};

use daybook_domain::{event::EventBody, time::Timestamp};

/// What demo to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOptions {
    /// How many events, exactly.
    pub events: u64,
    pub seed: u64,
    /// No event is later.
    pub until: Timestamp,
    /// How many days before `until` it begins; 0 counts as 1.
    pub days: u32,
}

/// How many events a day look like 28 agents at work.
const BUSY_DAY: u64 = 900;

impl DemoOptions {
    /// So many events over as many days as make a believable working day: between 30 days and three years.
    pub fn new(events: u64, seed: u64, until: Timestamp) -> Self {
        let days = u32::try_from((events / BUSY_DAY).clamp(30, 1096)).unwrap_or(30);
        Self {
            events,
            seed,
            until,
            days,
        }
    }
}

/// The events, earliest first. They are made as they are asked for: memory grows with how much goes on at the same
/// time, not with how many there are.
pub fn events(options: &DemoOptions) -> impl Iterator<Item = EventBody> + Send + use<> {
    life::Life::new(options)
}
