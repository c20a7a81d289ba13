//! Server functions about API keys.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::permission::ManageApiKeys;
use daybook_domain::{
    account::{ApiKey, Scope},
    id::ApiKeyId,
};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::{CREATE_PATH, SENDS, revoke_path, text};

#[server(prefix = "/_fn", endpoint = "api_keys/list", input = Json)]
pub async fn list_api_keys() -> Result<Vec<ApiKey>, AppError> {
    let (ports, who) = authorize(ManageApiKeys, "api_keys/list").await?;
    Ok(ports.api_keys.list_api_keys(&who).await?)
}

/// No scope ticked means no field sent, hence the `Option`.
#[server(prefix = "/_fn", endpoint = "api_keys/create")]
pub async fn create_api_key(name: String, scopes: Option<Vec<Scope>>) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageApiKeys, "api_keys/create").await?;
    let scopes = scopes.unwrap_or_default();
    let made = ports.api_keys.create_api_key(&who, &name, scopes).await;
    let made = made.map_err(|error| flash::refused(error, &[("name", &name)], CREATE_PATH))?;
    let message = Flash::success(text::created(&made.thing.name)).with_secret(made.secret);
    let sends = made.thing.scopes.contains(&Scope::EventsWrite);
    flash::done(
        &if sends {
            message.with_value(SENDS, "yes")
        } else {
            message
        },
        routes::API_KEYS,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "api_keys/revoke")]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageApiKeys, "api_keys/revoke").await?;
    let revoked = ports.api_keys.revoke_api_key(&who, id).await;
    let key = revoked.map_err(|error| flash::refused(error, &[], &revoke_path(id)))?;
    flash::done(&Flash::success(text::revoked(&key.name)), routes::API_KEYS);
    Ok(())
}
