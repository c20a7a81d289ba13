//! What administrators set for the whole workspace: its name, how new users read times and numbers, the helpdesk
//! product and its courses module, the logs that have a tab.

mod records;
mod stored;
#[cfg(test)]
mod tests;

use crate::{
    Error, Result,
    accounts::{self, Accounts, WorkspaceRecord},
    db::Db,
    local_time,
    record::{Done, has_seen, record, seen},
    store::{EventStore, switched_on},
    writer::WriteTx,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    log::{LogKind, LogScope},
    naming::Helpdesk,
    permission::ManageSettings,
    ports::WorkspaceSettings,
    seen::Tag,
    settings::{LogTab, Settings, WorkspaceForm},
    viewer::{Granted, Viewer},
};
use daybook_entity::{shown_log, workspace};
use records::LogRecord;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};
use std::fmt;
pub(crate) use stored::Tabs;

/// The settings of the installation. Cheap to clone.
#[derive(Clone)]
pub struct GeneralSettings {
    db: Db,
    events: EventStore,
    accounts: Accounts,
}

impl fmt::Debug for GeneralSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GeneralSettings")
    }
}

impl GeneralSettings {
    pub fn new(db: Db, events: EventStore, accounts: Accounts) -> Self {
        Self { db, events, accounts }
    }

    async fn state(&self, workspace: WorkspaceId) -> Result<Settings> {
        let row = find(&self.db.read, workspace).await?;
        let totals = self.events.totals(workspace).await?;
        let on = switched_on(&self.db.read, workspace).await?;
        let tab = |log: LogKind| LogTab {
            log,
            records: totals
                .iter()
                .find(|(of, _)| *of == log)
                .map_or(0, |(_, count)| *count),
            switched_on: on.contains(&log),
        };
        let optional = LogKind::ALL.iter().copied().filter(|log| !is_core(*log));
        Ok(Settings {
            seen: seen(&WorkspaceRecord::new(&row))?,
            workspace: row.name,
            zone: row.zone,
            format: accounts::regional_format(&row.regional_format)?,
            helpdesk: Helpdesk::from_name(&row.helpdesk)
                .ok_or_else(|| Error::damaged(format!("the helpdesk “{}”", row.helpdesk)))?,
            courses: row.courses,
            logs: optional.map(tab).collect(),
        })
    }
}

fn is_core(log: LogKind) -> bool {
    LogScope::One(log).spec().core
}

async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<workspace::Model> {
    workspace::Entity::find_by_id(workspace.0)
        .one(db)
        .await?
        .ok_or_else(|| Error::damaged("the workspace is gone"))
}

async fn switch(tx: &mut WriteTx, who: &Viewer, log: LogKind, on: bool) -> Result<()> {
    let workspace = who.workspace();
    let was = switched_on(tx.db(), workspace).await?.contains(&log);
    if was == on {
        return Ok(());
    }
    if on {
        let row = shown_log::ActiveModel {
            workspace_id: Set(workspace.0),
            log: Set(log.name().to_owned()),
        };
        let known = OnConflict::columns([shown_log::Column::WorkspaceId, shown_log::Column::Log])
            .do_nothing()
            .to_owned();
        shown_log::Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(tx.db())
            .await?;
    } else {
        shown_log::Entity::delete_by_id((workspace.0, log.name().to_owned()))
            .exec(tx.db())
            .await?;
    }
    let (before, after) = (LogRecord::new(log, was), LogRecord::new(log, on));
    let changed = Done::updated(&before, &after);
    let (done, word) = if on {
        (changed.called("switched_on"), "on")
    } else {
        (changed.called("switched_off"), "off")
    };
    let sentence = format!("Switched log “{}” {word}", log.title());
    record(tx, who, &done.saying(sentence))
}

#[async_trait]
impl WorkspaceSettings for GeneralSettings {
    async fn settings(&self, who: &Granted<ManageSettings>) -> daybook_domain::Result<Settings> {
        let viewer = who.viewer();
        let state = self.state(who.workspace()).await;
        state.map_err(|error| error.into_domain(&viewer.request().correlation_id))
    }

    async fn set_workspace(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        form: WorkspaceForm,
    ) -> daybook_domain::Result<()> {
        let seen = seen.clone();
        self.accounts
            .change(who.viewer(), "change the general settings", move |tx, who| {
                Box::pin(async move {
                    let row = find(tx.db(), who.workspace()).await?;
                    let before = WorkspaceRecord::new(&row);
                    has_seen(&seen, &before)?;
                    let name = accounts::checked_name("workspace", &form.name)?;
                    let zone = local_time::zone(form.zone.trim()).map_err(|error| match error {
                        Told::Invalid { reason, .. } => Told::invalid("zone", reason),
                        other => other,
                    })?;
                    let mut changed = row.into_active_model();
                    changed.name = Set(name);
                    changed.zone = Set(zone.name().to_owned());
                    changed.regional_format = Set(form.format.name().to_owned());
                    let row = workspace::Entity::update(changed).exec(tx.db()).await?;
                    record(tx, who, &Done::updated(&before, &WorkspaceRecord::new(&row)))
                })
            })
            .await
    }

    async fn set_helpdesk(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        helpdesk: Helpdesk,
    ) -> daybook_domain::Result<()> {
        let seen = seen.clone();
        self.accounts
            .change(who.viewer(), "change the helpdesk integration", move |tx, who| {
                Box::pin(async move {
                    let row = find(tx.db(), who.workspace()).await?;
                    let before = WorkspaceRecord::new(&row);
                    has_seen(&seen, &before)?;
                    let mut changed = row.into_active_model();
                    changed.helpdesk = Set(helpdesk.name().to_owned());
                    let row = workspace::Entity::update(changed).exec(tx.db()).await?;
                    record(tx, who, &Done::updated(&before, &WorkspaceRecord::new(&row)))
                })
            })
            .await
    }

    async fn switch_log(
        &self,
        who: &Granted<ManageSettings>,
        log: LogKind,
        on: bool,
    ) -> daybook_domain::Result<()> {
        if is_core(log) {
            return Err(Told::invalid("log", "This log always has a tab."));
        }
        self.accounts
            .change(who.viewer(), "switch a log on or off", move |tx, who| {
                Box::pin(async move { switch(tx, who, log, on).await })
            })
            .await
    }

    async fn switch_courses(&self, who: &Granted<ManageSettings>, on: bool) -> daybook_domain::Result<()> {
        self.accounts
            .change(
                who.viewer(),
                "switch the courses module on or off",
                move |tx, who| {
                    Box::pin(async move {
                        let row = find(tx.db(), who.workspace()).await?;
                        let before = WorkspaceRecord::new(&row);
                        let mut changed = row.into_active_model();
                        changed.courses = Set(on);
                        let row = workspace::Entity::update(changed).exec(tx.db()).await?;
                        record(tx, who, &Done::updated(&before, &WorkspaceRecord::new(&row)))
                    })
                },
            )
            .await
    }
}
