//! `GET /api/v2/dashboards/portal/…`: usage of the portals, month by month and of the past week (R31–R34).

use super::{
    caller::Caller,
    openapi::{Found, Keyed, MonthlyListing, Paging, Queried},
    path::Part,
    problem::Problem,
};
use crate::http::AppState;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use daybook_domain::{
    account::Scope,
    analytics::{MonthlyReport, PastWeek, ReportLine, UsageType, month_of},
    id::UsageReportId,
    permission::ViewAnalytics,
    viewer::Granted,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Lines of a page, where nothing is said.
pub const DEFAULT_LIMIT: u32 = 100;
/// Most lines of a page.
pub const MAX_LIMIT: u32 = 1000;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthlyReportList)]
struct List {
    /// Newest first.
    data: Vec<MonthlyReport>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthlyReportDetail)]
struct Detail {
    report: MonthlyReport,
    /// Companies first, then contacts; the most active first.
    data: Vec<ReportLine>,
    /// The `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

async fn granted(
    caller: &Caller,
    what: &'static str,
    state: &AppState,
) -> Result<Granted<ViewAnalytics>, Problem> {
    let viewer = caller.require(Scope::AnalyticsRead, what, state).await?;
    Ok(viewer.grant(ViewAnalytics)?)
}

fn answer(body: impl Serialize) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn nothing(detail: &'static str) -> Problem {
    Problem::new(404, "not-found", "There is nothing here").detail(detail)
}

fn usage_type(name: &str) -> Result<UsageType, Problem> {
    UsageType::from_name(name).ok_or_else(|| {
        nothing("There are reports of general, of courses where their module is on, and of files.")
    })
}

fn report_id(text: &str) -> Result<UsageReportId, Problem> {
    text.parse()
        .map_err(|_| nothing("This is not the id of a monthly report."))
}

fn wrong(field: &str, reason: &str) -> Problem {
    Problem::new(400, "query", "The query can't be understood")
        .detail(format!("{field}: {reason}."))
        .with("field", field)
        .with("reason", reason)
}

/// List monthly reports
///
/// A month is reported once it is over in the workspace's time zone, and stays as it was counted then: neither what comes
/// in later nor the removal of records changes it. A user is a contact who did something in the customer portal.
#[utoipa::path(
    get,
    path = "/api/v2/dashboards/portal/monthly/reports",
    operation_id = "listMonthlyReports",
    tag = "Analytics",
    params(MonthlyListing),
    responses(
        (
            status = 200,
            description = "The months that are over.",
            body = List,
            links(
                ("report" = (
                    operation_id = "getMonthlyReport",
                    parameters(("reportId" = "$response.body#/data/0/id")),
                    description = "The newest of them.",
                )),
                ("refresh" = (
                    operation_id = "refreshMonthlyReport",
                    parameters(("reportId" = "$response.body#/data/0/id")),
                    description = "The newest of them, with its names as they are now.",
                )),
            ),
        ),
        Keyed,
        Queried,
        Found,
    ),
    security(("key" = ["analytics:read"])),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let what = "GET /api/v2/dashboards/portal/monthly/reports";
    let who = granted(&caller, what, &state).await?;
    let (mut of, mut month) = (UsageType::General, None::<NaiveDate>);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "type" => of = usage_type(&value)?,
            "month" => {
                let first = month_of(&value);
                month = Some(first.ok_or_else(|| wrong("month", "is not a month such as 2026-10"))?);
            }
            _ => {}
        }
    }
    let data = state.ports().analytics.monthly_reports(&who, of, month).await?;
    Ok(answer(List { data }))
}

/// Get a monthly report
///
/// Companies and contacts with their activity in that month, page by page.
#[utoipa::path(
    get,
    path = "/api/v2/dashboards/portal/monthly/reports/{reportId}",
    operation_id = "getMonthlyReport",
    tag = "Analytics",
    params(("reportId" = inline(UsageReportId), Path, description = "The report's own id."), Paging),
    responses((status = 200, description = "A page of it.", body = Detail), Keyed, Queried, Found),
    security(("key" = ["analytics:read"])),
)]
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Part(id): Part<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let what = "GET /api/v2/dashboards/portal/monthly/reports/{reportId}";
    let who = granted(&caller, what, &state).await?;
    let id = report_id(&id)?;
    let (mut after, mut most) = (0, DEFAULT_LIMIT);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "cursor" => after = value.parse().map_err(|_| wrong("cursor", "is not one of ours"))?,
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                let reason = format!("is a number from 1 to {MAX_LIMIT}");
                most = limit.ok_or_else(|| wrong("limit", &reason))?;
            }
            _ => {}
        }
    }
    let found = state
        .ports()
        .analytics
        .monthly_report(&who, id, after, most)
        .await?;
    Ok(answer(Detail {
        report: found.report,
        data: found.lines,
        next_cursor: found.next.map(|next| next.to_string()),
    }))
}

/// Refresh a monthly report
///
/// Reads the names of companies and contacts again. The counts stay as they were. It is recorded.
#[utoipa::path(
    post,
    path = "/api/v2/dashboards/portal/monthly/reports/{reportId}/refresh",
    operation_id = "refreshMonthlyReport",
    tag = "Analytics",
    params(("reportId" = inline(UsageReportId), Path, description = "The report's own id.")),
    responses((status = 200, description = "The report.", body = MonthlyReport), Keyed, Found),
    security(("key" = ["analytics:read"])),
)]
pub async fn refresh(
    State(state): State<AppState>,
    caller: Caller,
    Part(id): Part<String>,
) -> Result<Response, Problem> {
    let what = "POST /api/v2/dashboards/portal/monthly/reports/{reportId}/refresh";
    let who = granted(&caller, what, &state).await?;
    let id = report_id(&id)?;
    let report = state.ports().analytics.refresh_monthly_report(&who, id).await?;
    Ok(answer(report))
}

/// Get the past week
///
/// The same figures for the seven days before today, in the workspace's time zone.
#[utoipa::path(
    get,
    path = "/api/v2/dashboards/portal/pastweek/{type}",
    operation_id = "getPastWeek",
    tag = "Analytics",
    params((
        "type" = inline(UsageType),
        Path,
        description = "What is counted; `courses` where their module is on.",
        example = "general",
    )),
    responses((status = 200, description = "The figures.", body = PastWeek), Keyed, Found),
    security(("key" = ["analytics:read"])),
)]
pub async fn past_week(
    State(state): State<AppState>,
    caller: Caller,
    Part(of): Part<String>,
) -> Result<Response, Problem> {
    let what = "GET /api/v2/dashboards/portal/pastweek/{type}";
    let who = granted(&caller, what, &state).await?;
    let of = usage_type(&of)?;
    Ok(answer(state.ports().analytics.past_week(&who, of).await?))
}
