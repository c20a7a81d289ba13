//! What may be asked before anybody is signed in.

#[cfg(feature = "ssr")]
use crate::context::ServerContext;
use crate::error::AppError;
use daybook_domain::account::Invitation;
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/_fn", endpoint = "sign_in/needs_setup", input = Json)]
pub async fn needs_setup() -> Result<bool, AppError> {
    Ok(ServerContext::current()?.ports.gate.needs_setup().await?)
}

#[server(prefix = "/_fn", endpoint = "sign_in/invitation", input = Json)]
pub async fn show_invitation(token: String) -> Result<Invitation, AppError> {
    Ok(ServerContext::current()?.ports.gate.invitation(&token).await?)
}
