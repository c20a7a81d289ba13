//! What goes away by itself, looked for again and again.

use crate::{Error, Result, error::chain};
use std::time::Duration;

/// How often it is looked whether something is over.
const OFTEN: Duration = Duration::from_hours(1);
/// How long what was sent is kept.
pub(crate) const KEPT_DAYS: i64 = 90;

/// Has `tidy` remove what is over for as long as anybody waits; it says how much that was. `what` names it in the server's
/// log.
pub(crate) async fn often<T>(what: &'static str, tidy: impl Fn() -> T)
where
    T: Future<Output = Result<u64>>,
{
    loop {
        match tidy().await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, what, "removed what is over"),
            Err(Error::Stopping) => return,
            Err(error) => tracing::warn!(error = chain(&error), what, "what is over was not removed"),
        }
        tokio::time::sleep(OFTEN).await;
    }
}
