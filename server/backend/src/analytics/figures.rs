//! The answers that pages show.

use super::{
    Analytics,
    calendar::{day_of, number_of},
    cursor, is_there, names,
    ranges::{Range, Sum, Top},
    setting,
};
use crate::{Error, Result, local_time::Reader, store::place};
use chrono::{Datelike, NaiveDate};
use daybook_domain::{
    analytics::{
        Figures, Grain, PastWeek, PastWeekDay, Period, Ranked, ReportLineKind, Usage, UsageBar, UsageQuery,
        UsageType, Whose, start,
    },
    id::WorkspaceId,
    regional::RegionalFormat,
    time::{End, TimeBound, Timestamp},
    viewer::Viewer,
};
use daybook_entity::{
    usage_person::{self, Column as P},
    usage_seen::{self, Column as S},
    usage_total::{self, Column as T},
};
use futures::try_join;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};
use std::collections::BTreeMap;

impl Analytics {
    pub(super) async fn figures(&self, who: &Viewer, query: &UsageQuery) -> Result<Usage> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let setting = setting(db, workspace).await?;
        is_there(query.of, &setting)?;
        let calendar = self.calendar(workspace, &setting.zone).await?;
        let now = reader.now();
        let zone = Reader::of(&setting.zone, now);
        let day = |bound: TimeBound| match bound {
            TimeBound::Day(day) => day,
            other => calendar.day(other.resolve(End::From, now, |wall| zone.instant(wall))),
        };
        let today = calendar.day(now);
        let (period, by) = query.period(today, day)?;
        let earlier = period.previous(by);
        let range = |period| Range {
            workspace,
            of: query.of,
            whose: &query.whose,
            period,
        };
        let (shown, before) = (range(period), range(earlier));
        let both = range(Period {
            from: earlier.from,
            to: period.to,
        });
        let (series, new, [companies, companies_then], [contacts, contacts_then], event_types) = try_join!(
            self.series(&shown, by),
            self.new_users(&both),
            shown.tops_with(&before, db, ReportLineKind::Company),
            shown.tops_with(&before, db, ReportLineKind::Contact),
            shown.top_event_types(db),
        )?;
        let (then, counted_to) = try_join!(self.series(&before, by), self.counted_to(workspace))?;
        let new_in = |period: Period| {
            let new = new.range(period.from..=period.to);
            new.map(|(_, count)| count).sum()
        };
        let figures = |series: &Series, companies: &Top, contacts: &Top, period| Figures {
            activities: series.values().map(|part| part.activities).sum(),
            users: contacts.count,
            companies: companies.count,
            new_users: new_in(period),
        };
        let format = reader.format();
        let bar = |part: Period| UsageBar {
            period: part,
            label: label(part, format),
            span: calendar.span(part),
            figures: Figures {
                new_users: new_in(part),
                ..series.get(&part.from).copied().unwrap_or_default()
            },
        };
        let ranked = async |kind, top: &Top| self.ranked(workspace, kind, &top.first).await;
        let event_types = event_types.first.into_iter();
        Ok(Usage {
            label: label(period, format),
            span: calendar.span(period),
            figures: figures(&series, &companies, &contacts, period),
            before: figures(&then, &companies_then, &contacts_then, earlier),
            before_label: label(earlier, format),
            bars: period.parts(by).into_iter().map(bar).collect(),
            companies: ranked(ReportLineKind::Company, &companies).await?,
            contacts: ranked(ReportLineKind::Contact, &contacts).await?,
            event_types: event_types
                .map(|(key, activities)| Ranked {
                    name: key.clone(),
                    key,
                    thing: None,
                    activities,
                })
                .collect(),
            names: self.names(workspace, &query.whose).await?,
            zone: setting.zone,
            counted_to: counted_to.map(|at| reader.local(at)),
            courses: setting.courses,
            query: query.clone(),
            period,
            by,
        })
    }

    /// By day, week or month. New users are none here.
    async fn series(&self, range: &Range<'_>, by: Grain) -> Result<Series> {
        let (first, last) = (number_of(range.period.from), number_of(range.period.to));
        let db = &self.0.db.read;
        let rows: Vec<(i32, i64, i64, i64)> = if range.whose == &Whose::All {
            usage_total::Entity::find()
                .select_only()
                .columns([T::StartDay, T::Activities, T::Users, T::Companies])
                .filter(T::WorkspaceId.eq(range.workspace.0))
                .filter(T::UsageType.eq(range.of.name()))
                .filter(T::Grain.eq(by.name()))
                .filter(T::StartDay.between(first, last))
                .into_tuple()
                .all(db)
                .await?
        } else {
            let different = |column: P| -> Expr {
                let there = Func::cust("NULLIF").arg(Expr::col(column)).arg("");
                Func::count_distinct(there).into()
            };
            // Not the bare column: SQLite would read everybody's rows, because they are in its order.
            let start = Expr::cust("start_day + 0");
            let whose = match range.whose {
                Whose::Contact(keys) => P::Contact.is_in(keys),
                _ => P::Company.is_in(range.whose.keys()),
            };
            usage_person::Entity::find()
                .select_only()
                .column_as(start.clone(), "start")
                .column_as(
                    Func::sum(Expr::col(P::Activities)).cast_as("bigint"),
                    "activities",
                )
                .column_as(different(P::Contact), "users")
                .column_as(different(P::Company), "companies")
                .filter(P::WorkspaceId.eq(range.workspace.0))
                .filter(P::UsageType.eq(range.of.name()))
                .filter(P::Grain.eq(by.name()))
                .filter(P::StartDay.between(first, last))
                .filter(whose)
                .group_by(start)
                .into_tuple()
                .all(db)
                .await?
        };
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let figures = |(start, activities, users, companies)| {
            let figures = Figures {
                activities: count(activities),
                users: count(users),
                companies: count(companies),
                new_users: 0,
            };
            (day_of(start), figures)
        };
        Ok(rows.into_iter().map(figures).collect())
    }

    /// How many were counted for the first time, by day.
    async fn new_users(&self, range: &Range<'_>) -> Result<BTreeMap<NaiveDate, u64>> {
        let none: &[String] = &[String::new()];
        let seen = usage_seen::Entity::find()
            .select_only()
            .filter(S::WorkspaceId.eq(range.workspace.0))
            .filter(S::UsageType.eq(range.of.name()));
        let days = S::FirstDay.between(number_of(range.period.from), number_of(range.period.to));
        let db = &self.0.db.read;
        if range.whose == &Whose::All {
            let rows: Vec<(i32, i64)> = seen
                .column(S::FirstDay)
                .column_as(S::Contact.count(), "users")
                .filter(S::Company.eq(""))
                .filter(days)
                .group_by(S::FirstDay)
                .into_tuple()
                .all(db)
                .await?;
            let count = |count: i64| u64::try_from(count).unwrap_or_default();
            return Ok(rows
                .into_iter()
                .map(|(day, users)| (day_of(day), count(users)))
                .collect());
        }
        // The same contact may have been there for another of the company's keys before.
        let seen = match range.whose {
            Whose::Contact(keys) => seen.filter(S::Company.is_in(none)).filter(S::Contact.is_in(keys)),
            _ => seen.filter(S::Company.is_in(range.whose.keys())),
        };
        let rows: Vec<(String, i32)> = seen
            .column(S::Contact)
            .column_as(S::FirstDay.min(), "first")
            .group_by(S::Contact)
            .into_tuple()
            .all(db)
            .await?;
        let mut new = BTreeMap::new();
        for (_, first) in rows {
            *new.entry(day_of(first)).or_default() += 1;
        }
        Ok(new)
    }

    async fn ranked(&self, workspace: WorkspaceId, kind: ReportLineKind, top: &[Sum]) -> Result<Vec<Ranked>> {
        let keys: Vec<_> = top.iter().map(|(key, _)| key.clone()).collect();
        let named = names::of(&self.0.db.read, workspace, kind, &keys).await?;
        let ranked = top.iter().map(|(key, activities)| {
            let named = named.get(key);
            Ranked {
                key: key.clone(),
                name: named.map_or(key.clone(), |named| named.name.clone()),
                thing: named.and_then(|named| named.thing),
                activities: *activities,
            }
        });
        Ok(ranked.collect())
    }

    async fn names(&self, workspace: WorkspaceId, whose: &Whose) -> Result<Vec<String>> {
        let kind = match whose {
            Whose::All => return Ok(Vec::new()),
            Whose::Company(_) => ReportLineKind::Company,
            Whose::Contact(_) => ReportLineKind::Contact,
        };
        let named = names::of(&self.0.db.read, workspace, kind, whose.keys()).await?;
        let name = |key: &String| named.get(key).map_or(key.clone(), |named| named.name.clone());
        Ok(whose.keys().iter().map(name).collect())
    }

    /// Up to when records are counted, where some aren't yet.
    async fn counted_to(&self, workspace: WorkspaceId) -> Result<Option<Timestamp>> {
        let db = &self.0.db.read;
        let counted = cursor(db, workspace).await?;
        let next = place::first_from(db, workspace, counted + 1).await?;
        let Some((_, recorded)) = next else {
            return Ok(None);
        };
        let at = Timestamp::from_micros(recorded);
        at.map(Some)
            .ok_or_else(|| Error::damaged(format!("the time {recorded}")))
    }

    /// The seven days before today.
    pub(super) async fn week(&self, workspace: WorkspaceId, of: UsageType) -> Result<PastWeek> {
        let (db, now) = (&self.0.db.read, self.0.clock.now());
        let setting = setting(db, workspace).await?;
        is_there(of, &setting)?;
        let calendar = self.calendar(workspace, &setting.zone).await?;
        let today = calendar.day(now);
        let yesterday = today.pred_opt().unwrap_or(today);
        let range = Range {
            workspace,
            of,
            whose: &Whose::All,
            period: Period::days_to(yesterday, 7),
        };
        let (series, companies, contacts, counted_to) = try_join!(
            self.series(&range, Grain::Day),
            range.top_of(db, ReportLineKind::Company),
            range.top_of(db, ReportLineKind::Contact),
            self.counted_to(workspace),
        )?;
        let days = range.period.parts(Grain::Day).into_iter().map(|day| {
            let figures = series.get(&day.from).copied().unwrap_or_default();
            PastWeekDay {
                day: day.from,
                users: figures.users,
                companies: figures.companies,
                activities: figures.activities,
            }
        });
        Ok(PastWeek {
            of,
            from: range.period.from,
            to: range.period.to,
            time_zone: setting.zone,
            users: contacts.count,
            companies: companies.count,
            activities: series.values().map(|day| day.activities).sum(),
            days: days.collect(),
            counted_to: counted_to.unwrap_or(now),
        })
    }
}

/// Figures by the first day of what they are of.
type Series = BTreeMap<NaiveDate, Figures>;

/// A period as a person reads it.
fn label(period: Period, format: RegionalFormat) -> String {
    let Period { from, to } = period;
    if from == to {
        format.date(from)
    } else if Period::one(Grain::Month, start(Grain::Month, from)) == period {
        from.format("%B %Y").to_string()
    } else if format == RegionalFormat::UnitedKingdom
        && (from.year(), from.month()) == (to.year(), to.month())
    {
        format!("{}–{}", from.day(), format.date(to))
    } else {
        format!("{} – {}", format.date(from), format.date(to))
    }
}
