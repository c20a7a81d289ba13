//! The forms that begin and end a session. They are handlers rather than functions of a page, because a session's
//! cookie leaves with the head of the answer.
//!
//! Each answers with a redirect: to where one wanted to go, or back to the form, which then says what is wrong and
//! holds what was typed, passwords left out.

use super::{AppState, session, viewer::unavailable};
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use daybook_app::{flash::Flash, routes};
use daybook_backend::accounts::{CODE_SECONDS, Entering, SetUp};
use daybook_domain::{
    Error,
    id::UserId,
    permission::{ImpersonateUsers, Permission},
    viewer::{RequestContext, Viewer},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

const MAX_NEXT: usize = 4000;
const ASKED: &str = "If this is a user's email address, a link is on its way there. It works for an hour.";
const CHOSEN: &str = "Your new password is set. Sign in with it.";

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct SignInForm {
    email: String,
    password: SecretString,
    next: String,
}

pub async fn sign_in(
    State(state): State<AppState>,
    session: Session,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<SignInForm>,
) -> Response {
    let next = local_path(&form.next);
    let accounts = &state.services().accounts;
    match accounts.sign_in(&form.email, form.password, &request).await {
        Ok(Entering::In(user)) => enter(&state, &session, user, false, &request, next).await,
        Ok(Entering::CodeDue(token)) => to_code(&state, &token, next),
        Err(error) => {
            let flash = Flash::refusal(&error).with_value("email", form.email);
            back(&state, &routes::sign_in(next), &flash)
        }
    }
}

/// What the browser holds between the password and the code.
const CODE_COOKIE: &str = "daybook_code";
const TOO_LATE: &str = "That took too long, or too many codes were wrong. Sign in again.";

fn code_cookie(state: &AppState, token: &str, seconds: i64) -> String {
    cookie_at(state, CODE_COOKIE, routes::SIGN_IN_CODE, token, seconds)
}

/// To where a code is typed.
pub(super) fn to_code(state: &AppState, token: &SecretString, next: &str) -> Response {
    let cookie = code_cookie(state, token.expose_secret(), CODE_SECONDS);
    with_cookie(see_other(&routes::sign_in_code(next)), &cookie)
}

/// A cookie that one address sees.
pub(super) fn cookie_at(state: &AppState, name: &str, path: &str, value: &str, seconds: i64) -> String {
    let secure = if state.is_https() { "; Secure" } else { "" };
    format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The value of a cookie, where there is one.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter();
    let pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    code: String,
    next: String,
}

/// The second half of a sign-in.
pub async fn sign_in_code(
    State(state): State<AppState>,
    session: Session,
    headers: HeaderMap,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<CodeForm>,
) -> Response {
    let next = local_path(&form.next);
    let token = SecretString::from(cookie(&headers, CODE_COOKIE).unwrap_or_default());
    let accounts = &state.services().accounts;
    let over = code_cookie(&state, "", 0);
    match accounts.finish_sign_in(&token, &form.code, &request).await {
        Ok(user) => with_cookie(enter(&state, &session, user, false, &request, next).await, &over),
        Err(Error::NotFound) => {
            let to = routes::sign_in(next);
            with_cookie(back(&state, &to, &Flash::problem(TOO_LATE)), &over)
        }
        Err(error) => back(&state, &routes::sign_in_code(next), &Flash::refusal(&error)),
    }
}

pub async fn sign_out(
    State(state): State<AppState>,
    session: Session,
    viewer: Option<Extension<Viewer>>,
) -> Response {
    if let Some(Extension(viewer)) = viewer
        && let Err(error) = state.services().accounts.sign_out(&viewer).await
    {
        tracing::error!(%error, "not signed out");
        return unavailable();
    }
    // The row is gone already, or never was; this forgets the cookie.
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "not signed out");
        return unavailable();
    }
    back(&state, routes::SIGN_IN, &Flash::success("You are signed out."))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SetUpForm {
    workspace: String,
    name: String,
    email: String,
    password: SecretString,
}

pub async fn set_up(
    State(state): State<AppState>,
    session: Session,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<SetUpForm>,
) -> Response {
    let set_up = SetUp {
        workspace: form.workspace.clone(),
        name: form.name.clone(),
        email: form.email.clone(),
        password: form.password,
    };
    match state.services().accounts.set_up(set_up, &request).await {
        Ok(user) => enter(&state, &session, user, false, &request, routes::HOME).await,
        Err(error @ Error::Conflict { .. }) => back(&state, routes::SIGN_IN, &Flash::refusal(&error)),
        Err(error) => {
            let flash = Flash::refusal(&error)
                .with_value("workspace", form.workspace)
                .with_value("name", form.name)
                .with_value("email", form.email);
            back(&state, routes::SETUP, &flash)
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InvitationForm {
    password: SecretString,
}

pub async fn accept_invitation(
    State(state): State<AppState>,
    Path(token): Path<String>,
    session: Session,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<InvitationForm>,
) -> Response {
    let accounts = &state.services().accounts;
    match accounts.accept_invitation(&token, form.password, &request).await {
        Ok(user) => enter(&state, &session, user, false, &request, routes::HOME).await,
        // The page itself says that a link is no good.
        Err(Error::NotFound) => see_other(&format!("/invite/{}", encoded(&token))),
        Err(error) => back(
            &state,
            &format!("/invite/{}", encoded(&token)),
            &Flash::refusal(&error),
        ),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ForgottenForm {
    email: String,
}

/// Says the same whoever asks for whom.
pub async fn ask_for_reset(
    State(state): State<AppState>,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<ForgottenForm>,
) -> Response {
    let accounts = &state.services().accounts;
    let flash = match accounts.ask_for_reset(&form.email, &request).await {
        // What becomes of it is nothing that the asker is told.
        Ok(_task) => Flash::success(ASKED),
        Err(error) => Flash::refusal(&error).with_value("email", form.email),
    };
    back(&state, routes::FORGOTTEN, &flash)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    password: SecretString,
}

/// Sets the password. Who has done so signs in with it: the policy may ask more of a sign-in than a link.
pub async fn choose_password(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Extension(request): Extension<RequestContext>,
    Form(form): Form<ResetForm>,
) -> Response {
    let accounts = &state.services().accounts;
    let page = routes::reset(&encoded(&token));
    match accounts.choose_password(&token, form.password, &request).await {
        Ok(()) => back(&state, routes::SIGN_IN, &Flash::success(CHOSEN)),
        // The page itself says that a link is no good.
        Err(Error::NotFound) => see_other(&page),
        Err(error) => back(&state, &page, &Flash::refusal(&error)),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImpersonationForm {
    reason: String,
    minutes: u32,
}

/// Begins to appear as another user. A handler, so that the whole page is made anew for whom one appears as.
pub async fn begin_impersonation(
    State(state): State<AppState>,
    Path(user): Path<UserId>,
    viewer: Option<Extension<Viewer>>,
    Form(form): Form<ImpersonationForm>,
) -> Response {
    let page = routes::impersonate(user);
    let Some(Extension(viewer)) = viewer else {
        return see_other(&routes::sign_in(&page));
    };
    let who = match viewer.grant(ImpersonateUsers) {
        Ok(who) => who,
        Err(error) => {
            // Recorded as a refusal of the page is.
            let told = state
                .ports()
                .gate
                .refused(&viewer, Permission::Impersonate, &page)
                .await;
            return if told.is_ok() {
                back(&state, routes::HOME, &Flash::refusal(&error))
            } else {
                unavailable()
            };
        }
    };
    let accounts = &state.services().accounts;
    let begun = accounts.begin_impersonation(&who, user, &form.reason, form.minutes);
    match begun.await {
        Ok(()) => see_other(routes::HOME),
        Err(error @ Error::Unavailable { .. }) => {
            tracing::error!(%error, "nobody appears as another");
            unavailable()
        }
        Err(error) => {
            let flash = Flash::refusal(&error)
                .with_value("reason", form.reason)
                .with_value("minutes", form.minutes.to_string());
            back(&state, &page, &flash)
        }
    }
}

/// Appears as nobody but oneself again, and goes to the page of whom it was.
pub async fn end_impersonation(State(state): State<AppState>, viewer: Option<Extension<Viewer>>) -> Response {
    let Some(Extension(viewer)) = viewer else {
        return see_other(routes::SIGN_IN);
    };
    match state.services().accounts.end_impersonation(&viewer).await {
        Ok(user) => {
            let to = user.map_or_else(|| routes::HOME.to_owned(), routes::user);
            back(&state, &to, &Flash::success("You are yourself again."))
        }
        Err(error) => {
            tracing::error!(%error, "still appears as another");
            unavailable()
        }
    }
}

/// A path segment as it stands in an address. Real tokens need nothing of this; made-up ones may.
fn encoded(segment: &str) -> String {
    segment
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Makes a session. `factor_vouched` says whether a provider they came from vouches for their second factor.
pub(super) async fn enter(
    state: &AppState,
    session: &Session,
    user: UserId,
    factor_vouched: bool,
    request: &RequestContext,
    to: &str,
) -> Response {
    match session::begin(
        session,
        user,
        factor_vouched,
        state.services().clock.now(),
        request,
    )
    .await
    {
        Ok(()) => see_other(to),
        Err(error) => {
            tracing::error!(%error, "no session");
            unavailable()
        }
    }
}

pub(super) fn back(state: &AppState, to: &str, flash: &Flash) -> Response {
    let mut response = see_other(to);
    if let Ok(cookie) = HeaderValue::from_str(&flash.set_cookie(state.is_https())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(super) fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static(routes::HOME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// `next` where it is a path of this site, else the first page: a link to the sign-in page must not lead elsewhere.
///
/// Browsers take `//host` and `/\host` for another host and drop tabs and line ends before they look.
pub(super) fn local_path(next: &str) -> &str {
    let opens = [routes::SIGN_IN, routes::SIGN_IN_CODE, routes::SIGN_OUT];
    let is_local = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.contains(|c: char| c == '\\' || c.is_ascii_control() || !c.is_ascii())
        && next.len() <= MAX_NEXT;
    let path = next.split(['?', '#']).next().unwrap_or_default();
    if is_local && !opens.contains(&path) && !path.starts_with(routes::SIGN_IN_WITH) {
        next
    } else {
        routes::HOME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/audit-logs/access?actor=a&ip=%3A%3A1", "/admin/users", "/"] {
            assert_eq!(local_path(good), good);
        }
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/a\\b",
            "/ä",
            "/sign-in?next=/",
            "/sign-out",
            " /a",
        ] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(5000))), "/");
    }
}
