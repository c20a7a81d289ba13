//! Server functions about integrations.

#[cfg(feature = "ssr")]
use super::text;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::permission::ManageIntegrations;
use daybook_domain::{
    email::NewPassword,
    id::ObjectId,
    integration::{StreamDetail, StreamHealth},
    time::TimeBound,
};
use leptos::{prelude::*, server_fn::codec::Json};

/// How each does.
#[server(prefix = "/_fn", endpoint = "integrations/health", input = Json)]
pub async fn list_health() -> Result<Vec<StreamHealth>, AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/health").await?;
    Ok(ports.integrations.integrations_health(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "integrations/show", input = Json)]
pub async fn show_stream(id: ObjectId) -> Result<StreamDetail, AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/show").await?;
    Ok(ports.integrations.integration(&who, id).await?)
}

#[server(prefix = "/_fn", endpoint = "integrations/set_secret")]
pub async fn set_secret(id: ObjectId, #[server(default)] secret: NewPassword) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/set_secret").await?;
    let to = routes::integration(id);
    let set = ports.integrations.set_integration_secret(&who, id, secret).await;
    // It doesn't come back with a refusal.
    set.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::SECRET_SET), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "integrations/pause")]
pub async fn pause_integration(id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/pause").await?;
    let to = routes::integration(id);
    let paused = ports.integrations.pause_integration(&who, id).await;
    paused.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::PAUSED), &to);
    Ok(())
}

/// Also: tries what has failed now.
#[server(prefix = "/_fn", endpoint = "integrations/resume")]
pub async fn resume_integration(id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/resume").await?;
    let to = routes::integration(id);
    let resumed = ports.integrations.resume_integration(&who, id).await;
    resumed.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::RESUMED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "integrations/test")]
pub async fn test_integration(id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/test").await?;
    let to = routes::integration(id);
    let sent = ports.integrations.test_integration(&who, id).await;
    sent.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::TESTED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "integrations/recorded_since", input = Json)]
pub async fn recorded_since(id: ObjectId, since: TimeBound) -> Result<u64, AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/recorded_since").await?;
    Ok(ports.integrations.recorded_since(&who, id, since).await?)
}

#[server(prefix = "/_fn", endpoint = "integrations/rewind")]
pub async fn rewind_integration(id: ObjectId, since: TimeBound) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageIntegrations, "integrations/rewind").await?;
    let to = routes::integration(id);
    let set_back = ports.integrations.rewind_integration(&who, id, since).await;
    let records = set_back.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::rewound(records)), &to);
    Ok(())
}
