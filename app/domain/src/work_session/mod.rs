//! What the records of the work-session log say (R19): whose session it is, what happened to it, and what that
//! suggests. Lists, filters, records and an agent's [`day`] all read it here, so that they can't disagree.

pub mod day;
#[cfg(test)]
mod tests;

use crate::{
    event::{ActorKind, Automation, EventBody, NamedRef, Target, words},
    log::LogKind,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

words! {
    /// A change of the routing status, as lists are narrowed to it.
    Routing {
        Available = "available", "Became Available";
        Unavailable = "unavailable", "Became Unavailable";
        ConnectionLoss = "connection_loss", "Likely connection loss";
    }
}

/// What a record tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    SessionStarted,
    SessionEnded,
    StatusChanged,
    OverCapacity,
    WithinCapacity,
    CapacityChanged,
    /// Something only the event type has a name for.
    Other,
}

/// A routing status in the source's own words: what isn't Available is a kind of Unavailable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status(pub String);

impl Status {
    pub fn is_available(&self) -> bool {
        self.0.trim().eq_ignore_ascii_case("available")
    }
}

/// Before and after; `None` where there is no session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    pub before: Option<Status>,
    pub after: Option<Status>,
}

/// Whose session a record is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The value of the `agent` filter: the id, else the name.
    pub key: String,
    /// The name at that time.
    pub label: String,
}

/// A record of the work-session log, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkNote {
    pub agent: Option<Agent>,
    pub happened: Happened,
    pub status: Option<StatusChange>,
    /// See [`is_likely_connection_loss`].
    pub likely_connection_loss: bool,
    /// How long the session that ended had lasted.
    pub signed_in_seconds: Option<u64>,
    /// Conversations held after it.
    pub held: Option<u64>,
    /// Conversations the agent may hold after it …
    pub capacity: Option<u64>,
    /// … and before it, where that is what changed.
    pub capacity_before: Option<u64>,
    /// The one that took the agent over capacity or back under it.
    pub conversation: Option<NamedRef>,
}

impl WorkNote {
    /// `None` for a record of another log.
    pub fn of(body: &EventBody) -> Option<Self> {
        if body.log != LogKind::WorkSession {
            return None;
        }
        let status = status_change(body);
        let held = change(body, HELD);
        let set = change(body, CAPACITY);
        let capacity = set.map(|(_, after)| after).or(body.metadata.get("capacity"));
        let capacity = capacity.and_then(Value::as_u64);
        let happened = happened(body, status.as_ref(), held, capacity, set.is_some());
        let number = |key: &str| body.metadata.get(key).and_then(Value::as_u64);
        Some(Self {
            agent: agent_of(body),
            happened,
            likely_connection_loss: is_likely_connection_loss(body),
            signed_in_seconds: number("duration_seconds").filter(|_| happened == Happened::SessionEnded),
            held: held
                .and_then(|(_, after)| after.as_u64())
                .or_else(|| number("conversations_held")),
            capacity,
            capacity_before: set.and_then(|(before, _)| before.as_u64()),
            conversation: body.conversation.clone(),
            status,
        })
    }
}

const STATUS: &[&str] = &["routing status", "status", "availability"];
const HELD: &[&str] = &["conversations held"];
const CAPACITY: &[&str] = &["capacity"];

/// `routing_status`, `Routing status` and `routing-status` are one name.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['_', '-', '.'], " ")
}

/// Before and after of the first of the properties that changed.
fn change<'a>(body: &'a EventBody, names: &[&str]) -> Option<(&'a Value, &'a Value)> {
    let found = body
        .changes
        .iter()
        .find(|change| names.contains(&plain(&change.property).as_str()));
    found.map(|change| (&change.before, &change.after))
}

fn status_change(body: &EventBody) -> Option<StatusChange> {
    let (before, after) = change(body, STATUS)?;
    let status = |value: &Value| value.as_str().map(|text| Status(text.to_owned()));
    let change = StatusChange {
        before: status(before),
        after: status(after),
    };
    (change.before != change.after).then_some(change)
}

fn happened(
    body: &EventBody,
    status: Option<&StatusChange>,
    held: Option<(&Value, &Value)>,
    capacity: Option<u64>,
    capacity_set: bool,
) -> Happened {
    if let Some(change) = status {
        return match (&change.before, &change.after) {
            (None, _) => Happened::SessionStarted,
            (_, None) => Happened::SessionEnded,
            _ => Happened::StatusChanged,
        };
    }
    let crossed = held.and_then(|(before, after)| {
        let (before, after, most) = (before.as_u64()?, after.as_u64()?, capacity?);
        match (before > most, after > most) {
            (false, true) => Some(Happened::OverCapacity),
            (true, false) => Some(Happened::WithinCapacity),
            _ => None,
        }
    });
    if let Some(crossed) = crossed {
        return crossed;
    }
    // A source that sends no values has its event type.
    let name = plain(&body.event_type);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&["session started", "session opened"]) {
        Happened::SessionStarted
    } else if ends(&["session ended", "session closed"]) {
        Happened::SessionEnded
    } else if ends(&["capacity exceeded"]) {
        Happened::OverCapacity
    } else if ends(&["capacity restored"]) {
        Happened::WithinCapacity
    } else if capacity_set {
        Happened::CapacityChanged
    } else {
        Happened::Other
    }
}

/// Kinds of targets that stand for an agent, under the names of all integrations (R24).
const AGENTS: &[&str] = &["service agent", "agent", "member", "resource", "user"];

fn agent_target(target: &Target) -> Option<Agent> {
    let known = |text: &&String| !text.is_empty();
    let key = target
        .id
        .as_ref()
        .filter(known)
        .or(target.name.as_ref().filter(known))?;
    AGENTS.contains(&plain(&target.kind).as_str()).then(|| Agent {
        key: key.clone(),
        label: target.label().to_owned(),
    })
}

/// Whose session a record of the work-session log is about: the agent it names, else the person who acted.
pub fn agent_of(body: &EventBody) -> Option<Agent> {
    if body.log != LogKind::WorkSession {
        return None;
    }
    let own = || {
        (body.actor.kind == ActorKind::User && body.actor.automation.is_none()).then(|| Agent {
            key: body.actor.key(),
            label: body.actor.label(),
        })
    };
    body.targets.iter().find_map(agent_target).or_else(own)
}

/// Whether an agent was likely cut off: taken from Available to Unavailable by the system, not by a person or a
/// program that was told to. An inference: a source that knows better says so with `likely_connection_loss: false`
/// in the metadata.
pub fn is_likely_connection_loss(body: &EventBody) -> bool {
    let by_system = match body.actor.automation {
        Some(automation) => automation != Automation::Api,
        None => body.actor.kind == ActorKind::System,
    };
    let denied = body.metadata.get("likely_connection_loss") == Some(&Value::Bool(false));
    body.log == LogKind::WorkSession
        && by_system
        && body.impersonator.is_none()
        && !denied
        && status_change(body).is_some_and(|change| {
            change.before.is_some_and(|before| before.is_available())
                && change.after.is_some_and(|after| !after.is_available())
        })
}

impl Routing {
    /// The change of routing status that a record tells of; `None` for the start and the end of a session.
    pub fn of(body: &EventBody) -> Option<Self> {
        if body.log != LogKind::WorkSession {
            return None;
        }
        let StatusChange { before, after } = status_change(body)?;
        let (_, after) = (before?, after?);
        Some(if after.is_available() {
            Self::Available
        } else if is_likely_connection_loss(body) {
            Self::ConnectionLoss
        } else {
            Self::Unavailable
        })
    }
}
