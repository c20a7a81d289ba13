//! `POST /api/v2/providers/{provider}/{key}`: what email providers tell by their own webhooks.
//!
//! They can't be told to send a key in a header, so it stands in the address, which is logged nowhere; what they sign is
//! checked beside it.

use super::{body, caller::Caller, problem::Problem};
use crate::http::AppState;
use axum::{
    Extension, Json,
    extract::{Path, Request, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use daybook_backend::email::{NotTaken, ProviderTold};
use daybook_domain::{account::Scope, email::EmailProvider, viewer::RequestContext};
use secrecy::SecretString;
use serde_json::json;

pub async fn receive(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Path((provider, key)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let caller = Caller::of_key(&SecretString::from(key), context, &state).await?;
    let viewer = caller
        .require(Scope::EmailWrite, "POST /api/v2/providers", &state)
        .await?;
    // It stands in other people's settings and logs.
    if !caller.may_only(Scope::EmailWrite) {
        return Err(Problem::new(403, "scope", "The key may do too much")
            .detail("A key in an address may report emails and nothing else. Make one for this alone."));
    }
    let provider = EmailProvider::from_name(&provider).ok_or_else(|| {
        let names = EmailProvider::names().join(", ");
        Problem::new(404, "not-found", "There is nothing here").detail(format!("The providers are {names}."))
    })?;
    let (parts, body) = request.into_parts();
    let coding = body::coding(&parts.headers)?;
    let _place = state.in_flight().place(caller.key())?;
    let mut memory = state.in_flight().memory();
    let body = body::read(&parts.headers, body, coding, &mut memory).await?;
    let told = state
        .services()
        .emails
        .told_by_provider(viewer, provider, &parts.headers, body)
        .await
        .map_err(|error| not_taken(error, &viewer.request().correlation_id))?;
    let ProviderTold {
        accepted,
        duplicates,
        ignored,
    } = told;
    let answer = json!({"accepted": accepted, "duplicates": duplicates, "ignored": ignored});
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn not_taken(error: NotTaken, request_id: &str) -> Problem {
    match error {
        NotTaken::Unsigned(why) => Problem::new(401, "signature", "The signature doesn't hold").detail(why),
        NotTaken::Unavailable => Problem::unavailable(),
        NotTaken::Unread(why) => Problem::new(400, "not-read", "The body can't be read").detail(why),
        NotTaken::Backend(error) => error.into_domain(request_id).into(),
    }
}
