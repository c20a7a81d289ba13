//! The error every server function returns, and the statuses that go with it.
//!
//! In Leptos 0.8 any error of a server function is a 500 unless the response's options say otherwise. Making an
//! [`AppError`] says otherwise, so nothing else may set an error's status.

use daybook_domain::Error;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// [`Error`], ready to cross the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(Error);

impl AppError {
    /// On the server this sets the status of the response being made.
    pub fn new(error: Error) -> Self {
        set_status(error.status());
        Self(error)
    }

    pub fn kind(&self) -> &Error {
        &self.0
    }

    pub fn into_inner(self) -> Error {
        self.0
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What went wrong on the way: no connection, a body that isn't what was expected.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(reason)
            | ServerFnErrorErr::MissingArg(reason)
            | ServerFnErrorErr::Deserialization(reason) => Self::new(Error::invalid("request", reason)),
            _ => Self::new(Error::Unavailable {
                request_id: String::from("the server didn't answer"),
            }),
        }
    }
}

/// Sets the status of the response being made; does nothing in the browser.
///
/// A form sent without JavaScript is left alone: its answer is a redirect back to the form, and a status of 422 would
/// turn that into a dead end.
#[cfg(feature = "ssr")]
pub fn set_status(status: u16) {
    use leptos::prelude::use_context;
    if is_plain_form_post() {
        return;
    }
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}

/// Sets the status of the response being made; does nothing in the browser.
#[cfg(not(feature = "ssr"))]
pub fn set_status(_status: u16) {}

/// Whether this request is a form that the browser itself sent to a server function.
#[cfg(feature = "ssr")]
pub fn is_plain_form_post() -> bool {
    leptos::prelude::use_context::<http::request::Parts>().is_some_and(|parts| {
        parts.method == http::Method::POST
            && parts
                .headers
                .get(http::header::ACCEPT)
                .and_then(|accept| accept.to_str().ok())
                .is_some_and(|accept| accept.contains("text/html"))
    })
}
