//! What is to be delivered: a row for each attempt that is to be made, written in the transaction of its cause.
//!
//! Whoever makes an attempt leases its row for a while. Where a process dies, its leases run out, and another makes the
//! attempt, perhaps for the second time: at least once, always under the message's own id.

use crate::{Result, rows::insert_many};
use daybook_domain::{id::WorkspaceId, time::Timestamp};
use daybook_entity::outbox::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Value,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

/// How long an attempt may take, its bookkeeping included, before another process makes it.
const LEASE_SECONDS: i64 = 90;

/// An attempt that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Of the message.
    pub id: Uuid,
    pub destination: Uuid,
    pub cause: String,
}

/// One that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub due: Due,
    /// By which it is told whether somebody else has taken it meanwhile.
    lease: Uuid,
}

/// Asks for attempts at a time. One of a message that is to be tried anyway takes its place.
pub async fn put(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    carrier: &'static str,
    due: Vec<Due>,
    at: Timestamp,
) -> Result<()> {
    const COLUMNS: [C; 7] = [
        C::WorkspaceId,
        C::Id,
        C::Carrier,
        C::DestinationId,
        C::DueAt,
        C::LeasedBy,
        C::Cause,
    ];
    let row = |due: Due| -> [Value; COLUMNS.len()] {
        [
            workspace.0.into(),
            due.id.into(),
            carrier.into(),
            due.destination.into(),
            at.micros().into(),
            None::<Uuid>.into(),
            due.cause.into(),
        ]
    };
    let rows = due.into_iter().map(row).collect();
    let in_its_place = "ON CONFLICT (workspace_id, id) DO UPDATE SET due_at = excluded.due_at, leased_by = NULL, \
                        cause = excluded.cause";
    insert_many(tx, "outbox", &COLUMNS, rows, in_its_place).await
}

/// Makes what waits of a destination due now.
pub async fn hasten(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    destination: Uuid,
    one: Option<Uuid>,
    now: Timestamp,
) -> Result<u64> {
    let mut waiting = outbox::Entity::update_many()
        .col_expr(C::DueAt, Expr::value(now.micros()))
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::DestinationId.eq(destination))
        .filter(C::LeasedBy.is_null());
    if let Some(one) = one {
        waiting = waiting.filter(C::Id.eq(one));
    }
    Ok(waiting.exec(tx).await?.rows_affected)
}

/// What one carrier delivers in a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    pub workspace: WorkspaceId,
    pub carrier: &'static str,
}

impl Queue {
    fn due(&self, now: Timestamp) -> sea_orm::Select<outbox::Entity> {
        outbox::Entity::find()
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Carrier.eq(self.carrier))
            .filter(C::DueAt.lte(now.micros()))
    }

    /// Those of some destinations for which something is due.
    pub async fn with_due(
        &self,
        db: &impl ConnectionTrait,
        destinations: Vec<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<Uuid>> {
        let mut with_due = Vec::new();
        for destination in destinations {
            let first = self
                .due(now)
                .filter(C::DestinationId.eq(destination))
                .select_only()
                .column(C::Id)
                .into_tuple::<Uuid>();
            if first.one(db).await?.is_some() {
                with_due.push(destination);
            }
        }
        Ok(with_due)
    }

    /// How many wait for a destination, or are under way.
    pub async fn waiting(&self, db: &impl ConnectionTrait, destination: Uuid) -> Result<u64> {
        let waiting = outbox::Entity::find()
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Carrier.eq(self.carrier))
            .filter(C::DestinationId.eq(destination));
        Ok(waiting.count(db).await?)
    }

    /// Takes what is due of a destination, oldest first, at most so many.
    pub async fn take(
        &self,
        tx: &DatabaseTransaction,
        destination: Uuid,
        most: u64,
        lease: Uuid,
        now: Timestamp,
    ) -> Result<Vec<Taken>> {
        let found: Vec<(Uuid, String)> = self
            .due(now)
            .filter(C::DestinationId.eq(destination))
            .select_only()
            .columns([C::Id, C::Cause])
            .order_by_asc(C::DueAt)
            .order_by_asc(C::Id)
            .limit(most)
            // Another process takes the next ones rather than wait for these.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(tx)
            .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(now.plus_seconds(LEASE_SECONDS).micros()))
            .col_expr(C::LeasedBy, Expr::value(lease))
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Id.is_in(found.iter().map(|(id, _)| *id)))
            .exec(tx)
            .await?;
        let taken = |(id, cause)| Taken {
            due: Due {
                id,
                destination,
                cause,
            },
            lease,
        };
        Ok(found.into_iter().map(taken).collect())
    }

    /// What was taken and nobody else has taken meanwhile.
    fn held(&self, taken: &Taken) -> Condition {
        Condition::all()
            .add(C::WorkspaceId.eq(self.workspace.0))
            .add(C::Id.eq(taken.due.id))
            .add(C::LeasedBy.eq(taken.lease))
    }

    /// Whether it is still the taker's to record.
    pub async fn is_held(&self, tx: &DatabaseTransaction, taken: &Taken) -> Result<bool> {
        let held = outbox::Entity::find().filter(self.held(taken)).lock_exclusive();
        Ok(held.one(tx).await?.is_some())
    }

    /// The attempt was the last.
    pub async fn done(&self, tx: &DatabaseTransaction, taken: &Taken) -> Result<()> {
        outbox::Entity::delete_many()
            .filter(self.held(taken))
            .exec(tx)
            .await?;
        Ok(())
    }

    /// Another attempt is to be made.
    pub async fn again(&self, tx: &DatabaseTransaction, taken: &Taken, at: Timestamp) -> Result<()> {
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(at.micros()))
            .col_expr(C::LeasedBy, Expr::value(None::<Uuid>))
            .filter(self.held(taken))
            .exec(tx)
            .await?;
        Ok(())
    }
}
