//! Server functions about alerts and rules. Reading takes “View audit logs”: what alerts show are records.

use crate::error::AppError;
use daybook_domain::{
    id::AlertId,
    monitoring::{AlertDetail, AlertMail, AlertPage, Rule, RuleDetail, RuleId, Severity, Trial},
    object::ObjectQuery,
    seen::{Seen, Tag},
};
use leptos::{prelude::*, server_fn::codec::Json};
use std::collections::BTreeMap;
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
        Error,
        monitoring::{AlertFilters, RuleForm},
        object::unreadable,
        permission::{ManageAlerts, ViewAuditLogs},
    },
};

#[server(prefix = "/_fn", endpoint = "alerts/list", input = Json)]
pub async fn list_alerts(query: ObjectQuery) -> Result<AlertPage, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "alerts/list").await?;
    let query = query.checked(&AlertFilters).map_err(unreadable)?;
    Ok(ports.monitoring.list_alerts(&who, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "alerts/show", input = Json)]
pub async fn show_alert(id: AlertId) -> Result<AlertDetail, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "alerts/show").await?;
    Ok(ports.monitoring.alert(&who, id).await?)
}

/// Ends what was done about an alert.
#[cfg(feature = "ssr")]
fn dealt(
    id: AlertId,
    done: Result<String, Error>,
    typed: &[(&str, &str)],
    said: fn(&str) -> String,
) -> Result<(), AppError> {
    let page = routes::alert(id);
    let summary = done.map_err(|error| flash::refused(error, typed, &page))?;
    flash::done(&Flash::success(said(&summary)), &page);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "alerts/acknowledge")]
pub async fn acknowledge_alert(id: AlertId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alerts/acknowledge").await?;
    let done = ports.monitoring.acknowledge_alert(&who, id).await;
    dealt(id, done, &[], text::acknowledged)
}

/// `user` is an id; empty for nobody.
#[server(prefix = "/_fn", endpoint = "alerts/assign")]
pub async fn assign_alert(id: AlertId, #[server(default)] user: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alerts/assign").await?;
    let to = match user.as_str() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| Error::invalid("user", text::NOBODY_LIKE_THAT)),
    };
    let done = match to {
        Ok(to) => ports.monitoring.assign_alert(&who, id, to).await,
        Err(wrong) => Err(wrong),
    };
    dealt(id, done, &[("user", &user)], text::assigned)
}

#[server(prefix = "/_fn", endpoint = "alerts/close")]
pub async fn close_alert(id: AlertId, note: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alerts/close").await?;
    let done = ports.monitoring.close_alert(&who, id, &note).await;
    dealt(id, done, &[("note", &note)], text::closed)
}

#[server(prefix = "/_fn", endpoint = "alerts/reopen")]
pub async fn reopen_alert(id: AlertId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alerts/reopen").await?;
    let done = ports.monitoring.reopen_alert(&who, id).await;
    dealt(id, done, &[], text::reopened)
}

#[server(prefix = "/_fn", endpoint = "alert_rules/list", input = Json)]
pub async fn list_alert_rules() -> Result<Vec<Rule>, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "alert_rules/list").await?;
    Ok(ports.monitoring.list_alert_rules(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "alert_rules/show", input = Json)]
pub async fn show_alert_rule(id: RuleId) -> Result<RuleDetail, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "alert_rules/show").await?;
    Ok(ports.monitoring.alert_rule(&who, id).await?)
}

/// What the form of a rule changes, as it is now.
pub async fn seen_now(id: RuleId) -> Option<Seen> {
    show_alert_rule(id).await.ok().map(|detail| detail.seen)
}

#[server(prefix = "/_fn", endpoint = "alert_rules/try", input = Json)]
pub async fn try_alert_rule(id: RuleId) -> Result<Trial, AppError> {
    let (ports, who) = authorize(ManageAlerts, "alert_rules/try").await?;
    let (_, reader) = authorize(ViewAuditLogs, "alert_rules/try").await?;
    Ok(ports.monitoring.try_alert_rule(&who, &reader, id).await?)
}

#[server(prefix = "/_fn", endpoint = "alert_rules/add")]
pub async fn add_alert_rule(sigma: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alert_rules/add").await?;
    let added = ports.monitoring.add_alert_rule(&who, &sigma).await;
    let refused = |error| flash::refused(error, &[("sigma", &sigma)], text::ADD_PATH);
    let (id, name) = added.map_err(refused)?;
    flash::done(&Flash::success(text::added(&name)), &routes::alert_rule(id));
    Ok(())
}

/// `params` are the numbers of one that comes with Daybook, `sigma` the text of another.
#[server(prefix = "/_fn", endpoint = "alert_rules/set")]
pub async fn set_alert_rule(
    id: RuleId,
    seen: Tag,
    severity: Severity,
    mail: AlertMail,
    #[server(default)] params: BTreeMap<String, String>,
    #[server(default)] sigma: Option<String>,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alert_rules/set").await?;
    let mut typed = vec![
        ("severity", severity.name()),
        ("mail", mail.name()),
        (SEEN, seen.as_str()),
    ];
    typed.extend(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    typed.extend(sigma.as_deref().map(|sigma| ("sigma", sigma)));
    let form = RuleForm {
        severity,
        mail,
        params: params.clone(),
        sigma: sigma.clone(),
    };
    let set = ports.monitoring.set_alert_rule(&who, id, &seen, form).await;
    let name = set.map_err(|error| flash::refused(error, &typed, &routes::alert_rule(id)))?;
    flash::done(&Flash::success(text::set(&name)), &routes::alert_rule(id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "alert_rules/switch")]
pub async fn switch_alert_rule(id: RuleId, on: bool) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alert_rules/switch").await?;
    let switched = ports.monitoring.switch_alert_rule(&who, id, on).await;
    let name = switched.map_err(|error| flash::refused(error, &[], &routes::alert_rule(id)))?;
    flash::done(
        &Flash::success(text::switched(&name, on)),
        &routes::alert_rule(id),
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "alert_rules/delete")]
pub async fn delete_alert_rule(id: RuleId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageAlerts, "alert_rules/delete").await?;
    let deleted = ports.monitoring.delete_alert_rule(&who, id).await;
    let name = deleted.map_err(|error| flash::refused(error, &[], &routes::alert_rule(id)))?;
    flash::done(&Flash::success(text::deleted(&name)), routes::ALERT_RULES);
    Ok(())
}
