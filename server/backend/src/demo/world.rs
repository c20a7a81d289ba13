//! What is true at the moment the story has reached: who works here, who is signed in, who holds how many
//! conversations, how everything is set.

use super::{
    calendar::{Calendar, DAY, OFFICES},
    dice::Dice,
    directory::Directory,
    network::{self, BROWSERS, Origin},
    people::{DemoUser, people},
    scenes::billing::Subscription,
    things::{KindName, Things},
};
use daybook_domain::{
    account::UserStatus,
    event::{Actor, ActorKind, Automation, Portal, Target},
    permission::BuiltInRole,
    time::Timestamp,
};
use std::net::IpAddr;

/// A member of staff.
#[derive(Debug)]
pub struct Agent {
    pub user: DemoUser,
    /// The thing that holds their settings.
    pub thing: usize,
    pub home: IpAddr,
    browser: &'static str,
    /// How they sign in.
    pub login: &'static str,
    /// Their address belongs to two members.
    pub twice: bool,
    pub joins: Timestamp,
    pub leaves: Option<Timestamp>,
    pub session: Option<Session>,
    /// Conversations they hold right now.
    pub load: i64,
}

/// A span in which an agent is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub started: Timestamp,
    pub available: bool,
    /// Conversations held from earlier days, which nobody closes today.
    pub held_before: i64,
    /// Conversations assigned since it started.
    pub assigned: u32,
    pub origin: Origin,
}

impl Agent {
    pub fn actor(&self) -> Actor {
        Actor::named(ActorKind::User, &self.user.name)
            .with_id(self.user.id.to_string())
            .with_email(&self.user.email)
    }

    pub fn target(&self) -> Target {
        Target::new("service_agent", self.user.id.to_string(), &self.user.name)
    }

    pub fn user_target(&self) -> Target {
        Target::new("user", self.user.id.to_string(), &self.user.name)
    }

    pub fn is_employed(&self, at: Timestamp) -> bool {
        self.user.status != UserStatus::Invited
            && self.joins <= at
            && self.leaves.is_none_or(|leaves| at < leaves)
    }

    fn is_admin(&self) -> bool {
        self.user.role == BuiltInRole::Administrator
    }

    pub fn works_with_customers(&self) -> bool {
        self.user.role != BuiltInRole::Auditor
    }
}

#[derive(Debug)]
pub struct World {
    pub calendar: Calendar,
    pub agents: Vec<Agent>,
    pub directory: Directory,
    pub things: Things,
    pub subscription: Subscription,
    conversations: u64,
    /// Shift events an agent has in a day, so that a busier workspace has longer stories and not more sign-ins.
    pub moments: u64,
    /// Positions of those who leave, in the order in which they do.
    pub leavers: Vec<usize>,
}

impl World {
    pub fn new(seed: u64, calendar: Calendar, events: u64, dice: &mut Dice) -> Self {
        let users = people(seed).users;
        let staff = users
            .iter()
            .filter(|user| user.status == UserStatus::Active)
            .map(|user| user.name.clone())
            .collect();
        let mut things = Things::new(seed, staff);
        let span = calendar.until().micros() - calendar.start().micros();
        let mut leavers = Vec::new();
        let mut agents = Vec::with_capacity(users.len());
        for user in users {
            let id = user.id.to_string();
            let thing = things.add(KindName::Agent as usize, id, user.name.clone(), dice);
            if user.status == UserStatus::Deactivated {
                leavers.push(agents.len());
            }
            // Some came while the log was already being kept.
            let late = agents.len() > 12 && user.status == UserStatus::Active && dice.percent(25);
            let joins = if late { dice.range(0, span / 2) } else { -DAY };
            agents.push(Agent {
                thing,
                home: network::home(dice),
                browser: dice.pick(&BROWSERS[..7]),
                login: dice.pick(&["form", "form", "microsoft", "google", "saml"]),
                twice: dice.percent(14),
                joins: calendar.start().plus_micros(joins),
                leaves: None,
                session: None,
                load: 0,
                user,
            });
        }
        let days = u64::try_from(span / DAY).unwrap_or(1).max(1);
        let moments = (events / days / 10 / 18).clamp(2, 36);
        Self {
            calendar,
            agents,
            directory: Directory::new(seed),
            things,
            subscription: Subscription::AT_FIRST,
            conversations: 48_000,
            moments,
            leavers,
        }
    }

    pub fn next_conversation(&mut self) -> u64 {
        self.conversations += 1;
        self.conversations
    }

    pub fn conversations_so_far(&self) -> u64 {
        self.conversations
    }

    /// An agent who could start a shift now.
    pub fn free_agent(&self, now: Timestamp, dice: &mut Dice) -> Option<usize> {
        let office = self.calendar.office(now, dice);
        self.choose(dice, |agent| {
            agent.session.is_none()
                && agent.works_with_customers()
                && agent.user.office == office
                && agent.is_employed(now)
        })
    }

    /// Somebody in a work session, else somebody whose office is open, else anybody.
    pub fn agent(&self, now: Timestamp, dice: &mut Dice) -> usize {
        let here = |agent: &Agent| agent.works_with_customers() && agent.is_employed(now);
        self.choose(dice, |agent| agent.session.is_some() && here(agent))
            .or_else(|| {
                self.choose(dice, |agent| {
                    OFFICES[agent.user.office].is_open(now) && here(agent)
                })
            })
            .or_else(|| self.choose(dice, here))
            .unwrap_or(0)
    }

    /// An administrator, sooner one whose office is open.
    pub fn admin(&self, now: Timestamp, dice: &mut Dice) -> usize {
        self.choose(dice, |agent| {
            agent.is_admin() && agent.is_employed(now) && OFFICES[agent.user.office].is_open(now)
        })
        .or_else(|| self.choose(dice, |agent| agent.is_admin() && agent.is_employed(now)))
        .unwrap_or(0)
    }

    pub fn auditor(&self) -> usize {
        self.agents
            .iter()
            .position(|agent| agent.user.role == BuiltInRole::Auditor)
            .unwrap_or(0)
    }

    /// Agents who get conversations now.
    pub fn available(&self, now: Timestamp) -> impl Iterator<Item = usize> + Clone {
        (0..self.agents.len()).filter(move |position| {
            let agent = &self.agents[*position];
            agent.is_employed(now) && agent.session.as_ref().is_some_and(|session| session.available)
        })
    }

    pub fn choose(&self, dice: &mut Dice, fits: impl Fn(&Agent) -> bool) -> Option<usize> {
        let count = self.agents.iter().filter(|agent| fits(agent)).count();
        if count == 0 {
            return None;
        }
        let chosen = dice.index(count);
        let fitting = self.agents.iter().enumerate().filter(|(_, agent)| fits(agent));
        fitting.map(|(position, _)| position).nth(chosen)
    }

    /// Where an agent's request comes from: their session's place, or the office, or home.
    pub fn origin(&self, agent: usize, portal: Portal, dice: &mut Dice) -> Origin {
        let agent = &self.agents[agent];
        if let Some(session) = &agent.session {
            return session.origin.at(portal);
        }
        let ip = if dice.percent(60) {
            network::office(agent.user.office, dice)
        } else {
            agent.home
        };
        Origin::of(ip, agent.browser, portal)
    }

    /// How many conversations an agent may hold.
    pub fn capacity(&self, agent: usize) -> i64 {
        let thing = self.agents[agent].thing;
        self.things.value(thing, "Capacity").as_i64().unwrap_or(5)
    }
}

/// One of the helpdesk's own automations (R4).
pub fn automation(kind: Automation, id: Option<&str>, name: &str) -> Actor {
    Actor {
        id: id.map(str::to_owned),
        automation: Some(kind),
        ..Actor::named(ActorKind::System, name)
    }
}

pub fn queue_router() -> Actor {
    automation(Automation::QueueRouter, Some("queue-router"), "Queue router")
}

/// The program that keeps the customers in step with the accounting system.
pub fn sync_bot() -> Actor {
    Actor {
        id: Some("api-key-1".to_owned()),
        automation: Some(Automation::Api),
        ..Actor::named(ActorKind::ApiKey, "sync-bot")
    }
}

/// A key that nobody gave a name.
pub fn nameless_key() -> Actor {
    Actor::new(ActorKind::ApiKey).with_id("api-key-6")
}

pub static WORKFLOWS: [(&str, &str); 7] = [
    ("workflow-1", "Escalation"),
    ("workflow-2", "New starter"),
    ("workflow-3", "Quiet conversations"),
    ("workflow-4", "Invoice reminder"),
    ("workflow-5", "Contract renewal"),
    ("workflow-6", "Offboarding"),
    ("workflow-7", "Abwesenheit übernehmen"),
];

pub fn workflow(number: usize) -> Actor {
    let (id, name) = WORKFLOWS[number % WORKFLOWS.len()];
    automation(Automation::Workflow, Some(id), name)
}
