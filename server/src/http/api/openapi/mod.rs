//! `GET /api/v2/openapi.json`: what the API takes and answers, as OpenAPI 3.1.
//!
//! Paths, answers and what the handlers write out come from the handlers and their types. What programs send is read field by
//! field and has no type, so it is described here, once. Everybody may read the document: it holds no data.

mod email;
mod event;
mod problems;
mod query;
mod thing;

pub use problems::{Bodied, Found, Keyed, Missing, Queried, Throttled, Unfitting};
pub use query::{Exporting, Listing, MonthlyListing, Paging, Receiving, Sending};

use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use daybook_domain::{
    account::Scope,
    object::{ObjectKind, custom::NotKept},
};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::PartialSchema;

/// The name of the one security scheme.
const KEY: &str = "key";

static WRITTEN: LazyLock<Bytes> = LazyLock::new(|| document().to_string().into());

/// This description
///
/// Open to everybody, as it holds no data. It is shown at `/swagger`.
#[utoipa::path(
    get,
    path = "/api/v2/openapi.json",
    operation_id = "describe",
    tag = "Description",
    responses((
        status = 200,
        description = "An OpenAPI 3.1 document.",
        body = ref("#/components/schemas/Description"),
    )),
    security(()),
)]
pub async fn describe() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, WRITTEN.clone()).into_response()
}

fn document() -> Value {
    let (paths, mut schemas) = from_handlers();
    schemas.extend(of_bodies());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Daybook",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Send events to the audit log, and read them.",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This Daybook."}],
        "tags": [
            {"name": "Events", "description": "The records: sending, reading, exporting them."},
            {"name": "Directory", "description": "Companies, contacts and service agents, kept as the helpdesk has them."},
            {"name": "Analytics", "description": "Usage of the portals, as counts."},
            {"name": "Email", "description": "What others have sent, and what becomes of it."},
            {"name": "Description", "description": "What there is."},
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {KEY: key()},
            "schemas": schemas,
            "responses": problems::responses(),
        },
    })
}

const ABOUT: &str = "Every request carries a key: `Authorization: Bearer dbk_…`. Every answer that isn't a success is a \
                     problem document (RFC 9457), except where it is said otherwise. An answer's `X-Request-Id` is what \
                     the server's log knows the request by.\n\nThis description can be read without a key, as it holds \
                     no data.";

fn key() -> Value {
    let scopes = Scope::ALL.iter();
    let scopes: Vec<_> = scopes
        .map(|scope| format!("- `{}`: {}", scope.name(), scope.title()))
        .collect();
    let description = format!(
        "A key of the workspace, made under Admin Center → API keys. It is shown once. What it may do is said by its \
         scopes, which stand beside each operation:\n\n{}",
        scopes.join("\n")
    );
    json!({"type": "http", "scheme": "bearer", "bearerFormat": "dbk_…", "description": description})
}

/// The paths, and the schemas of the types that stand in them.
fn from_handlers() -> (Value, Map<String, Value>) {
    let described = super::described().into_openapi();
    let mut paths = json!(described.paths);
    let operations = paths.as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in operations
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
    {
        if let Some(body) = operation.get_mut("requestBody") {
            body["required"] = true.into();
        }
    }
    let schemas = described.components.map(|components| json!(components.schemas));
    match schemas {
        Some(Value::Object(schemas)) => (paths, schemas),
        _ => (paths, Map::new()),
    }
}

/// The schemas of what is sent, and of answers that have no type.
fn of_bodies() -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema| schemas.insert(name.to_owned(), schema);
    add("SentEvent", event::sent());
    add("SentEvents", one_or_many("SentEvent"));
    add("EmailReport", email::report());
    add("EmailReports", one_or_many("EmailReport"));
    for (name, kind) in [
        ("Company", ObjectKind::Company),
        ("Contact", ObjectKind::Contact),
        ("Agent", ObjectKind::ServiceAgent),
    ] {
        add(name, thing::stored(kind));
        add(&format!("Given{name}"), thing::given(kind));
    }
    add("NamedThing", thing::named());
    add("NotKept", json!(NotKept::schema()));
    add("Problem", problems::schema());
    add(
        "ProviderEvents",
        json!({"type": ["object", "array"], "description": "As the provider has them."}),
    );
    add(
        "Description",
        json!({"type": "object", "required": ["openapi", "info", "paths"]}),
    );
    schemas
}

/// One of something, or an array of them.
fn one_or_many(name: &str) -> Value {
    let one = json!({"$ref": format!("#/components/schemas/{name}")});
    json!({"anyOf": [one, {"type": "array", "items": one, "maxItems": daybook_backend::ingest::MAX_EVENTS}]})
}
