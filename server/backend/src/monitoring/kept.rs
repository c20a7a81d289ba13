//! Rules as they are stored. Those that come with Daybook are stored once the monitoring has begun; until then they are as they
//! come.

use super::{
    records::{RuleRecord, verb},
    sigma::Sigma,
};
use crate::{
    Error, Result,
    record::{Done, has_seen, record},
    store::place,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    id::WorkspaceId,
    monitoring::{
        AlertMail, BuiltInRule, MAX_SIGMA_RULES, PAST_DAYS, PAST_RECORDS, Params, RuleForm, RuleId, Severity,
    },
    seen::Tag,
    viewer::Viewer,
};
use daybook_entity::{
    alert_memory,
    alert_rule::{self, Column as C, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A rule as it comes.
pub(super) fn as_it_comes(workspace: WorkspaceId, of: BuiltInRule) -> Model {
    Model {
        workspace_id: workspace.0,
        id: of.name().to_owned(),
        name: of.title().to_owned(),
        is_on: true,
        severity: of.severity().name().to_owned(),
        mail: AlertMail::Managers.name().to_owned(),
        params: "{}".to_owned(),
        sigma: None,
        cursor: 0,
        silent_until: 0,
        switched_at: 0,
        created_at: 0,
    }
}

/// Those that are stored.
pub(super) async fn stored(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Model>> {
    Ok(alert_rule::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .order_by_asc(C::CreatedAt)
        .order_by_asc(C::Id)
        .all(db)
        .await?)
}

/// All of them: first those that come with Daybook, in their order.
pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Model>> {
    let rows = stored(db, workspace).await?;
    let mut known: HashMap<_, _> = rows
        .iter()
        .filter(|row| row.sigma.is_none())
        .map(|row| (row.id.clone(), row.clone()))
        .collect();
    let built_in = BuiltInRule::ALL.iter().copied();
    let built_in = built_in.map(|of| {
        known
            .remove(of.name())
            .unwrap_or_else(|| as_it_comes(workspace, of))
    });
    let mut all: Vec<_> = built_in.collect();
    all.extend(rows.into_iter().filter(|row| row.sigma.is_some()));
    Ok(all)
}

pub(super) async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId, id: RuleId) -> Result<Model> {
    let row = alert_rule::Entity::find_by_id((workspace.0, id.to_string()))
        .one(db)
        .await?;
    match (row, id) {
        (Some(row), _) => Ok(row),
        (None, RuleId::BuiltIn(of)) => Ok(as_it_comes(workspace, of)),
        (None, RuleId::Sigma(_)) => Err(Told::NotFound.into()),
    }
}

/// Has a rule begin now. It is shown what was recorded lately first, for which it raises nothing.
async fn begins(tx: &WriteTx, row: &mut Model) -> Result<()> {
    let workspace = WorkspaceId(row.workspace_id);
    let last = place::last_sequence(tx.db(), workspace).await?;
    row.silent_until = last;
    row.switched_at = tx.now().micros();
    row.cursor = last;
    // A Sigma rule remembers nothing.
    if row.is_on && row.sigma.is_none() {
        let since = tx.now().plus_seconds(-i64::from(PAST_DAYS) * 86_400);
        let first = place::first_since(tx.db(), workspace, since).await?;
        row.cursor = first.max(last + 1 - PAST_RECORDS) - 1;
    }
    alert_memory::Entity::delete_many()
        .filter(alert_memory::Column::WorkspaceId.eq(row.workspace_id))
        .filter(alert_memory::Column::RuleId.eq(&row.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Stores the rules that come with Daybook and aren't stored yet.
pub(super) async fn begin(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    let known = stored(tx.db(), workspace).await?;
    for of in BuiltInRule::ALL.iter().copied() {
        if known.iter().any(|row| row.id == of.name()) {
            continue;
        }
        let mut row = as_it_comes(workspace, of);
        begins(tx, &mut row).await?;
        row.created_at = tx.now().micros();
        alert_rule::Entity::insert(row.into_active_model())
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// Has what was recorded after a sequence raise alerts, too, and mail nobody: the demo shows what rules would have found.
pub(super) async fn demonstrate(tx: &mut WriteTx, who: &Viewer, sequence: i64) -> Result<()> {
    for mut row in stored(tx.db(), who.workspace()).await? {
        let before = RuleRecord::new(&row)?;
        row.silent_until = sequence;
        AlertMail::Nobody.name().clone_into(&mut row.mail);
        let after = RuleRecord::new(&row)?;
        replace(tx, row).await?;
        record(tx, who, &Done::updated(&before, &after))?;
    }
    Ok(())
}

pub(super) async fn replace(tx: &WriteTx, row: Model) -> Result<()> {
    alert_rule::Entity::update(row.into_active_model().reset_all())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What a rule may be called and how bad it is, from its text.
fn put_sigma(row: &mut Model, text: &str) -> Result<Sigma, Told> {
    let text = text.replace("\r\n", "\n");
    let sigma = Sigma::read(&text)?;
    row.name.clone_from(&sigma.title);
    row.sigma = Some(text);
    Ok(sigma)
}

pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    id: RuleId,
    seen: &Tag,
    form: RuleForm,
) -> Result<String> {
    begin(tx, who.workspace()).await?;
    let mut row = find(tx.db(), who.workspace(), id).await?;
    let before = RuleRecord::new(&row)?;
    has_seen(seen, &before)?;
    match (id, &form.sigma) {
        (RuleId::BuiltIn(of), _) => {
            let params = Params::typed(of, &form.params)?;
            row.params = serde_json::to_string(&params).map_err(Error::damaged)?;
        }
        (RuleId::Sigma(_), Some(text)) => drop(put_sigma(&mut row, text)?),
        (RuleId::Sigma(_), None) => {}
    }
    form.severity.name().clone_into(&mut row.severity);
    form.mail.name().clone_into(&mut row.mail);
    let after = RuleRecord::new(&row)?;
    let name = row.name.clone();
    replace(tx, row).await?;
    record(tx, who, &Done::updated(&before, &after))?;
    Ok(name)
}

pub(super) async fn switch(tx: &mut WriteTx, who: &Viewer, id: RuleId, on: bool) -> Result<String> {
    begin(tx, who.workspace()).await?;
    let mut row = find(tx.db(), who.workspace(), id).await?;
    let name = row.name.clone();
    if row.is_on == on {
        return Ok(name);
    }
    let before = RuleRecord::new(&row)?;
    row.is_on = on;
    begins(tx, &mut row).await?;
    let after = RuleRecord::new(&row)?;
    replace(tx, row).await?;
    let (switched, said) = if on {
        (OwnType::AlertRuleSwitchedOn, "Switched on")
    } else {
        (OwnType::AlertRuleSwitchedOff, "Switched off")
    };
    let done = Done::updated(&before, &after).called(verb(switched));
    record(tx, who, &done.saying(format!("{said} alert rule “{name}”")))?;
    Ok(name)
}

/// Adds a Sigma rule, switched off.
pub(super) async fn add(tx: &mut WriteTx, who: &Viewer, text: &str) -> Result<(Uuid, String)> {
    let of_all = alert_rule::Entity::find().filter(C::WorkspaceId.eq(who.workspace().0));
    if of_all.filter(C::Sigma.is_not_null()).count(tx.db()).await? >= MAX_SIGMA_RULES {
        let reason = format!("There are {MAX_SIGMA_RULES} Sigma rules already. Delete one first.");
        return Err(Told::conflict(reason).into());
    }
    let id = tx.new_id();
    let mut row = Model {
        id: id.to_string(),
        is_on: false,
        created_at: tx.now().micros(),
        ..as_it_comes(who.workspace(), BuiltInRule::FailedSignIns)
    };
    let sigma = put_sigma(&mut row, text)?;
    sigma.severity.name().clone_into(&mut row.severity);
    begins(tx, &mut row).await?;
    let after = RuleRecord::new(&row)?;
    let name = row.name.clone();
    alert_rule::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    record(tx, who, &Done::created(&after))?;
    Ok((id, name))
}

pub(super) async fn delete(tx: &mut WriteTx, who: &Viewer, id: RuleId) -> Result<String> {
    let RuleId::Sigma(_) = id else {
        let reason = "A rule that comes with Daybook can’t be deleted. Switch it off.";
        return Err(Told::conflict(reason).into());
    };
    let row = find(tx.db(), who.workspace(), id).await?;
    record(tx, who, &Done::deleted(&RuleRecord::new(&row)?))?;
    alert_rule::Entity::delete_by_id((row.workspace_id, row.id))
        .exec(tx.db())
        .await?;
    Ok(row.name)
}

pub(super) fn severity(row: &Model) -> Result<Severity> {
    Severity::from_name(&row.severity)
        .ok_or_else(|| Error::damaged(format!("a rule of severity “{}”", row.severity)))
}

pub(super) fn mail(row: &Model) -> Result<AlertMail> {
    AlertMail::from_name(&row.mail).ok_or_else(|| Error::damaged(format!("a rule that mails “{}”", row.mail)))
}

/// What it looks for, as people read it.
pub(super) fn meaning(row: &Model, id: RuleId) -> String {
    match id {
        RuleId::BuiltIn(of) => of.meaning().to_owned(),
        RuleId::Sigma(_) => {
            let read = row.sigma.as_deref().map(Sigma::read);
            read.and_then(Result::ok)
                .map(|sigma| sigma.description)
                .unwrap_or_default()
        }
    }
}
