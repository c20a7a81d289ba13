//! What a log page shows: slim rows for the list, whole records for the opened ones.

use crate::{
    cursor::Cursor,
    event::{Action, Actor, Event, NamedRef, Outcome, Portal, Target},
    id::EventId,
    log::LogKind,
    time::LocalTime,
    work_session::WorkNote,
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Records per page.
pub const PAGE_SIZE: usize = 50;

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventPage {
    pub rows: Vec<EventRow>,
    /// Where the next page begins, towards the past; `None` at the end.
    pub older: Option<Cursor>,
    /// Where the page before begins, towards the present; `None` on the first page.
    pub newer: Option<Cursor>,
    /// How far the search came, where it stopped before the page was full; `older` goes on from there.
    pub searched_to: Option<LocalTime>,
    /// The sequence of the log's last record when the page was made: what came later is news.
    pub last_sequence: i64,
    /// IANA name of the zone the times are in.
    pub zone: String,
}

/// A record on one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: EventId,
    pub sequence: i64,
    pub log: LogKind,
    pub occurred: LocalTime,
    pub event_type: String,
    pub action: Action,
    pub category: Option<String>,
    pub section: Option<String>,
    /// The sentence; made from the fields where the source sent none, so never empty.
    pub summary: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub actor: Actor,
    pub impersonator: Option<Actor>,
    pub target: Option<Target>,
    pub company: Option<NamedRef>,
    pub brand: Option<NamedRef>,
    pub portal: Option<Portal>,
    pub ip: Option<IpAddr>,
    pub login_source: Option<String>,
    /// The first properties that changed, at most three.
    pub properties: Vec<String>,
    pub change_count: usize,
    pub step_count: usize,
    /// What a record of the work-session log says.
    pub work: Option<WorkNote>,
}

impl EventRow {
    pub fn new(event: &Event, occurred: LocalTime) -> Self {
        let body = &event.body;
        Self {
            id: event.id,
            sequence: event.sequence,
            log: body.log,
            occurred,
            event_type: body.event_type.clone(),
            action: body.action,
            category: body.category.clone(),
            section: body.section.clone(),
            summary: sentence(event),
            outcome: body.outcome,
            reason: body.reason.clone(),
            actor: body.actor.clone(),
            impersonator: body.impersonator.clone(),
            target: body.target().cloned(),
            company: body.company.clone(),
            brand: body.brand.clone(),
            portal: body.portal,
            ip: body.ip,
            login_source: body.login_source.clone(),
            properties: properties(event),
            change_count: body.changes.len(),
            step_count: body.steps.len(),
            work: WorkNote::of(body),
        }
    }
}

/// Properties named on one line; the rest is a number.
const PROPERTIES: usize = 3;

fn properties(event: &Event) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for change in &event.body.changes {
        if !names.contains(&change.property) {
            names.push(change.property.clone());
        }
        if names.len() == PROPERTIES {
            break;
        }
    }
    names
}

/// A whole record, with its times made ready for the viewer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventDetail {
    pub event: Event,
    pub occurred: LocalTime,
    pub recorded: LocalTime,
    pub zone: String,
}

/// The sentence a person reads (R8): the source's own, else one made from what is known.
pub fn sentence(event: &Event) -> String {
    let body = &event.body;
    if let Some(summary) = body
        .summary
        .as_deref()
        .filter(|summary| !summary.trim().is_empty())
    {
        return summary.to_owned();
    }
    let done = match body.action {
        Action::Create => "Created",
        Action::Read | Action::Open => "Opened",
        Action::Update => "Changed",
        Action::Delete => "Deleted",
        Action::Login => {
            return if body.outcome == Outcome::Success {
                "Signed in"
            } else {
                "Sign-in failed"
            }
            .into();
        }
        Action::Logout => return "Signed out".into(),
        Action::Assign => "Assigned",
        Action::Send => "Sent",
        Action::Export => "Exported",
        Action::Import => "Imported",
        Action::Invite => "Invited",
        Action::Enable => "Enabled",
        Action::Disable => "Disabled",
        Action::Restore => "Restored",
        Action::Revoke => "Revoked",
        Action::Merge => "Merged",
        Action::Close => "Closed",
        Action::Join => "Joined",
        Action::Leave => "Left",
        Action::ImpersonateStart => "Started to act as",
        Action::ImpersonateEnd => "Stopped acting as",
        Action::Other => return body.event_type.replace(['.', '_', '-'], " "),
    };
    match body.target() {
        Some(target) if target.name.is_some() => {
            format!("{done} {} “{}”", target.kind, target.label())
        }
        Some(target) => format!("{done} {}", target.label()),
        None => format!("{done} {}", body.section.as_deref().unwrap_or(&body.event_type)),
    }
}
