//! Counts of a stretch of days: read from as few rows as there are, whole months and weeks before days.

use super::calendar::number_of;
use crate::Result;
use daybook_domain::{
    analytics::{MOST, Period, UsageType, Whose},
    id::WorkspaceId,
};
use daybook_entity::{usage_event_type::Column as E, usage_person::Column as P};
use sea_orm::{
    Condition, ConnectionTrait, Iden, IdenStatic,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Order, Query, SelectStatement},
};

/// Something with how much there was of it.
pub(super) type Sum = (String, u64);

/// The most active of some, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Top {
    pub first: Vec<Sum>,
    pub count: u64,
}

/// Whose counts of which days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range<'a> {
    pub workspace: WorkspaceId,
    pub of: UsageType,
    pub whose: &'a Whose,
    pub period: Period,
}

const SUM: &str = "activities_sum";
const COUNT: &str = "different";

impl Range<'_> {
    /// The rows that hold each day once.
    fn rows(&self, table: &'static str) -> SelectStatement {
        let mut cover = Condition::any();
        for (grain, first, last) in self.period.cover() {
            let stretch = Condition::all()
                .add(Expr::col(P::Grain).eq(grain.name()))
                .add(Expr::col(P::StartDay).between(number_of(first), number_of(last)));
            cover = cover.add(stretch);
        }
        Query::select()
            .from(table)
            .and_where(Expr::col(P::WorkspaceId).eq(self.workspace.0))
            .and_where(Expr::col(P::UsageType).eq(self.of.name()))
            .cond_where(cover)
            .to_owned()
    }

    /// Of companies or contacts, by the column that has them.
    pub(super) async fn top_of(&self, db: &impl ConnectionTrait, column: P) -> Result<Top> {
        let mut rows = self.rows("usage_person");
        match self.whose {
            Whose::All => {}
            Whose::Company(keys) => drop(rows.and_where(Expr::col(P::Company).is_in(keys))),
            Whose::Contact(keys) => drop(rows.and_where(Expr::col(P::Contact).is_in(keys))),
        }
        rows.and_where(Expr::col(column).ne(""));
        top(db, rows, column).await
    }

    pub(super) async fn top_event_types(&self, db: &impl ConnectionTrait) -> Result<Top> {
        let mut rows = self.rows("usage_event_type");
        let none: &[String] = &[String::new()];
        let (companies, contacts) = match self.whose {
            Whose::All => (none, none),
            Whose::Company(keys) => (keys.as_slice(), none),
            Whose::Contact(keys) => (none, keys.as_slice()),
        };
        rows.and_where(Expr::col(E::Company).is_in(companies))
            .and_where(Expr::col(E::Contact).is_in(contacts));
        top(db, rows, E::EventType).await
    }
}

async fn top(
    db: &impl ConnectionTrait,
    mut rows: SelectStatement,
    column: impl IdenStatic + Iden + Copy + 'static,
) -> Result<Top> {
    let sums = rows
        .expr_as(Expr::col(column), "key")
        .expr_as(Func::sum(Expr::col(P::Activities)).cast_as("bigint"), SUM)
        .add_group_by([Expr::col(column)])
        .to_owned();
    // Counted beside the first of them, over all.
    let counted = Expr::expr(Func::count(Expr::col(Asterisk)));
    let mut count = Query::select();
    count.expr(counted).from_subquery(sums.clone(), "all_of_them");
    let first = Query::select()
        .columns(["key", SUM])
        .expr_as(
            Expr::SubQuery(None, Box::new(count.to_owned().into())),
            Alias::new(COUNT),
        )
        .from_subquery(sums, "sums")
        .order_by(SUM, Order::Desc)
        .order_by("key", Order::Asc)
        .limit(MOST as u64)
        .to_owned();
    let mut top = Top::default();
    for row in db.query_all(&first).await? {
        let (key, sum, count): (String, i64, i64) = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        );
        top.first.push((key, u64::try_from(sum).unwrap_or_default()));
        top.count = u64::try_from(count).unwrap_or_default();
    }
    Ok(top)
}
