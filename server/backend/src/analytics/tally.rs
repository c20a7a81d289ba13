//! What some records come to, and how that is added to what is stored.

use super::{
    calendar::{DayFinder, number_of},
    days::Added,
};
use crate::{Result, rows::insert_many};
use chrono::NaiveDate;
use daybook_domain::{
    analytics::{Grain, ReportLineKind, UsageType, company_key, contact_key, start},
    event::EventBody,
    id::WorkspaceId,
};
use daybook_entity::{
    usage_event_type::Column as E, usage_name::Column as N, usage_person::Column as P,
    usage_seen::Column as S, usage_total::Column as T,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction,
    sea_query::{Expr, ExprTrait, Func, OnConflict, Query, SimpleExpr},
};
use std::collections::{BTreeMap, BTreeSet};

/// Days, weeks or months whose totals are made by one statement.
const TOGETHER: usize = 100;

/// A day, a week or a month: what is counted in it, and its first day.
type Time = (UsageType, Grain, i32);

/// Counts of some records, by their keys in order: two processes lock rows in the same order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By company and contact.
    persons: BTreeMap<(Time, String, String), i64>,
    /// By company or contact, of which there are those of days, or neither, and event type.
    event_types: BTreeMap<(Time, String, String, String), i64>,
    /// First days, by company or none, and contact.
    seen: BTreeMap<(UsageType, String, String), i32>,
    names: BTreeMap<(ReportLineKind, String), String>,
}

impl Tally {
    pub(super) fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// Adds a record, if it is one that counts.
    pub(super) fn add(&mut self, body: &EventBody, days: &mut DayFinder<'_>) {
        let of = UsageType::ALL.iter().copied().filter(|of| of.counts(body));
        let of: Vec<_> = of.collect();
        if of.is_empty() {
            return;
        }
        let day = days.day(body.occurred_at);
        let company = company_key(body).unwrap_or_default();
        let contact = contact_key(body).unwrap_or_default();
        for of in of {
            self.count(of, day, &company, &contact, &body.event_type);
        }
        if !contact.is_empty() {
            let name = body.actor.label();
            self.names.insert((ReportLineKind::Contact, contact), name);
        }
        if let Some(named) = body.company.as_ref().filter(|_| !company.is_empty()) {
            let name = named.label();
            let name = if name.is_empty() { company.as_str() } else { name };
            let name = name.to_owned();
            self.names.insert((ReportLineKind::Company, company), name);
        }
    }

    fn count(&mut self, of: UsageType, day: NaiveDate, company: &str, contact: &str, event_type: &str) {
        let (company, contact) = (company.to_owned(), contact.to_owned());
        for grain in Grain::ALL {
            let time = (of, *grain, number_of(start(*grain, day)));
            *self
                .persons
                .entry((time, company.clone(), contact.clone()))
                .or_default() += 1;
            let mut whose = BTreeSet::from([(String::new(), String::new())]);
            // Of one company or contact there are few, also of many days: weeks and months would be as many rows again.
            if *grain == Grain::Day {
                whose.insert((company.clone(), String::new()));
                whose.insert((String::new(), contact.clone()));
            }
            for (company, contact) in whose {
                let key = (time, company, contact, event_type.to_owned());
                *self.event_types.entry(key).or_default() += 1;
            }
        }
        if contact.is_empty() {
            return;
        }
        let day = number_of(day);
        for company in BTreeSet::from([String::new(), company]) {
            let first = self.seen.entry((of, company, contact.clone())).or_insert(day);
            *first = Ord::min(day, *first);
        }
    }

    /// The counts of days, by company and by contact.
    fn days(&self) -> Added {
        let mut days = Added::default();
        for (((of, grain, day), company, contact), count) in &self.persons {
            for (kind, key) in [
                (ReportLineKind::Company, company),
                (ReportLineKind::Contact, contact),
            ] {
                if *grain == Grain::Day && !key.is_empty() {
                    days.count(*of, kind, key, *day, *count);
                }
            }
        }
        days
    }

    /// Adds it to what is stored.
    pub(super) async fn store(self, tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<()> {
        let times: BTreeSet<_> = self.persons.keys().map(|(time, ..)| *time).collect();
        self.days().store(tx, workspace).await?;
        let persons = self.persons.into_iter();
        let persons = persons.map(|(((of, grain, start), company, contact), count)| {
            [
                workspace.0.into(),
                of.name().into(),
                grain.name().into(),
                start.into(),
                company.into(),
                contact.into(),
                count.into(),
            ]
        });
        insert_many(tx, "usage_person", &PERSON, persons.collect(), PERSON_ADDED).await?;
        let event_types = self.event_types.into_iter();
        let event_types = event_types.map(|(((of, grain, start), company, contact, event_type), count)| {
            [
                workspace.0.into(),
                of.name().into(),
                company.into(),
                contact.into(),
                grain.name().into(),
                start.into(),
                event_type.into(),
                count.into(),
            ]
        });
        insert_many(
            tx,
            "usage_event_type",
            &EVENT_TYPE,
            event_types.collect(),
            EVENT_TYPE_ADDED,
        )
        .await?;
        let seen = self.seen.into_iter().map(|((of, company, contact), day)| {
            [
                workspace.0.into(),
                of.name().into(),
                company.into(),
                contact.into(),
                day.into(),
            ]
        });
        insert_many(tx, "usage_seen", &SEEN, seen.collect(), SEEN_EARLIER).await?;
        let names = self.names.into_iter();
        let names = names
            .map(|((kind, key), name)| [workspace.0.into(), kind.name().into(), key.into(), name.into()]);
        insert_many(tx, "usage_name", &NAME, names.collect(), NAME_LATER).await?;
        totals(tx, workspace, times).await
    }
}

const PERSON: [P; 7] = [
    P::WorkspaceId,
    P::UsageType,
    P::Grain,
    P::StartDay,
    P::Company,
    P::Contact,
    P::Activities,
];
const PERSON_ADDED: &str = "ON CONFLICT (workspace_id, usage_type, grain, start_day, company, contact) DO UPDATE SET \
                            activities = usage_person.activities + excluded.activities";
const EVENT_TYPE: [E; 8] = [
    E::WorkspaceId,
    E::UsageType,
    E::Company,
    E::Contact,
    E::Grain,
    E::StartDay,
    E::EventType,
    E::Activities,
];
const EVENT_TYPE_ADDED: &str = "ON CONFLICT (workspace_id, usage_type, company, contact, grain, start_day, event_type) DO \
                                UPDATE SET activities = usage_event_type.activities + excluded.activities";
const SEEN: [S; 5] = [S::WorkspaceId, S::UsageType, S::Company, S::Contact, S::FirstDay];
/// Records come in whatever order.
const SEEN_EARLIER: &str = "ON CONFLICT (workspace_id, usage_type, company, contact) DO UPDATE SET first_day = \
                            excluded.first_day WHERE excluded.first_day < usage_seen.first_day";
const NAME: [N; 4] = [N::WorkspaceId, N::Kind, N::Key, N::Name];
const NAME_LATER: &str = "ON CONFLICT (workspace_id, kind, key) DO UPDATE SET name = excluded.name";

/// Makes the totals of some times anew: who came twice is one user.
async fn totals(tx: &DatabaseTransaction, workspace: WorkspaceId, times: BTreeSet<Time>) -> Result<()> {
    let mut by_grain: BTreeMap<(UsageType, Grain), Vec<i32>> = BTreeMap::new();
    for (of, grain, start) in times {
        by_grain.entry((of, grain)).or_default().push(start);
    }
    let key = [T::WorkspaceId, T::UsageType, T::Grain, T::StartDay];
    let different = |column: P| -> SimpleExpr {
        let there = Func::cust("NULLIF").arg(Expr::col(column)).arg("");
        Func::count_distinct(there).into()
    };
    for ((of, grain), starts) in by_grain {
        for some in starts.chunks(TOGETHER) {
            let sums = Query::select()
                .columns(KEY)
                .expr(Func::sum(Expr::col(P::Activities)).cast_as("bigint"))
                .expr(different(P::Contact))
                .expr(different(P::Company))
                .from("usage_person")
                .and_where(Expr::col(P::WorkspaceId).eq(workspace.0))
                .and_where(Expr::col(P::UsageType).eq(of.name()))
                .and_where(Expr::col(P::Grain).eq(grain.name()))
                .and_where(Expr::col(P::StartDay).is_in(some.iter().copied()))
                .group_by_columns(KEY)
                .to_owned();
            let mut in_place = OnConflict::columns(key);
            in_place.update_columns([T::Activities, T::Users, T::Companies]);
            let mut insert = Query::insert();
            insert
                .into_table("usage_total")
                .columns(key.into_iter().chain([T::Activities, T::Users, T::Companies]))
                .select_from(sums)
                .map_err(crate::Error::damaged)?
                .on_conflict(in_place);
            tx.execute(&insert).await?;
        }
    }
    Ok(())
}

const KEY: [P; 4] = [P::WorkspaceId, P::UsageType, P::Grain, P::StartDay];
