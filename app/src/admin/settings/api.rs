//! Server functions about the general settings.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::permission::ManageSettings;
use daybook_domain::{log::LogKind, naming::Helpdesk, settings::Settings};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "settings/show", input = Json)]
pub async fn show_settings() -> Result<Settings, AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/show").await?;
    Ok(ports.settings.settings(&who).await?)
}

/// `zone` is the zone of new users, by its IANA name.
#[server(prefix = "/_fn", endpoint = "settings/set_workspace")]
pub async fn set_workspace(workspace: String, zone: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/set_workspace").await?;
    let set = ports.settings.set_workspace(&who, &workspace, &zone).await;
    let typed = [("workspace", workspace.as_str()), ("zone", &zone)];
    set.map_err(|error| flash::refused(error, &typed, routes::SETTINGS))?;
    flash::done(&Flash::success(text::SAVED), routes::SETTINGS);
    Ok(())
}

/// It decides what agents are called.
#[server(prefix = "/_fn", endpoint = "settings/set_helpdesk")]
pub async fn set_helpdesk(helpdesk: Helpdesk) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/set_helpdesk").await?;
    let set = ports.settings.set_helpdesk(&who, helpdesk).await;
    set.map_err(|error| flash::refused(error, &[], routes::SETTINGS))?;
    flash::done(&Flash::success(text::helpdesk_set(helpdesk)), routes::SETTINGS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "settings/switch_log")]
pub async fn switch_log(log: LogKind, on: bool) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/switch_log").await?;
    let switched = ports.settings.switch_log(&who, log, on).await;
    switched.map_err(|error| flash::refused(error, &[], routes::SETTINGS))?;
    flash::done(&Flash::success(text::switched(log, on)), routes::SETTINGS);
    Ok(())
}
