//! Files of things: a list as one, one on its way in, and the lines of it that can't be stored. Each is an answer of its own,
//! not a page.

use super::{
    AppState,
    form::{back, see_other},
    pages::{Handler, problem, refused, sign_in_first},
    viewer::unavailable,
};
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Multipart, Path, RawQuery, State},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use daybook_app::{flash::Flash, routes as pages};
use daybook_domain::{
    Error,
    id::ImportId,
    object::{Change, KindGranted, MAX_IMPORT_BYTES, ObjectKind, ObjectQuery, Right, See},
    viewer::Viewer,
};

/// What stands around the file in a form.
const AROUND: usize = 64 * 1024;

/// Those of every kind, at the kind's address.
pub fn handlers() -> impl Iterator<Item = Handler> {
    ObjectKind::ALL.iter().copied().flat_map(|kind| {
        let path = kind.spec().path;
        let export = get(move |state, viewer, uri, query| export(kind, state, viewer, uri, query));
        let upload = post(move |state, viewer, uri, form| upload(kind, state, viewer, uri, form))
            .layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES + AROUND));
        let problems = get(move |state, viewer, uri, import| problems(kind, state, viewer, uri, import));
        [
            (Method::GET, format!("{path}/export"), export),
            (Method::POST, format!("{path}/upload"), upload),
            (
                Method::GET,
                format!("{path}/import/{{import}}/problems"),
                problems,
            ),
        ]
    })
}

/// The proof, or the answer that says no.
async fn granted<R: Right>(
    state: &AppState,
    viewer: Option<Extension<Viewer>>,
    kind: ObjectKind,
    right: R,
    uri: &Uri,
) -> Result<KindGranted<R>, Response> {
    let Some(Extension(viewer)) = viewer else {
        return Err(sign_in_first(uri));
    };
    if let Ok(granted) = viewer.grant_kind(kind, right) {
        return Ok(granted);
    }
    let title = format!(
        "This is not yours to do with {}",
        viewer.naming().plural_in_sentence(kind)
    );
    Err(refused(state, &viewer, R::permission(kind), &title, uri).await)
}

/// `GET /companies/export?…`: all that match, as CSV.
async fn export(
    kind: ObjectKind,
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response {
    let who = match granted(&state, viewer, kind, See, &uri).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let query = match ObjectQuery::parse(kind.spec(), &query.unwrap_or_default()) {
        Ok(query) => query,
        Err(problems) => {
            let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return problem(StatusCode::BAD_REQUEST, UNREADABLE, &said.join(". "));
        }
    };
    let services = state.services();
    match services.objects.export(&who, &query).await {
        Ok(stream) => {
            let now = services.clock.now().to_datetime().format("%Y-%m-%dT%H%M%SZ");
            let name = who.viewer().naming().plural_in_sentence(kind).replace(' ', "-");
            csv(&format!("daybook-{name}-{now}.csv"), Body::from_stream(stream))
        }
        Err(error @ Error::Invalid { .. }) => {
            problem(StatusCode::BAD_REQUEST, UNREADABLE, &error.to_string())
        }
        Err(_) => unavailable(),
    }
}

const UNREADABLE: &str = "This address can't be read";

/// `POST /companies/upload`: a form with a file, which goes on to the page of the import.
async fn upload(
    kind: ObjectKind,
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    uri: Uri,
    form: Multipart,
) -> Response {
    let who = match granted(&state, viewer, kind, Change, &uri).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let taken = match file_of(form).await {
        Ok((name, bytes)) => state.services().objects.upload(&who, &name, bytes).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(id) => see_other(&pages::import(kind, id)),
        Err(Error::Unavailable { .. }) => unavailable(),
        Err(error) => back(&state, &pages::imports(kind), &Flash::refusal(&error)),
    }
}

/// The name and the bytes of the first file of a form.
async fn file_of(mut form: Multipart) -> Result<(String, Bytes), Error> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let most = MAX_IMPORT_BYTES / 1024 / 1024;
            Error::invalid("file", format!("The file is larger than {most} MiB."))
        } else {
            Error::invalid("file", "The file didn't come through. Choose it again.")
        }
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?;
            if name.is_empty() && bytes.is_empty() {
                break;
            }
            return Ok((name, bytes));
        }
    }
    Err(Error::invalid("file", "Choose a file."))
}

/// `GET /companies/import/{id}/problems`: the lines that can't be stored, with their reasons.
async fn problems(
    kind: ObjectKind,
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    uri: Uri,
    Path(import): Path<String>,
) -> Response {
    let who = match granted(&state, viewer, kind, Change, &uri).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let found = match import.parse::<ImportId>() {
        Ok(id) => state.services().objects.problem_file(&who, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match found {
        Ok((_, file)) => csv(&format!("daybook-problems-{import}.csv"), Body::from(file)),
        Err(Error::NotFound) => problem(
            StatusCode::NOT_FOUND,
            "There is no such import",
            "It may be forgotten by now.",
        ),
        Err(_) => unavailable(),
    }
}

fn csv(name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}
