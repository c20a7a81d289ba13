//! Security monitoring: rules look at each record as it comes ([`follow`]), and what they find becomes an alert ([`raise`])
//! that people deal with ([`alerts`]).
//!
//! Rules are functions of an event and what they remember ([`rules`], [`sigma`], [`engine`]): they can be tried against the past
//! ([`trial`]) by the same code that looks at the present. An alert is told of in the log, where endpoints and integrations find
//! it as they find everything else; no rule looks at that record.

mod alerts;
mod engine;
mod follow;
mod kept;
mod listing;
mod memory;
mod places;
mod raise;
mod records;
mod rules;
mod sigma;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod trial;

pub use places::Places;
pub(crate) use stored::Watching;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    local_time::Reader,
    writer::{WriteTx, Writer},
};
use alerts::Act;
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    id::{AlertId, UserId},
    monitoring::{AlertDetail, AlertPage, Rule, RuleDetail, RuleForm, RuleId, Trial, note},
    object::ObjectQuery,
    permission::{ManageAlerts, ViewAuditLogs},
    ports,
    seen::Tag,
    time::Clock,
    viewer::{Granted, Viewer},
};
use futures::future::BoxFuture;
use std::{
    fmt,
    sync::{Arc, atomic::AtomicI64},
};
use tokio::sync::{Notify, Semaphore};

/// The monitoring of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Monitoring(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    /// Where addresses are, where somebody has said how to know.
    places: Option<Places>,
    /// Where Daybook is reached.
    address: Option<String>,
    /// A rule was changed.
    hurry: Notify,
    /// One rule at a time is tried against the past.
    trials: Semaphore,
    /// When rules last looked at the clock.
    ticked: AtomicI64,
}

impl fmt::Debug for Monitoring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Monitoring")
    }
}

impl Monitoring {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        clock: Arc<dyn Clock>,
        places: Option<Places>,
        address: Option<String>,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            clock,
            places,
            address,
            hurry: Notify::new(),
            trials: Semaphore::new(1),
            ticked: AtomicI64::new(i64::MIN / 2),
        }))
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.0.clock.now())
    }

    /// Runs a change that `who` asked for.
    async fn change<T, F>(&self, who: &Granted<ManageAlerts>, what: &str, change: F) -> Result<T, Told>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx, &'t Viewer) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let changed = self.0.accounts.change(who.viewer(), what, change).await;
        self.0.hurry.notify_one();
        changed
    }

    async fn act(&self, who: &Granted<ManageAlerts>, id: AlertId, act: Act) -> Result<String, Told> {
        self.change(who, "deal with an alert", move |tx, who| {
            Box::pin(async move { alerts::act(tx, who, id, act).await })
        })
        .await
    }
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Monitoring for Monitoring {
    async fn list_alerts(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &ObjectQuery,
    ) -> Result<AlertPage, Told> {
        let who = who.viewer();
        self.page(who, query).await.map_err(outside(who))
    }

    async fn alert(&self, who: &Granted<ViewAuditLogs>, id: AlertId) -> Result<AlertDetail, Told> {
        let who = who.viewer();
        self.detail(who, id).await.map_err(outside(who))
    }

    async fn acknowledge_alert(&self, who: &Granted<ManageAlerts>, id: AlertId) -> Result<String, Told> {
        self.act(who, id, Act::Acknowledge).await
    }

    async fn assign_alert(
        &self,
        who: &Granted<ManageAlerts>,
        id: AlertId,
        to: Option<UserId>,
    ) -> Result<String, Told> {
        self.act(who, id, Act::Assign(to)).await
    }

    async fn close_alert(
        &self,
        who: &Granted<ManageAlerts>,
        id: AlertId,
        typed: &str,
    ) -> Result<String, Told> {
        let note = note(typed)?;
        self.act(who, id, Act::Close { note }).await
    }

    async fn reopen_alert(&self, who: &Granted<ManageAlerts>, id: AlertId) -> Result<String, Told> {
        self.act(who, id, Act::Reopen).await
    }

    async fn list_alert_rules(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<Rule>, Told> {
        let who = who.viewer();
        self.rules_shown(who).await.map_err(outside(who))
    }

    async fn alert_rule(&self, who: &Granted<ViewAuditLogs>, id: RuleId) -> Result<RuleDetail, Told> {
        let who = who.viewer();
        self.rule_detail(who, id).await.map_err(outside(who))
    }

    async fn add_alert_rule(
        &self,
        who: &Granted<ManageAlerts>,
        sigma: &str,
    ) -> Result<(RuleId, String), Told> {
        let sigma = sigma.to_owned();
        let added = self.change(who, "add an alert rule", move |tx, who| {
            Box::pin(async move { kept::add(tx, who, &sigma).await })
        });
        let (id, name) = added.await?;
        Ok((RuleId::Sigma(id), name))
    }

    async fn set_alert_rule(
        &self,
        who: &Granted<ManageAlerts>,
        id: RuleId,
        seen: &Tag,
        form: RuleForm,
    ) -> Result<String, Told> {
        let seen = seen.clone();
        self.change(who, "change an alert rule", move |tx, who| {
            Box::pin(async move { kept::set(tx, who, id, &seen, form).await })
        })
        .await
    }

    async fn switch_alert_rule(
        &self,
        who: &Granted<ManageAlerts>,
        id: RuleId,
        on: bool,
    ) -> Result<String, Told> {
        self.change(who, "switch an alert rule", move |tx, who| {
            Box::pin(async move { kept::switch(tx, who, id, on).await })
        })
        .await
    }

    async fn delete_alert_rule(&self, who: &Granted<ManageAlerts>, id: RuleId) -> Result<String, Told> {
        self.change(who, "delete an alert rule", move |tx, who| {
            Box::pin(async move { kept::delete(tx, who, id).await })
        })
        .await
    }

    async fn try_alert_rule(
        &self,
        _who: &Granted<ManageAlerts>,
        reader: &Granted<ViewAuditLogs>,
        id: RuleId,
    ) -> Result<Trial, Told> {
        let who = reader.viewer();
        self.try_past(who, id).await.map_err(outside(who))
    }
}
