//! `GET /api/v2/events`, `…/events/export` and `…/events/{id}`: reading events, by the rules the pages go by.

use super::{
    caller::Caller,
    openapi::{Exporting, Found, Keyed, Listing, Queried, Throttled},
    path::Part,
    problem::Problem,
};
use crate::http::{AppState, export};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use daybook_backend::{export::Format, store::events::MAX_RECORDS};
use daybook_domain::{
    account::Scope,
    event::Event,
    id::EventId,
    log::LogScope,
    permission::{ExportAuditLogs, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    search::SyntaxProblem,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Records of a page, where nothing is said.
pub const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventList)]
struct List {
    /// Newest first.
    data: Vec<Event>,
    /// The `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

/// List events
///
/// Newest first, page by page, by the rules that the pages go by. Looking is recorded, too: once an hour.
#[utoipa::path(
    get,
    path = "/api/v2/events",
    operation_id = "listEvents",
    tag = "Events",
    params(Listing),
    responses(
        (
            status = 200,
            description = "A page of records.",
            body = List,
            links(("event" = (
                operation_id = "getEvent",
                parameters(("id" = "$response.body#/data/0/id")),
                description = "The first of them.",
            ))),
        ),
        Keyed,
        Queried,
    ),
    security(("key" = ["events:read"])),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EventsRead, "GET /api/v2/events", &state)
        .await?;
    let granted = viewer.grant(ViewAuditLogs)?;
    let asked = Asked::parse(&query.unwrap_or_default())?;
    let (data, next) = state
        .services()
        .reading
        .records(&granted, asked.scope, &asked.query, asked.limit)
        .await?;
    let list = List {
        data,
        next_cursor: next.map(|cursor| cursor.to_string()),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(list)).into_response())
}

/// Get one event
#[utoipa::path(
    get,
    path = "/api/v2/events/{id}",
    operation_id = "getEvent",
    tag = "Events",
    params(("id" = inline(EventId), Path, description = "The record's own id.")),
    responses((status = 200, description = "The record.", body = Event), Keyed, Found),
    security(("key" = ["events:read"])),
)]
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Part(id): Part<String>,
) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EventsRead, "GET /api/v2/events/{id}", &state)
        .await?;
    let granted = viewer.grant(ViewAuditLogs)?;
    let id: EventId = id.parse().map_err(|_| {
        Problem::new(404, "not-found", "There is nothing here").detail("This is not the id of an event.")
    })?;
    let detail = state.services().reading.event(&granted, id, None).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(detail.event)).into_response())
}

/// Export events
///
/// Everything that matches, newest first, streamed. That it was exported is recorded. The CSV is for people: what agents are
/// called follows the settings, and it opens safely in a spreadsheet. Programs read JSON lines.
#[utoipa::path(
    get,
    path = "/api/v2/events/export",
    operation_id = "exportEvents",
    tag = "Events",
    params(Exporting),
    responses(
        (
            status = 200,
            description = "The records: one JSON object a line, or CSV as RFC 4180 has it, in UTF-8.",
            content((String = "application/x-ndjson"), (String = "text/csv")),
        ),
        Keyed,
        Queried,
        Throttled,
    ),
    security(("key" = ["events:read"])),
)]
pub async fn export(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EventsRead, "GET /api/v2/events/export", &state)
        .await?;
    let granted = viewer.grant(ExportAuditLogs)?;
    let asked = Asked::parse(&query.unwrap_or_default())?;
    let answer = export::answer(&state, &granted, asked.scope, &asked.query, asked.format, None);
    Ok(answer.await?)
}

/// What was asked for: the pages' query, plus which log and how many.
#[derive(Debug)]
struct Asked {
    scope: LogScope,
    query: LogQuery,
    limit: usize,
    format: Format,
}

impl Asked {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut scope = LogScope::All;
        let mut limit = DEFAULT_LIMIT;
        let mut format = Format::JsonLines;
        let mut rest = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "log" => {
                    let slug = value.replace('_', "-");
                    scope = LogScope::from_slug(&slug)
                        .ok_or_else(|| wrong("log", format!("“{slug}” is no log")))?;
                }
                "limit" => {
                    limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MAX_RECORDS).contains(limit))
                        .ok_or_else(|| wrong("limit", format!("is a number from 1 to {MAX_RECORDS}")))?;
                }
                "format" => {
                    format = Format::from_name(&value)
                        .ok_or_else(|| wrong("format", "is csv or jsonl".to_owned()))?;
                }
                _ => rest.push((name, value)),
            }
        }
        let query = LogQuery::from_pairs(rest).map_err(|problems| {
            problems.first().map_or_else(
                || wrong("query", "can't be understood".to_owned()),
                |problem| wrong(&problem.field, format!("“{}” {}", problem.value, problem.reason)),
            )
        })?;
        if let Err(problem) = query.expr() {
            return Err(unreadable(query.q.as_deref().unwrap_or_default(), &problem));
        }
        Ok(Self {
            scope,
            query,
            limit,
            format,
        })
    }
}

/// A mistake in the query language: where it stands, in characters, and what was expected there.
fn unreadable(q: &str, problem: &SyntaxProblem) -> Problem {
    let characters = |bytes: usize| q.get(..bytes).map_or(0, |before| before.chars().count());
    wrong("q", problem.expected.to_string())
        .with("position", characters(problem.at.start))
        .with("end", characters(problem.at.end))
}

fn wrong(field: &str, reason: String) -> Problem {
    Problem::new(400, "query", "The query can't be understood")
        .detail(format!("{field}: {reason}."))
        .with("field", field)
        .with("reason", reason)
}
