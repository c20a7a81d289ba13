//! Looking at what is recorded, in its order. Each rule has its own place in the log; those at the same place look together.
//!
//! What they find, what they remember and how far they are is stored in one transaction, if the rules are still as they were
//! read: a process that is killed looks at the same records again, and of two processes one stores. So each record counts once.

use super::{
    Monitoring,
    engine::{TICK, Watch, Watcher},
    kept,
    memory::Memory,
    raise::Raising,
    records,
    rules::{Around, Finding},
};
use crate::{
    Error, Result,
    accounts::{self, active_users_with},
    error::chain,
    local_time, store,
    store::place,
    writer::WriteTx,
};
use daybook_domain::{event::Event, id::WorkspaceId, permission::Permission, time::Timestamp};
use daybook_entity::{
    alert_memory::{self, Column as M},
    alert_rule::{self, Model},
    event::{self, Column as E},
    workspace,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use std::time::Duration;
use tokio::sync::watch;

/// Records looked at together.
const TOGETHER: u64 = 500;
/// Names asked for together.
const NAMES: usize = 500;
/// Records that come one after the other are looked at together after so long.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked whether something went quiet, or another process has recorded something.
const IDLE: Duration = Duration::from_secs(30);
/// How often what needn't be remembered any more is forgotten, in microseconds.
const TIDY: i64 = 6 * 60 * 60 * 1_000_000;

/// Some rules that look together, as they were read, and what they have found.
struct Looked {
    rules: Vec<Model>,
    watchers: Vec<Watcher>,
    found: Vec<(usize, Finding)>,
    upto: i64,
}

impl Monitoring {
    /// Looks at what is recorded until `stopping`.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut appended = self.0.writer.appended();
        let Some(workspace) = self.0.accounts.awaited(appended.clone(), &mut stopping).await else {
            return;
        };
        let mut tidied = i64::MIN;
        loop {
            appended.mark_unchanged();
            let looked = tokio::select! {
                looked = self.catch_up(workspace.id) => looked,
                _ = stopping.wait_for(|stop| *stop) => return,
            };
            match looked {
                Ok(()) => {}
                Err(Error::Stopping) => return,
                Err(error) => {
                    tracing::warn!(error = chain(&error), "records wait for being looked at");
                }
            }
            let now = self.0.clock.now().micros();
            if now.saturating_sub(tidied) >= TIDY {
                tidied = now;
                if let Err(error) = self.tidy(workspace.id).await {
                    tracing::warn!(error = chain(&error), "what rules needn't remember stays for now");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(IDLE) => {}
                _ = appended.changed() => {}
                () = self.0.hurry.notified() => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Looks at all that is recorded, and comes back once what was found is stored.
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
        self.begin(workspace).await?;
        while self.step(workspace, false).await? {}
        self.tick(workspace).await
    }

    async fn begin(&self, workspace: WorkspaceId) -> Result<()> {
        let stored = kept::stored(&self.0.db.read, workspace).await?;
        let built_in = stored.iter().filter(|row| row.sigma.is_none()).count();
        if built_in >= daybook_domain::monitoring::BuiltInRule::ALL.len() {
            return Ok(());
        }
        self.0
            .writer
            .change(move |tx| {
                Box::pin(async move {
                    accounts::lock(tx, workspace).await?;
                    kept::begin(tx, workspace).await
                })
            })
            .await
    }

    /// What rules need to know beside events.
    pub(super) async fn around(&self, workspace: WorkspaceId) -> Result<Around> {
        let db = &self.0.db.read;
        let row = workspace::Entity::find_by_id(workspace.0).one(db).await?;
        let zone = row.and_then(|row| local_time::zone(&row.zone).ok());
        let mut administrators = std::collections::HashSet::new();
        for permission in [Permission::UsersManage, Permission::RolesManage] {
            for user in active_users_with(db, workspace, permission).await? {
                administrators.extend([user.id.to_string(), user.email_key]);
            }
        }
        Ok(Around {
            zone: zone.unwrap_or(chrono_tz::Tz::UTC),
            administrators,
            places: self.0.places.clone(),
        })
    }

    /// Has those rules look on that are farthest back. Whether there was something for them.
    pub(super) async fn step(&self, workspace: WorkspaceId, at_its_time: bool) -> Result<bool> {
        let db = &self.0.db.read;
        let mut rules = kept::stored(db, workspace).await?;
        rules.retain(|row| row.is_on);
        let Some(from) = rules.iter().map(|row| row.cursor).min() else {
            return Ok(false);
        };
        let last = place::last_sequence(db, workspace).await?;
        let others = rules.iter().map(|row| row.cursor).filter(|cursor| *cursor > from);
        let end = others.min().unwrap_or(last).min(last);
        if from >= end {
            return Ok(false);
        }
        rules.retain(|row| row.cursor == from);
        let events = events(db, workspace, from, end).await?;
        let upto = match events.last() {
            Some(last) if events.len() as u64 == TOGETHER => last.sequence,
            // What is missing was removed.
            _ => end,
        };
        let around = self.around(workspace).await?;
        let mut watchers = Vec::with_capacity(rules.len());
        for row in &rules {
            let mut watcher = Watcher::stored(row)?;
            watcher.memory = remembered(db, row, &watcher, &events, &around).await?;
            watchers.push(watcher);
        }
        let mut watch = Watch::new(&mut watchers, &around);
        let mut found = Vec::new();
        for event in &events {
            let new = watch.look(event).into_iter();
            found.extend(new.filter(|(place, _)| event.sequence > rules[*place].silent_until));
        }
        let looked = Looked {
            rules,
            watchers,
            found,
            upto,
        };
        self.store(workspace, looked, at_its_time).await?;
        Ok(true)
    }

    /// Has rules with a clock look at it.
    async fn tick(&self, workspace: WorkspaceId) -> Result<()> {
        let (db, now) = (&self.0.db.read, self.0.clock.now());
        if now.micros() - self.0.ticked.load(std::sync::atomic::Ordering::Relaxed) < TICK {
            return Ok(());
        }
        self.0
            .ticked
            .store(now.micros(), std::sync::atomic::Ordering::Relaxed);
        let last = place::last_sequence(db, workspace).await?;
        for row in kept::stored(db, workspace).await? {
            if !row.is_on || row.cursor < last {
                continue;
            }
            let mut watcher = Watcher::stored(&row)?;
            if !watcher.has_clock() {
                continue;
            }
            watcher.memory = all_remembered(db, &row).await?;
            let found: Vec<_> = watcher.passes(now).into_iter().map(|of| (0, of)).collect();
            if found.is_empty() {
                continue;
            }
            let upto = row.cursor;
            let looked = Looked {
                rules: vec![row],
                watchers: vec![watcher],
                found,
                upto,
            };
            self.store(workspace, looked, false).await?;
        }
        Ok(())
    }

    /// Nothing is stored where a rule isn't any more as it was read.
    async fn store(&self, workspace: WorkspaceId, looked: Looked, at_its_time: bool) -> Result<()> {
        let address = self.0.address.clone();
        self.0
            .writer
            .change(move |tx| {
                Box::pin(async move {
                    accounts::lock(tx, workspace).await?;
                    let now = kept::stored(tx.db(), workspace).await?;
                    if looked.rules.iter().any(|row| !now.contains(row)) {
                        return Ok(());
                    }
                    let is_tick = looked.rules.iter().all(|row| row.cursor == looked.upto);
                    if is_tick && !is_as_read(tx, &looked).await? {
                        return Ok(());
                    }
                    let mut raising = Raising::new(workspace, address.as_deref(), at_its_time);
                    for (place, finding) in looked.found {
                        raising.take(tx, &looked.rules[place], finding).await?;
                    }
                    for (row, watcher) in looked.rules.iter().zip(&looked.watchers) {
                        remember(tx, row, &watcher.memory).await?;
                    }
                    let ids = looked.rules.iter().map(|row| row.id.as_str());
                    alert_rule::Entity::update_many()
                        .col_expr(alert_rule::Column::Cursor, Expr::value(looked.upto))
                        .filter(alert_rule::Column::WorkspaceId.eq(workspace.0))
                        .filter(alert_rule::Column::Id.is_in(ids))
                        .exec(tx.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn tidy(&self, workspace: WorkspaceId) -> Result<()> {
        let now = self.0.clock.now().micros();
        let mut due = Vec::new();
        for row in kept::stored(&self.0.db.read, workspace).await? {
            if let Some(days) = Watcher::stored(&row)?.remembers_days() {
                due.push((row.id, now - days * 86_400_000_000));
            }
        }
        self.0
            .writer
            .change(move |tx| {
                Box::pin(async move {
                    for (rule, before) in due {
                        alert_memory::Entity::delete_many()
                            .filter(M::WorkspaceId.eq(workspace.0))
                            .filter(M::RuleId.eq(rule))
                            .filter(M::SeenAt.lt(before))
                            .exec(tx.db())
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Has the rules look at what the demo tells, as if they had been there: what happened after a moment raises alerts, which
    /// are told of as of then. Nobody is mailed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn look_back(&self, since: Timestamp) -> Result<()> {
        let Some(workspace) = self.0.accounts.workspace().await? else {
            return Ok(());
        };
        let workspace = workspace.id;
        self.begin(workspace).await?;
        let before: Option<i64> = event::Entity::find()
            .select_only()
            .column(E::Sequence)
            .filter(E::WorkspaceId.eq(workspace.0))
            .filter(E::OccurredAt.lt(since.micros()))
            .order_by_desc(E::OccurredAt)
            .into_tuple()
            .one(&self.0.db.read)
            .await?;
        let before = before.unwrap_or_default();
        self.0
            .writer
            .change(move |tx| {
                Box::pin(async move {
                    let now = tx.now();
                    tx.tells_of(since);
                    kept::demonstrate(tx, &records::system(workspace), before).await?;
                    tx.tells_of(now);
                    Ok(())
                })
            })
            .await?;
        while self.step(workspace, true).await? {}
        Ok(())
    }
}

/// The next records after a place, at most so many as are looked at together.
pub(super) async fn events(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    after: i64,
    upto: i64,
) -> Result<Vec<Event>> {
    let records: Vec<String> = event::Entity::find()
        .select_only()
        .column(E::Record)
        .filter(E::WorkspaceId.eq(workspace.0))
        .filter(E::Sequence.gt(after))
        .filter(E::Sequence.lte(upto))
        .order_by_asc(E::Sequence)
        .limit(TOGETHER)
        .into_tuple()
        .all(db)
        .await?;
    records.iter().map(|record| store::parse(record)).collect()
}

/// What a rule remembers that some events bear on.
async fn remembered(
    db: &impl ConnectionTrait,
    row: &Model,
    watcher: &Watcher,
    events: &[Event],
    around: &Around,
) -> Result<Memory> {
    if watcher.has_clock() {
        return all_remembered(db, row).await;
    }
    let mut names: Vec<_> = events
        .iter()
        .flat_map(|event| watcher.names(event, around))
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for some in names.chunks(NAMES) {
        let some = of_rule(row).filter(M::Name.is_in(some.iter().map(String::as_str)));
        rows.extend(some.all(db).await?);
    }
    Ok(Memory::of(
        rows.into_iter().map(|row| (row.name, row.value, row.seen_at)),
    ))
}

fn of_rule(row: &Model) -> sea_orm::Select<alert_memory::Entity> {
    alert_memory::Entity::find()
        .filter(M::WorkspaceId.eq(row.workspace_id))
        .filter(M::RuleId.eq(&row.id))
}

async fn all_remembered(db: &impl ConnectionTrait, row: &Model) -> Result<Memory> {
    let rows = of_rule(row).all(db).await?;
    Ok(Memory::of(
        rows.into_iter().map(|row| (row.name, row.value, row.seen_at)),
    ))
}

/// Whether what a rule with a clock remembers is still what it was before it looked.
async fn is_as_read(tx: &WriteTx, looked: &Looked) -> Result<bool> {
    for (row, watcher) in looked.rules.iter().zip(&looked.watchers) {
        let now = all_remembered(tx.db(), row).await?;
        if !watcher.memory.came_from(&now) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn remember(tx: &WriteTx, row: &Model, memory: &Memory) -> Result<()> {
    for (name, value, seen_at) in memory.changes() {
        let kept = alert_memory::Model {
            workspace_id: row.workspace_id,
            rule_id: row.id.clone(),
            name: name.to_owned(),
            value: value.to_owned(),
            seen_at,
        };
        let mut in_place = OnConflict::columns([M::WorkspaceId, M::RuleId, M::Name]);
        in_place.update_columns([M::Value, M::SeenAt]);
        alert_memory::Entity::insert(kept.into_active_model())
            .on_conflict(in_place)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}
