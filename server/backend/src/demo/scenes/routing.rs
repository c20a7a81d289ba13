//! Routing status and the end of work sessions: what agents do to theirs, and what the system does to it when the
//! connection is lost.

use super::desk;
use crate::demo::{calendar::SECOND, draft::Draft, life::Stage, network::Origin, world::automation};
use daybook_domain::{
    event::{Action, Actor, Automation, Change},
    log::LogKind,
};
use serde_json::json;

fn supervisor() -> Actor {
    automation(
        Automation::QueueRouter,
        Some("session-monitor"),
        "Session monitor",
    )
}

/// A phone that was left on reports itself.
pub fn heartbeat(stage: &mut Stage, agent: usize) {
    let who = &stage.world.agents[agent];
    let draft = Draft::new(
        stage.now,
        LogKind::WorkSession,
        "device-disconnected",
        supervisor(),
    )
    .action(Action::Leave)
    .area("Work sessions", "Device")
    .says(format!(
        "The mobile app of {} went offline outside a work session",
        who.user.name
    ))
    .on(who.target());
    stage.emit(draft);
}

/// The system takes an agent out of routing: likely a connection loss.
pub fn lose_connection(stage: &mut Stage, agent: usize) {
    route(
        stage,
        agent,
        supervisor(),
        Origin::NOWHERE,
        false,
        "No sign of life for 60 seconds",
    );
}

/// Changes the routing status of an agent in a session.
pub fn route(stage: &mut Stage, agent: usize, by: Actor, origin: Origin, available: bool, reason: &str) {
    let word = |available| if available { "Available" } else { "Unavailable" };
    let (held, _) = desk::load(stage, agent);
    let who = &mut stage.world.agents[agent];
    let Some(session) = &mut who.session else {
        return;
    };
    let before = std::mem::replace(&mut session.available, available);
    if before == available {
        // Two reasons to be away, or both are over: nothing changes.
        return;
    }
    let session = session.id.clone();
    let name = &who.user.name;
    let says = match by.automation {
        Some(_) => format!(
            "{name} was set to {} because the connection was lost",
            word(available)
        ),
        None if reason.is_empty() => format!("{name} is {} again", word(available).to_lowercase()),
        None => format!(
            "{name} is {}: {}",
            word(available).to_lowercase(),
            reason.to_lowercase()
        ),
    };
    let lost = by.automation.is_some();
    let mut draft = Draft::new(stage.now, LogKind::WorkSession, "routing-status-changed", by)
        .action(Action::Update)
        .area("Work sessions", "Routing status")
        .says(says)
        .on(who.target())
        .from(origin)
        .change(Change::new("Routing status", word(before), word(available)))
        .with("work_session", session)
        .with("conversations_held", held);
    if !reason.is_empty() {
        draft = draft.because(reason);
    }
    if lost {
        let heartbeat = stage.now.plus_seconds(-60).to_string();
        draft = draft
            .with("likely_connection_loss", true)
            .with("last_heartbeat", heartbeat);
    }
    stage.emit(draft);
}

/// Ends a work session with what it amounted to; `by` where somebody else does.
pub fn end_session(stage: &mut Stage, agent: usize, link: &str, by: Option<Actor>) {
    let who = &mut stage.world.agents[agent];
    let Some(session) = who.session.take() else {
        return;
    };
    let seconds = (stage.now.micros() - session.started.micros()) / SECOND;
    let says = format!(
        "{} ended a work session of {} h {:02} min with {} conversations",
        who.user.name,
        seconds / 3600,
        seconds / 60 % 60,
        session.assigned
    );
    let origin = if by.is_some() {
        Origin::NOWHERE
    } else {
        session.origin
    };
    let status = if session.available {
        "Available"
    } else {
        "Unavailable"
    };
    let draft = Draft::new(
        stage.now,
        LogKind::WorkSession,
        "work-session-ended",
        by.unwrap_or_else(|| who.actor()),
    )
    .action(Action::Close)
    .area("Work sessions", "Work session")
    .says(says)
    .on(who.target())
    .from(origin)
    .change(Change::new("Routing status", status, json!(null)))
    .with("work_session", session.id)
    .with("duration_seconds", seconds)
    .with("conversations_assigned", session.assigned)
    .linked(link);
    stage.emit(draft);
}
