//! What the log pages ask of the server. Every function needs “View audit logs”, and a refusal is recorded.

use crate::error::AppError;
use daybook_domain::{
    about::About,
    activity::LogTrace,
    compare::{CompareQuery, Comparison},
    export, facet,
    id::EventId,
    log::LogScope,
    page::{EventDetail, EventPage},
    query::LogQuery,
    work_session::day::{self, DayQuery},
};
use leptos::prelude::*;
use uuid::Uuid;
#[cfg(feature = "ssr")]
use {
    crate::context::{authorize, found},
    daybook_domain::{
        Error,
        naming::Naming,
        permission::{ExportAuditLogs, ViewAuditLogs},
    },
};

/// One page of a log.
#[server(prefix = "/_fn", endpoint = "audit_logs/list", input = server_fn::codec::Json)]
pub async fn list_events(scope: LogScope, query: LogQuery) -> Result<EventPage, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/list").await?;
    Ok(ports.audit_logs.list_events(&granted, scope, &query).await?)
}

/// The opened records of a page. One that isn't there is left out.
#[server(prefix = "/_fn", endpoint = "audit_logs/open", input = server_fn::codec::Json)]
pub async fn open_events(ids: Vec<EventId>, tz: Option<String>) -> Result<Vec<EventDetail>, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/open").await?;
    let mut events = Vec::with_capacity(ids.len().min(daybook_domain::page::PAGE_SIZE));
    for id in ids.into_iter().take(daybook_domain::page::PAGE_SIZE) {
        match ports.audit_logs.opened(&granted, id, tz.as_deref()).await {
            Err(Error::NotFound) => {}
            event => events.push(event?),
        }
    }
    Ok(events)
}

/// One record.
#[server(prefix = "/_fn", endpoint = "audit_logs/event", input = server_fn::codec::Json)]
pub async fn event(id: EventId, tz: Option<String>) -> Result<EventDetail, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/event").await?;
    Ok(ports.audit_logs.event(&granted, id, tz.as_deref()).await?)
}

/// What the log knows of a thing, also of one that was deleted; `None` where it knows nothing.
#[server(prefix = "/_fn", endpoint = "audit_logs/trace", input = server_fn::codec::Json)]
pub async fn trace(about: About) -> Result<Option<LogTrace>, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/trace").await?;
    found(ports.audit_logs.trace(&granted, &about).await)
}

/// How many records match, when they happened, and the values of each filter with their counts.
#[server(prefix = "/_fn", endpoint = "audit_logs/overview", input = server_fn::codec::Json)]
pub async fn overview(scope: LogScope, query: LogQuery) -> Result<facet::Overview, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/overview").await?;
    let mut overview = ports.audit_logs.overview(&granted, scope, &query).await?;
    called(granted.viewer().naming(), &mut overview.facets);
    Ok(overview)
}

/// Gives the values the names they have for the reader.
#[cfg(feature = "ssr")]
pub fn called(naming: Naming, facets: &mut [facet::Facet]) {
    for facet in facets {
        for value in &mut facet.values {
            value.label = naming.value(facet.field, &value.label).to_owned();
        }
    }
}

/// The logs that have a tab, with how many records each has.
#[server(prefix = "/_fn", endpoint = "audit_logs/logs", input = server_fn::codec::Json)]
pub async fn logs() -> Result<Vec<(LogScope, u64)>, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/logs").await?;
    Ok(ports.audit_logs.logs(&granted).await?)
}

/// A thing at two moments.
#[server(prefix = "/_fn", endpoint = "audit_logs/compare", input = server_fn::codec::Json)]
pub async fn compare(query: CompareQuery, tz: Option<String>) -> Result<Comparison, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/compare").await?;
    Ok(ports.audit_logs.compare(&granted, &query, tz.as_deref()).await?)
}

/// One agent's day.
#[server(prefix = "/_fn", endpoint = "audit_logs/agent_day", input = server_fn::codec::Json)]
pub async fn agent_day(query: DayQuery) -> Result<day::AgentDay, AppError> {
    let (ports, granted) = authorize(ViewAuditLogs, "audit_logs/agent_day").await?;
    Ok(ports.audit_logs.agent_day(&granted, &query).await?)
}

/// How far an export of one's own is.
#[server(prefix = "/_fn", endpoint = "audit_logs/export_progress", input = server_fn::codec::Json)]
pub async fn export_progress(job: Uuid) -> Result<export::ExportProgress, AppError> {
    let (ports, granted) = authorize(ExportAuditLogs, "audit_logs/export_progress").await?;
    Ok(ports.exports.export_progress(&granted, job).await?)
}

/// Ends an export of one's own.
#[server(prefix = "/_fn", endpoint = "audit_logs/cancel_export", input = server_fn::codec::Json)]
pub async fn cancel_export(job: Uuid) -> Result<(), AppError> {
    let (ports, granted) = authorize(ExportAuditLogs, "audit_logs/cancel_export").await?;
    Ok(ports.exports.cancel_export(&granted, job).await?)
}
