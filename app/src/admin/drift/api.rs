//! Server functions about the check for drift.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
};
use daybook_domain::drift::DriftCheck;
#[cfg(feature = "ssr")]
use daybook_domain::permission::ViewAuditLogs;
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "drift/show", input = Json)]
pub async fn show_drift() -> Result<Option<DriftCheck>, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "drift/show").await?;
    Ok(ports.drift_checks.drift_check(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "drift/check")]
pub async fn check_drift() -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "drift/check").await?;
    let begun = ports.drift_checks.begin_drift_check(&who).await;
    begun.map_err(|error| flash::refused(error, &[], routes::DRIFT))?;
    flash::done(&Flash::success(text::BEGAN), routes::DRIFT);
    Ok(())
}
