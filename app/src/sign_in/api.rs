//! What may be asked before anybody is signed in.

#[cfg(feature = "ssr")]
use crate::context::ServerContext;
use crate::error::AppError;
use daybook_domain::{account::Invitation, identity::OfferedProvider};
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/_fn", endpoint = "sign_in/needs_setup", input = Json)]
pub async fn needs_setup() -> Result<bool, AppError> {
    Ok(ServerContext::current()?.ports.gate.needs_setup().await?)
}

#[server(prefix = "/_fn", endpoint = "sign_in/invitation", input = Json)]
pub async fn show_invitation(token: String) -> Result<Invitation, AppError> {
    Ok(ServerContext::current()?.ports.gate.invitation(&token).await?)
}

/// Whether who has forgotten their password can have a link mailed.
#[server(prefix = "/_fn", endpoint = "sign_in/offers_reset", input = Json)]
pub async fn offers_reset() -> Result<bool, AppError> {
    Ok(ServerContext::current()?.ports.gate.offers_reset().await?)
}

/// The identity providers by which one can sign in.
#[server(prefix = "/_fn", endpoint = "sign_in/providers", input = Json)]
pub async fn offered_providers() -> Result<Vec<OfferedProvider>, AppError> {
    Ok(ServerContext::current()?.ports.gate.offered_providers().await?)
}

/// Whose a link to choose a new password is.
#[server(prefix = "/_fn", endpoint = "sign_in/password_reset", input = Json)]
pub async fn show_reset(token: String) -> Result<Invitation, AppError> {
    Ok(ServerContext::current()?
        .ports
        .gate
        .password_reset(&token)
        .await?)
}
