//! The pages: rendering, their functions, the forms behind them, and what stands around all of these.

use super::{
    AppState, analytics,
    assets::public_file,
    at_provider, email_templates, emails, export, form,
    lists::{self, Lists},
    live, portal, render,
    request::{Nonce, words_of},
    session::{self, SessionRows},
    swagger, things, viewer,
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, Uri, header, request::Parts},
    middleware::{self, Next},
    response::IntoResponse,
    routing::{MethodRouter, get, post},
};
use daybook_app::{App, context::ServerContext, flash::Flash, routes, shell};
use daybook_domain::{
    permission::Permission,
    portal::ContactViewer,
    viewer::{RequestContext, Viewer},
};
use leptos::{
    config::LeptosOptions,
    prelude::{provide_context, use_context},
};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use std::any::Any;
use tower_http::csrf::CsrfLayer;

/// Largest body of a form or of a call of a function.
const MAX_BODY: usize = 256 * 1024;

pub fn routes(state: &AppState) -> Router {
    render::prepare();
    let context = {
        let state = state.clone();
        move || provide(&state)
    };
    let render = render_app_async_with_context(context.clone(), shell);
    // What is no page is a file of the site, or lost.
    let fallback = move |request: Request| async move {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let file = if is_read {
            public_file(request.uri().path(), request.headers())
        } else {
            None
        };
        match file {
            Some(file) => file,
            None => render(request).await,
        }
    };
    let options = LeptosOptions::builder().output_name("daybook").build();
    let beside = handlers().fold(Router::new(), |router, (_, path, answer)| {
        router.route(&path, answer)
    });
    let beside = beside.with_state(state.clone());
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context, shell)
        .route_layer(middleware::from_fn_with_state(state.clone(), lists::resolve))
        .fallback(fallback)
        .with_state(options)
        .layer(middleware::from_fn(render::alone))
        .merge(beside)
        .layer(middleware::from_fn_with_state(state.clone(), viewer::resolve))
        .layer(middleware::from_fn_with_state(state.clone(), portal::resolve))
        .layer(session::layer(
            SessionRows::new(state.services()),
            state.is_https(),
        ))
        .layer(middleware::map_response_with_state(
            state.clone(),
            session::mend_removal,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), under_public_name))
        .layer(cross_site_check(state))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::map_response(keep_message))
        .layer(middleware::map_response(keep_private))
}

/// What answers beside the pages and their functions: its method, its path, and itself.
pub type Handler = (Method, String, MethodRouter<AppState>);

const TEMPLATE_PREVIEW: &str = "/admin/email/templates/{template}/preview";

/// Forms that make or end a session, and files.
fn handlers() -> impl Iterator<Item = Handler> {
    let sent = |path: &str, answer| (Method::POST, path.to_owned(), answer);
    let read = |path: &str, answer| (Method::GET, path.to_owned(), answer);
    [
        sent(routes::SIGN_IN, post(form::sign_in)),
        sent(routes::SIGN_IN_CODE, post(form::sign_in_code)),
        read("/sign-in/with/{provider}", get(at_provider::go)),
        read(routes::SIGN_IN_CALLBACK, get(at_provider::come_back)),
        sent(routes::SIGN_OUT, post(form::sign_out)),
        sent(routes::SETUP, post(form::set_up)),
        sent("/invite/{token}", post(form::accept_invitation)),
        sent(routes::FORGOTTEN, post(form::ask_for_reset)),
        sent("/reset/{token}", post(form::choose_password)),
        sent("/admin/users/{id}/impersonate", post(form::begin_impersonation)),
        sent(routes::END_IMPERSONATION, post(form::end_impersonation)),
        read("/audit-logs/{log}/export", get(export::of_page)),
        read("/audit-logs/{log}/live", get(live::of_page)),
        read("/email/messages/{id}/body", get(emails::body_of_page)),
        read(
            "/email/messages/{id}/attachments/{number}",
            get(emails::attachment_of_page),
        ),
        read(TEMPLATE_PREVIEW, get(email_templates::preview_of_page)),
        sent(TEMPLATE_PREVIEW, post(email_templates::preview_of_form)),
        read(routes::SWAGGER, get(swagger::page)),
        read("/swagger/{file}", get(swagger::file)),
    ]
    .into_iter()
    .chain(things::handlers())
    .chain(analytics::handlers())
    .chain(portal::handlers())
}

/// The method and the path of each.
pub fn handler_routes() -> impl Iterator<Item = (Method, String)> {
    handlers().map(|(method, path, _)| (method, path))
}

/// Provides what the pages of one request may use.
fn provide(state: &AppState) {
    let Some(parts) = use_context::<Parts>() else {
        return;
    };
    let nonce = parts.extensions.get::<Nonce>().map(|nonce| nonce.0.clone());
    let nonce = nonce.unwrap_or_default();
    provide_context(leptos::nonce::Nonce::from_value(nonce.clone()));
    provide_context(ServerContext {
        ports: state.ports().clone(),
        viewer: parts.extensions.get::<Viewer>().cloned(),
        contact: parts.extensions.get::<ContactViewer>().cloned(),
        link_browser: portal::link_browser(state, &parts.headers),
        lists: parts.extensions.get::<Lists>().map(|lists| lists.0.clone()),
        request: parts
            .extensions
            .get::<RequestContext>()
            .cloned()
            .unwrap_or_default(),
        assets: state.site().assets(),
        nonce: nonce.to_string(),
    });
}

/// Pages that write out whole addresses (of invitations) ask the `Host` header: the setting answers, where there is
/// one. Behind the cross-site check, which wants to see what the browser sent.
async fn under_public_name(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> axum::response::Response {
    let host = state
        .public_url()
        .and_then(|url| HeaderValue::from_str(url.authority()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
    next.run(request).await
}

/// Refuses what another site makes a browser send (RFC-less but told by every browser: `Sec-Fetch-Site`, `Origin`).
fn cross_site_check(
    state: &AppState,
) -> CsrfLayer<impl Fn(tower_http::csrf::ProtectionError) -> Response<Body> + Clone + Send + Sync + 'static> {
    let mut layer = CsrfLayer::new();
    if let Some(url) = state.public_url() {
        // Behind a proxy that doesn't pass the host on, the setting says what our origin is.
        match layer.clone().add_trusted_origin(url.origin()) {
            Ok(with_origin) => layer = with_origin,
            Err(error) => tracing::warn!(%error, "the public address can't be used for the cross-site check"),
        }
    }
    layer.with_rejection_response(|_| {
        plain_page(
            StatusCode::FORBIDDEN,
            "This was sent from another site",
            "Daybook takes forms from its own pages only. Open the page here and try again.",
        )
    })
}

/// What depends on who asks is kept by nobody: not by proxies, not by the next user of the browser.
async fn keep_private(mut response: axum::response::Response) -> axum::response::Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A message waits for a page that shows it: one that only leads elsewhere took it for nothing.
async fn keep_message(mut response: axum::response::Response) -> axum::response::Response {
    if !response.status().is_redirection() {
        return response;
    }
    let taken = Flash::clear_cookie();
    let cookies: Vec<_> = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter(|cookie| cookie.as_bytes() != taken.as_bytes())
        .cloned()
        .collect();
    response.headers_mut().remove(header::SET_COOKIE);
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The answer where a page panicked.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let reason = words_of(panic.as_ref());
    tracing::error!(reason, "a page panicked");
    plain_page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something broke",
        "It is in the server's log. Going back and trying again does no harm.",
    )
}

/// The way in, and back to what was asked for, for an answer that is no page.
pub fn sign_in_first(uri: &Uri) -> axum::response::Response {
    let asked = uri.path_and_query().map_or("", |asked| asked.as_str());
    let to = HeaderValue::from_str(&routes::sign_in(asked));
    let to = to.unwrap_or(HeaderValue::from_static(routes::SIGN_IN));
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

/// Refuses what takes a permission, and records that.
pub async fn refused(
    state: &AppState,
    viewer: &Viewer,
    permission: Permission,
    title: &str,
    uri: &Uri,
) -> axum::response::Response {
    let told = state.ports().gate.refused(viewer, permission, uri.path()).await;
    if told.is_err() {
        return viewer::unavailable();
    }
    let text = format!(
        "This needs the permission “{}”. Whoever manages roles can give it to you.",
        permission.title()
    );
    problem(StatusCode::FORBIDDEN, title, &text)
}

/// What is wrong with what was asked for.
pub fn problem(status: StatusCode, title: &str, text: &str) -> axum::response::Response {
    // What is said may repeat what stood in the address.
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    plain_page(status, title, &text)
}

/// A page that needs nothing to work: for when the pages themselves don't.
pub fn plain_page(status: StatusCode, title: &str, text: &str) -> Response<Body> {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <title>{title} · Daybook</title></head>\n<body><main><h1>{title}</h1><p>{text}</p>\
         <p><a href=\"/\">To the audit logs</a></p></main></body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, html).into_response()
}
