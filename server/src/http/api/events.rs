//! `GET /api/v2/events`, `…/events/export` and `…/events/{id}`: reading events, by the rules the pages go by.

use super::{caller::Caller, problem::Problem};
use crate::http::{AppState, export};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
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

const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Serialize)]
struct List {
    data: Vec<Event>,
    next_cursor: Option<String>,
}

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

pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
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

/// `GET /api/v2/events/export`: all of it, as `csv` or `jsonl`.
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
