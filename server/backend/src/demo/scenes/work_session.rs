//! Shifts (R19): an agent signs in, starts a work session, is available and not, loses the connection, goes home.

use super::{
    routing::{end_session, heartbeat, lose_connection, route},
    sign_in::{expired, sign_in, sign_out},
};
use crate::demo::{
    calendar::{HOUR, MINUTE, SECOND},
    draft::Draft,
    life::{Next, Scene, Stage},
    network::Origin,
    world::Session,
};
use daybook_domain::{
    event::{Action, Change, Portal},
    log::LogKind,
};
use serde_json::json;

/// A shift of somebody who is not at work yet, else something small about somebody who is.
pub fn open(stage: &mut Stage) -> Box<dyn Scene> {
    if let Some(agent) = stage.world.free_agent(stage.now, &mut stage.dice) {
        return Box::new(Shift::start(stage, agent));
    }
    let agent = stage.world.agent(stage.now, &mut stage.dice);
    Box::new(Pause { agent, back: false })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    SignsIn,
    Starts,
    Works,
    /// Was set to Unavailable; by the system where the connection was lost.
    Away {
        lost: bool,
    },
    Ends,
}

#[derive(Debug)]
struct Shift {
    part: Part,
    agent: usize,
    link: String,
    origin: Origin,
    moments: u64,
    /// Time between two moments.
    pace: i64,
}

impl Shift {
    fn start(stage: &mut Stage, agent: usize) -> Self {
        let moments = 1 + stage.dice.below(stage.world.moments * 2);
        let length = stage.dice.range(4 * HOUR, 9 * HOUR);
        Self {
            part: Part::SignsIn,
            agent,
            link: stage.dice.token(),
            origin: stage.world.origin(agent, Portal::Agent, &mut stage.dice),
            moments,
            pace: length / (i64::try_from(moments).unwrap_or(1) + 1),
        }
    }

    /// The agent was sent home in the middle of it.
    fn is_over(&self, stage: &Stage) -> bool {
        let who = &stage.world.agents[self.agent];
        !who.is_employed(stage.now)
            || (self.part != Part::SignsIn && self.part != Part::Starts && who.session.is_none())
    }

    fn pace(&self, stage: &mut Stage) -> i64 {
        stage.dice.range(self.pace * 2 / 3, self.pace * 4 / 3)
    }

    fn starts(&mut self, stage: &mut Stage) {
        let id = format!("ws-{}", &stage.dice.token()[..10]);
        let capacity = stage.world.capacity(self.agent);
        let free = capacity - stage.world.agents[self.agent].load;
        let held_before = stage.dice.range((free - 3).max(0), (free - 1).max(0));
        let who = &mut stage.world.agents[self.agent];
        who.session = Some(Session {
            id: id.clone(),
            started: stage.now,
            available: true,
            held_before,
            assigned: 0,
            origin: self.origin,
        });
        let draft = Draft::new(
            stage.now,
            LogKind::WorkSession,
            "work-session-started",
            who.actor(),
        )
        .action(Action::Open)
        .area("Work sessions", "Work session")
        .says(format!(
            "{} started a work session with {} of {capacity} conversations",
            who.user.name,
            who.load + held_before
        ))
        .on(who.target())
        .from(self.origin)
        .change(Change::new("Routing status", json!(null), "Available"))
        .with("work_session", id)
        .with("capacity", capacity)
        .linked(&self.link);
        stage.emit(draft);
    }

    fn works(&mut self, stage: &mut Stage) -> Next {
        self.moments = self.moments.saturating_sub(1);
        match stage.dice.below(100) {
            0..62 => {
                let reason = stage.dice.pick(&[
                    "Lunch",
                    "Break",
                    "Meeting",
                    "Training",
                    "Phone call",
                    "Gebet",
                    "Doctor",
                ]);
                let who = stage.world.agents[self.agent].actor();
                route(stage, self.agent, who, self.origin, false, reason);
                self.after(
                    Part::Away { lost: false },
                    stage.dice.range(4 * MINUTE, 50 * MINUTE),
                )
            }
            62..88 => {
                lose_connection(stage, self.agent);
                self.after(
                    Part::Away { lost: true },
                    stage.dice.range(20 * SECOND, 9 * MINUTE),
                )
            }
            _ => {
                self.capacity(stage);
                self.go_on(stage)
            }
        }
    }

    fn capacity(&self, stage: &mut Stage) {
        let admin = stage.world.admin(stage.now, &mut stage.dice);
        let origin = stage.world.origin(admin, Portal::Admin, &mut stage.dice);
        let thing = stage.world.agents[self.agent].thing;
        let before = stage.world.capacity(self.agent);
        let after = if before > 3 && stage.dice.percent(50) {
            before - 1
        } else {
            before + 1
        };
        let Some(change) = stage.world.things.set(thing, "Capacity", after.into()) else {
            return;
        };
        let who = &stage.world.agents[self.agent];
        let boss = &stage.world.agents[admin];
        let draft = Draft::new(stage.now, LogKind::WorkSession, "capacity-changed", boss.actor())
            .action(Action::Update)
            .area("Work sessions", "Capacity")
            .says(format!(
                "{} changed the capacity of {} from {before} to {after}",
                boss.user.name, who.user.name
            ))
            .on(who.target())
            .from(origin)
            .change(change)
            .linked(&self.link);
        stage.emit(draft);
    }

    fn go_on(&mut self, stage: &mut Stage) -> Next {
        let pace = self.pace(stage);
        self.after(if self.moments > 0 { Part::Works } else { Part::Ends }, pace)
    }

    fn after(&mut self, part: Part, micros: i64) -> Next {
        self.part = part;
        let more = match part {
            Part::SignsIn | Part::Starts | Part::Away { .. } => 3 + self.moments * 2,
            Part::Works => 2 + self.moments * 2,
            Part::Ends => 2,
        };
        Next::After { micros, more }
    }

    fn ends(&self, stage: &mut Stage) {
        end_session(stage, self.agent, &self.link, None);
        stage.tick();
        if stage.dice.percent(12) {
            expired(stage, self.agent, &self.link);
        } else {
            sign_out(stage, self.agent, self.origin, &self.link);
        }
    }
}

impl Scene for Shift {
    fn play(&mut self, stage: &mut Stage) -> Next {
        if self.is_over(stage) {
            return Next::End;
        }
        match self.part {
            Part::SignsIn => {
                sign_in(stage, self.agent, self.origin, &self.link, None);
                let wait = stage.dice.range(2 * SECOND, 90 * SECOND);
                self.after(Part::Starts, wait)
            }
            Part::Starts if stage.world.agents[self.agent].session.is_some() => Next::End,
            Part::Starts => {
                self.starts(stage);
                self.go_on(stage)
            }
            Part::Works => self.works(stage),
            Part::Away { lost } => {
                let who = stage.world.agents[self.agent].actor();
                let reason = if lost { "Connected again" } else { "" };
                route(stage, self.agent, who, self.origin, true, reason);
                self.go_on(stage)
            }
            Part::Ends => {
                self.ends(stage);
                Next::End
            }
        }
    }
}

/// Away for a moment, and back.
#[derive(Debug)]
struct Pause {
    agent: usize,
    back: bool,
}

impl Scene for Pause {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let session = stage.world.agents[self.agent].session.as_ref();
        let origin = session.map_or(Origin::NOWHERE, |session| session.origin);
        // Nobody at work, or somebody who is away already: nothing to interrupt but the connection of a browser tab.
        let free = session.is_some_and(|session| session.available != self.back);
        if !free {
            if !self.back {
                heartbeat(stage, self.agent);
            }
            return Next::End;
        }
        let who = stage.world.agents[self.agent].actor();
        route(
            stage,
            self.agent,
            who,
            origin,
            self.back,
            if self.back { "" } else { "Break" },
        );
        if self.back {
            return Next::End;
        }
        self.back = true;
        Next::After {
            micros: stage.dice.range(2 * MINUTE, 20 * MINUTE),
            more: 1,
        }
    }
}
