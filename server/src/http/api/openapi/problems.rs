//! What is answered where something can't be done, by status.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses,
    openapi::{Ref, RefOr, Response},
};

/// What each status means, wherever it is answered.
const MEANINGS: &[(u16, &str)] = &[
    (
        400,
        "The address, the query or the body can't be understood. Where that can be said: `field` and `reason`, `line` and \
         `column`, or `position` and `end` in the query language.",
    ),
    (
        401,
        "There is no key, or it is unknown or was revoked; or what a provider signed doesn't hold.",
    ),
    (
        403,
        "The key lacks the `scope` that this needs; or it may do too much for one that stands in an address.",
    ),
    (404, "There is nothing under this address."),
    (
        413,
        "More than 10,000 entries or 16 MiB, after decompression. Send several bodies.",
    ),
    (415, "A type or a compression that can't be read."),
    (422, "Something is wrong with the `field`, for the `reason`."),
    (429, "Too much at once. Try again after `Retry-After` seconds."),
    (
        500,
        "Something broke. It is in the server's log under the request's id.",
    ),
    (
        503,
        "The disk is full or the database is away. Nothing of the request was stored: send it again after `Retry-After` \
         seconds.",
    ),
];

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $($status:literal)+;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$(($status.to_string(), problem($status))),+])
            }
        }
    )+};
}

refusals! {
    /// Of what needs a key.
    Keyed: 401 403 500 503;
    /// Of what looks for one thing.
    Found: 400 404;
    /// Of what names something that may not be there.
    Missing: 404;
    /// Of what is narrowed by a query.
    Queried: 400 422;
    /// Of what takes a thing.
    Unfitting: 422;
    /// Of what only so many can do at once.
    Throttled: 429;
    /// Of what takes a body.
    Bodied: 400 413 415 429;
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem(status: u16) -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name(name(status)))
}

/// The components that the refusals refer to.
pub(super) fn responses() -> Map<String, Value> {
    let responses = MEANINGS.iter();
    responses
        .map(|(status, meaning)| (name(*status), response(*status, meaning)))
        .collect()
}

fn response(status: u16, meaning: &str) -> Value {
    let mut response = json!({
        "description": meaning,
        "content": {"application/problem+json": {"schema": {"allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"properties": {"status": {"const": status}}},
        ]}}},
    });
    if let Some(headers) = headers(status) {
        response["headers"] = headers;
    }
    response
}

fn headers(status: u16) -> Option<Value> {
    let header = |name: &str, description: &str, kind: &str| json!({name: {"description": description, "schema": {"type": kind}}});
    match status {
        401 => Some(header(
            "WWW-Authenticate",
            "How to say who asks: `Bearer`.",
            "string",
        )),
        429 | 503 => Some(header("Retry-After", "Seconds to wait.", "integer")),
        _ => None,
    }
}

/// A problem document; what [`Problem`](crate::http::api::problem::Problem) writes.
pub(super) fn schema() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let number = |description: &str| json!({"type": "integer", "minimum": 0, "description": description});
    json!({
        "type": "object",
        "description": "Why a request was not done (RFC 9457).",
        "required": ["type", "title", "status", "instance"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri",
                "pattern": "^urn:daybook:problem:[a-z-]+$",
                "description": "What kind of problem it is, for programs.",
            },
            "title": text("The same, for people."),
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The status of the answer."},
            "instance": {"type": "string", "format": "uri", "description": "The id of the request."},
            "detail": text("A sentence on this very case."),
            "field": text("The parameter or field that is wrong."),
            "reason": text("What is wrong with it."),
            "scope": text("The scope that the key lacks."),
            "line": number("Where in the body, from 1."),
            "column": number("Where in the line, from 1."),
            "position": number("Where in the query language a mistake begins, in characters."),
            "end": number("Where it ends."),
        },
    })
}
