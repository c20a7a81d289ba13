//! Usage of the portals as counts, kept beside the log.
//!
//! A follower reads the log by its sequence, as integrations do ([`follow`]), and adds up what it finds ([`tally`]); the
//! counts and how far it is are stored in one transaction, so that each record is counted once. Several processes may
//! follow the same log: who finds that another was first stores nothing. Pages read counts and no records ([`figures`]).
//!
//! Counts are by the day of the workspace's zone ([`calendar`]). Another zone holds from its next midnight on, and the days
//! before keep theirs: nothing is counted again, so the past doesn't change with a setting. Nor with the removal of
//! records: what was counted stays counted. A month is closed once it is over and all of it that was recorded by then is
//! counted ([`months`]); what comes later changes the figures of its days, and the report no more ([`reports`]).

mod calendar;
mod days;
mod export;
mod figures;
mod follow;
mod months;
mod names;
mod ranges;
mod reports;
mod tally;
#[cfg(test)]
pub(crate) mod tests;

use crate::{
    Error, Result, accounts::Accounts, db::Db, local_time::Reader, objects::known_as, writer::Writer,
};
use async_trait::async_trait;
use calendar::Calendar;
use chrono::NaiveDate;
use daybook_domain::{
    Error as Told,
    analytics::{MonthlyReport, PastWeek, ReportLines, Usage, UsageQuery, UsageType, Whose},
    id::{ObjectId, UsageReportId, WorkspaceId},
    object::{KindGranted, ObjectKind, See},
    permission::ViewAnalytics,
    ports,
    time::Clock,
    viewer::{Granted, Viewer},
};
use daybook_entity::{object, usage_cursor, workspace};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use std::{fmt, sync::Arc};

/// The figures of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Analytics(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Analytics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Analytics")
    }
}

/// What the workspace says of its figures.
struct Setting {
    zone: String,
    courses: bool,
}

async fn setting(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Setting> {
    let row: Option<(String, bool)> = workspace::Entity::find_by_id(workspace.0)
        .select_only()
        .columns([workspace::Column::Zone, workspace::Column::Courses])
        .into_tuple()
        .one(db)
        .await?;
    let (zone, courses) = row.ok_or_else(|| Error::damaged("the workspace is gone"))?;
    Ok(Setting { zone, courses })
}

/// The sequence of the last record that was looked at.
async fn cursor(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<i64> {
    let row = usage_cursor::Entity::find_by_id(workspace.0).one(db).await?;
    Ok(row.map_or(0, |row| row.sequence))
}

impl Analytics {
    pub fn new(db: Db, writer: Writer, accounts: Accounts, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            clock,
        }))
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.0.clock.now())
    }

    /// By whose days is counted, or will be.
    async fn calendar(&self, workspace: WorkspaceId, zone: &str) -> Result<Calendar> {
        let calendar = Calendar::load(&self.0.db.read, workspace).await?;
        Ok(calendar.following(zone, self.0.clock.now()).unwrap_or(calendar))
    }

    /// What a thing may be counted as.
    async fn whose(&self, thing: &KindGranted<See>, id: ObjectId) -> Result<Whose> {
        let (db, workspace, kind) = (&self.0.db.read, thing.workspace(), thing.kind());
        let row = object::Entity::find_by_id((workspace.0, id.0)).one(db).await?;
        let is_there = row.is_some_and(|row| row.kind == kind.name());
        let known = known_as(db, workspace, kind, id.0).await?;
        let keys = std::iter::once(id.to_string())
            .chain(known.ids)
            .chain(known.external_ids);
        match kind {
            ObjectKind::Company if is_there => Ok(Whose::Company(keys.collect())),
            ObjectKind::Contact if is_there => Ok(Whose::Contact(keys.collect())),
            _ => Err(Told::NotFound.into()),
        }
    }
}

/// Refuses courses where there are none.
fn is_there(of: UsageType, setting: &Setting) -> Result<()> {
    if of == UsageType::Courses && !setting.courses {
        return Err(Told::NotFound.into());
    }
    Ok(())
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Analytics for Analytics {
    async fn usage(&self, who: &Granted<ViewAnalytics>, query: &UsageQuery) -> Result<Usage, Told> {
        let usage = self.figures(who.viewer(), query).await;
        usage.map_err(outside(who.viewer()))
    }

    async fn usage_of(
        &self,
        who: &Granted<ViewAnalytics>,
        thing: &KindGranted<See>,
        id: ObjectId,
        query: &UsageQuery,
    ) -> Result<Usage, Told> {
        let whose = self.whose(thing, id).await.map_err(outside(who.viewer()))?;
        let query = UsageQuery {
            whose,
            ..query.clone()
        };
        self.usage(who, &query).await
    }

    async fn monthly_reports(
        &self,
        who: &Granted<ViewAnalytics>,
        of: UsageType,
        month: Option<NaiveDate>,
    ) -> Result<Vec<MonthlyReport>, Told> {
        let reports = self.reports(who.workspace(), of, month).await;
        reports.map_err(outside(who.viewer()))
    }

    async fn monthly_report(
        &self,
        who: &Granted<ViewAnalytics>,
        id: UsageReportId,
        after: u32,
        most: u32,
    ) -> Result<ReportLines, Told> {
        let lines = self.lines(who.workspace(), id, after, most).await;
        lines.map_err(outside(who.viewer()))
    }

    async fn refresh_monthly_report(
        &self,
        who: &Granted<ViewAnalytics>,
        id: UsageReportId,
    ) -> Result<MonthlyReport, Told> {
        self.0
            .accounts
            .change(who.viewer(), "refresh a monthly report", move |tx, who| {
                Box::pin(async move { reports::refresh(tx, who, id).await })
            })
            .await
    }

    async fn past_week(&self, who: &Granted<ViewAnalytics>, of: UsageType) -> Result<PastWeek, Told> {
        let week = self.week(who.workspace(), of).await;
        week.map_err(outside(who.viewer()))
    }
}
