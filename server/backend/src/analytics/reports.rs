//! Monthly reports as programs read them, and the names in them.

use super::{
    Analytics,
    calendar::{day_of, number_of},
    is_there, names, setting,
};
use crate::{Result, local_time::stored, record::own_event, writer::WriteTx};
use chrono::NaiveDate;
use daybook_domain::{
    Error as Told,
    analytics::{MonthlyReport, ReportLine, ReportLineKind, ReportLines, UsageType},
    catalogue::OwnType,
    event::Target,
    id::{UsageReportId, WorkspaceId},
    viewer::Viewer,
};
use daybook_entity::{
    usage_report::{self, Column as R, Model},
    usage_report_line::{self, Column as L},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

/// The kind of thing that a report is, in records.
const KIND: &str = "usage_report";

fn report(row: &Model) -> Result<MonthlyReport> {
    let damaged = || crate::Error::damaged(format!("the usage type “{}”", row.usage_type));
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(MonthlyReport {
        id: UsageReportId(row.id),
        of: UsageType::from_name(&row.usage_type).ok_or_else(damaged)?,
        month: month(row),
        time_zone: row.zone.clone(),
        users: count(row.users),
        companies: count(row.companies),
        activities: count(row.activities),
        closed_at: stored(row.closed_at)?,
        refreshed_at: row.refreshed_at.map(stored).transpose()?,
    })
}

fn month(row: &Model) -> String {
    day_of(row.month).format("%Y-%m").to_string()
}

async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId, id: UsageReportId) -> Result<Model> {
    let row = usage_report::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    Ok(row.ok_or(Told::NotFound)?)
}

impl Analytics {
    pub(super) async fn reports(
        &self,
        workspace: WorkspaceId,
        of: UsageType,
        month: Option<NaiveDate>,
    ) -> Result<Vec<MonthlyReport>> {
        let db = &self.0.db.read;
        let setting = setting(db, workspace).await?;
        is_there(of, &setting)?;
        let mut found = usage_report::Entity::find()
            .filter(R::WorkspaceId.eq(workspace.0))
            .filter(R::UsageType.eq(of.name()))
            .order_by_desc(R::Month);
        if let Some(month) = month {
            let calendar = self.calendar(workspace, &setting.zone).await?;
            if calendar.begins(month) > self.0.clock.now() {
                return Err(Told::invalid("month", "is in the future: nothing has happened in it").into());
            }
            found = found.filter(R::Month.eq(number_of(month)));
        }
        found.all(db).await?.iter().map(report).collect()
    }

    pub(super) async fn lines(
        &self,
        workspace: WorkspaceId,
        id: UsageReportId,
        after: u32,
        most: u32,
    ) -> Result<ReportLines> {
        let db = &self.0.db.read;
        let row = find(db, workspace, id).await?;
        let mut found = usage_report_line::Entity::find()
            .filter(L::WorkspaceId.eq(workspace.0))
            .filter(L::ReportId.eq(id.0))
            .filter(L::Position.gt(i32::try_from(after).unwrap_or(i32::MAX)))
            .order_by_asc(L::Position)
            .limit(u64::from(most) + 1)
            .all(db)
            .await?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let last = found.last().filter(|_| more).map(|line| line.position);
        Ok(ReportLines {
            report: report(&row)?,
            next: last.and_then(|position| u32::try_from(position).ok()),
            lines: found.into_iter().map(line).collect::<Result<_>>()?,
        })
    }
}

fn line(row: usage_report_line::Model) -> Result<ReportLine> {
    let kind = ReportLineKind::from_name(&row.kind);
    Ok(ReportLine {
        kind: kind.ok_or_else(|| crate::Error::damaged(format!("a line of “{}”", row.kind)))?,
        id: row.key,
        name: row.name,
        company: Some(row.company).filter(|company| !company.is_empty()),
        activities: u64::try_from(row.activities).unwrap_or_default(),
    })
}

/// Reads the names again. That somebody asked for it is recorded, also where they are what they were.
pub(super) async fn refresh(tx: &mut WriteTx, who: &Viewer, id: UsageReportId) -> Result<MonthlyReport> {
    let workspace = who.workspace();
    let row = find(tx.db(), workspace, id).await?;
    let mut renamed = 0_u32;
    for kind in ReportLineKind::ALL {
        let lines: Vec<(i32, String, String)> = usage_report_line::Entity::find()
            .select_only()
            .columns([L::Position, L::Key, L::Name])
            .filter(L::WorkspaceId.eq(workspace.0))
            .filter(L::ReportId.eq(id.0))
            .filter(L::Kind.eq(kind.name()))
            .into_tuple()
            .all(tx.db())
            .await?;
        let keys: Vec<_> = lines.iter().map(|(_, key, _)| key.clone()).collect();
        let named = names::of(tx.db(), workspace, *kind, &keys).await?;
        for (position, key, was) in lines {
            let Some(is) = named.get(&key).filter(|named| named.name != was) else {
                continue;
            };
            usage_report_line::Entity::update_many()
                .col_expr(L::Name, Expr::value(is.name.as_str()))
                .filter(L::WorkspaceId.eq(workspace.0))
                .filter(L::ReportId.eq(id.0))
                .filter(L::Position.eq(position))
                .exec(tx.db())
                .await?;
            renamed += 1;
        }
    }
    let mut changed = row.into_active_model();
    changed.refreshed_at = Set(Some(tx.now().micros()));
    let row = usage_report::Entity::update(changed).exec(tx.db()).await?;
    let report = report(&row)?;
    let name = format!("{}, {}", report.of.title(), report.month);
    let mut event = own_event(OwnType::UsageReportRefreshed, who, tx);
    let names = if renamed == 1 { "name" } else { "names" };
    event.summary = Some(format!(
        "Refreshed monthly report “{name}”: {renamed} {names} changed"
    ));
    event.targets = vec![Target::new(KIND, id.to_string(), name)];
    event.metadata.insert("names".to_owned(), renamed.into());
    tx.record(workspace, event);
    Ok(report)
}
