//! For whoever watches over the process: is it alive, can it answer.

use super::AppState;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use daybook_backend::error::chain;
use std::time::Duration;

/// A database that takes longer can't be called ready.
const PATIENCE: Duration = Duration::from_secs(3);

pub fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok") }))
        .route("/readyz", get(ready))
        .with_state(state.clone())
}

async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    match tokio::time::timeout(PATIENCE, state.services().db.ping()).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready"),
        Ok(Err(error)) => {
            tracing::warn!(error = %chain(&error), "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "the database is away")
        }
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the database doesn't answer"),
    }
}

fn plain(status: StatusCode, text: &'static str) -> impl IntoResponse {
    (status, [(header::CACHE_CONTROL, "no-store")], text)
}
