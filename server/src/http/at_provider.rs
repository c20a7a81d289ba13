//! Signing in by an identity provider: the way there, and the way back.
//!
//! What the browser brings back lies sealed in a cookie of its own, which only these two addresses see.

use super::{
    AppState,
    form::{back, cookie, cookie_at, enter, local_path, see_other, to_code, with_cookie},
    portal,
};
use axum::{
    Extension,
    extract::{Path, Query, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use daybook_app::{flash::Flash, layout::origin_of, routes};
use daybook_backend::accounts::{AT_PROVIDER_SECONDS, Audience, CameBack, Entering};
use daybook_domain::{Error, id::ProviderId, viewer::RequestContext};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

const COOKIE: &str = "daybook_at_provider";
const NO_PROVIDER: &str = "One can't sign in by this provider any more.";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Going {
    next: String,
}

fn pending_cookie(state: &AppState, sealed: &str, seconds: i64) -> String {
    cookie_at(state, COOKIE, routes::SIGN_IN_CALLBACK, sealed, seconds)
}

/// The address to which providers send browsers back.
/// To the letter the one that the page shows on which a provider is set up.
fn callback(headers: &HeaderMap) -> String {
    format!("{}{}", origin_of(headers), routes::SIGN_IN_CALLBACK)
}

fn refused(state: &AppState, next: &str, error: &Error) -> Response {
    back(state, &routes::sign_in(next), &Flash::refusal(error))
}

/// Sends the browser to a provider.
pub async fn go(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(going): Query<Going>,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
) -> Response {
    let next = local_path(&going.next);
    let Ok(id) = id.parse::<ProviderId>() else {
        return back(&state, &routes::sign_in(next), &Flash::problem(NO_PROVIDER));
    };
    let accounts = &state.services().accounts;
    let redirect = callback(&headers);
    let begun = accounts.begin_at_provider(id, Audience::Users, &redirect, next, &request);
    match begun.await {
        Ok(at) => {
            let cookie = pending_cookie(&state, at.pending.expose_secret(), AT_PROVIDER_SECONDS);
            with_cookie(see_other(&at.url), &cookie)
        }
        Err(error) => refused(&state, next, &error),
    }
}

/// Sends the browser of a contact to a provider. It comes back where all do.
pub async fn go_as_contact(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
) -> Response {
    let Ok(id) = id.parse::<ProviderId>() else {
        return back(&state, routes::PORTAL_SIGN_IN, &Flash::problem(NO_PROVIDER));
    };
    let accounts = &state.services().accounts;
    let redirect = callback(&headers);
    let begun = accounts.begin_at_provider(id, Audience::Contacts, &redirect, "", &request);
    match begun.await {
        Ok(at) => {
            let cookie = pending_cookie(&state, at.pending.expose_secret(), AT_PROVIDER_SECONDS);
            with_cookie(see_other(&at.url), &cookie)
        }
        Err(error) => back(&state, routes::PORTAL_SIGN_IN, &Flash::refusal(&error)),
    }
}

/// Where the browser comes back to. What it brought serves once.
pub async fn come_back(
    State(state): State<AppState>,
    session: Session,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
) -> Response {
    let pending = SecretString::from(cookie(&headers, COOKIE).unwrap_or_default());
    let accounts = &state.services().accounts;
    let redirect = callback(&headers);
    let query = query.unwrap_or_default();
    let came = accounts.finish_at_provider(&pending, &redirect, &query, &request);
    let response = match came.await {
        Ok(CameBack::Contact(back)) => portal::came_back(&state, *back, &request).await,
        Ok(CameBack::User(came)) => {
            let next = local_path(&came.next).to_owned();
            match came.entering {
                Entering::In(user) => {
                    enter(&state, &session, user, came.factor_vouched, &request, &next).await
                }
                Entering::CodeDue(token) => to_code(&state, &token, &next),
            }
        }
        Err(error) => refused(&state, "", &error),
    };
    with_cookie(response, &pending_cookie(&state, "", 0))
}
