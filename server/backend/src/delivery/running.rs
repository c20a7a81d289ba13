//! A carrier's life: it waits for the workspace, delivers until it is to stop, and has what is over removed meanwhile.

use super::{
    expiry,
    worker::{Carrier, Worker},
};
use crate::{Result, accounts::Accounts};
use daybook_domain::id::WorkspaceId;
use std::sync::Arc;
use tokio::sync::{Notify, watch};

/// Delivers what is due until `stopping`; waits for the workspace where there is none yet. `hurry` says that something was
/// asked for, `tidy` removes what is over and says how much that was; `what` that is stands in the server's log.
pub(crate) async fn run<C: Carrier, T>(
    accounts: &Accounts,
    appended: watch::Receiver<u64>,
    worker: impl FnOnce(WorkspaceId) -> Worker<C>,
    hurry: &Arc<Notify>,
    what: &'static str,
    tidy: impl Fn(WorkspaceId) -> T + Send + Sync + 'static,
    mut stopping: watch::Receiver<bool>,
) where
    T: Future<Output = Result<u64>> + Send,
{
    let Some(workspace) = accounts.awaited(appended, &mut stopping).await else {
        return;
    };
    let tidying = tokio::spawn(async move { expiry::often(what, || tidy(workspace.id)).await });
    worker(workspace.id).run(Arc::clone(hurry), stopping).await;
    tidying.abort();
}

/// Delivers all that is due now, and comes back once that is recorded.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn settle<C: Carrier>(
    accounts: &Accounts,
    worker: impl FnOnce(WorkspaceId) -> Worker<C>,
) -> Result<()> {
    match accounts.workspace().await? {
        Some(workspace) => worker(workspace.id).settle().await,
        None => Ok(()),
    }
}
