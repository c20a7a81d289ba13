//! The API for programs (contract.md §2). Every answer that isn't a success is a problem document (RFC 9457).
//!
//! No cookies here and no sessions: a request carries its key, so no other site can make a browser send one.

mod body;
mod caller;
mod dashboards;
mod event_types;
mod events;
mod in_flight;
mod openapi;
mod path;
mod problem;
mod providers;
mod receive;
mod things;

pub use in_flight::InFlight;

use super::{AppState, request};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    http::Method,
    middleware::{self, Next},
    response::Response,
    routing::any,
};
use daybook_domain::viewer::RequestContext;
use problem::Problem;
use std::{any::Any, time::Duration};
use tower_http::{catch_panic::CatchPanicLayer, timeout::RequestBodyTimeoutLayer};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt},
    routes,
};

/// What there is, by method and path: the tests of the gate go through it.
pub const ROUTES: &[(&str, &str)] = &[
    ("POST", "/api/v2/events"),
    ("GET", "/api/v2/events"),
    ("GET", "/api/v2/events/export"),
    ("GET", "/api/v2/events/{id}"),
    ("GET", "/api/v2/event-types"),
    ("PUT", "/api/v2/companies/{external_id}"),
    ("PUT", "/api/v2/contacts/{external_id}"),
    ("PUT", "/api/v2/agents/{external_id}"),
    ("POST", "/api/v2/email-messages"),
    ("POST", "/api/v2/providers/{provider}/{key}"),
    ("GET", "/api/v2/dashboards/portal/monthly/reports"),
    ("GET", "/api/v2/dashboards/portal/monthly/reports/{reportId}"),
    (
        "POST",
        "/api/v2/dashboards/portal/monthly/reports/{reportId}/refresh",
    ),
    ("GET", "/api/v2/dashboards/portal/pastweek/{type}"),
    ("GET", "/api/v2/openapi.json"),
];

/// A sender that pauses for longer is given up.
const PAUSE: Duration = Duration::from_secs(30);

pub fn routes(state: &AppState) -> Router {
    Router::from(described())
        .route("/api/{*rest}", any(nothing_here))
        .route("/api", any(nothing_here))
        .with_state(state.clone())
        // Bodies are read by hand, with a bound that knows compression.
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyTimeoutLayer::new(PAUSE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(finish))
}

/// The one list of what there is: a handler without a description has no place in it.
fn described() -> OpenApiRouter<AppState> {
    let list = [
        routes!(events::list, receive::receive),
        routes!(events::export),
        routes!(events::one),
        routes!(event_types::list),
        routes!(things::put_company),
        routes!(things::put_contact),
        routes!(things::put_agent),
        routes!(receive::receive_emails),
        routes!(providers::receive),
        routes!(dashboards::list),
        routes!(dashboards::one),
        routes!(dashboards::refresh),
        routes!(dashboards::past_week),
        routes!(openapi::describe),
    ];
    list.into_iter()
        .map(refusing_others)
        .fold(OpenApiRouter::default(), OpenApiRouter::routes)
}

fn refusing_others(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    routes.map(|methods| methods.fallback(wrong_method))
}

/// Writes problems out: only here is the id of the request known for certain.
async fn finish(request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>().cloned();
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem.written(&context.unwrap_or_default().correlation_id),
        None => response,
    }
}

async fn nothing_here() -> Problem {
    Problem::new(404, "not-found", "There is nothing here")
        .detail("The API's addresses begin with /api/v2/events, /api/v2/event-types, /api/v2/companies, /api/v2/contacts, \
                 /api/v2/agents, /api/v2/email-messages and /api/v2/dashboards. /api/v2/openapi.json describes them all.")
}

async fn wrong_method(method: Method, Extension(_context): Extension<RequestContext>) -> Problem {
    Problem::new(405, "method", "Not this way").detail(format!("{method} is not understood at this address."))
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reason = request::words_of(panic.as_ref());
    tracing::error!(reason, "the API panicked");
    Problem::new(500, "broken", "Something broke")
        .detail("It is in the server's log.")
        .into()
}
