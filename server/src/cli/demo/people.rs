//! The people of the demo workspace.

use crate::{Problem, Services};
use daybook_backend::{
    accounts::SetUp,
    demo::{WORKSPACE_NAME, people},
};
use daybook_domain::{account::UserStatus, id::WorkspaceId, permission::ManageUsers, viewer::RequestContext};
use secrecy::SecretString;

/// Of the three accounts to sign in with.
const PASSWORD: &str = "look-around-northdesk";

/// Makes the workspace and everybody in it.
pub async fn found(services: &Services, seed: u64) -> Result<WorkspaceId, Problem> {
    let accounts = &services.accounts;
    let mut users = people(seed).users.into_iter();
    let first = users
        .next()
        .ok_or_else(|| Problem::new("The demo has no people."))?;
    let set_up = SetUp {
        workspace: WORKSPACE_NAME.to_owned(),
        name: first.name,
        email: first.email,
        password: SecretString::from(PASSWORD),
    };
    accounts.set_up(set_up, &RequestContext::default()).await?;
    let workspace = accounts.workspace().await?;
    let workspace = workspace.ok_or_else(|| Problem::new("The demo's workspace is gone."))?;
    let granted = accounts.system_viewer(&workspace, "Demo").grant(ManageUsers)?;
    for user in users.filter(|user| user.status == UserStatus::Active) {
        let password = SecretString::from(PASSWORD);
        accounts
            .create_user(&granted, &user.name, &user.email, user.role.name(), password)
            .await?;
    }
    Ok(workspace.id)
}

/// What to type on the sign-in page.
pub fn how_to_sign_in() -> String {
    format!(
        "Sign in with the password {PASSWORD} as admin@northdesk.example (Administrator), auditor@northdesk.example \
         (Auditor) or agent@northdesk.example (Agent)."
    )
}
