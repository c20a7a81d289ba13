//! Access: short visits of administrators and auditors, mistyped passwords, strangers, appearing as a contact.

use super::sign_in::{Refused, expired, sign_in, sign_out, stranger};
use crate::demo::{
    calendar::{MINUTE, SECOND},
    directory::brand,
    draft::Draft,
    life::{Next, Scene, Stage},
    network::{self, BROWSERS, Origin, SCRIPT},
};
use daybook_domain::{
    event::{Action, Portal, Target},
    log::LogKind,
};
use serde_json::json;

pub fn open(stage: &mut Stage) -> Box<dyn Scene> {
    match stage.dice.below(100) {
        0..66 => Box::new(Visit::start(stage)),
        66..86 => Box::new(AppearAs::start(stage)),
        86..94 => Box::new(Stranger {
            tries: stage.dice.below(3) + 1,
        }),
        _ => Box::new(Denied),
    }
}

/// Somebody looks in: perhaps mistypes, signs in, and later signs out or doesn't.
#[derive(Debug)]
struct Visit {
    agent: usize,
    origin: Origin,
    link: String,
    mistakes: u64,
    inside: bool,
}

impl Visit {
    fn start(stage: &mut Stage) -> Self {
        let admin = stage.dice.percent(45);
        let agent = if admin {
            stage.world.admin(stage.now, &mut stage.dice)
        } else {
            stage.world.agent(stage.now, &mut stage.dice)
        };
        let portal = if admin { Portal::Admin } else { Portal::Agent };
        let mistakes = if stage.dice.percent(17) {
            1 + stage.dice.below(3)
        } else {
            0
        };
        Self {
            agent,
            origin: stage.world.origin(agent, portal, &mut stage.dice),
            link: stage.dice.token(),
            mistakes,
            inside: false,
        }
    }
}

impl Scene for Visit {
    fn play(&mut self, stage: &mut Stage) -> Next {
        if !stage.world.agents[self.agent].is_employed(stage.now) {
            return Next::End;
        }
        if self.mistakes > 0 {
            self.mistakes -= 1;
            let two_step = stage.dice.percent(20);
            let refused = if two_step {
                Refused::TwoStep
            } else {
                Refused::WrongPassword
            };
            sign_in(stage, self.agent, self.origin, &self.link, Some(refused));
            return Next::After {
                micros: stage.dice.range(6, 50) * SECOND,
                more: self.mistakes + 2,
            };
        }
        if !self.inside {
            self.inside = true;
            sign_in(stage, self.agent, self.origin, &self.link, None);
            if stage.dice.percent(30) {
                // The browser is closed; nobody hears of it again.
                return Next::End;
            }
            return Next::After {
                micros: stage.dice.around(25) * MINUTE,
                more: 1,
            };
        }
        if stage.dice.percent(25) {
            expired(stage, self.agent, &self.link);
        } else {
            sign_out(stage, self.agent, self.origin, &self.link);
        }
        Next::End
    }
}

/// The noise of the internet: an address that nobody has, tried a few times.
#[derive(Debug)]
struct Stranger {
    tries: u64,
}

impl Scene for Stranger {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const MAILBOXES: [&str; 8] = [
            "info",
            "root",
            "administrator",
            "test",
            "scanner",
            "sales",
            "j.smith",
            "backup",
        ];
        let agent = if stage.dice.percent(50) {
            SCRIPT
        } else {
            stage.dice.pick(&BROWSERS)
        };
        let origin = Origin::of(network::customer(&mut stage.dice), agent, Portal::Agent);
        let email = format!("{}@northdesk.example", stage.dice.pick(&MAILBOXES));
        stranger(stage, &email, origin, Refused::UnknownUser);
        self.tries -= 1;
        match self.tries {
            0 => Next::End,
            more => Next::After {
                micros: stage.dice.range(2, 40) * SECOND,
                more,
            },
        }
    }
}

/// An agent opens a page that their role doesn't allow.
#[derive(Debug)]
struct Denied;

impl Scene for Denied {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const PAGES: [(&str, &str, &str); 4] = [
            ("/audit-logs/activity", "audit_logs.view", "View audit logs"),
            ("/admin/users", "users.manage", "Manage users"),
            ("/admin/api-keys", "api_keys.manage", "Manage API keys"),
            ("/webhooks", "webhooks.manage", "Manage webhooks"),
        ];
        let agent = stage.world.agent(stage.now, &mut stage.dice);
        let origin = stage.world.origin(agent, Portal::Agent, &mut stage.dice);
        let (page, permission, title) = stage.dice.pick(&PAGES);
        let who = &stage.world.agents[agent];
        let draft = Draft::new(stage.now, LogKind::Access, "access.denied", who.actor())
            .action(Action::Read)
            .area("Authorization", "Agent portal")
            .says(format!("{} was refused {page}", who.user.name))
            .failed(format!("Needs the permission “{title}”"))
            .on(Target::new("page", page, page))
            .from(origin)
            .with("permission", permission);
        stage.emit(draft);
        Next::End
    }
}

/// An agent sees the customer portal as one of its contacts does (R46).
#[derive(Debug)]
struct AppearAs {
    agent: usize,
    contact: usize,
    origin: Origin,
    link: String,
    began: Option<i64>,
    acts: u64,
}

impl AppearAs {
    fn start(stage: &mut Stage) -> Self {
        let agent = stage.world.agent(stage.now, &mut stage.dice);
        Self {
            agent,
            contact: stage.dice.index(stage.world.directory.contacts.len()),
            origin: stage.world.origin(agent, Portal::Customer, &mut stage.dice),
            link: stage.dice.token(),
            began: None,
            acts: stage.dice.below(3),
        }
    }

    fn draft(&self, stage: &Stage, event_type: &str) -> Draft {
        let contact = &stage.world.directory.contacts[self.contact];
        let company = &stage.world.directory.companies[contact.company];
        let agent = &stage.world.agents[self.agent];
        let draft = if event_type.starts_with("impersonation") {
            Draft::new(stage.now, LogKind::Access, event_type, agent.actor())
                .area("Impersonation", "Customer portal")
        } else {
            Draft::new(stage.now, LogKind::Customer, event_type, contact.actor())
                .by(agent.actor())
                .area("Customers", "Contact")
        };
        draft
            .on(contact.target())
            .contact(contact.named())
            .company(company.named())
            .brand(brand(company.brand))
            .from(self.origin)
            .linked(&self.link)
    }
}

impl Scene for AppearAs {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const REASONS: [&str; 6] = [
            "Customer reports that the invoice page stays empty",
            "Check which menu items the contact sees",
            "Reproduce the problem with attachments",
            "Fill in the form together on the phone",
            "Prüfen, ob die Freigabe jetzt funktioniert",
            "Verify permissions after the role change",
        ];
        if !stage.world.agents[self.agent].is_employed(stage.now) {
            return Next::End;
        }
        let name = stage.world.agents[self.agent].user.name.clone();
        let contact = stage.world.directory.contacts[self.contact].label().to_owned();
        let Some(began) = self.began else {
            self.began = Some(stage.now.micros());
            let reason = stage.dice.pick(&REASONS);
            let draft = self
                .draft(stage, "impersonation.started")
                .action(Action::ImpersonateStart)
                .says(format!("{name} began to appear as {contact}"))
                .because(reason)
                .with("limit_minutes", 30);
            stage.emit(draft);
            return Next::After {
                micros: stage.dice.range(20, 240) * SECOND,
                more: self.acts + 1,
            };
        };
        if self.acts > 0 {
            self.acts -= 1;
            let thing = {
                let who = &stage.world.directory.contacts[self.contact];
                let kind = crate::demo::things::KindName::Contact;
                stage
                    .world
                    .things
                    .customer(kind, &who.id, who.label(), &mut stage.dice)
            };
            let changes = stage.world.things.update(thing, 1, &mut stage.dice);
            let draft = self
                .draft(stage, "contact.updated")
                .action(Action::Update)
                .says(format!("{name}, as {contact}, changed their own data"))
                .changes(changes);
            stage.emit(draft);
            return Next::After {
                micros: stage.dice.range(20, 300) * SECOND,
                more: self.acts + 1,
            };
        }
        let seconds = (stage.now.micros() - began) / SECOND;
        let draft = self
            .draft(stage, "impersonation.ended")
            .action(Action::ImpersonateEnd)
            .says(format!(
                "{name} stopped appearing as {contact} after {} min",
                seconds / 60 + 1
            ))
            .with("duration_seconds", json!(seconds));
        stage.emit(draft);
        Next::End
    }
}
