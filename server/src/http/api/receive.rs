//! `POST /api/v2/events` and `POST /api/v2/email-messages`: taking in what programs send.

use super::{
    body,
    caller::Caller,
    openapi::{Bodied, Keyed, Receiving, Sending},
    problem::Problem,
};
use crate::http::AppState;
use axum::{
    Json,
    extract::{Query, Request, State},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use daybook_backend::{
    ingest::ReceiveError,
    store::{Appended, Refusal},
};
use daybook_domain::{account::Scope, viewer::Viewer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const TAKEN: &str = "What became of them: something was accepted, or nothing was refused.";
const REFUSED: &str =
    "Nothing was accepted and something was refused. No problem document: what became of each.";

#[derive(Debug, Deserialize)]
pub struct Params {
    /// All or nothing.
    #[serde(default)]
    atomic: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Received)]
struct Answer {
    /// How many are stored now.
    accepted: u64,
    /// How many were there already.
    duplicates: u64,
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Rejected {
    /// Which one, from 0.
    index: usize,
    /// Empty where it is about all of it.
    field: String,
    reason: String,
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        let Refusal { index, field, reason } = refusal;
        Self { index, field, reason }
    }
}

/// Send events
///
/// One, an array of them, or one a line; at most 10,000 and 16 MiB, also after decompression. The answer comes once they are
/// stored for good. What can't be taken is named, and stops nothing else unless `atomic` is said.
#[utoipa::path(
    post,
    path = "/api/v2/events",
    operation_id = "sendEvents",
    tag = "Events",
    params(Receiving, Sending),
    request_body(
        description = "The events, plain or compressed with gzip.",
        content(
            (
                ref("#/components/schemas/SentEvents") = "application/json",
                examples(
                    ("least" = (
                        summary = "No more than has to be said",
                        value = json!({"event_type": "hello.sent", "actor": {"kind": "system", "name": "curl"}})
                    )),
                    ("change" = (summary = "A change with before and after", value = json!({
                        "id": "my-program-1",
                        "event_type": "role.updated",
                        "action": "update",
                        "section": "Role",
                        "summary": "Changed the role of Gil Moreau",
                        "occurred_at": "2026-11-22T14:00:00Z",
                        "actor": {"kind": "user", "name": "Mara Okafor", "email": "mara@northdesk.example"},
                        "targets": [{"kind": "user", "id": "4711", "name": "Gil Moreau"}],
                        "changes": [{"property": "Role", "before": "Member", "after": "Dispatcher"}],
                        "ip": "203.0.113.7"
                    }))),
                    ("several" = (
                        summary = "Several at once",
                        value = json!([
                            {
                                "id": "my-program-2",
                                "event_type": "user.signed_in",
                                "log": "access",
                                "action": "login",
                                "actor": {"kind": "user", "name": "Mara Okafor"}
                            },
                            {
                                "id": "my-program-3",
                                "event_type": "invoice.sent",
                                "log": "billing",
                                "action": "send",
                                "actor": {"kind": "system", "automation": "workflow"},
                                "company": {"id": "h-1", "name": "Harbor IT"}
                            }
                        ])
                    )),
                ),
            ),
            (
                String = "application/x-ndjson",
                example = json!(
                    "{\"event_type\": \"hello.sent\", \"actor\": {\"kind\": \"system\"}}\n\
                     {\"event_type\": \"hello.sent\", \"actor\": {\"kind\": \"system\"}}\n"
                ),
            ),
        ),
    ),
    responses(
        (status = 200, description = TAKEN, body = Answer),
        (status = 422, description = REFUSED, body = Answer),
        Keyed,
        Bodied,
    ),
    security(("key" = ["events:write"])),
)]
pub async fn receive(
    State(state): State<AppState>,
    caller: Caller,
    params: Result<Query<Params>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EventsWrite, "POST /api/v2/events", &state)
        .await?;
    let Ok(Query(params)) = params else {
        return Err(
            Problem::new(400, "query", "The query can't be understood").detail("atomic is true or false.")
        );
    };
    let (parts, body) = request.into_parts();
    let format = body::format(&parts.headers)?;
    let coding = body::coding(&parts.headers)?;
    let _place = state.in_flight().place(caller.key())?;
    let mut memory = state.in_flight().memory();
    let body = body::read(&parts.headers, body, coding, &mut memory).await?;
    let outcome = state
        .services()
        .ingest
        .receive(viewer.workspace(), caller.source(), format, body, params.atomic)
        .await;
    answer(outcome, viewer)
}

/// Report emails
///
/// What a helpdesk or another system has sent, and what becomes of it. Reported again under the same `id`, what is new of a
/// message is added.
#[utoipa::path(
    post,
    path = "/api/v2/email-messages",
    operation_id = "reportEmails",
    tag = "Email",
    params(Sending),
    request_body(
        description = "The messages, plain or compressed with gzip.",
        content(
            (
                ref("#/components/schemas/EmailReports") = "application/json",
                examples(
                    ("sent" = (
                        summary = "It was sent",
                        value = json!({
                            "id": "mail-1",
                            "to": "Ann Reyes <ann@harbor.example>",
                            "from": "help@northdesk.example",
                            "subject": "Your ticket",
                            "message_id": "<4711@northdesk.example>"
                        })
                    )),
                    ("bounced" = (
                        summary = "It came back",
                        value = json!({
                            "id": "mail-2",
                            "to": {"email": "gone@harbor.example", "name": "Ann Reyes"},
                            "subject": "Your ticket",
                            "events": [
                                {"status": "sent", "at": "2026-11-22T13:58:00Z"},
                                {
                                    "status": "bounced",
                                    "at": "2026-11-22T13:59:00Z",
                                    "bounce_type": "hard",
                                    "code": "550 5.1.1",
                                    "detail": "No such user"
                                }
                            ]
                        })
                    )),
                ),
            ),
            (String = "application/x-ndjson", example = json!("{\"id\": \"mail-3\", \"to\": \"ann@harbor.example\"}\n")),
        ),
    ),
    responses(
        (status = 200, description = TAKEN, body = Answer),
        (status = 422, description = REFUSED, body = Answer),
        Keyed,
        Bodied,
    ),
    security(("key" = ["email:write"])),
)]
pub async fn receive_emails(
    State(state): State<AppState>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let viewer = caller
        .require(Scope::EmailWrite, "POST /api/v2/email-messages", &state)
        .await?;
    let (parts, body) = request.into_parts();
    let format = body::format(&parts.headers)?;
    let coding = body::coding(&parts.headers)?;
    let _place = state.in_flight().place(caller.key())?;
    let mut memory = state.in_flight().memory();
    let body = body::read(&parts.headers, body, coding, &mut memory).await?;
    let outcome = state
        .services()
        .emails
        .receive(viewer.workspace(), caller.source(), format, body)
        .await;
    answer(outcome, viewer)
}

fn answer(outcome: Result<Appended, ReceiveError>, who: &Viewer) -> Result<Response, Problem> {
    let outcome = outcome.map_err(|error| refused(error, &who.request().correlation_id))?;
    let answer = Answer {
        accepted: outcome.accepted,
        duplicates: outcome.duplicates,
        rejected: outcome.rejected.into_iter().map(Rejected::from).collect(),
    };
    let status = if answer.accepted == 0 && !answer.rejected.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn refused(error: ReceiveError, request_id: &str) -> Problem {
    match error {
        ReceiveError::NotJson { line, column, reason } => {
            Problem::new(400, "not-json", "The body is not JSON")
                .detail(format!("Line {line}, column {column}: {reason}."))
                .with("line", line)
                .with("column", column)
        }
        ReceiveError::TooMany { .. } => body::too_large(),
        ReceiveError::Backend(error) => error.into_domain(request_id).into(),
    }
}
