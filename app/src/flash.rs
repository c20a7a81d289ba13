//! What is said once on the next page: that something was done, or why not, with or without JavaScript.
//!
//! It travels in a cookie that scripts can't read and that the page which shows it clears. It may hold a secret that
//! is shown once, and what was typed into a form that was refused, so that nobody types it again. Passwords never go
//! in here.

use crate::error::AppError;
use daybook_domain::{Error, account::ShownOnce};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_location, use_navigate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const COOKIE: &str = "daybook_flash";
/// Browsers drop cookies above 4 KiB; what was typed is given up first.
#[cfg(feature = "ssr")]
const MAX_COOKIE_BYTES: usize = 3800;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Success,
    Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub message: String,
    /// The form field that the problem is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<ShownOnce>,
    /// What was typed, by field name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Flash {
    fn new(tone: Tone, message: impl Into<String>) -> Self {
        Self {
            tone,
            message: message.into(),
            field: None,
            secret: None,
            values: BTreeMap::new(),
        }
    }

    pub fn success(message: impl Into<String>) -> Self {
        Self::new(Tone::Success, message)
    }

    pub fn problem(message: impl Into<String>) -> Self {
        Self::new(Tone::Problem, message)
    }

    /// The refusal of a form, beside the field it is about.
    pub fn refusal(error: &Error) -> Self {
        match error {
            Error::Invalid { field, reason } => Self {
                field: Some(field.clone()),
                ..Self::problem(reason.clone())
            },
            other => Self::problem(other.to_string()),
        }
    }

    #[must_use]
    pub fn with_secret(mut self, secret: ShownOnce) -> Self {
        self.secret = Some(secret);
        self
    }

    #[must_use]
    pub fn with_value(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(field.into(), value.into());
        self
    }

    /// What was typed into `field` before the form was refused.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }
}

#[cfg(feature = "ssr")]
mod cookie {
    use super::{COOKIE, Flash, MAX_COOKIE_BYTES};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    impl Flash {
        /// The value of a `Set-Cookie` header. `secure` where the browser came over https.
        pub fn set_cookie(&self, secure: bool) -> String {
            let mut text = self.encoded();
            if text.len() > MAX_COOKIE_BYTES {
                text = Self {
                    values: super::BTreeMap::new(),
                    ..self.clone()
                }
                .encoded();
            }
            let secure = if secure { "; Secure" } else { "" };
            format!("{COOKIE}={text}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}")
        }

        fn encoded(&self) -> String {
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
        }

        /// The value of a `Set-Cookie` header that takes the message back.
        pub fn clear_cookie() -> String {
            format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        }

        /// Reads the `Cookie` headers of a request. A cookie somebody edited is no message.
        pub fn from_headers(headers: &http::HeaderMap) -> Option<Self> {
            let text = headers
                .get_all(http::header::COOKIE)
                .iter()
                .filter_map(|header| header.to_str().ok())
                .flat_map(|header| header.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .find_map(|(name, value)| (name == COOKIE).then_some(value))?;
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        }
    }
}

/// Sends `flash` along with the answer of a server function.
#[cfg(feature = "ssr")]
pub fn say(flash: &Flash) {
    let secure = use_context::<http::request::Parts>().is_some_and(|parts| came_over_https(&parts.headers));
    append_cookie(&flash.set_cookie(secure));
}

/// Ends a server function that did what it was asked: says so on the page at `to`.
#[cfg(feature = "ssr")]
pub fn done(flash: &Flash, to: &str) {
    say(flash);
    leptos_axum::redirect(to);
}

/// Ends a server function that refused: with JavaScript the form shows the error it gets; without, the page at `to`
/// says it, with what was typed (`values`, by field name).
#[cfg(feature = "ssr")]
pub fn refused(error: Error, values: &[(&str, &str)], to: &str) -> AppError {
    if crate::error::is_plain_form_post() {
        let flash = values
            .iter()
            .fold(Flash::refusal(&error), |flash, (field, value)| {
                flash.with_value(*field, *value)
            });
        done(&flash, to);
    }
    AppError::new(error)
}

#[cfg(feature = "ssr")]
fn came_over_https(headers: &http::HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto.as_bytes() == b"https")
}

#[cfg(feature = "ssr")]
fn append_cookie(cookie: &str) {
    if let (Some(response), Ok(cookie)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::HeaderValue::from_str(cookie),
    ) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// The message of this request, taken back so that it is shown once.
#[cfg(feature = "ssr")]
fn take() -> Option<Flash> {
    let parts = use_context::<http::request::Parts>()?;
    let flash = Flash::from_headers(&parts.headers)?;
    append_cookie(&Flash::clear_cookie());
    Some(flash)
}

#[server(prefix = "/_fn", endpoint = "flash/take")]
#[allow(
    clippy::unused_async,
    reason = "a server function is async; an expectation would be lost on the way through the macro"
)]
pub async fn take_flash() -> Result<Option<Flash>, AppError> {
    Ok(take())
}

/// Bumped when a server function sends the browser elsewhere: then, and only then, a message may wait.
#[derive(Debug, Clone, Copy)]
struct Redirected(RwSignal<Option<String>>);

/// Called once, above the router, which would otherwise install its own handler of redirects.
pub fn provide_redirects() {
    let target = RwSignal::new(None);
    provide_context(Redirected(target));
    #[cfg(not(feature = "ssr"))]
    {
        let hook = move |to: &str| target.set(Some(to.to_owned()));
        // Only the first call counts; there is one app per page.
        let _ = server_fn::redirect::set_redirect_hook(hook);
    }
}

/// The message of this page. Called once per page frame, inside the router and never where the page redirects, or
/// the message would be lost on the way.
pub fn provide_flash() -> RwSignal<Option<Flash>> {
    let initial = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        return take();
        #[cfg(not(feature = "ssr"))]
        None
    });
    let flash = RwSignal::new(initial.into_inner());
    provide_context(flash);

    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            flash.set(None);
        }
        path
    });
    if let Some(Redirected(target)) = use_context() {
        let navigate = use_navigate();
        Effect::new(move || {
            if let Some(to) = target.get() {
                target.set(None);
                navigate(&to, leptos_router::NavigateOptions::default());
                crate::viewer::refresh_viewer();
                spawn_local(async move {
                    if let Ok(Some(taken)) = take_flash().await {
                        flash.set(Some(taken));
                    }
                });
            }
        });
    }
    flash
}

/// The message of this page, for forms that want to be filled in again.
pub fn use_flash() -> RwSignal<Option<Flash>> {
    use_context().unwrap_or_else(|| RwSignal::new(None))
}

/// Where the message of the page appears. The region is always there, so that its filling is announced.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let flash = use_flash();
    let tone = move |wanted: Tone| flash.with(|f| f.as_ref().is_some_and(|f| f.tone == wanted));
    let message = move |wanted: Tone| {
        flash.with(|f| f.as_ref().filter(|f| f.tone == wanted).map(|f| f.message.clone()))
    };
    let secret = move || {
        flash.with(|f| {
            f.as_ref()
                .and_then(|f| f.secret.as_ref())
                .map(|secret| secret.reveal().to_owned())
        })
    };
    view! {
        <div class="flash" class:flash--success=move || tone(Tone::Success) class:flash--problem=move || tone(Tone::Problem)>
            <div role="status" class="flash__message">{move || message(Tone::Success)}</div>
            <div role="alert" class="flash__message">{move || message(Tone::Problem)}</div>
            {move || secret().map(|secret| view! { <crate::ui::copy::Secret secret/> })}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn round_trip(flash: &Flash) -> Option<Flash> {
        let cookie = flash.set_cookie(true);
        let pair = cookie.split(';').next()?;
        let mut headers = http::HeaderMap::new();
        headers.append(http::header::COOKIE, "other=1".parse().ok()?);
        headers.append(http::header::COOKIE, format!("theme=dark; {pair}").parse().ok()?);
        Flash::from_headers(&headers)
    }

    #[test]
    fn a_message_survives_its_cookie() {
        let flash = Flash::success("Invited Zoë “Z” Łukasz.")
            .with_secret(ShownOnce::new("/invite/abc".into()))
            .with_value("email", "zoe@example.org");
        assert_eq!(round_trip(&flash), Some(flash));
    }

    #[test]
    fn a_long_message_gives_up_what_was_typed() {
        let flash = Flash::problem("is too long").with_value("name", "x".repeat(8000));
        assert!(flash.set_cookie(false).len() < 4096);
        assert_eq!(round_trip(&flash).map(|f| f.values.len()), Some(0));
    }

    #[test]
    fn an_edited_cookie_is_no_message() {
        let mut headers = http::HeaderMap::new();
        headers.append(
            http::header::COOKIE,
            http::HeaderValue::from_static("daybook_flash=%%%"),
        );
        assert_eq!(Flash::from_headers(&headers), None);
    }
}
