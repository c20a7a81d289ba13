//! Problem documents (RFC 9457).

use axum::{
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use daybook_domain::Error;
use serde_json::{Map, Value, json};

/// Why a request was not done. As an answer it waits to be written until the request's id is at hand.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    /// Last part of the `type`, for programs.
    kind: &'static str,
    title: &'static str,
    detail: Option<String>,
    more: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub fn new(status: u16, kind: &'static str, title: &'static str) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            kind,
            title,
            detail: None,
            more: Map::new(),
            headers: Vec::new(),
        }
    }

    /// A sentence about this very case.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A member of its own.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.more.insert(member.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    pub fn unauthenticated(detail: &str) -> Self {
        Self::new(401, "unauthenticated", "No valid API key")
            .detail(detail)
            .header(WWW_AUTHENTICATE, "Bearer")
    }

    /// Nothing was stored, and trying again later is right.
    pub fn unavailable() -> Self {
        Self::new(503, "unavailable", "Daybook can't store or read right now")
            .detail("The disk is full or the database is away. Nothing of this request was stored; send it again.")
            .retry_after(5)
    }

    /// The document. `request_id` is what the server's log knows the request by.
    pub fn written(self, request_id: &str) -> Response {
        let mut document = self.more;
        document.insert(
            "type".to_owned(),
            json!(format!("urn:daybook:problem:{}", self.kind)),
        );
        document.insert("title".to_owned(), json!(self.title));
        document.insert("status".to_owned(), json!(self.status.as_u16()));
        document.insert("instance".to_owned(), json!(format!("urn:uuid:{request_id}")));
        if let Some(detail) = self.detail {
            document.insert("detail".to_owned(), json!(detail));
        }
        let fixed = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        let mut response = (self.status, fixed, Value::Object(document).to_string()).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let mut response = problem.status.into_response();
        response.extensions_mut().insert(problem);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Unauthenticated => Self::unauthenticated(&detail),
            Error::Forbidden { .. } => Self::new(403, "forbidden", "Not allowed").detail(detail),
            Error::NotFound => Self::new(404, "not-found", "There is nothing here").detail(detail),
            Error::Conflict { .. } => Self::new(409, "conflict", "Not possible as things are").detail(detail),
            Error::Invalid { field, reason } => {
                Self::new(422, "invalid", "Something is wrong with the request")
                    .detail(detail)
                    .with("field", field)
                    .with("reason", reason)
            }
            Error::TooManyRequests { retry_after_seconds } => {
                Self::new(429, "too-many-requests", "Too many requests")
                    .detail(detail)
                    .retry_after(retry_after_seconds)
            }
            Error::Unavailable { .. } => Self::unavailable(),
        }
    }
}
