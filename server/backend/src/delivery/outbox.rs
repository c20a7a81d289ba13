//! What is to be delivered: a row for each attempt that is to be made, written in the transaction of its cause.
//!
//! Whoever makes an attempt leases its row for a while. Where a process dies, its leases run out, and another makes the
//! attempt, perhaps for the second time: at least once, always under the message's own id.

use crate::{Result, rows::insert_many};
use daybook_domain::{
    id::WorkspaceId,
    time::{Clock, Timestamp},
};
use daybook_entity::outbox::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Value,
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

/// Asks for attempts at a time.
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
    insert_many(tx, "outbox", &COLUMNS, rows, "").await
}

/// Takes what is due of a destination, oldest first, at most so many.
pub async fn take(
    tx: &DatabaseTransaction,
    of: &Queue,
    destination: Uuid,
    most: u64,
    now: Timestamp,
) -> Result<Vec<Due>> {
    let found: Vec<(Uuid, String)> = of
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
        .col_expr(C::LeasedBy, Expr::value(of.leaser))
        .filter(C::WorkspaceId.eq(of.workspace.0))
        .filter(C::Id.is_in(found.iter().map(|(id, _)| *id)))
        .exec(tx)
        .await?;
    let due = |(id, cause)| Due {
        id,
        destination,
        cause,
    };
    Ok(found.into_iter().map(due).collect())
}

/// What one carrier delivers in a workspace, for one process.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    pub workspace: WorkspaceId,
    pub carrier: &'static str,
    /// By what this process is told from others.
    pub leaser: Uuid,
}

impl Queue {
    fn due(&self, now: Timestamp) -> sea_orm::Select<outbox::Entity> {
        outbox::Entity::find()
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Carrier.eq(self.carrier))
            .filter(C::DueAt.lte(now.micros()))
    }

    /// What this process has leased of a message and nobody else has taken meanwhile.
    fn leased(&self, id: Uuid) -> Condition {
        Condition::all()
            .add(C::WorkspaceId.eq(self.workspace.0))
            .add(C::Id.eq(id))
            .add(C::LeasedBy.eq(self.leaser))
    }

    /// Whether anything is due for one of some destinations.
    pub async fn is_due(
        &self,
        db: &impl ConnectionTrait,
        destinations: &[Uuid],
        clock: &dyn Clock,
    ) -> Result<bool> {
        for destination in destinations {
            let one = self
                .due(clock.now())
                .filter(C::DestinationId.eq(*destination))
                .one(db)
                .await?;
            if one.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An attempt was the last.
    pub async fn done(&self, tx: &DatabaseTransaction, id: Uuid) -> Result<()> {
        outbox::Entity::delete_many()
            .filter(self.leased(id))
            .exec(tx)
            .await?;
        Ok(())
    }

    /// Another attempt is to be made.
    pub async fn again(&self, tx: &DatabaseTransaction, id: Uuid, at: Timestamp) -> Result<()> {
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(at.micros()))
            .col_expr(C::LeasedBy, Expr::value(None::<Uuid>))
            .filter(self.leased(id))
            .exec(tx)
            .await?;
        Ok(())
    }
}
