//! Rendering a page on a thread that does nothing else meanwhile.
//!
//! Leptos keeps the signals of a request in an arena that it finds through a thread-local. It sets it again whenever
//! the page's own future is polled, but not for what comes after: the title, for one, is read once the page is
//! there, on whichever thread that happens to be. Where that thread worked for another request in between, the
//! signals "have been disposed" and the page panics (about one in three hundred did). On a thread of its own, nobody
//! comes between.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use std::{panic::resume_unwind, sync::LazyLock};
use tokio::{runtime::Handle, sync::Semaphore, task::spawn_blocking};
use tracing::{Instrument, Span};

/// Pages that are rendered at once. More than cores, for they wait for the database; the rest waits its turn.
const AT_ONCE: usize = 64;

static PERMITS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::const_new(AT_ONCE));

/// Runs what is inside on a thread of its own, to the last byte of the answer.
pub async fn alone(request: Request, next: Next) -> Response {
    // Never closed.
    let _permit = PERMITS.acquire().await;
    let (runtime, span) = (Handle::current(), Span::current());
    let rendered = spawn_blocking(move || {
        let render = async move {
            let (parts, body) = next.run(request).await.into_parts();
            to_bytes(body, usize::MAX)
                .await
                .map(|whole| Response::from_parts(parts, Body::from(whole)))
        };
        runtime.block_on(render.instrument(span))
    });
    match rendered.await {
        Ok(Ok(response)) => response,
        // A body of ours can't be read: nothing of it may go out as if it were whole.
        Ok(Err(error)) => resume_unwind(Box::new(error.to_string())),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(stopped) => resume_unwind(Box::new(stopped.to_string())),
        },
    }
}
