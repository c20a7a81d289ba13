//! An employee leaves: access is taken away in one action, conversations are handed over, and later somebody tries
//! the door that is now locked.

use super::{Chapter, days_before_end};
use crate::demo::{
    calendar::{HOUR, MINUTE, SECOND},
    draft::Draft,
    life::{Next, Scene, Stage},
    network::{Origin, home},
    scenes::{
        activity::{Author, updated},
        routing::end_session,
        sign_in::{Refused, sign_in},
    },
};
use daybook_domain::{
    event::{Action, Change, Portal, Target},
    log::LogKind,
};
use serde_json::json;

/// The last of those who left is the one who comes back to the door.
pub fn plan(stage: &mut Stage, chapters: &mut Vec<Chapter>) {
    let leavers = stage.world.leavers.clone();
    let start = stage.world.calendar.start();
    let end = days_before_end(stage, 16);
    let count = i64::try_from(leavers.len()).unwrap_or(1).max(1);
    for (number, agent) in (1_i64..).zip(leavers.iter().copied()) {
        let last = number == count;
        let about = start.plus_micros((end.micros() - start.micros()) / count * number);
        let office = stage.world.agents[agent].user.office;
        let at = stage
            .world
            .calendar
            .working_hour(office, about, 16)
            .plus_micros(stage.dice.range(0, HOUR));
        stage.world.agents[agent].leaves = Some(at);
        let scene = Leaving {
            agent,
            comes_back: last,
            part: Part::Goes,
            link: stage.dice.token(),
            tries: 3,
        };
        chapters.push(Chapter {
            at,
            more: if last { 13 } else { 9 },
            scene: Box::new(scene),
        });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Goes,
    HandsOver,
    TriesTheDoor,
}

#[derive(Debug)]
struct Leaving {
    agent: usize,
    comes_back: bool,
    part: Part,
    link: String,
    tries: u64,
}

impl Leaving {
    fn record(
        &self,
        stage: &Stage,
        author: &Author,
        event_type: &str,
        action: Action,
        says: String,
    ) -> Draft {
        let who = &stage.world.agents[self.agent];
        Draft::new(stage.now, LogKind::Activity, event_type, author.actor.clone())
            .action(action)
            .area("Users & permissions", "User")
            .says(says)
            .on(who.user_target())
            .from(author.origin)
            .linked(&self.link)
    }

    fn goes(&self, stage: &mut Stage) {
        let author = Author::admin(stage);
        let thing = stage.world.agents[self.agent].thing;
        let name = stage.world.agents[self.agent].user.name.clone();
        let draft = self
            .record(
                stage,
                &author,
                "user.deactivated",
                Action::Disable,
                format!("Deactivated {name}"),
            )
            .because("Last working day")
            .change(Change::new("Status", "Active", "Deactivated"));
        stage.emit(draft);
        stage.tick();
        let draft = self
            .record(
                stage,
                &author,
                "user.updated",
                Action::Update,
                format!("Took the role Agent from {name}"),
            )
            .change(Change::new("Portal role", "Agent", json!(null)));
        stage.emit(draft);
        for property in ["Boards", "Permissions", "User groups"] {
            stage.tick();
            if let Some(change) = stage.world.things.set(thing, property, json!([])) {
                updated(stage, &author, thing, vec![change], &self.link);
            }
        }
        stage.tick();
        end_session(stage, self.agent, &self.link, Some(author.actor.clone()));
        stage.tick();
        let draft = self
            .record(
                stage,
                &author,
                "session.revoked",
                Action::Revoke,
                format!("Ended all 3 sessions of {name}"),
            )
            .with("sessions", 3);
        stage.emit(draft.in_log(LogKind::Access).area("Authorization", "Session"));
        stage.world.things.remove(thing);
    }

    fn hands_over(&self, stage: &mut Stage) {
        let author = Author::admin(stage);
        let heir = stage.world.agent(stage.now, &mut stage.dice);
        let count = stage.dice.range(4, 19);
        let who = &stage.world.agents[self.agent];
        let heir = &stage.world.agents[heir];
        let says = format!(
            "Handed {count} conversations of {} over to {}",
            who.user.name, heir.user.name
        );
        let draft = self
            .record(stage, &author, "conversations.reassigned", Action::Assign, says)
            .on(Target::new(
                "service_agent",
                heir.user.id.to_string(),
                &heir.user.name,
            ))
            .change(Change::new(
                "Assigned to",
                who.user.name.as_str(),
                heir.user.name.as_str(),
            ))
            .with("conversations", count);
        stage.emit(draft);
    }
}

impl Scene for Leaving {
    fn play(&mut self, stage: &mut Stage) -> Next {
        match self.part {
            Part::Goes => {
                self.goes(stage);
                self.part = Part::HandsOver;
                Next::After {
                    micros: stage.dice.range(2 * MINUTE, 20 * MINUTE),
                    more: if self.comes_back { 4 } else { 1 },
                }
            }
            Part::HandsOver => {
                self.hands_over(stage);
                if !self.comes_back {
                    return Next::End;
                }
                self.part = Part::TriesTheDoor;
                Next::After {
                    micros: stage.dice.range(50 * HOUR, 80 * HOUR),
                    more: self.tries,
                }
            }
            Part::TriesTheDoor => {
                let ip = home(&mut stage.dice);
                let known = stage.world.agents[self.agent].home;
                let origin = Origin::of(if self.tries > 1 { known } else { ip }, PHONE, Portal::Agent);
                let link = stage.dice.token();
                sign_in(stage, self.agent, origin, &link, Some(Refused::Deactivated));
                self.tries -= 1;
                match self.tries {
                    0 => Next::End,
                    more => Next::After {
                        micros: stage.dice.range(20, 200) * SECOND,
                        more,
                    },
                }
            }
        }
    }
}

const PHONE: &str = crate::demo::network::BROWSERS[7];
