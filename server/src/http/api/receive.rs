//! `POST /api/v2/events` and `POST /api/v2/email-messages`: taking in what programs send.

use super::{body, caller::Caller, problem::Problem};
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

#[derive(Debug, Deserialize)]
pub struct Params {
    /// All or nothing.
    #[serde(default)]
    atomic: bool,
}

#[derive(Debug, Serialize)]
struct Answer {
    accepted: u64,
    duplicates: u64,
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize)]
struct Rejected {
    index: usize,
    field: String,
    reason: String,
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        let Refusal { index, field, reason } = refusal;
        Self { index, field, reason }
    }
}

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

/// `POST /api/v2/email-messages`: taking in what others have sent.
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
