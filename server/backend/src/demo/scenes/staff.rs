//! Administration of people (R16): invitations, names and phone numbers, roles, passwords, lost two-step devices, keys.

use super::activity::Author;
use crate::demo::{
    calendar::SECOND,
    draft::Draft,
    life::{Next, Scene, Stage},
    things::describe,
};
use daybook_domain::{
    event::{Action, Change, Target},
    log::LogKind,
};
use serde_json::Value;

const CATEGORY: &str = "Users & permissions";

pub fn open(stage: &mut Stage) -> Box<dyn Scene> {
    match stage.dice.below(10) {
        0..2 => Box::new(Invitation { sent: None }),
        2..4 => Box::new(LostDevice {
            author: None,
            agent: 0,
            link: stage.dice.token(),
        }),
        _ => Box::new(Card),
    }
}

/// Somebody is invited; sometimes the invitation is withdrawn or sent again.
#[derive(Debug)]
struct Invitation {
    sent: Option<(Author, Target)>,
}

impl Scene for Invitation {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const GUESTS: [&str; 6] = [
            "Ólafur Bragason",
            "Chen Yu-Ting",
            "Fatou Diop",
            "Marek Hrubý",
            "رنا سليم",
            "Anna-Lena Öztürk",
        ];
        if let Some((author, target)) = self.sent.take() {
            let again = stage.dice.percent(60);
            let name = target.label().to_owned();
            let (event_type, action, says) = if again {
                (
                    "user.invited_again",
                    Action::Invite,
                    format!("Sent {name} a new invitation; the old one stopped working"),
                )
            } else {
                (
                    "invitation.revoked",
                    Action::Revoke,
                    format!("Withdrew the invitation of {name}"),
                )
            };
            let draft = Draft::new(stage.now, LogKind::Activity, event_type, author.actor)
                .action(action)
                .area(CATEGORY, "Invitation")
                .says(says)
                .on(target)
                .from(author.origin);
            stage.emit(draft);
            return Next::End;
        }
        let author = Author::admin(stage);
        let name = stage.dice.pick(&GUESTS);
        let target = Target::new("user", stage.dice.id().to_string(), name);
        let role = stage.dice.pick(&["Agent", "Agent", "Auditor"]);
        let draft = Draft::new(stage.now, LogKind::Activity, "user.invited", author.actor.clone())
            .action(Action::Invite)
            .area(CATEGORY, "User")
            .says(format!("Invited {name} as {role}"))
            .on(target.clone())
            .from(author.origin)
            .change(Change::new("Name", Value::Null, name))
            .change(Change::new("Role", Value::Null, role))
            .change(Change::new("Status", Value::Null, "Invited"))
            .change(Change::secret("Invitation link"));
        stage.emit(draft);
        if stage.dice.percent(40) {
            self.sent = Some((author, target));
            return Next::After {
                micros: stage.dice.range(60, 40_000) * SECOND,
                more: 1,
            };
        }
        Next::End
    }
}

/// A phone was lost: two-step sign-in is reset, the password replaced, sessions ended, all one action.
#[derive(Debug)]
struct LostDevice {
    author: Option<Author>,
    agent: usize,
    link: String,
}

impl Scene for LostDevice {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let first = self.author.is_none();
        if first {
            self.agent = stage.world.agent(stage.now, &mut stage.dice);
        }
        let author = match self.author.take() {
            Some(author) => author,
            None => Author::admin(stage),
        };
        let who = &stage.world.agents[self.agent];
        let name = &who.user.name;
        let (event_type, action, property, says) = if first {
            (
                "user.two_step_reset",
                Action::Update,
                "Two-step device",
                format!("Reset two-step sign-in of {name}"),
            )
        } else {
            (
                "user.password_reset",
                Action::Update,
                "Password",
                format!("Had {name} choose a new password"),
            )
        };
        let draft = Draft::new(stage.now, LogKind::Activity, event_type, author.actor.clone())
            .action(action)
            .area(CATEGORY, "User")
            .says(says)
            .on(who.user_target())
            .from(author.origin)
            .change(Change::secret(property))
            .linked(&self.link);
        stage.emit(draft);
        if first {
            self.author = Some(author);
            return Next::After {
                micros: stage.dice.range(3, 60) * SECOND,
                more: 1,
            };
        }
        Next::End
    }
}

/// Somebody's card is brought up to date: phone, time zone, role.
#[derive(Debug)]
struct Card;

impl Scene for Card {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let agent = stage.world.agent(stage.now, &mut stage.dice);
        // People may change their own phone; the rest is for administrators.
        let own = stage.dice.percent(35);
        let author = if own {
            Author::agent(stage, agent)
        } else {
            Author::admin(stage)
        };
        let property = if own {
            "Phone"
        } else {
            stage.dice.pick(&["Role", "Phone", "Time zone"])
        };
        let thing = stage.world.agents[agent].thing;
        let Some(change) = stage.world.things.change_named(thing, property, &mut stage.dice) else {
            return Next::End;
        };
        let who = &stage.world.agents[agent];
        let kind = stage.world.things.kind_of(thing);
        let says = describe(kind, &who.user.name, std::slice::from_ref(&change));
        let draft = Draft::new(stage.now, LogKind::Activity, "user.updated", author.actor)
            .action(Action::Update)
            .area(CATEGORY, "User")
            .says(says)
            .on(who.user_target())
            .from(author.origin)
            .change(change);
        stage.emit(draft);
        Next::End
    }
}
