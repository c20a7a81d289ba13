//! That recording begins and ends is itself recorded (Common Criteria `FAU_GEN.1.1a`, PCI DSS 10.2.1.6): who reads that
//! nothing happened in an hour can see whether Daybook was there.

use crate::{
    Result,
    accounts::{Accounts, Workspace},
    record::own_event,
    writer::Writer,
};
use daybook_domain::catalogue::OwnType;

/// The name under which it is recorded.
const NAME: &str = "Daybook";

/// A process begins to record. Nothing is recorded before there is a workspace.
///
/// # Errors
/// Where it can't be stored.
pub async fn started(accounts: &Accounts, writer: &Writer, version: &'static str) -> Result<()> {
    life(accounts, writer, OwnType::RecordingStarted, version).await
}

/// A process has stored all it had taken, and ends.
///
/// # Errors
/// Where it can't be stored.
pub async fn stopped(accounts: &Accounts, writer: &Writer, version: &'static str) -> Result<()> {
    life(accounts, writer, OwnType::RecordingStopped, version).await
}

async fn life(accounts: &Accounts, writer: &Writer, of: OwnType, version: &'static str) -> Result<()> {
    let Some(workspace) = accounts.workspace().await? else {
        return Ok(());
    };
    let Workspace { id, .. } = workspace;
    let who = accounts.system_viewer(&workspace, NAME);
    let past = if of == OwnType::RecordingStarted {
        "started"
    } else {
        "stopped"
    };
    writer
        .change(move |tx| {
            Box::pin(async move {
                let mut event = own_event(of, &who, tx);
                event.summary = Some(format!("Daybook {version} {past}"));
                event.metadata.insert("version".to_owned(), version.into());
                tx.record(id, event);
                Ok(())
            })
        })
        .await
}
