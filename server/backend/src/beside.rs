//! Work beside the caller: what a page asks for at once is worked out on as many cores as there are.

use crate::{Error, Result};
use std::{future::Future, panic};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

/// Starts a piece of work, which goes on while the caller does something else; it ends where nobody waits for it any
/// more.
///
/// # Errors
/// The work's own; `Stopping` where the process ends before it has.
pub fn beside<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> impl Future<Output = Result<T>> {
    let task = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
    async {
        match task.await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => panic::resume_unwind(panic),
                Err(_cancelled) => Err(Error::Stopping),
            },
        }
    }
}
