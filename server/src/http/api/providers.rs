//! `POST /api/v2/providers/{provider}/{key}`: what email providers tell by their own webhooks.
//!
//! They can't be told to send a key in a header, so it stands in the address, which is logged nowhere; what they sign is
//! checked beside it.

use super::{
    body,
    caller::Caller,
    openapi::{Bodied, Keyed, Missing, Sending},
    path::Part,
    problem::Problem,
};
use crate::http::AppState;
use axum::{
    Extension, Json,
    extract::{Request, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use daybook_backend::email::{NotTaken, ProviderTold};
use daybook_domain::{account::Scope, email::EmailProvider, viewer::RequestContext};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderReceived)]
struct Answer {
    /// How many events were news.
    accepted: u64,
    /// How many were known.
    duplicates: u64,
    /// How many say nothing of a delivery.
    ignored: u64,
}

/// Take a provider's webhook
///
/// Given to an email provider as the address of its webhook. The key stands in it, so it has to be one that may report emails
/// and nothing else. What the provider signs is checked, where Email settings keep what with. The body is what the provider
/// sends, whatever its type.
#[utoipa::path(
    post,
    path = "/api/v2/providers/{provider}/{key}",
    operation_id = "takeProviderWebhook",
    tag = "Email",
    params(
        ("provider" = inline(EmailProvider), Path, description = "Which provider it is.", example = "postmark"),
        ("key" = String, Path, description = "An API key with the scope `email:write` and no other."),
        Sending,
    ),
    request_body(content((
        ref("#/components/schemas/ProviderEvents") = "application/json",
        example = json!({
            "RecordType": "Delivery",
            "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
            "Recipient": "ann@harbor.example",
            "DeliveredAt": "2026-11-22T13:59:00Z",
            "Metadata": {}
        }),
    ))),
    responses(
        (status = 200, description = "What became of the events.", body = Answer),
        Keyed,
        Bodied,
        Missing,
    ),
    security(()),
)]
pub async fn receive(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Part((provider, key)): Part<(String, String)>,
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
    let answer = Answer {
        accepted,
        duplicates,
        ignored,
    };
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
