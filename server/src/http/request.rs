//! What is known of a request before anything is done with it: its id, the client's address, the nonce of its
//! answer. Outermost, so that every answer has an id and the security headers, whoever makes it.

use super::{AppState, client_ip, headers};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use daybook_domain::{event::Portal, viewer::RequestContext};
use rand::RngExt;
use std::{any::Any, net::SocketAddr, sync::Arc, time::Instant};
use tracing::Instrument;

pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const MAX_USER_AGENT_CHARS: usize = 1000;

/// The nonce that scripts of this answer must carry.
#[derive(Debug, Clone)]
pub struct Nonce(pub Arc<str>);

pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let context = context(&state, &request);
    let nonce = Nonce(STANDARD.encode(rand::rng().random::<[u8; 16]>()).into());
    let id = context.correlation_id.clone();
    // The address's path holds the token of an invitation; the pattern doesn't.
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id, method = %request.method(), path);
    let is_https = state.is_https();
    // The pages ask this header whether a cookie must be `Secure`: the setting answers, not the sender.
    if is_https {
        let https = HeaderValue::from_static("https");
        request.headers_mut().insert(X_FORWARDED_PROTO, https);
    } else {
        request.headers_mut().remove(X_FORWARDED_PROTO);
    }
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(nonce.clone());
    let begin = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    headers::protect(response.headers_mut(), &nonce.0, is_https);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    let (status, took) = (response.status().as_u16(), begin.elapsed());
    span.in_scope(|| {
        if response.status().is_server_error() {
            tracing::warn!(status, ?took, "answered");
        } else {
            tracing::debug!(status, ?took, "answered");
        }
    });
    response
}

fn context(state: &AppState, request: &Request) -> RequestContext {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let headers = request.headers();
    let user_agent = headers.get(header::USER_AGENT).map(|agent| {
        String::from_utf8_lossy(agent.as_bytes())
            .chars()
            .take(MAX_USER_AGENT_CHARS)
            .collect()
    });
    let portal = if request.uri().path().starts_with("/api/") {
        Portal::Api
    } else {
        Portal::Admin
    };
    RequestContext {
        ip: peer.map(|peer| client_ip::of(peer.0.ip(), headers, state.trusted_proxies())),
        user_agent,
        portal: Some(portal),
        correlation_id: state.services().ids.next().to_string(),
    }
}

/// What somebody who panicked said.
pub fn words_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
}
