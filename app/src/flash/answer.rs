//! How a server function ends: with a message for the page it sends the browser to.

use super::Flash;
use crate::error::AppError;
use daybook_domain::Error;
use leptos::prelude::*;

/// Sends `flash` along with the answer of a server function.
pub fn say(flash: &Flash) {
    let secure = use_context::<http::request::Parts>().is_some_and(|parts| came_over_https(&parts.headers));
    append_cookie(&flash.set_cookie(secure));
}

/// Ends a server function that did what it was asked: says so on the page at `to`.
pub fn done(flash: &Flash, to: &str) {
    say(flash);
    leptos_axum::redirect(to);
}

/// Ends a server function that refused: with JavaScript the form shows the error it gets; without, the page at `to`
/// says it, with what was typed (`values`, by field name).
pub fn refused(error: Error, values: &[(&str, &str)], to: &str) -> AppError {
    if crate::error::is_plain_form_post() {
        let refusal = Flash {
            form: use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()),
            ..Flash::refusal(&error)
        };
        let flash = values
            .iter()
            .fold(refusal, |flash, (field, value)| flash.with_value(*field, *value));
        done(&flash, to);
    }
    AppError::new(error)
}

fn came_over_https(headers: &http::HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto.as_bytes() == b"https")
}

fn append_cookie(cookie: &str) {
    if let (Some(response), Ok(cookie)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::HeaderValue::from_str(cookie),
    ) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// The message of this request, taken back so that it is shown once.
pub(super) fn take() -> Option<Flash> {
    let parts = use_context::<http::request::Parts>()?;
    let flash = Flash::from_headers(&parts.headers)?;
    append_cookie(&Flash::clear_cookie());
    Some(flash)
}
