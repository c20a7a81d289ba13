//! Counts of a stretch of days: read from as few rows as there are, whole months and weeks before days.

use super::{calendar::number_of, days};
use crate::Result;
use chrono::NaiveDate;
use daybook_domain::{
    analytics::{Grain, MOST, Period, ReportLineKind, UsageType, Whose},
    id::WorkspaceId,
};
use daybook_entity::{usage_event_type::Column as E, usage_person::Column as P};
use futures::try_join;
use sea_orm::{
    Condition, ConnectionTrait, IdenStatic,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType},
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

/// Days, weeks or months by the first days of the first and the last.
type Stretch = (Grain, NaiveDate, NaiveDate);

const KEY: &str = "key";
const COUNTED: &str = "counted";
const SUM: &str = "total";

impl Range<'_> {
    /// The rows of some stretches of days, with one of their columns. A question for each stretch: asked for all at once,
    /// SQLite reads everything of the workspace.
    fn rows(
        &self,
        table: &'static str,
        column: impl IdenStatic,
        stretches: Vec<Stretch>,
        more: &Condition,
    ) -> SelectStatement {
        // Not the bare column: SQLite would read everybody's rows, where some are in its order.
        let key = Expr::cust(format!("{} || ''", column.as_str()));
        let stretch = |(grain, first, last): Stretch| {
            Query::select()
                .expr_as(key.clone(), KEY)
                .expr_as(Expr::col(P::Activities), COUNTED)
                .from(table)
                .and_where(Expr::col(P::WorkspaceId).eq(self.workspace.0))
                .and_where(Expr::col(P::UsageType).eq(self.of.name()))
                .and_where(Expr::col(P::Grain).eq(grain.name()))
                .and_where(Expr::col(P::StartDay).between(number_of(first), number_of(last)))
                .cond_where(more.clone())
                .to_owned()
        };
        let mut stretches = stretches.into_iter().map(stretch);
        let mut rows = stretches.next().unwrap_or_default();
        for stretch in stretches {
            rows.union(UnionType::All, stretch);
        }
        rows
    }

    /// Of companies or contacts: of this range, and of the one before it.
    pub(super) async fn tops_with(
        &self,
        before: &Self,
        db: &impl ConnectionTrait,
        kind: ReportLineKind,
    ) -> Result<[Top; 2]> {
        if self.whose == &Whose::All {
            let periods = [self.period, before.period];
            return days::tops(db, self.workspace, (self.of, kind), periods).await;
        }
        let (shown, before) = try_join!(self.top_of(db, kind), before.top_of(db, kind))?;
        Ok([shown, before])
    }

    /// From the counts of days, weeks and months, which are few where days are, or where it is narrowed.
    pub(super) async fn top_of(&self, db: &impl ConnectionTrait, kind: ReportLineKind) -> Result<Top> {
        let column = match kind {
            ReportLineKind::Company => P::Company,
            ReportLineKind::Contact => P::Contact,
        };
        let there = Condition::all().add(Expr::col(column).ne(""));
        let there = match self.whose {
            Whose::All => there,
            Whose::Company(keys) => there.add(Expr::col(P::Company).is_in(keys)),
            Whose::Contact(keys) => there.add(Expr::col(P::Contact).is_in(keys)),
        };
        top(db, self.rows("usage_person", column, self.period.cover(), &there)).await
    }

    pub(super) async fn top_event_types(&self, db: &impl ConnectionTrait) -> Result<Top> {
        let none: &[String] = &[String::new()];
        let (companies, contacts) = match self.whose {
            Whose::All => (none, none),
            Whose::Company(keys) => (keys.as_slice(), none),
            Whose::Contact(keys) => (none, keys.as_slice()),
        };
        let theirs = Condition::all()
            .add(Expr::col(E::Company).is_in(companies))
            .add(Expr::col(E::Contact).is_in(contacts));
        // Of one company or contact there are counts of days only.
        let stretches = match self.whose {
            Whose::All => self.period.cover(),
            _ => vec![(Grain::Day, self.period.from, self.period.to)],
        };
        top(
            db,
            self.rows("usage_event_type", E::EventType, stretches, &theirs),
        )
        .await
    }
}

/// The first of some rows that belong together, and how many such there are.
async fn top(db: &impl ConnectionTrait, rows: SelectStatement) -> Result<Top> {
    let sums = Query::select()
        .expr_as(Expr::col(KEY), KEY)
        .expr_as(Func::sum(Expr::col(COUNTED)).cast_as("bigint"), SUM)
        .from_subquery(rows, "stretches")
        .add_group_by([Expr::col(KEY)])
        .to_owned();
    let first = Query::select()
        .columns([KEY, SUM])
        // Of all of them, beside each.
        .expr(Expr::cust("COUNT(*) OVER ()"))
        .from_subquery(sums, "sums")
        .order_by(SUM, Order::Desc)
        .order_by(KEY, Order::Asc)
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
