//! The people of the demo workspace.

use crate::{Problem, Services};
use daybook_backend::{accounts::Workspace, demo::people};
use daybook_domain::time::Timestamp;
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

/// Gives one contact a password for the customer portal.
pub async fn furnish_portal(services: &Services, at: Timestamp) -> Result<(), Problem> {
    Ok(services.portal.furnish(SecretString::from(PASSWORD), at).await?)
}

/// What to type on the sign-in pages.
pub async fn how_to_sign_in(services: &Services) -> Result<String, Problem> {
    let people = format!(
        "Sign in with the password {PASSWORD} as admin@northdesk.example (Administrator), auditor@northdesk.example \
         (Auditor) or agent@northdesk.example (Agent)."
    );
    Ok(match services.portal.furnished().await? {
        Some(contact) => {
            format!("{people} The customer portal is at /portal: there as {contact}, with the same password.")
        }
        None => people,
    })
}
