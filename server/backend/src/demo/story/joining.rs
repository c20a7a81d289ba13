//! New colleagues: invited, and some hours later they choose a password and sign in for the first time.

use super::Chapter;
use crate::demo::{
    calendar::HOUR,
    draft::Draft,
    life::{Next, Scene, Stage},
    scenes::{activity::Author, sign_in::sign_in},
};
use daybook_domain::{
    event::{Action, Change, Portal},
    log::LogKind,
};
use serde_json::json;

pub fn plan(stage: &mut Stage, chapters: &mut Vec<Chapter>) {
    let start = stage.world.calendar.start();
    for agent in 0..stage.world.agents.len() {
        let office = stage.world.agents[agent].user.office;
        let joins = stage.world.agents[agent].joins;
        if joins <= start {
            continue;
        }
        let joins = stage.world.calendar.working_hour(office, joins, 9);
        let joins = joins.plus_micros(stage.dice.range(0, HOUR / 2));
        stage.world.agents[agent].joins = joins;
        let at = joins
            .plus_micros(-stage.dice.range(2 * HOUR, 30 * HOUR))
            .max(start);
        let wait = joins.micros() - at.micros();
        let scene = Joining {
            agent,
            wait,
            invited: false,
            link: stage.dice.token(),
        };
        chapters.push(Chapter {
            at,
            more: 3,
            scene: Box::new(scene),
        });
    }
}

#[derive(Debug)]
struct Joining {
    agent: usize,
    wait: i64,
    invited: bool,
    link: String,
}

impl Scene for Joining {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let who = &stage.world.agents[self.agent];
        let name = who.user.name.clone();
        let role = who.user.role.name();
        let target = who.user_target();
        let actor = who.actor();
        if self.invited {
            let origin = stage.world.origin(self.agent, Portal::Agent, &mut stage.dice);
            let draft = Draft::new(stage.now, LogKind::Activity, "invitation.accepted", actor)
                .action(Action::Enable)
                .area("Users & permissions", "Invitation")
                .says(format!("{name} accepted the invitation and chose a password"))
                .on(target)
                .from(origin)
                .change(Change::new("Status", "Invited", "Active"))
                .change(Change::secret("Password"))
                .linked(&self.link);
            stage.emit(draft);
            stage.tick();
            sign_in(stage, self.agent, origin, &self.link, None);
            return Next::End;
        }
        self.invited = true;
        let author = Author::admin(stage);
        let draft = Draft::new(stage.now, LogKind::Activity, "user.invited", author.actor)
            .action(Action::Invite)
            .area("Users & permissions", "User")
            .says(format!("Invited {name} as {role}"))
            .on(target)
            .from(author.origin)
            .change(Change::new("Name", json!(null), name))
            .change(Change::new("Portal role", json!(null), role))
            .change(Change::new("Status", json!(null), "Invited"))
            .change(Change::secret("Invitation link"));
        stage.emit(draft);
        Next::After {
            micros: self.wait,
            more: 2,
        }
    }
}
