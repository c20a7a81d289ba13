//! Reports in the log: a schedule as the log compares it, and what was sent.

use super::{make::Made, rows};
use crate::{
    Result,
    record::{Recorded, own_event},
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType,
    event::{EventBody, MAX_TEXT_CHARS, NamedRef, Target},
    id::WorkspaceId,
    permission::PermissionSet,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{report_schedule, user};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::Serialize;
use serde_json::json;

pub(super) const KIND: &str = "report_schedule";

/// As whom what is due is sent.
const NAME: &str = "Reports";

#[derive(Debug, Clone, Serialize)]
pub(super) struct ScheduleRecord {
    #[serde(skip)]
    id: String,
    /// The view's.
    #[serde(skip)]
    name: String,
    every: String,
    weekday: Option<String>,
    hour: i32,
    zone: String,
    recipients: Vec<String>,
    set_by: NamedRef,
    stopped: Option<String>,
}

impl ScheduleRecord {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        row: &report_schedule::Model,
        view: &str,
    ) -> Result<Self> {
        let who = user::Entity::find_by_id((row.workspace_id, row.set_by))
            .one(db)
            .await?;
        // Also where they are gone: it is told by both.
        let name = who.map(|who| who.name).unwrap_or_default();
        Ok(Self {
            id: row.view_id.to_string(),
            name: view.to_owned(),
            every: row.every.clone(),
            weekday: row.weekday.clone(),
            hour: row.hour,
            zone: row.zone.clone(),
            recipients: rows::recipients(row)?,
            set_by: NamedRef::new(row.set_by, name),
            stopped: row.stopped.clone(),
        })
    }

    pub(super) fn set_by(&self) -> &str {
        self.set_by.name.as_deref().unwrap_or_default()
    }
}

impl Recorded for ScheduleRecord {
    fn kind(&self) -> &'static str {
        "report_schedule"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// What acts when a report is due.
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

/// That a report was sent. `by` is whose rights that took, where nobody asked for it just now.
pub(super) fn sent(
    tx: &WriteTx,
    who: &Viewer,
    by: Option<&Viewer>,
    row: &report_schedule::Model,
    recipients: &[String],
    made: &Made,
) -> EventBody {
    let mut body = own_event(OwnType::ReportScheduleSent, who, tx);
    let (records, to) = (made.records(), recipients.len());
    let summary = format!(
        "Sent report “{}” with {records} {} to {to} {}",
        made.name,
        if records == 1 { "record" } else { "records" },
        if to == 1 { "address" } else { "addresses" },
    );
    body.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
    body.targets = vec![Target::new(KIND, row.view_id.to_string(), &made.name)];
    if let Some(by) = by {
        let actor = by.actor();
        body.targets.push(Target::new(
            "user",
            actor.id.unwrap_or_default(),
            actor.name.unwrap_or_default(),
        ));
        body.portal = None;
    }
    let said = [
        ("recipients", json!(recipients)),
        ("log", made.log.slug().into()),
        ("query", made.query.to_query_string().into()),
        ("from", json!(made.from)),
        ("to", json!(made.to)),
        ("records", records.into()),
        ("attached", made.attached.into()),
    ];
    body.metadata
        .extend(said.map(|(name, value)| (name.to_owned(), value)));
    body
}
