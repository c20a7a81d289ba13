//! HTTP: which request goes where, and what every answer carries.
//!
//! From the outside in: request id and security headers, compression, panics; then the pages with their session
//! and the cross-site check, the API with its keys, the assets. What is answered stands elsewhere: pages in
//! `daybook-app`, events in `daybook-backend`.

mod analytics;
mod api;
mod assets;
mod at_provider;
mod client_ip;
mod email_templates;
mod emails;
mod export;
mod form;
mod headers;
mod health;
mod lists;
mod live;
mod pages;
mod portal;
mod render;
mod request;
mod serve;
mod session;
mod state;
mod swagger;
mod things;
mod viewer;

pub use api::ROUTES as API_ROUTES;
pub use pages::handler_routes;
pub use serve::run;
pub use state::AppState;

use axum::{Router, middleware};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Everything Daybook answers.
pub fn router(state: AppState) -> Router {
    // Fastest: a page is made once and read once. Files of the site come compressed or not at all.
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let pages = pages::routes(&state)
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(compression);
    Router::new()
        .merge(pages)
        .merge(api::routes(&state))
        .merge(assets::routes(&state))
        .merge(health::routes(&state))
        .layer(middleware::from_fn_with_state(state, request::identify))
}
