//! Rendering a page on one thread, which does nothing else meanwhile.
//!
//! Leptos runs a page's resources and effects as tasks of their own. Two things go wrong where those, and other
//! requests, share threads with it: signals are read with `try_read`, so that one which another thread is writing at
//! that moment "has been disposed"; and the arena that holds them is found through a thread-local, which the next
//! request on the same thread replaces. About one page in three hundred panicked. So a page, with all of its tasks,
//! has a thread for itself; only the database works elsewhere.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use std::{cell::Cell, panic::resume_unwind};
use tokio::{
    runtime::Handle,
    sync::Semaphore,
    task::{LocalSet, spawn_blocking, spawn_local},
};
use tracing::{Instrument, Span};

/// Pages that are rendered at once. More than cores, for they wait for the database; the rest waits its turn.
const AT_ONCE: usize = 64;

static PERMITS: Semaphore = Semaphore::const_new(AT_ONCE);

thread_local! {
    static IS_RENDERING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the tasks of a page on the page's thread.
struct OnThePagesThread;

impl CustomExecutor for OnThePagesThread {
    fn spawn(&self, task: PinnedFuture<()>) {
        if IS_RENDERING.get() {
            spawn_local(task);
        } else {
            tokio::spawn(task);
        }
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        spawn_local(task);
    }

    fn poll_local(&self) {}
}

/// To be called before Leptos sets its own executor, which it does where its routes are listed.
pub fn prepare() {
    // Once per process; in tests there are several servers.
    let _already = Executor::init_custom_executor(OnThePagesThread);
}

/// Runs what is inside on a thread of its own, to the last byte of the answer.
pub async fn alone(request: Request, next: Next) -> Response {
    // Never closed. It goes with the work, which goes on where the client doesn't wait for it.
    let permit = PERMITS.acquire().await;
    let (runtime, span) = (Handle::current(), Span::current());
    let rendered = spawn_blocking(move || {
        let render = async move {
            let (parts, body) = next.run(request).await.into_parts();
            to_bytes(body, usize::MAX)
                .await
                .map(|whole| Response::from_parts(parts, Body::from(whole)))
        };
        let (_permit, _rendering) = (permit, Rendering::begin());
        runtime.block_on(LocalSet::new().run_until(render.instrument(span)))
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

/// The thread is used again, also after a panic.
struct Rendering;

impl Rendering {
    fn begin() -> Self {
        IS_RENDERING.set(true);
        Self
    }
}

impl Drop for Rendering {
    fn drop(&mut self) {
        IS_RENDERING.set(false);
    }
}
