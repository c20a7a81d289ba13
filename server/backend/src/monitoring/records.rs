//! Alerts and rules as the log compares them.

use super::rules::Finding;
use crate::{Error, Result, record::Recorded};
use daybook_domain::{
    catalogue::OwnType,
    event::{EventBody, NamedRef, Target},
    id::WorkspaceId,
    monitoring::{Params, RuleId},
    permission::PermissionSet,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{alert, alert_rule};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) const ALERT: &str = "alert";
pub(super) const RULE: &str = "alert_rule";
/// As whom alerts are raised.
const NAME: &str = "Monitoring";
/// Most sequences that the record of a raised alert names.
const SEQUENCES: usize = 20;

#[derive(Debug, Serialize)]
pub(super) struct AlertRecord {
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    subject: Option<Target>,
    state: String,
    assigned_to: Option<NamedRef>,
    note: Option<String>,
}

impl AlertRecord {
    /// `assigned` is what who looks after it is called.
    pub(super) fn new(row: &alert::Model, assigned: &str) -> Self {
        let subject = row.subject_id.as_ref();
        Self {
            id: row.id.to_string(),
            name: row.summary.chars().take(200).collect(),
            subject: subject.map(|id| Target::new(&row.subject_kind, id, &row.subject_name)),
            state: row.state.clone(),
            assigned_to: row.assigned_to.map(|id| NamedRef::new(id, assigned)),
            note: row.note.clone(),
        }
    }
}

impl Recorded for AlertRecord {
    fn kind(&self) -> &'static str {
        "alert"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    /// It stands in the log of who it is about, too.
    fn place(&self, body: &mut EventBody) {
        body.targets.extend(self.subject.clone());
    }
}

/// What the record of a raised alert says beside.
pub(super) fn raised(row: &alert::Model, finding: &Finding) -> Map<String, Value> {
    let sequences: Vec<_> = finding.records.iter().rev().take(SEQUENCES).rev().collect();
    let said = [
        ("rule", json!(row.rule_id)),
        ("rule_name", json!(row.rule_name)),
        ("severity", json!(row.severity)),
        ("subject", json!(row.subject_name)),
        ("records", json!(row.count)),
        ("sequences", json!(sequences)),
    ];
    said.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct RuleRecord {
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    called: String,
    name: Option<String>,
    state: &'static str,
    severity: String,
    mail: String,
    sigma: Option<String>,
    #[serde(flatten)]
    params: BTreeMap<&'static str, u32>,
}

impl RuleRecord {
    pub(super) fn new(row: &alert_rule::Model) -> Result<Self> {
        let params: Params = serde_json::from_str(&row.params).map_err(Error::damaged)?;
        let params = match row.id.parse()? {
            RuleId::BuiltIn(of) => params
                .all(of)
                .map(|(param, number)| (param.name, number))
                .collect(),
            RuleId::Sigma(_) => BTreeMap::new(),
        };
        Ok(Self {
            id: row.id.clone(),
            called: row.name.clone(),
            // The others are called as they come.
            name: row.sigma.is_some().then(|| row.name.clone()),
            state: if row.is_on { "on" } else { "off" },
            severity: row.severity.clone(),
            mail: row.mail.clone(),
            sigma: row.sigma.clone(),
            params,
        })
    }
}

impl Recorded for RuleRecord {
    fn kind(&self) -> &'static str {
        "alert_rule"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.called.clone()
    }
}

/// What was done, as the last part of the name of its record.
pub(super) fn verb(of: OwnType) -> &'static str {
    of.name().split_once('.').map_or("", |(_, verb)| verb)
}

/// What raises alerts.
pub(super) fn system(workspace: WorkspaceId) -> Viewer {
    let principal = Principal::System {
        name: NAME.to_owned(),
    };
    Viewer::new(
        workspace,
        principal,
        PermissionSet::new(),
        "UTC".to_owned(),
        "System".to_owned(),
        RequestContext::default(),
    )
}
