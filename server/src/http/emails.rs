//! The body of an email as it was sent, for the frame on its page. Whoever wrote it is nobody we know: no script runs, it
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
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use daybook_domain::{
    Error,
    id::EmailMessageId,
    permission::{Permission, ViewEmailHistory},
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
