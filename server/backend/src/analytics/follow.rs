//! Following the log: what is recorded is counted a little later, in the order of its sequence.
//!
//! Records are read and added up outside of the writer's transaction, which then only stores, if nobody else has stored
//! since: counts, and how far they go, in one.

use super::{
    Analytics,
    calendar::{Calendar, DayFinder},
    cursor, months, setting,
    tally::Tally,
};
use crate::{Error, Result, accounts, error::chain, store, writer::WriteTx};
use daybook_domain::{event::Portal, id::WorkspaceId};
use daybook_entity::{
    event::{self, Column as C},
    usage_cursor,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use std::time::Duration;
use tokio::sync::watch;

/// Records read together.
const READ: usize = 2_000;
/// How long it waits after what came, for more to come.
const GATHER: Duration = Duration::from_secs(1);
/// How often it looks without being told: another process may have appended, or a month be over.
const PAUSE: Duration = Duration::from_secs(20);

/// Records that were added up, to be stored.
struct Counted {
    calendar: Calendar,
    tally: Tally,
    from: i64,
    to: i64,
}

impl Analytics {
    /// Counts what is recorded until `stopping`; waits for the workspace where there is none yet.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut appended = self.0.writer.appended();
        let awaited = self.0.accounts.awaited(appended.clone(), &mut stopping).await;
        let Some(workspace) = awaited else {
            return;
        };
        loop {
            appended.mark_unchanged();
            let caught_up = tokio::select! {
                caught_up = self.catch_up(workspace.id) => caught_up,
                // What isn't stored yet is counted after the next start.
                _ = stopping.wait_for(|stop| *stop) => return,
            };
            match caught_up {
                Ok(()) => {}
                Err(Error::Stopping) => return,
                Err(error) => tracing::warn!(error = chain(&error), "usage isn't counted for now"),
            }
            let more = async {
                tokio::select! {
                    changed = appended.changed() => if changed.is_err() {
                        std::future::pending::<()>().await;
                    },
                    () = tokio::time::sleep(PAUSE) => {}
                }
                tokio::time::sleep(GATHER).await;
            };
            tokio::select! {
                () = more => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Counts all there is, and comes back once that is stored.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&self) -> Result<()> {
        match self.0.accounts.workspace().await? {
            Some(workspace) => self.catch_up(workspace.id).await,
            None => Ok(()),
        }
    }

    async fn catch_up(&self, workspace: WorkspaceId) -> Result<()> {
        self.note_zone(workspace).await?;
        while self.step(workspace).await? {}
        months::close(self, workspace).await
    }

    /// Notes the zone that the workspace has, from its next midnight on.
    async fn note_zone(&self, workspace: WorkspaceId) -> Result<()> {
        let (db, now) = (&self.0.db.read, self.0.clock.now());
        let zone = setting(db, workspace).await?.zone;
        let known = Calendar::load(db, workspace).await?;
        if known.following(&zone, now).is_none() {
            return Ok(());
        }
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                accounts::lock(tx, workspace).await?;
                let zone = setting(tx.db(), workspace).await?.zone;
                let known = Calendar::load(tx.db(), workspace).await?;
                match known.following(&zone, tx.now()) {
                    Some(calendar) => calendar.store(tx, workspace).await,
                    None => Ok(()),
                }
            })
        });
        noted.await
    }

    /// Counts some records. Whether there may be more.
    async fn step(&self, workspace: WorkspaceId) -> Result<bool> {
        let db = &self.0.db.read;
        let from = cursor(db, workspace).await?;
        let rows: Vec<(i64, String)> = event::Entity::find()
            .select_only()
            .columns([C::Sequence, C::Record])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Sequence.gt(from))
            .order_by_asc(C::Sequence)
            .limit(READ as u64)
            .into_tuple()
            .all(db)
            .await?;
        let Some((to, _)) = rows.last() else {
            return Ok(false);
        };
        let more = rows.len() == READ;
        let calendar = Calendar::load(db, workspace).await?;
        let mut counted = Counted {
            from,
            to: *to,
            tally: Tally::default(),
            calendar,
        };
        counted.add(&rows)?;
        self.0
            .writer
            .change(move |tx| Box::pin(async move { counted.store(tx, workspace).await }))
            .await?;
        Ok(more)
    }
}

impl Counted {
    fn add(&mut self, rows: &[(i64, String)]) -> Result<()> {
        let mut days = DayFinder::new(&self.calendar);
        // Most records are none of these, and needn't be read whole: as canonical JSON they are written so.
        let written = format!("\"portal\":\"{}\"", Portal::Customer.name());
        for (_, record) in rows.iter().filter(|(_, record)| record.contains(&written)) {
            let event = store::parse(record)?;
            self.tally.add(&event.body, &mut days);
        }
        Ok(())
    }

    /// Stores it, unless somebody else has counted meanwhile, or days are others now: then it is done again.
    async fn store(self, tx: &mut WriteTx, workspace: WorkspaceId) -> Result<()> {
        accounts::lock(tx, workspace).await?;
        let is_next = cursor(tx.db(), workspace).await? == self.from
            && Calendar::load(tx.db(), workspace).await? == self.calendar;
        if !is_next {
            return Ok(());
        }
        if !self.tally.is_empty() {
            self.tally.store(tx.db(), workspace).await?;
        }
        let row = usage_cursor::ActiveModel {
            workspace_id: Set(workspace.0),
            sequence: Set(self.to),
        };
        let mut in_place = OnConflict::column(usage_cursor::Column::WorkspaceId);
        in_place.update_column(usage_cursor::Column::Sequence);
        usage_cursor::Entity::insert(row)
            .on_conflict(in_place)
            .exec_without_returning(tx.db())
            .await?;
        Ok(())
    }
}
