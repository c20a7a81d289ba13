//! What is in an email, beside its page: its body as it was sent, and the files that went along.
//!
//! The body is shown in a frame. Whoever wrote it is nobody we know: no script runs, it
//! is of no origin, and nothing is loaded, so that looking at it tells the sender nothing.

use super::{
    AppState,
    pages::{problem, refused, sign_in_first},
};
use axum::{
    Extension,
    extract::{Path, State},
    http::{
        HeaderName, HeaderValue, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use daybook_domain::{
    Error,
    email::EmailFile,
    id::EmailMessageId,
    permission::{ExportAuditLogs, Permission, ViewEmailHistory},
    ports::Emails as _,
    viewer::Viewer,
};

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

/// `GET /email/messages/{id}/body`
pub async fn body_of_page(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    let Some(Extension(viewer)) = viewer else {
        return sign_in_first(&uri);
    };
    let Ok(granted) = viewer.grant(ViewEmailHistory) else {
        let title = "You can't see emails";
        return refused(&state, &viewer, Permission::EmailHistoryView, title, &uri).await;
    };
    let html = match id.parse::<EmailMessageId>() {
        Ok(id) => state.services().emails.email_html(&granted, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match html {
        Ok(html) => framed(html),
        Err(Error::NotFound) => {
            let title = "There is no such body";
            problem(StatusCode::NOT_FOUND, title, &Error::NotFound.to_string())
        }
        Err(error) => {
            let title = "The body can't be shown";
            problem(StatusCode::SERVICE_UNAVAILABLE, title, &error.to_string())
        }
    }
}

/// `GET /email/messages/{id}/attachments/{number}`. Records may stand in it, so it takes the permission to export, too.
pub async fn attachment_of_page(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    Path((id, number)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    let Some(Extension(viewer)) = viewer else {
        return sign_in_first(&uri);
    };
    let title = "You can't download attachments";
    let Ok(granted) = viewer.grant(ViewEmailHistory) else {
        return refused(&state, &viewer, Permission::EmailHistoryView, title, &uri).await;
    };
    let Ok(exporter) = viewer.grant(ExportAuditLogs) else {
        return refused(&state, &viewer, Permission::AuditLogsExport, title, &uri).await;
    };
    let emails = &state.services().emails;
    let file = match (id.parse::<EmailMessageId>(), number.parse()) {
        (Ok(id), Ok(number)) => emails.email_attachment(&granted, &exporter, id, number).await,
        _ => Err(Error::NotFound),
    };
    match file {
        Ok(file) => downloaded(file),
        Err(Error::NotFound) => {
            let title = "There is no such attachment";
            problem(StatusCode::NOT_FOUND, title, &Error::NotFound.to_string())
        }
        Err(error) => {
            let title = "The attachment can't be had";
            problem(StatusCode::SERVICE_UNAVAILABLE, title, &error.to_string())
        }
    }
}

/// A file to be kept, not shown: whatever it says that it is.
fn downloaded(file: EmailFile) -> Response {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = file
        .name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let kind = HeaderValue::from_str(&file.media_type);
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A document of somebody else's making.
pub fn framed(html: String) -> Response {
    let kind = (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    in_frame(([kind], html).into_response())
}

/// An answer that a frame of ours shows, and nothing else does.
pub fn in_frame(mut response: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        // A name that is looked up would tell, too.
        (HeaderName::from_static("x-dns-prefetch-control"), "off"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
