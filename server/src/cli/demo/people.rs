//! The people of the demo workspace.

use crate::{Problem, Services};
use daybook_backend::{accounts::Workspace, demo::people};
use secrecy::SecretString;

/// Of the three accounts to sign in with.
const PASSWORD: &str = "look-around-northdesk";

/// Makes the workspace and everybody in it.
pub async fn found(services: &Services, seed: u64) -> Result<Workspace, Problem> {
    let founded = services
        .accounts
        .found_demo(people(seed), SecretString::from(PASSWORD));
    Ok(founded.await?)
}

/// What to type on the sign-in page.
pub fn how_to_sign_in() -> String {
    format!(
        "Sign in with the password {PASSWORD} as admin@northdesk.example (Administrator), auditor@northdesk.example \
         (Auditor) or agent@northdesk.example (Agent)."
    )
}
