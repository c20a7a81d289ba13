//! Exports: everything of a list as one file. The page's address needs the permission to export, the API's a key that
//! may read.

use super::{
    AppState,
    pages::{problem, refused, sign_in_first},
};
use axum::{
    Extension,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{
        HeaderValue, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use daybook_backend::export::Format;
use daybook_domain::{
    Error,
    log::LogScope,
    permission::{ExportAuditLogs, Permission},
    query::LogQuery,
    viewer::{Granted, Viewer},
};
use uuid::Uuid;

/// The answer that streams an export.
///
/// # Errors
/// As of [`daybook_backend::export::Exports::begin`].
pub async fn answer(
    state: &AppState,
    who: &Granted<ExportAuditLogs>,
    scope: LogScope,
    query: &LogQuery,
    format: Format,
    job: Option<Uuid>,
) -> Result<Response, Error> {
    let services = state.services();
    let stream = services.exports.begin(who, scope, query, format, job).await?;
    let now = services.clock.now().to_datetime().format("%Y-%m-%dT%H%M%SZ");
    let name = format!(
        "attachment; filename=\"daybook-{}-{now}.{}\"",
        scope.slug(),
        format.name()
    );
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// `GET /audit-logs/{log}/export?format=csv&…`. With `job`, a number of the reader's choice, they can ask how far it is.
pub async fn of_page(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    Path(log): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(Extension(viewer)) = viewer else {
        return sign_in_first(&uri);
    };
    let Ok(granted) = viewer.grant(ExportAuditLogs) else {
        let title = "You can't export audit logs";
        return refused(&state, &viewer, Permission::AuditLogsExport, title, &uri).await;
    };
    let Some(scope) = LogScope::from_slug(&log) else {
        return problem(
            StatusCode::NOT_FOUND,
            "There is no such log",
            &Error::NotFound.to_string(),
        );
    };
    let query = query.unwrap_or_default();
    let parameter = |wanted: &str| {
        let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    let format = parameter("format").map_or(Some(Format::Csv), |name| Format::from_name(&name));
    let job = parameter("job").and_then(|job| job.parse().ok());
    let Some(format) = format else {
        return problem(StatusCode::BAD_REQUEST, UNREADABLE, "format is csv or jsonl.");
    };
    let query = match LogQuery::parse(&query) {
        Ok(query) => query,
        Err(problems) => {
            let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
            return problem(StatusCode::BAD_REQUEST, UNREADABLE, &said.join(". "));
        }
    };
    match answer(&state, &granted, scope, &query, format, job).await {
        Ok(response) => response,
        Err(error @ Error::Invalid { .. }) => {
            problem(StatusCode::BAD_REQUEST, UNREADABLE, &error.to_string())
        }
        Err(Error::TooManyRequests { retry_after_seconds }) => {
            let said = "As many exports as can run at once are running. Try again in a moment.";
            let mut response = problem(StatusCode::TOO_MANY_REQUESTS, "Too many exports", said);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(retry_after_seconds));
            response
        }
        Err(_) => super::viewer::unavailable(),
    }
}

const UNREADABLE: &str = "This address can't be read";
