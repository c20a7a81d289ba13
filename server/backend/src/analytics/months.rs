//! Closing months: what one came to is kept as it was when it was over, and all of it that was recorded by then counted.

use super::{
    Analytics,
    calendar::{Calendar, day_of, number_of},
    cursor, names,
};
use crate::{Result, accounts, rows::insert_many, store::place, writer::WriteTx};
use chrono::NaiveDate;
use daybook_domain::{
    analytics::{Grain, Period, ReportLineKind, UsageType},
    id::WorkspaceId,
    time::Timestamp,
};
use daybook_entity::{
    usage_person::{self, Column as P},
    usage_report::{self, Column as R},
    usage_report_line::Column as L,
    usage_total::{self, Column as T},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// A month of something, by its first day.
type Month = (UsageType, NaiveDate);

/// Closes the months that are over and have no report yet.
pub(super) async fn close(of: &Analytics, workspace: WorkspaceId) -> Result<()> {
    let (db, now) = (&of.0.db.read, of.0.clock.now());
    let calendar = Calendar::load(db, workspace).await?;
    for month in open(db, workspace, &calendar, now).await? {
        let closed =
            of.0.writer
                .change(move |tx| Box::pin(async move { close_one(tx, workspace, month).await }));
        closed.await?;
    }
    Ok(())
}

/// Months that are over and have no report, from the first in which anything was counted. Those without anything too: a
/// month that is missing says less than one with nothing in it.
async fn open(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<Vec<Month>> {
    let firsts: Vec<(String, i32)> = usage_total::Entity::find()
        .select_only()
        .column(T::UsageType)
        .column_as(T::StartDay.min(), "first")
        .filter(T::WorkspaceId.eq(workspace.0))
        .filter(T::Grain.eq(Grain::Month.name()))
        .group_by(T::UsageType)
        .into_tuple()
        .all(db)
        .await?;
    let reports: Vec<(String, i32)> = usage_report::Entity::find()
        .select_only()
        .columns([R::UsageType, R::Month])
        .filter(R::WorkspaceId.eq(workspace.0))
        .into_tuple()
        .all(db)
        .await?;
    let reports: BTreeSet<_> = reports.into_iter().collect();
    let today = calendar.day(now);
    let mut open = Vec::new();
    for (name, first) in firsts {
        let Some(of) = UsageType::from_name(&name) else {
            continue;
        };
        let past = Period {
            from: day_of(first),
            to: today,
        };
        let months = past.parts(Grain::Month).into_iter();
        let over = months.filter(|month| calendar.span(*month).to <= now);
        let without = over.filter(|month| !reports.contains(&(name.clone(), number_of(month.from))));
        open.extend(without.map(|month| (of, month.from)));
    }
    Ok(open)
}

/// One that is there already stays as it is, and one of which something isn't counted yet waits.
async fn close_one(tx: &mut WriteTx, workspace: WorkspaceId, (of, start): Month) -> Result<()> {
    accounts::lock(tx, workspace).await?;
    let calendar = Calendar::load(tx.db(), workspace).await?;
    let end = calendar.span(Period::one(Grain::Month, start)).to;
    let counted = cursor(tx.db(), workspace).await?;
    let next = place::first_from(tx.db(), workspace, counted + 1).await?;
    let waits = next.is_some_and(|(_, recorded)| recorded < end.micros());
    let there = usage_report::Entity::find()
        .filter(R::WorkspaceId.eq(workspace.0))
        .filter(R::UsageType.eq(of.name()))
        .filter(R::Month.eq(number_of(start)))
        .one(tx.db())
        .await?;
    if tx.now() < end || waits || there.is_some() {
        return Ok(());
    }
    let key = (
        workspace.0,
        of.name().to_owned(),
        Grain::Month.name().to_owned(),
        number_of(start),
    );
    let total = usage_total::Entity::find_by_id(key).one(tx.db()).await?;
    let figures = total.map_or((0, 0, 0), |total| {
        (total.users, total.companies, total.activities)
    });
    let report = usage_report::ActiveModel {
        workspace_id: Set(workspace.0),
        id: Set(tx.new_id()),
        usage_type: Set(of.name().to_owned()),
        month: Set(number_of(start)),
        zone: Set(calendar.zone_on(start).to_owned()),
        users: Set(figures.0),
        companies: Set(figures.1),
        activities: Set(figures.2),
        closed_at: Set(tx.now().micros()),
        refreshed_at: Set(None),
    };
    let report = usage_report::Entity::insert(report)
        .exec_with_returning(tx.db())
        .await?;
    lines(tx, workspace, &report).await
}

/// Stores who did how much in the month.
async fn lines(tx: &WriteTx, workspace: WorkspaceId, report: &usage_report::Model) -> Result<()> {
    let rows: Vec<(String, String, i64)> = usage_person::Entity::find()
        .select_only()
        .columns([P::Company, P::Contact, P::Activities])
        .filter(P::WorkspaceId.eq(workspace.0))
        .filter(P::UsageType.eq(report.usage_type.as_str()))
        .filter(P::Grain.eq(Grain::Month.name()))
        .filter(P::StartDay.eq(report.month))
        .into_tuple()
        .all(tx.db())
        .await?;
    let mut companies: BTreeMap<String, i64> = BTreeMap::new();
    let mut contacts: BTreeMap<String, (i64, i64, String)> = BTreeMap::new();
    for (company, contact, activities) in rows {
        if !company.is_empty() {
            *companies.entry(company.clone()).or_default() += activities;
        }
        if !contact.is_empty() {
            let (sum, most, of) = contacts.entry(contact).or_default();
            *sum += activities;
            // Theirs is the company for which they did most.
            if activities > *most {
                (*most, *of) = (activities, company);
            }
        }
    }
    let companies = companies
        .into_iter()
        .map(|(key, sum)| (ReportLineKind::Company, key, String::new(), sum));
    let contacts = contacts
        .into_iter()
        .map(|(key, (sum, _, of))| (ReportLineKind::Contact, key, of, sum));
    let mut lines: Vec<_> = companies.chain(contacts).collect();
    lines.sort_by(|(a_kind, a_key, _, a), (b_kind, b_key, _, b)| (a_kind, b, a_key).cmp(&(b_kind, a, b_key)));
    let mut called = BTreeMap::new();
    for kind in ReportLineKind::ALL {
        let keys = lines.iter().filter(|(of, ..)| of == kind);
        let keys: Vec<_> = keys.map(|(_, key, ..)| key.clone()).collect();
        called.insert(*kind, names::of(tx.db(), workspace, *kind, &keys).await?);
    }
    let rows = lines
        .into_iter()
        .zip(1_i32..)
        .map(|((kind, key, company, sum), position)| {
            let name = called.get(&kind).and_then(|called| called.get(&key));
            let name = name.map_or(key.clone(), |named| named.name.clone());
            [
                workspace.0.into(),
                report.id.into(),
                position.into(),
                kind.name().into(),
                key.into(),
                name.into(),
                company.into(),
                sum.into(),
            ]
        });
    insert_many(tx.db(), "usage_report_line", &LINE, rows.collect(), "").await
}

const LINE: [L; 8] = [
    L::WorkspaceId,
    L::ReportId,
    L::Position,
    L::Kind,
    L::Key,
    L::Name,
    L::Company,
    L::Activities,
];
