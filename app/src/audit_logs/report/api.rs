//! Server functions about reports. All of them need “Export audit logs”, because records leave with a report, and “View
//! audit logs”.

use crate::error::AppError;
use daybook_domain::{
    id::ViewId,
    report::{Every, Report, Weekday},
    seen::{Seen, Tag},
};
use leptos::{prelude::*, server_fn::codec::Json};
#[cfg(feature = "ssr")]
use {
    super::text,
    crate::{
        context::authorize,
        flash::{self, Flash},
        routes,
        ui::form::SEEN,
    },
    daybook_domain::{
        permission::{ExportAuditLogs, ViewAuditLogs},
        report::{ReportForm, Timing},
    },
};

#[server(prefix = "/_fn", endpoint = "reports/show", input = Json)]
pub async fn show_report(view: ViewId) -> Result<Report, AppError> {
    let (ports, who) = authorize(ExportAuditLogs, "reports/show").await?;
    let (_, reader) = authorize(ViewAuditLogs, "reports/show").await?;
    Ok(ports.reports.report(&who, &reader, view).await?)
}

/// What the form changes, as it is now.
pub async fn seen_now(view: ViewId) -> Option<Seen> {
    show_report(view).await.ok().map(|report| report.seen)
}

/// `recipients` are addresses, one on each line.
#[server(prefix = "/_fn", endpoint = "reports/set")]
pub async fn set_report(
    view: ViewId,
    seen: Tag,
    every: Every,
    weekday: Weekday,
    hour: u8,
    recipients: String,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ExportAuditLogs, "reports/set").await?;
    let (_, reader) = authorize(ViewAuditLogs, "reports/set").await?;
    let hour_typed = hour.to_string();
    let typed = [
        ("every", every.name()),
        ("weekday", weekday.name()),
        ("hour", &hour_typed),
        ("recipients", &recipients),
        (SEEN, seen.as_str()),
    ];
    let form = ReportForm {
        timing: Timing {
            every,
            weekday: Some(weekday),
            hour,
        },
        recipients: recipients.lines().map(str::to_owned).collect(),
    };
    let set = ports.reports.set_report(&who, &reader, view, &seen, form).await;
    let report = set.map_err(|error| flash::refused(error, &typed, &routes::report(view)))?;
    flash::done(&Flash::success(text::set(&report)), &routes::report(view));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "reports/send")]
pub async fn send_report(view: ViewId) -> Result<(), AppError> {
    let (ports, who) = authorize(ExportAuditLogs, "reports/send").await?;
    let (_, reader) = authorize(ViewAuditLogs, "reports/send").await?;
    let sent = ports.reports.send_report(&who, &reader, view).await;
    let to = sent.map_err(|error| flash::refused(error, &[], &routes::report(view)))?;
    flash::done(&Flash::success(text::sent(to)), &routes::report(view));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "reports/stop")]
pub async fn stop_report(view: ViewId) -> Result<(), AppError> {
    let (ports, who) = authorize(ExportAuditLogs, "reports/stop").await?;
    let (_, reader) = authorize(ViewAuditLogs, "reports/stop").await?;
    let stopped = ports.reports.stop_report(&who, &reader, view).await;
    let name = stopped.map_err(|error| flash::refused(error, &[], &routes::report(view)))?;
    flash::done(&Flash::success(text::stopped(&name)), &routes::report(view));
    Ok(())
}
