//! Rules with events that are made up, and the monitoring on each database with a clock that is moved.

mod acts;
mod follow;
mod places;
mod recorded;
mod rules;
mod sigma;

pub(crate) use recorded::listed;

use super::Monitoring;
use crate::{
    accounts::tests::{ADDRESS, House, granted},
    ingest::{Format, Ingest},
    testing::TestDb,
};
use daybook_domain::{
    Error as Told,
    monitoring::{Alert, AlertDetail, AlertState, BuiltInRule, RuleDetail, RuleForm, RuleId},
    object::ObjectQuery,
    permission::{ManageAlerts, ViewAuditLogs},
    ports::Monitoring as _,
    viewer::Granted,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) const FAILED: RuleId = RuleId::BuiltIn(BuiltInRule::FailedSignIns);
/// A rule that finds keys that are made.
pub(super) const SIGMA: &str = "title: Key made\ndescription: Somebody made a key.\nlogsource:\n  product: \
                                daybook\ndetection:\n  made:\n    event_type: key.made\n  condition: made\nlevel: high\n";

/// A house with the monitoring, which has begun.
pub(super) struct Desk {
    pub house: House,
    pub monitoring: Monitoring,
    pub admin: Granted<ManageAlerts>,
    pub reader: Granted<ViewAuditLogs>,
}

pub(super) fn monitoring(house: &House) -> Monitoring {
    let at = &house.at;
    Monitoring::new(
        at.db.clone(),
        at.writer.clone(),
        house.accounts.clone(),
        at.clock.clone(),
        None,
        Some(ADDRESS.to_owned()),
    )
}

/// A failed sign-in at a second after the clock's beginning.
pub(super) fn failed(who: &str, second: u32) -> Value {
    json!({
        "event_type": "agent.sign_in_failed", "log": "access", "action": "login", "outcome": "failure",
        "occurred_at": format!("2026-11-22T13:{:02}:{:02}Z", second / 60, second % 60),
        "actor": {"kind": "user", "id": who, "name": format!("Agent {who}")}, "ip": "203.0.113.9",
        "summary": format!("Sign-in of {who} failed"),
    })
}

impl Desk {
    pub async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let monitoring = monitoring(&house);
        monitoring.settle().await.unwrap();
        Self {
            admin: granted(&house.ada, ManageAlerts),
            reader: granted(&house.ada, ViewAuditLogs),
            monitoring,
            house,
        }
    }

    /// What is received isn't looked at yet.
    pub async fn receive(&self, records: &[Value]) {
        let ingest = Ingest::new(self.house.at.writer.clone(), self.house.at.clock.clone());
        let body = Value::from(records.to_vec()).to_string().into();
        let workspace = self.house.workspace.id;
        let taken = ingest
            .receive(workspace, "helpdesk", Format::Json, body, true)
            .await;
        assert_eq!(taken.unwrap().accepted, records.len() as u64);
    }

    pub async fn alerts(&self, query: &str) -> Vec<Alert> {
        let query = ObjectQuery::parse(&daybook_domain::monitoring::AlertFilters, query).unwrap();
        let page = self.monitoring.list_alerts(&self.reader, &query).await.unwrap();
        page.rows
    }

    /// Of one rule.
    pub async fn of(&self, rule: RuleId) -> Vec<Alert> {
        self.alerts(&format!("rule={rule}")).await
    }

    pub async fn detail(&self, alert: &Alert) -> AlertDetail {
        self.monitoring.alert(&self.reader, alert.id).await.unwrap()
    }

    pub async fn rule(&self, id: RuleId) -> RuleDetail {
        self.monitoring.alert_rule(&self.reader, id).await.unwrap()
    }

    /// An alert of failed sign-ins.
    pub async fn alarmed(at: TestDb) -> (Self, Alert) {
        let desk = Self::new(at).await;
        let tries: Vec<_> = (0..10).map(|second| failed("mara", second)).collect();
        desk.receive(&tries).await;
        desk.monitoring.settle().await.unwrap();
        let alert = desk
            .of(FAILED)
            .await
            .into_iter()
            .find(|alert| alert.subject == "Agent mara");
        (desk, alert.unwrap())
    }

    /// A rule as it is, with some numbers changed.
    pub async fn form(&self, id: RuleId, numbers: &[(&str, &str)]) -> RuleForm {
        let now = self.rule(id).await;
        let mut params = BTreeMap::new();
        if let RuleId::BuiltIn(of) = id {
            params.extend(
                now.params
                    .all(of)
                    .map(|(param, number)| (param.name.to_owned(), number.to_string())),
            );
        }
        params.extend(
            numbers
                .iter()
                .map(|(name, number)| ((*name).to_owned(), (*number).to_owned())),
        );
        RuleForm {
            severity: now.rule.severity,
            mail: now.mail,
            params,
            sigma: now.sigma,
        }
    }

    pub async fn set(&self, id: RuleId, form: RuleForm) -> Result<String, Told> {
        let seen = self.rule(id).await.seen.tag();
        self.monitoring.set_alert_rule(&self.admin, id, &seen, form).await
    }
}

pub(super) fn states(alerts: &[Alert]) -> Vec<AlertState> {
    alerts.iter().map(|alert| alert.state).collect()
}
