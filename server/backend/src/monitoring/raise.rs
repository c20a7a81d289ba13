//! What rules find becomes alerts: one open alert for a rule and a subject, which grows.

use super::{
    kept,
    records::{self, AlertRecord},
    rules::Finding,
};
use crate::{
    Error, Result,
    email::alerts,
    record::{Done, record},
    rows::insert_many,
    writer::WriteTx,
};
use daybook_domain::{
    email_template::MailTemplate,
    id::WorkspaceId,
    monitoring::{AlertMail, AlertState, MAX_EVIDENCE, QUIET_SECONDS, Severity},
    permission::Permission,
    viewer::Viewer,
};
use daybook_entity::{
    alert::{self, Column as A, Model},
    alert_evidence::{self, Column as V},
    alert_rule, event, user,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// Most alerts of a rule that aren't closed. A rule that finds more finds too much.
pub(super) const MOST_OPEN: u64 = 500;
/// Most alerts of a rule that are mailed of one batch of records.
const MOST_MAILS: usize = 10;

/// Takes what a batch of records has led to.
pub(super) struct Raising<'r> {
    who: Viewer,
    workspace: WorkspaceId,
    /// Where Daybook is reached.
    address: Option<&'r str>,
    open: HashMap<(String, String), Model>,
    mailed: HashMap<String, usize>,
    /// What happened is told of as of then: the demo does.
    at_its_time: bool,
}

impl<'r> Raising<'r> {
    pub fn new(workspace: WorkspaceId, address: Option<&'r str>, at_its_time: bool) -> Self {
        Self {
            who: records::system(workspace),
            workspace,
            address,
            open: HashMap::new(),
            mailed: HashMap::new(),
            at_its_time,
        }
    }

    /// The open alert of a rule about a subject.
    async fn open(&self, tx: &WriteTx, rule: &str, key: &str) -> Result<Option<Model>> {
        if let Some(known) = self.open.get(&(rule.to_owned(), key.to_owned())) {
            return Ok(Some(known.clone()));
        }
        Ok(alert::Entity::find()
            .filter(A::WorkspaceId.eq(self.workspace.0))
            .filter(A::RuleId.eq(rule))
            .filter(A::SubjectKey.eq(key))
            .filter(A::State.ne(AlertState::Closed.name()))
            .order_by_desc(A::Id)
            .one(tx.db())
            .await?)
    }

    pub async fn take(&mut self, tx: &mut WriteTx, rule: &alert_rule::Model, finding: Finding) -> Result<()> {
        let now = tx.now();
        if self.at_its_time {
            tx.tells_of(finding.at);
        }
        let done = match self.open(tx, &rule.id, &finding.subject.key).await? {
            Some(open) => self.grow(tx, rule, open, &finding).await,
            None => self.raise(tx, rule, &finding).await,
        };
        tx.tells_of(now);
        done
    }

    fn keep(&mut self, row: Model) {
        self.open
            .insert((row.rule_id.clone(), row.subject_key.clone()), row);
    }

    async fn raise(&mut self, tx: &mut WriteTx, rule: &alert_rule::Model, finding: &Finding) -> Result<()> {
        let of_rule = alert::Entity::find()
            .filter(A::WorkspaceId.eq(self.workspace.0))
            .filter(A::RuleId.eq(&rule.id))
            .filter(A::State.ne(AlertState::Closed.name()));
        if of_rule.count(tx.db()).await? >= MOST_OPEN {
            tracing::warn!(rule = rule.id, "it has too many open alerts: nothing is raised");
            return Ok(());
        }
        let subject = &finding.subject;
        let first = first_of(tx.db(), self.workspace, finding).await?;
        let search = format!("{} {} {}", finding.summary, subject.name, rule.name);
        let row = Model {
            workspace_id: self.workspace.0,
            id: tx.new_id(),
            rule_id: rule.id.clone(),
            rule_name: rule.name.clone(),
            severity: rule.severity.clone(),
            state: AlertState::Open.name().to_owned(),
            subject_key: subject.key.clone(),
            subject_kind: subject.kind.clone(),
            subject_id: subject.id.clone(),
            subject_name: subject.name.clone(),
            summary: finding.summary.clone(),
            search: search.to_lowercase(),
            count: i64::try_from(finding.records.len()).unwrap_or(i64::MAX),
            last_sequence: finding.records.iter().copied().max().unwrap_or_default(),
            first_at: first,
            last_at: finding.at.micros(),
            assigned_to: None,
            note: None,
            created_at: tx.now().micros(),
        };
        alert::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(tx.db())
            .await?;
        evidence(tx, &row, &finding.records).await?;
        let after = AlertRecord::new(&row, "");
        let mut done = Done::created(&after).called("raised").saying(&finding.summary);
        done.metadata = records::raised(&row, finding);
        record(tx, &self.who, &done)?;
        self.mail(tx, rule, &row).await?;
        self.keep(row);
        Ok(())
    }

    async fn grow(
        &mut self,
        tx: &mut WriteTx,
        rule: &alert_rule::Model,
        open: Model,
        finding: &Finding,
    ) -> Result<()> {
        let new: Vec<_> = finding
            .records
            .iter()
            .copied()
            .filter(|sequence| *sequence > open.last_sequence)
            .collect();
        let mut row = open.clone();
        row.count += i64::try_from(new.len()).unwrap_or(i64::MAX);
        row.last_sequence = new.iter().copied().fold(row.last_sequence, i64::max);
        row.last_at = row.last_at.max(finding.at.micros());
        row.first_at = row.first_at.min(finding.at.micros());
        let quiet = finding.at.micros() - open.last_at;
        let is_again = quiet >= QUIET_SECONDS * 1_000_000;
        if is_again {
            AlertState::Open.name().clone_into(&mut row.state);
            row.summary.clone_from(&finding.summary);
        }
        alert::Entity::update(row.clone().into_active_model().reset_all())
            .exec(tx.db())
            .await?;
        evidence(tx, &row, &new).await?;
        if is_again {
            let assigned = called(tx.db(), &row).await?;
            let (before, after) = (
                AlertRecord::new(&open, &assigned),
                AlertRecord::new(&row, &assigned),
            );
            let done = Done::updated(&before, &after).called("raised_again");
            let mut done = done.saying(&finding.summary);
            done.metadata = records::raised(&row, finding);
            record(tx, &self.who, &done)?;
            self.mail(tx, rule, &row).await?;
        }
        self.keep(row);
        Ok(())
    }

    async fn mail(&mut self, tx: &mut WriteTx, rule: &alert_rule::Model, row: &Model) -> Result<()> {
        let mailed = self.mailed.entry(rule.id.clone()).or_default();
        if self.at_its_time || kept::mail(rule)? == AlertMail::Nobody || *mailed >= MOST_MAILS {
            return Ok(());
        }
        *mailed += 1;
        let link = self.address.map(|address| format!("{address}/alerts/{}", row.id));
        let severity = Severity::from_name(&row.severity).map_or("", Severity::title);
        let values = [
            ("rule", row.rule_name.as_str()),
            ("severity", severity),
            ("summary", row.summary.as_str()),
            ("subject", row.subject_name.as_str()),
            ("link", link.as_deref().unwrap_or_default()),
        ];
        let (to, template) = (Permission::AlertsManage, MailTemplate::Alert);
        alerts::tell(tx, self.workspace, to, template, &values).await
    }
}

/// When the first of a finding's records happened.
async fn first_of(db: &impl ConnectionTrait, workspace: WorkspaceId, finding: &Finding) -> Result<i64> {
    let first: Option<i64> = event::Entity::find()
        .select_only()
        .column(event::Column::OccurredAt)
        .filter(event::Column::WorkspaceId.eq(workspace.0))
        .filter(event::Column::Sequence.is_in(finding.records.iter().copied()))
        .order_by_asc(event::Column::OccurredAt)
        .into_tuple()
        .one(db)
        .await?;
    Ok(first.unwrap_or_else(|| finding.at.micros()))
}

/// What who looks after an alert is called.
pub(super) async fn called(db: &impl ConnectionTrait, row: &Model) -> Result<String> {
    let Some(id) = row.assigned_to else {
        return Ok(String::new());
    };
    let who = user::Entity::find_by_id((row.workspace_id, id)).one(db).await?;
    Ok(who.map(|who| who.name).unwrap_or_default())
}

/// Keeps which records an alert was raised for, as far as they are shown.
async fn evidence(tx: &WriteTx, row: &Model, records: &[i64]) -> Result<()> {
    let kept = alert_evidence::Entity::find()
        .filter(V::WorkspaceId.eq(row.workspace_id))
        .filter(V::AlertId.eq(row.id));
    let room = MAX_EVIDENCE.saturating_sub(kept.count(tx.db()).await?);
    let records = records
        .iter()
        .take(usize::try_from(room).map_err(Error::damaged)?);
    let rows: Vec<[sea_orm::Value; 3]> = records
        .map(|sequence| [row.workspace_id.into(), row.id.into(), (*sequence).into()])
        .collect();
    let columns = [V::WorkspaceId, V::AlertId, V::Sequence];
    insert_many(tx.db(), "alert_evidence", &columns, rows, "").await
}
