//! Server functions about retention and legal holds.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
#[cfg(feature = "ssr")]
use daybook_domain::{
    Error,
    log::LogScope,
    permission::{ManageSettings, ViewAuditLogs},
    query::LogQuery,
    retention::{HoldForm, days as days_of},
};
use daybook_domain::{id::HoldId, log::LogKind, retention::Retention, seen::Tag};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::{edit_path, release_path, text};

#[server(prefix = "/_fn", endpoint = "retention/show", input = Json)]
pub async fn show_retention() -> Result<Retention, AppError> {
    let (ports, who) = authorize(ManageSettings, "retention/show").await?;
    Ok(ports.retention.retention(&who).await?)
}

/// `days` as typed; empty for ever.
#[server(prefix = "/_fn", endpoint = "retention/set")]
pub async fn set_retention(log: LogKind, seen: Tag, days: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "retention/set").await?;
    let typed = [("days", days.as_str()), (SEEN, seen.as_str())];
    let refused = |error| flash::refused(error, &typed, &edit_path(log));
    let wanted = days_of(&days).map_err(refused)?;
    let set = ports.retention.set_retention(&who, log, &seen, wanted).await;
    let set = set.map_err(refused)?;
    flash::done(&Flash::success(text::set(&set)), routes::RETENTION);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "retention/purge_now")]
pub async fn purge_now() -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "retention/purge_now").await?;
    let asked = ports.retention.purge_now(&who).await;
    asked.map_err(|error| flash::refused(error, &[], routes::RETENTION))?;
    flash::done(&Flash::success(text::PURGE_ASKED), routes::RETENTION);
    Ok(())
}

/// `log` is a log's slug or `all`, `query` the rest of the list's address.
#[server(prefix = "/_fn", endpoint = "retention/place_hold")]
pub async fn place_hold(name: String, reason: String, log: String, query: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "retention/place_hold").await?;
    let (_, reader) = authorize(ViewAuditLogs, "retention/place_hold").await?;
    let typed = [("name", name.as_str()), ("reason", &reason)];
    let refused = |error| flash::refused(error, &typed, &routes::hold(&log, &query));
    let scope = LogScope::from_slug(&log)
        .ok_or_else(|| Error::invalid("log", "There is no such log."))
        .map_err(refused)?;
    let list = LogQuery::parse(&query)
        .map_err(|problems| {
            let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
            Error::invalid("query", all.join("; "))
        })
        .map_err(refused)?;
    let form = HoldForm {
        name: name.clone(),
        reason: reason.clone(),
        log: scope,
        query: list,
    };
    let placed = ports.retention.place_hold(&who, &reader, form).await;
    let hold = placed.map_err(refused)?;
    flash::done(&Flash::success(text::placed(&hold)), routes::RETENTION);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "retention/release_hold")]
pub async fn release_hold(id: HoldId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "retention/release_hold").await?;
    let released = ports.retention.release_hold(&who, id).await;
    let hold = released.map_err(|error| flash::refused(error, &[], &release_path(id)))?;
    flash::done(&Flash::success(text::released(&hold.name)), routes::RETENTION);
    Ok(())
}
