//! News of a list, while somebody looks at it: how many records came since it was made (server-sent events, WHATWG
//! HTML §9.2). Each message says the whole number, so one that is lost or comes twice does no harm, and a browser that
//! reconnects goes on where it was.

use super::AppState;
use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use daybook_domain::{
    log::LogScope,
    permission::ViewAuditLogs,
    query::LogQuery,
    viewer::{Granted, Viewer},
};
use futures::{Stream, StreamExt, stream};
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout},
};

/// How long one connection lasts.
const LIFE: Duration = Duration::from_mins(2);
/// How often it is looked whether other processes stored something.
const OTHERS: Duration = Duration::from_secs(5);
/// At most so often is told anything.
const PAUSE: Duration = Duration::from_secs(1);
/// Milliseconds after which a browser connects again.
const RETRY: Duration = Duration::from_secs(2);

struct Watched {
    state: AppState,
    who: Granted<ViewAuditLogs>,
    scope: LogScope,
    query: LogQuery,
    after: i64,
    appended: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    ends: Instant,
    told: Option<u64>,
}

impl Watched {
    async fn wait_for_more(appended: &mut watch::Receiver<u64>) {
        sleep(PAUSE).await;
        // Whatever comes first: an append of this process, or the time to look for those of others.
        let _ = timeout(OTHERS, appended.changed()).await;
    }
}

/// `GET /audit-logs/{log}/live?after=SEQUENCE&…`: `data: {"count": 12, "exact": true}`.
pub async fn of_page(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    Path(log): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    // A browser doesn't connect again after 204; after anything else it does, again and again.
    let Some(granted) = viewer.and_then(|Extension(viewer)| viewer.grant(ViewAuditLogs).ok()) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let query = query.unwrap_or_default();
    let after = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "after")
        .and_then(|(_, after)| after.parse().ok());
    let (Some(after), Some(scope), Ok(query)) = (after, LogScope::from_slug(&log), LogQuery::parse(&query))
    else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let watched = Watched {
        appended: state.services().writer.appended(),
        stopping: state.stopping(),
        state,
        who: granted,
        scope,
        query: query.at(None),
        after,
        ends: Instant::now() + LIFE,
        told: None,
    };
    let mut response = Sse::new(news(watched).fuse())
        .keep_alive(KeepAlive::default())
        .into_response();
    // Proxies that collect answers before they pass them on are asked not to (nginx).
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

fn news(watched: Watched) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watched, async |mut watched| {
        loop {
            if watched.told.is_some() {
                tokio::select! {
                    () = Watched::wait_for_more(&mut watched.appended) => {}
                    () = sleep_until(watched.ends) => return None,
                    _ = watched.stopping.wait_for(|stop| *stop) => return None,
                }
            }
            watched.appended.mark_unchanged();
            // Whoever was shut out meanwhile hears nothing more.
            let still_in = watched
                .state
                .services()
                .accounts
                .is_still_in(watched.who.viewer());
            if !matches!(still_in.await, Ok(true)) {
                return None;
            }
            let events = &watched.state.services().events;
            let counted = events
                .newer(&watched.who, watched.scope, &watched.query, watched.after)
                .await;
            // A query that can't be read has no news; a database that is away is asked again by the browser.
            let Ok((count, last)) = counted else { return None };
            if watched.told == Some(count.number()) {
                continue;
            }
            watched.told = Some(count.number());
            let data = format!("{{\"count\":{},\"exact\":{}}}", count.number(), count.is_exact());
            let event = Event::default().id(last.to_string()).retry(RETRY).data(data);
            return Some((Ok(event), watched));
        }
    })
}
