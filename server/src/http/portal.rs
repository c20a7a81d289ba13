//! The customer portal's own: its session cookie, the forms that begin and end a session, its colours and its files.
//!
//! Its session is another than a user's, under another cookie: a browser may have both, and neither opens what is the
//! other's. Who looks at a page of the portal is found out for its paths alone.

use super::{
    AppState, at_provider,
    form::{back, cookie, cookie_at, see_other, with_cookie},
    pages::{Handler, problem},
    viewer::unavailable,
};
use axum::{
    Extension, Form,
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use daybook_app::{flash::Flash, routes};
use daybook_backend::{accounts::ContactBack, error::chain, portal::PortalFile};
use daybook_domain::{
    Error,
    email::NewPassword,
    id::ObjectId,
    portal::{ContactViewer, LINK_MINUTES, PortalList},
    settings::SignInPolicy,
    viewer::RequestContext,
};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// What the browser shows again with the link it asked for. Over https the prefix makes browsers refuse it from others.
const LINK_COOKIES: [&str; 2] = ["__Host-daybook_portal_link", "daybook_portal_link"];
/// As long as the policy can let a session last: when it is over is the server's to say, not the cookie's.
const COOKIE_SECONDS: i64 = *SignInPolicy::LONGEST_HOURS.end() as i64 * 3600;
const ASKED: &str =
    "If this address may come in, a link is on its way there. It works for 15 minutes, in this browser.";

/// Over https the prefix makes browsers refuse the cookie from anybody but us.
fn cookie_name(state: &AppState) -> &'static str {
    if state.is_https() {
        "__Host-daybook_portal"
    } else {
        "daybook_portal"
    }
}

fn session_cookie(state: &AppState, token: &str, seconds: i64) -> String {
    cookie_at(state, cookie_name(state), "/", token, seconds)
}

/// What the browser has that asked for a link.
pub fn link_browser(state: &AppState, headers: &HeaderMap) -> NewPassword {
    NewPassword::new(cookie(headers, link_cookie(state)).unwrap_or_default().to_owned())
}

fn link_cookie(state: &AppState) -> &'static str {
    LINK_COOKIES[usize::from(!state.is_https())]
}

/// Whether a page of the portal, or a function of one, is asked for.
fn is_of_portal(path: &str) -> bool {
    routes::is_of_portal(path.strip_prefix("/_fn").unwrap_or(path))
}

/// Puts the [`ContactViewer`] into the extensions of a request of the portal where a contact is signed in.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let name = cookie_name(&state);
    let token = cookie(request.headers(), name).filter(|_| is_of_portal(request.uri().path()));
    if let Some(token) = token.filter(|token| !token.is_empty()).map(SecretString::from) {
        let context = request.extensions().get::<RequestContext>().cloned();
        let portal = &state.services().portal;
        match portal.viewer_of(&token, context.unwrap_or_default()).await {
            Ok(Some(contact)) => {
                request.extensions_mut().insert(contact);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(reason = chain(&error), "can't tell which contact asks");
                return unavailable();
            }
        }
    }
    next.run(request).await
}

pub fn handlers() -> impl Iterator<Item = Handler> {
    let sent = |path: &str, answer| (Method::POST, path.to_owned(), answer);
    let read = |path: &str, answer| (Method::GET, path.to_owned(), answer);
    [
        sent(routes::PORTAL_SIGN_IN, post(sign_in)),
        sent(routes::PORTAL_ASK_LINK, post(ask_for_link)),
        sent("/portal/link/{token}", post(enter_by_link)),
        sent(routes::PORTAL_SIGN_OUT, post(sign_out)),
        read("/portal/with/{provider}", get(at_provider::go_as_contact)),
        read("/portal/look/{colour}", get(look)),
        read("/portal/export/{list}", get(export)),
    ]
    .into_iter()
}

/// Lets a contact in: the session is theirs from the next request on.
fn entered(state: &AppState, token: &SecretString) -> Response {
    let cookie = session_cookie(state, token.expose_secret(), COOKIE_SECONDS);
    with_cookie(see_other(routes::PORTAL), &cookie)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    email: String,
    password: SecretString,
}

async fn sign_in(
    State(state): State<AppState>,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<SignInForm>,
) -> Response {
    let portal = &state.services().portal;
    match portal
        .enter_by_password(&form.email, form.password, &request)
        .await
    {
        Ok(token) => entered(&state, &token),
        Err(error) => {
            let refusal = Flash {
                form: Some(routes::PORTAL_SIGN_IN.to_owned()),
                ..Flash::refusal(&error)
            };
            back(
                &state,
                routes::PORTAL_SIGN_IN,
                &refusal.with_value("email", form.email),
            )
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LinkForm {
    email: String,
}

/// Says the same whoever asks for whom.
async fn ask_for_link(
    State(state): State<AppState>,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<LinkForm>,
) -> Response {
    // One that is kept: of several links each works.
    let kept = cookie(&headers, link_cookie(&state)).filter(|kept| kept.len() == 32);
    let browser = kept.map_or_else(new_browser, str::to_owned);
    let portal = &state.services().portal;
    let shown_again = SecretString::from(browser.as_str());
    let asked = portal.ask_for_link(&form.email, &shown_again, &request);
    let flash = match asked.await {
        // What becomes of it is nothing that the asker is told.
        Ok(_task) => Flash::success(ASKED),
        Err(error) => Flash {
            form: Some(routes::PORTAL_ASK_LINK.to_owned()),
            ..Flash::refusal(&error)
        }
        .with_value("email", form.email),
    };
    let seconds = LINK_MINUTES * 60;
    let cookie = cookie_at(&state, link_cookie(&state), "/", &browser, seconds);
    with_cookie(back(&state, routes::PORTAL_SIGN_IN, &flash), &cookie)
}

/// 128 random bits.
fn new_browser() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChosenForm {
    contact: Option<ObjectId>,
}

async fn enter_by_link(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<ChosenForm>,
) -> Response {
    let browser = link_browser(&state, &headers);
    let browser = SecretString::from(browser.reveal());
    let portal = &state.services().portal;
    match portal
        .enter_by_link(&token, &browser, form.contact, &request)
        .await
    {
        Ok(token) => with_cookie(
            entered(&state, &token),
            &cookie_at(&state, link_cookie(&state), "/", "", 0),
        ),
        Err(error) => back(&state, routes::PORTAL_SIGN_IN, &Flash::refusal(&error)),
    }
}

/// Lets in whom a provider has let through, or says why not.
pub async fn came_back(state: &AppState, contact: ContactBack, request: &RequestContext) -> Response {
    match state.services().portal.enter_by_provider(contact, request).await {
        Ok(token) => entered(state, &token),
        Err(error) => back(state, routes::PORTAL_SIGN_IN, &Flash::refusal(&error)),
    }
}

async fn sign_out(State(state): State<AppState>, contact: Option<Extension<ContactViewer>>) -> Response {
    if let Some(Extension(contact)) = contact
        && let Err(error) = state.services().portal.sign_out(&contact).await
    {
        tracing::error!(%error, "not signed out");
        return unavailable();
    }
    let response = back(
        &state,
        routes::PORTAL_SIGN_IN,
        &Flash::success("You are signed out."),
    );
    with_cookie(response, &session_cookie(&state, "", 0))
}

/// The colours of a brand, as the stylesheet of its pages: `1f6f5c.css`.
async fn look(Path(colour): Path<String>) -> Response {
    let digits = colour.strip_suffix(".css").filter(|digits| digits.len() == 6);
    let Some(rgb) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let on = if luminance(rgb) > 0.179 {
        "#000000"
    } else {
        "#ffffff"
    };
    let css = format!(":root{{--customer-accent:#{rgb:06x};--customer-on-accent:{on}}}\n");
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, css).into_response()
}

/// Relative luminance (WCAG 2.2). Above 0.179 black has more contrast than white.
fn luminance(rgb: u32) -> f64 {
    let part = |shift: u32| {
        let value = f64::from((rgb >> shift) & 0xff) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

async fn export(
    State(state): State<AppState>,
    Path(list): Path<String>,
    contact: Option<Extension<ContactViewer>>,
) -> Response {
    let Some(Extension(who)) = contact else {
        return see_other(routes::PORTAL_SIGN_IN);
    };
    let portal = &state.services().portal;
    let file: Result<PortalFile, Error> = match (PortalList::from_name(&list), list.as_str()) {
        (Some(list), _) => portal.records_file(&who, list).await,
        (None, "emails") => portal.emails_file(&who).await,
        (None, _) => Err(Error::NotFound),
    };
    match file {
        Ok(file) => {
            let now = state.services().clock.now().to_datetime();
            let name = format!(
                "attachment; filename=\"{list}-{}.csv\"",
                now.format("%Y-%m-%dT%H%M%SZ")
            );
            let mut response = Body::from_stream(file).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Ok(name) = HeaderValue::from_str(&name) {
                headers.insert(CONTENT_DISPOSITION, name);
            }
            response
        }
        Err(Error::NotFound) => problem(
            StatusCode::NOT_FOUND,
            "There is no such list",
            "Nothing was taken out.",
        ),
        Err(Error::Unauthenticated) => see_other(routes::PORTAL_SIGN_IN),
        Err(error) => {
            tracing::error!(%error, "nothing was taken out of the portal");
            unavailable()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_a_colour_can_be_read() {
        for rgb in [
            0x00_0000, 0xff_ffff, 0x1f_6f5c, 0xff_d400, 0x80_8080, 0x3a_4fd8, 0x76_7676,
        ] {
            let luminance = luminance(rgb);
            let contrast = if luminance > 0.179 {
                (luminance + 0.05) / 0.05
            } else {
                1.05 / (luminance + 0.05)
            };
            assert!(contrast >= 4.5, "{rgb:06x}: {contrast}");
        }
    }

    #[test]
    fn who_is_asked_for_the_portal_alone() {
        for path in ["/portal", "/portal/activity", "/_fn/portal/records"] {
            assert!(is_of_portal(path), "{path}");
        }
        for path in [
            "/",
            "/portals",
            "/audit-logs/all",
            "/_fn/portal_x",
            "/admin/portal",
        ] {
            assert!(!is_of_portal(path), "{path}");
        }
    }
}
