//! What the viewer keeps of lists, read before a page is rendered: which view opens first, and which columns are shown,
//! must be known before the first of it is drawn.

use super::AppState;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use daybook_domain::{permission::ViewAuditLogs, view::OwnLists, viewer::Viewer};

/// As it travels with the request.
#[derive(Debug, Clone)]
pub struct Lists(pub OwnLists);

/// For pages, not for their functions, which ask for what they need.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Viewer>().cloned();
    let is_page = request.method() == Method::GET;
    let granted = viewer
        .filter(|_| is_page)
        .and_then(|viewer| viewer.grant(ViewAuditLogs).ok());
    if let Some(granted) = granted {
        // Without them the page is still a page, and the error is in the server's log.
        if let Ok(lists) = state.ports().views.own_lists(&granted).await {
            request.extensions_mut().insert(Lists(lists));
        }
    }
    next.run(request).await
}
