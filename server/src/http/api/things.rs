//! `PUT /api/v2/companies|contacts|agents/{external_id}`: the directory, kept as the helpdesk has it.

use super::{
    body,
    caller::Caller,
    openapi::{Bodied, Keyed, Sending, Unfitting},
    path::Part,
    problem::Problem,
};
use crate::http::AppState;
use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use daybook_backend::ingest::Format;
use daybook_domain::{
    account::Scope,
    object::{Change, Given, ObjectKind, Put},
    ports::Objects,
};
use serde_json::{Map, Value, json};

/// Keep a company
///
/// Made where there is none with this external id, otherwise changed; the same again changes nothing. What it refers to has
/// to be there.
#[utoipa::path(
    put,
    path = "/api/v2/companies/{external_id}",
    operation_id = "putCompany",
    tag = "Directory",
    params(
        ("external_id" = String, Path, description = "Its id in the helpdesk.", max_length = 200, example = "h-1"),
        Sending,
    ),
    request_body(content((
        ref("#/components/schemas/GivenCompany") = "application/json",
        example = json!({"name": "Harbor IT", "phone": "+44 20 7946 0100", "tags": ["vip"], "erp_number": 118}),
    ))),
    responses(
        (status = 200, description = "It was there, and is so now.", body = ref("#/components/schemas/Company")),
        (status = 201, description = "It was made.", body = ref("#/components/schemas/Company")),
        Keyed,
        Bodied,
        Unfitting,
    ),
    security(("key" = ["directory:write"])),
)]
pub async fn put_company(
    state: State<AppState>,
    caller: Caller,
    id: Part<String>,
    request: Request,
) -> Result<Response, Problem> {
    put(
        ObjectKind::Company,
        "PUT /api/v2/companies/{external_id}",
        state,
        caller,
        id,
        request,
    )
    .await
}

/// Keep a contact
///
/// Made where there is none with this external id, otherwise changed; the same again changes nothing. What it refers to has
/// to be there.
#[utoipa::path(
    put,
    path = "/api/v2/contacts/{external_id}",
    operation_id = "putContact",
    tag = "Directory",
    params(
        ("external_id" = String, Path, description = "Its id in the helpdesk.", max_length = 200, example = "c-1"),
        Sending,
    ),
    request_body(content((
        ref("#/components/schemas/GivenContact") = "application/json",
        example = json!({"name": "Ann Reyes", "email": "ann@harbor.example", "job_title": "Office manager", "vip": true}),
    ))),
    responses(
        (status = 200, description = "It was there, and is so now.", body = ref("#/components/schemas/Contact")),
        (status = 201, description = "It was made.", body = ref("#/components/schemas/Contact")),
        Keyed,
        Bodied,
        Unfitting,
    ),
    security(("key" = ["directory:write"])),
)]
pub async fn put_contact(
    state: State<AppState>,
    caller: Caller,
    id: Part<String>,
    request: Request,
) -> Result<Response, Problem> {
    put(
        ObjectKind::Contact,
        "PUT /api/v2/contacts/{external_id}",
        state,
        caller,
        id,
        request,
    )
    .await
}

/// Keep a service agent
///
/// Made where there is none with this external id, otherwise changed; the same again changes nothing. What it refers to has
/// to be there.
#[utoipa::path(
    put,
    path = "/api/v2/agents/{external_id}",
    operation_id = "putAgent",
    tag = "Directory",
    params(
        ("external_id" = String, Path, description = "Its id in the helpdesk.", max_length = 200, example = "a-1"),
        Sending,
    ),
    request_body(content((
        ref("#/components/schemas/GivenAgent") = "application/json",
        example = json!({"name": "Jun Sato", "email": "jun@northdesk.example", "capacity": 6}),
    ))),
    responses(
        (status = 200, description = "It was there, and is so now.", body = ref("#/components/schemas/Agent")),
        (status = 201, description = "It was made.", body = ref("#/components/schemas/Agent")),
        Keyed,
        Bodied,
        Unfitting,
    ),
    security(("key" = ["directory:write"])),
)]
pub async fn put_agent(
    state: State<AppState>,
    caller: Caller,
    id: Part<String>,
    request: Request,
) -> Result<Response, Problem> {
    put(
        ObjectKind::ServiceAgent,
        "PUT /api/v2/agents/{external_id}",
        state,
        caller,
        id,
        request,
    )
    .await
}

async fn put(
    kind: ObjectKind,
    what: &'static str,
    State(state): State<AppState>,
    caller: Caller,
    Part(external_id): Part<String>,
    request: Request,
) -> Result<Response, Problem> {
    let viewer = caller.require(Scope::DirectoryWrite, what, &state).await?;
    let granted = viewer.grant_kind(kind, Change)?;
    let (parts, body) = request.into_parts();
    if body::format(&parts.headers)? != Format::Json {
        return Err(
            Problem::new(415, "content-type", "Not a type that can be read").detail("Send application/json.")
        );
    }
    let coding = body::coding(&parts.headers)?;
    let _place = state.in_flight().place(caller.key())?;
    let mut memory = state.in_flight().memory();
    let body = body::read(&parts.headers, body, coding, &mut memory).await?;
    let given: Given = serde_json::from_slice(&body).map_err(|error| not_an_object(&error))?;
    let put = state
        .services()
        .objects
        .put_object(&granted, &external_id, &given)
        .await?;
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, [(CACHE_CONTROL, "no-store")], Json(answer(&put))).into_response())
}

fn not_an_object(error: &serde_json::Error) -> Problem {
    Problem::new(400, "not-json", "The body is not a JSON object")
        .detail(format!(
            "Line {}, column {}: {error}.",
            error.line(),
            error.column()
        ))
        .with("line", error.line())
        .with("column", error.column())
}

/// The thing with all its properties; what it refers to by id and name. And what was sent that can't be kept.
fn answer(put: &Put) -> Value {
    let (object, mut answer) = (&put.object, Map::new());
    answer.insert("id".to_owned(), json!(object.id));
    answer.insert("kind".to_owned(), json!(object.kind));
    answer.insert("status".to_owned(), json!(object.status));
    answer.insert("version".to_owned(), json!(object.version));
    answer.insert("changed_at".to_owned(), json!(object.changed.utc));
    for property in object.kind.spec().properties {
        let Some(value) = object.values.get(property.name) else {
            continue;
        };
        let named = property.references(Some(value)).into_iter();
        let mut named: Vec<_> = named
            .map(|id| json!({"id": id, "name": object.names.get(&id)}))
            .collect();
        let value = match (property.refers_to(), property.is_set()) {
            (Some(_), true) => named.into(),
            (Some(_), false) => named.pop().unwrap_or_default(),
            (None, _) => value.clone(),
        };
        answer.insert(property.name.to_owned(), value);
    }
    if !put.not_kept.is_empty() {
        answer.insert("not_kept".to_owned(), json!(put.not_kept));
    }
    answer.into()
}
