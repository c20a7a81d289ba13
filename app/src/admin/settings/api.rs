//! Server functions about the general settings.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
use daybook_domain::{
    log::LogKind,
    naming::Helpdesk,
    regional::RegionalFormat,
    seen::{Seen, Tag},
    settings::Settings,
};
#[cfg(feature = "ssr")]
use daybook_domain::{permission::ManageSettings, settings::WorkspaceForm};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "settings/show", input = Json)]
pub async fn show_settings() -> Result<Settings, AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/show").await?;
    Ok(ports.settings.settings(&who).await?)
}

/// `zone`, by its IANA name, and `format` are those of new users.
#[server(prefix = "/_fn", endpoint = "settings/set_workspace")]
pub async fn set_workspace(
    seen: Tag,
    workspace: String,
    zone: String,
    format: RegionalFormat,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/set_workspace").await?;
    let typed = [
        ("workspace", workspace.as_str()),
        ("zone", &zone),
        ("format", format.name()),
        (SEEN, seen.as_str()),
    ];
    let form = WorkspaceForm {
        name: workspace.clone(),
        zone: zone.clone(),
        format,
    };
    let set = ports.settings.set_workspace(&who, &seen, form).await;
    set.map_err(|error| flash::refused(error, &typed, routes::SETTINGS))?;
    flash::done(&Flash::success(text::SAVED), routes::SETTINGS);
    Ok(())
}

/// It decides what agents are called.
#[server(prefix = "/_fn", endpoint = "settings/set_helpdesk")]
pub async fn set_helpdesk(seen: Tag, helpdesk: Helpdesk) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/set_helpdesk").await?;
    let set = ports.settings.set_helpdesk(&who, &seen, helpdesk).await;
    let typed = [("helpdesk", helpdesk.name()), (SEEN, seen.as_str())];
    set.map_err(|error| flash::refused(error, &typed, routes::SETTINGS))?;
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

/// Whether the helpdesk has the courses module.
#[server(prefix = "/_fn", endpoint = "settings/switch_courses")]
pub async fn switch_courses(on: bool) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "settings/switch_courses").await?;
    let switched = ports.settings.switch_courses(&who, on).await;
    switched.map_err(|error| flash::refused(error, &[], routes::SETTINGS))?;
    flash::done(&Flash::success(text::courses_switched(on)), routes::SETTINGS);
    Ok(())
}

/// What the forms of the page change, as it is now.
pub async fn seen_now() -> Option<Seen> {
    show_settings().await.ok().map(|settings| settings.seen)
}
