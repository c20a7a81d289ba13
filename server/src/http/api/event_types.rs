//! `GET /api/v2/event-types`: the event catalogue, and the types that this workspace has records of.

use super::{caller::Caller, openapi::Keyed, problem::Problem};
use crate::http::AppState;
use axum::{
    Json,
    extract::State,
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use daybook_domain::{
    account::Scope,
    catalogue::{Field, OwnType, SeenType},
    event::{Action, Event},
    log::LogKind,
    permission::ViewAuditLogs,
    ports::AuditLogs,
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventTypeList)]
struct List {
    data: Vec<Item>,
}

/// `own` tells the two apart.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EventType)]
enum Item {
    Own(Box<Emitted>),
    Seen(Seen),
}

/// What Daybook itself emits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnEventType)]
struct Emitted {
    event_type: &'static str,
    own: bool,
    title: &'static str,
    log: LogKind,
    category: &'static str,
    sections: &'static [&'static str],
    action: Action,
    description: &'static str,
    fields: &'static [Field],
    since: &'static str,
    example: Event,
    count: u64,
}

/// What others have sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeenEventType)]
struct Seen {
    event_type: String,
    own: bool,
    logs: Vec<LogCount>,
    count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct LogCount {
    log: LogKind,
    count: u64,
}

/// List event types
///
/// What Daybook itself records, each with its fields and an example, and what other systems have sent.
#[utoipa::path(
    get,
    path = "/api/v2/event-types",
    operation_id = "listEventTypes",
    tag = "Events",
    responses((status = 200, description = "All types.", body = List), Keyed),
    security(("key" = ["events:read"])),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EventsRead, "GET /api/v2/event-types", &state)
        .await?;
    let granted = viewer.grant(ViewAuditLogs)?;
    let seen = state.services().events.event_types(&granted).await?;
    let own = OwnType::ALL.iter().map(|of| Item::Own(Box::new(own(*of, &seen))));
    let others = seen
        .iter()
        .filter(|seen| !seen.own)
        .map(|seen| Item::Seen(other(seen)));
    let list = List {
        data: own.chain(others).collect(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(list)).into_response())
}

fn own(of: OwnType, seen: &[SeenType]) -> Emitted {
    let row = of.row();
    let here = seen.iter().find(|seen| seen.event_type == of.name());
    Emitted {
        event_type: of.name(),
        own: true,
        title: of.title(),
        log: row.log,
        category: row.category,
        sections: row.sections,
        action: row.action,
        description: row.meaning,
        fields: row.fields,
        since: row.since,
        example: of.example(),
        count: here.map_or(0, |seen| seen.count),
    }
}

fn other(seen: &SeenType) -> Seen {
    let logs = seen.logs.iter();
    Seen {
        event_type: seen.event_type.clone(),
        own: false,
        logs: logs.map(|&(log, count)| LogCount { log, count }).collect(),
        count: seen.count,
    }
}
