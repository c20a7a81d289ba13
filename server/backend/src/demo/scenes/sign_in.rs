//! Signing in and out, with the trace of R2: cloud, directory user, who tries where, which members have that
//! address, whether the member is valid, the cookie.

use crate::demo::{directory::brand, draft::Draft, life::Stage, network::Origin, world::Agent};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Portal, Step},
    log::LogKind,
    time::Timestamp,
};
use serde_json::{Value, json};

/// Why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    WrongPassword,
    UnknownUser,
    Deactivated,
    TwoStep,
    Throttled,
}

impl Refused {
    pub fn reason(self) -> &'static str {
        match self {
            Self::WrongPassword => "Wrong password",
            Self::UnknownUser => "No user with this email",
            Self::Deactivated => "The account is deactivated",
            Self::TwoStep => "Wrong two-step code",
            Self::Throttled => "Too many tries from this address",
        }
    }
}

/// What the trace of a sign-in is about.
#[derive(Debug)]
struct Trace {
    at: Timestamp,
    steps: Vec<Step>,
}

impl Trace {
    fn step(&mut self, millis: i64, message: impl Into<String>, data: Value) {
        self.at = self.at.plus_micros(millis * 1000);
        self.steps.push(Step::new(self.at, message).with_data(data));
    }
}

const CLOUDS: [(&str, &str); 3] = [
    ("eu-central", "login-eu.northdesk.example"),
    ("ca-central", "login-ca.northdesk.example"),
    ("me-south", "login-me.northdesk.example"),
];

fn portal_name(portal: Option<Portal>) -> &'static str {
    portal.map_or("portal", Portal::title)
}

/// As it stands inside a sentence.
fn portal_phrase(portal: Option<Portal>) -> &'static str {
    match portal {
        Some(Portal::Admin) => "Admin Center",
        Some(Portal::Agent) => "agent portal",
        Some(Portal::Customer) => "customer portal",
        Some(Portal::Api) => "API",
        None => "portal",
    }
}

/// The trace of one try of `agent`.
pub fn trace(stage: &mut Stage, agent: usize, origin: Origin, refused: Option<Refused>) -> Vec<Step> {
    let pause = stage.dice.range(3, 90);
    let directory_id = stage.dice.token();
    let agent = &stage.world.agents[agent];
    let (cloud, host) = CLOUDS[agent.user.office % CLOUDS.len()];
    let mut trace = Trace {
        at: stage.now,
        steps: Vec::with_capacity(6),
    };
    trace.step(
        0,
        format!("Cloud {cloud} chosen"),
        json!({ "cloud": cloud, "host": host }),
    );
    trace.step(
        pause,
        "Directory user resolved",
        json!({ "directoryUserId": directory_id, "provider": agent.login }),
    );
    trace.step(
        1,
        format!(
            "{} tries to sign in to the {} of Northdesk",
            agent.user.email,
            portal_phrase(origin.portal)
        ),
        json!({ "login": agent.user.email, "portal": origin.portal.map(Portal::name), "brand": "Northdesk" }),
    );
    if refused == Some(Refused::Throttled) {
        trace.step(
            1,
            "Refused before the password was looked at",
            json!({ "retryAfterSeconds": 60 }),
        );
        return trace.steps;
    }
    let members = members(agent);
    let count = members.len();
    let found = if count == 1 {
        "1 member found".to_owned()
    } else {
        format!("{count} members found")
    };
    trace.step(8, format!("{found} for the login"), members.into());
    match refused {
        None => {
            let id = agent.user.id.to_string();
            trace.step(
                2,
                format!("Member {} is valid", agent.user.name),
                json!({ "entityId": id, "active": true }),
            );
            trace.step(
                4,
                "Cookie issued",
                json!({ "rememberMe": false, "sameSite": "Lax", "hours": 12 }),
            );
        }
        Some(refused) => {
            let active = refused != Refused::Deactivated;
            trace.step(
                120,
                format!("Refused: {}", refused.reason().to_lowercase()),
                json!({ "entityId": agent.user.id.to_string(), "active": active }),
            );
        }
    }
    trace.steps
}

/// Everybody with the agent's address: sometimes one person is a member of two brands.
fn members(agent: &Agent) -> Vec<Value> {
    let id = agent.user.id.to_string();
    let mut members = vec![json!({ "name": agent.user.name, "entityId": id, "email": agent.user.email })];
    if agent.twice {
        let name = format!("{} (Harbor IT Care)", agent.user.name);
        members.push(
            json!({ "name": name, "entityId": format!("hic-{}", &id[..8]), "email": agent.user.email }),
        );
    }
    members
}

/// One try of somebody with an account.
pub fn sign_in(stage: &mut Stage, agent: usize, origin: Origin, link: &str, refused: Option<Refused>) {
    let steps = trace(stage, agent, origin, refused);
    let who = &stage.world.agents[agent];
    let portal = portal_name(origin.portal);
    let draft = Draft::new(
        stage.now,
        LogKind::Access,
        if refused.is_none() {
            "user.signed_in"
        } else {
            "user.sign_in_failed"
        },
        who.actor(),
    )
    .action(Action::Login)
    .area("Authorization", portal)
    .on(who.user_target())
    .brand(brand(0))
    .from(origin)
    .signed_in_with(who.login)
    .steps(steps)
    .linked(link);
    let name = &who.user.name;
    let draft = match refused {
        None => draft.says(format!(
            "{name} signed in to the {}",
            portal_phrase(origin.portal)
        )),
        Some(refused) => draft
            .says(format!(
                "{name} could not sign in to the {}",
                portal_phrase(origin.portal)
            ))
            .failed(refused.reason()),
    };
    stage.emit(draft);
}

/// A try with an address that nobody here has.
pub fn stranger(stage: &mut Stage, email: &str, origin: Origin, refused: Refused) {
    let steps = vec![
        Step::new(stage.now, "Cloud eu-central chosen").with_data(json!({ "cloud": "eu-central" })),
        Step::new(stage.now.plus_micros(41_000), "No directory user for the login").with_data(json!([])),
    ];
    let draft = Draft::new(
        stage.now,
        LogKind::Access,
        "user.sign_in_failed",
        Actor::new(ActorKind::User).with_email(email),
    )
    .action(Action::Login)
    .area("Authorization", portal_name(origin.portal))
    .says(format!("Somebody could not sign in as {email}"))
    .brand(brand(0))
    .from(origin)
    .signed_in_with("form")
    .steps(steps)
    .failed(refused.reason());
    stage.emit(draft);
}

pub fn sign_out(stage: &mut Stage, agent: usize, origin: Origin, link: &str) {
    let who = &stage.world.agents[agent];
    let portal = portal_name(origin.portal);
    let draft = Draft::new(stage.now, LogKind::Access, "user.signed_out", who.actor())
        .action(Action::Logout)
        .area("Authorization", portal)
        .says(format!(
            "{} signed out of the {}",
            who.user.name,
            portal_phrase(origin.portal)
        ))
        .on(who.user_target())
        .brand(brand(0))
        .from(origin)
        .linked(link);
    stage.emit(draft);
}

/// The session ran out: nobody did it, so there is no address.
pub fn expired(stage: &mut Stage, agent: usize, link: &str) {
    let who = &stage.world.agents[agent];
    let system = Actor::named(ActorKind::System, "Session clean-up");
    let draft = Draft::new(stage.now, LogKind::Access, "session.expired", system)
        .action(Action::Logout)
        .area("Authorization", "Session")
        .says(format!("The session of {} expired", who.user.name))
        .because("12 hours without use")
        .on(who.user_target())
        .linked(link);
    stage.emit(draft);
}
