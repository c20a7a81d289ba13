//! Figures as a file: what a page of them shows, for a spreadsheet. An answer of its own, not a page.

use super::{
    AppState,
    pages::{Handler, problem, refused, sign_in_first},
    viewer::unavailable,
};
use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use daybook_app::routes as pages;
use daybook_domain::{
    Error,
    analytics::{UsageQuery, UsageType},
    permission::{Permission, ViewAnalytics},
    viewer::Viewer,
};

/// One beside each page.
pub fn handlers() -> impl Iterator<Item = Handler> {
    UsageType::ALL.iter().copied().map(|of| {
        let path = pages::export_usage(&UsageQuery::new(of));
        let export = get(move |state, viewer, uri, query| export(of, state, viewer, uri, query));
        (Method::GET, path, export)
    })
}

async fn export(
    of: UsageType,
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(Extension(viewer)) = viewer else {
        return sign_in_first(&uri);
    };
    let Ok(who) = viewer.grant(ViewAnalytics) else {
        let title = "You can't see usage figures";
        return refused(&state, &viewer, Permission::AnalyticsView, title, &uri).await;
    };
    let asked = UsageQuery::parse(of, &query.unwrap_or_default());
    let file = match asked {
        Ok(query) => state.services().analytics.export(&who, &query).await,
        Err(error) => Err(error),
    };
    match file {
        Ok(file) => {
            let now = state
                .services()
                .clock
                .now()
                .to_datetime()
                .format("%Y-%m-%dT%H%M%SZ");
            let name = format!("attachment; filename=\"daybook-usage-{of}-{now}.csv\"");
            let mut response = file.into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Ok(name) = HeaderValue::from_str(&name) {
                headers.insert(CONTENT_DISPOSITION, name);
            }
            response
        }
        Err(error @ Error::Invalid { .. }) => {
            let title = "This address can't be read";
            problem(StatusCode::BAD_REQUEST, title, &error.to_string())
        }
        Err(error @ Error::NotFound) => problem(
            StatusCode::NOT_FOUND,
            "There are no such figures",
            &error.to_string(),
        ),
        Err(_) => unavailable(),
    }
}
