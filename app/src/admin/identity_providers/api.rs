//! Server functions about identity providers.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
use daybook_domain::{
    email::NewPassword,
    id::{ProviderId, RoleId},
    identity::{IdentityProvider, Newcomers},
    seen::Tag,
};
#[cfg(feature = "ssr")]
use daybook_domain::{identity::ProviderForm, permission::ManageSettings};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::{NEW_PATH, text};

/// What a provider's form ticks.
pub const ENABLED: &str = "enabled";
pub const CONTACTS: &str = "for_contacts";
pub const TRUSTS: &str = "trusts_email";
pub const VOUCHES: &str = "vouches_for_factor";

/// What stands in the form, as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProviderTyped {
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    #[serde(default)]
    pub client_secret: NewPassword,
    #[serde(default)]
    pub scopes: String,
    pub newcomers: Newcomers,
    /// A role's id, or nothing.
    #[serde(default)]
    pub default_role: String,
    #[serde(default)]
    pub domains: String,
    #[serde(default)]
    pub role_claim: String,
    #[serde(default)]
    pub role_rules: String,
    /// Those that are ticked.
    #[serde(default)]
    pub flags: Vec<String>,
}

#[server(prefix = "/_fn", endpoint = "identity_providers/list", input = Json)]
pub async fn list_providers() -> Result<Vec<IdentityProvider>, AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/list").await?;
    Ok(ports.identity_providers.list_identity_providers(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "identity_providers/show", input = Json)]
pub async fn show_provider(id: ProviderId) -> Result<IdentityProvider, AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/show").await?;
    Ok(ports.identity_providers.identity_provider(&who, id).await?)
}

/// The roles that a provider can give.
#[server(prefix = "/_fn", endpoint = "identity_providers/roles", input = Json)]
pub async fn provider_roles() -> Result<Vec<(RoleId, String)>, AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/roles").await?;
    Ok(ports.identity_providers.provider_roles(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "identity_providers/create")]
pub async fn create_provider(form: ProviderTyped) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/create").await?;
    let made = ports
        .identity_providers
        .create_identity_provider(&who, form.read())
        .await;
    let made = made
        .map_err(|error| flash::refused(error, &form.to_come_back(&form.flags.join(" "), None), NEW_PATH))?;
    flash::done(
        &Flash::success(text::created(&made.name)),
        &routes::identity_provider(made.id),
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "identity_providers/update")]
pub async fn update_provider(id: ProviderId, seen: Tag, form: ProviderTyped) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/update").await?;
    let to = routes::identity_provider(id);
    let set = ports
        .identity_providers
        .update_identity_provider(&who, id, &seen, form.read())
        .await;
    let set = set.map_err(|error| {
        flash::refused(error, &form.to_come_back(&form.flags.join(" "), Some(&seen)), &to)
    })?;
    flash::done(&Flash::success(text::saved(&set.name)), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "identity_providers/delete")]
pub async fn delete_provider(id: ProviderId, name: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/delete").await?;
    let deleted = ports.identity_providers.delete_identity_provider(&who, id).await;
    deleted.map_err(|error| flash::refused(error, &[], &routes::identity_provider(id)))?;
    flash::done(&Flash::success(text::deleted(&name)), routes::IDENTITY_PROVIDERS);
    Ok(())
}

/// Asks the provider what it says about itself.
#[server(prefix = "/_fn", endpoint = "identity_providers/check")]
pub async fn check_provider(id: ProviderId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "identity_providers/check").await?;
    let to = routes::identity_provider(id);
    let said = ports.identity_providers.check_identity_provider(&who, id).await;
    let said = said.map_err(|error| flash::refused(error, &[], &to))?;
    let told = said.map_or_else(|| Flash::success(text::ANSWERS), Flash::problem);
    flash::done(&told, &to);
    Ok(())
}

#[cfg(feature = "ssr")]
impl ProviderTyped {
    fn read(&self) -> ProviderForm {
        let ticks = |flag: &str| self.flags.iter().any(|ticked| ticked == flag);
        ProviderForm {
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            scopes: self.scopes.clone(),
            enabled: ticks(ENABLED),
            for_contacts: ticks(CONTACTS),
            newcomers: self.newcomers,
            trusts_email: ticks(TRUSTS),
            domains: self.domains.clone(),
            role_claim: self.role_claim.clone(),
            role_rules: self.role_rules.clone(),
            default_role: self.default_role.parse().ok(),
            vouches_for_factor: ticks(VOUCHES),
        }
    }

    /// What comes back with a refusal: all but the secret.
    fn to_come_back<'a>(&'a self, flags: &'a str, seen: Option<&'a Tag>) -> Vec<(&'static str, &'a str)> {
        let mut typed = vec![
            ("name", self.name.as_str()),
            ("issuer", self.issuer.as_str()),
            ("client_id", self.client_id.as_str()),
            ("scopes", self.scopes.as_str()),
            ("newcomers", self.newcomers.name()),
            ("default_role", self.default_role.as_str()),
            ("domains", self.domains.as_str()),
            ("role_claim", self.role_claim.as_str()),
            ("role_rules", self.role_rules.as_str()),
            ("flags", flags),
        ];
        typed.extend(seen.map(|seen| (SEEN, seen.as_str())));
        typed
    }
}
