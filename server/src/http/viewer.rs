//! Who asks for a page, found out once per request from the session.

use super::{
    AppState,
    form::see_other,
    pages::plain_page,
    session::{keep_alive, token_hash},
};
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ACCEPT, RETRY_AFTER},
    },
    middleware::Next,
    response::Response,
};
use daybook_app::routes;
use daybook_backend::error::chain;
use daybook_domain::viewer::{RequestContext, Viewer};
use tower_sessions::Session;

/// Puts the [`Viewer`] into the request's extensions where somebody is signed in.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    if let Some(session) = session.filter(|session| session.id().is_some()) {
        let context = request.extensions().get::<RequestContext>().cloned();
        match find(&state, &session, context.unwrap_or_default()).await {
            Ok(Some(viewer)) => {
                if viewer.is_second_factor_due() && is_page(&request) {
                    return see_other(routes::SECOND_FACTOR);
                }
                request.extensions_mut().insert(viewer);
            }
            Ok(None) => {}
            Err(reason) => {
                // To say "sign in" now would be a lie, and would make the browser forget its session.
                tracing::error!(reason, "can't tell who asks");
                return unavailable();
            }
        }
    }
    next.run(request).await
}

/// Whether a page of the workspace is asked for other than those with which a second factor is set up.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts = request.headers().get(ACCEPT);
    let is_shown = accepts.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")));
    let is_elsewhere = path.starts_with(routes::ACCOUNT) || routes::is_of_portal(path);
    request.method() == Method::GET && is_shown && !is_elsewhere
}

async fn find(
    state: &AppState,
    session: &Session,
    context: RequestContext,
) -> Result<Option<Viewer>, String> {
    let services = state.services();
    let Some(id) = session.id() else { return Ok(None) };
    let is_there = keep_alive(session, services.clock.now()).await;
    if !is_there.map_err(|error| error.to_string())? {
        return Ok(None);
    }
    services
        .accounts
        .viewer_of_session(&token_hash(id), context)
        .await
        .map_err(|error| chain(&error))
}

/// The page where the database is away.
pub fn unavailable() -> Response {
    let mut response = plain_page(
        StatusCode::SERVICE_UNAVAILABLE,
        "Daybook can't answer right now",
        "Its database is away or its disk is full. Nothing is lost; try again in a moment.",
    );
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
