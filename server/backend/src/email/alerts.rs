//! Mails to those who look after something, when it needs them. Whoever notices that has them sent in the transaction that
//! records it.

use super::{
    send::{self, OwnEmail},
    settings, templates,
};
use crate::{Result, accounts, writer::WriteTx};
use daybook_domain::{email_template::MailTemplate, id::WorkspaceId, permission::Permission};

/// Tells all active users who have a permission, where mail is sent at all. `values` are those of the template, beside the
/// name of who gets it.
pub(crate) async fn tell(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    permission: Permission,
    template: MailTemplate,
    values: &[(&'static str, &str)],
) -> Result<()> {
    if settings::find(tx.db(), workspace).await?.host.is_empty() {
        return Ok(());
    }
    // Messages are numbered.
    accounts::lock(tx, workspace).await?;
    for user in accounts::active_users_with(tx.db(), workspace, permission).await? {
        // One may sign in with an address that no mail goes to.
        let Ok(to) = settings::sendable(&user.email) else {
            continue;
        };
        let given = [values, &[("name", user.name.as_str())]].concat();
        let written = templates::make(tx.db(), workspace, template, &given).await?;
        let email = OwnEmail {
            to,
            to_name: Some(user.name),
            template,
            written,
            secret: None,
            brand: None,
        };
        Box::pin(send::queue(tx, workspace, email)).await?;
    }
    Ok(())
}
