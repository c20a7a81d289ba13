//! What people do about alerts.

use super::{
    raise::called,
    records::{AlertRecord, verb},
};
use crate::{
    Result,
    accounts::active_users_with,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    id::{AlertId, UserId, WorkspaceId},
    monitoring::AlertState,
    permission::Permission,
    viewer::Viewer,
};
use daybook_entity::{
    alert::{self, Column as A, Model},
    user,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Something done about an alert.
#[derive(Debug)]
pub(super) enum Act {
    Acknowledge,
    /// To nobody, or to a user.
    Assign(Option<UserId>),
    Close {
        note: String,
    },
    Reopen,
}

pub(super) async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId, id: AlertId) -> Result<Model> {
    let row = alert::Entity::find_by_id((workspace.0, id.0)).one(db).await?;
    Ok(row.ok_or(Told::NotFound)?)
}

/// Who may look after alerts.
pub(super) async fn assignees(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<Vec<(UserId, String)>> {
    let users = active_users_with(db, workspace, Permission::AlertsManage).await?;
    Ok(users
        .into_iter()
        .map(|user| (UserId(user.id), user.name))
        .collect())
}

fn stale(reason: &str) -> crate::Error {
    Told::conflict(reason).into()
}

/// Does it, and records it. The alert's summary.
pub(super) async fn act(tx: &mut WriteTx, who: &Viewer, id: AlertId, act: Act) -> Result<String> {
    let before = find(tx.db(), who.workspace(), id).await?;
    let mut after = before.clone();
    let is = |state: AlertState| before.state == state.name();
    let mut becomes = |state: AlertState| state.name().clone_into(&mut after.state);
    let (done_is, said) = match act {
        Act::Acknowledge => {
            if !is(AlertState::Open) {
                return Err(stale("Somebody was faster: the alert isn’t open any more."));
            }
            becomes(AlertState::Acknowledged);
            (OwnType::AlertAcknowledged, None)
        }
        Act::Assign(to) => {
            if is(AlertState::Closed) {
                return Err(stale("The alert is closed. Reopen it first."));
            }
            if before.assigned_to == to.map(|to| to.0) {
                return Ok(before.summary);
            }
            let name = match to {
                None => "nobody".to_owned(),
                Some(to) => {
                    let all = assignees(tx.db(), who.workspace()).await?;
                    let found = all.into_iter().find(|(id, _)| *id == to);
                    let reason = "Choose somebody who may manage alerts.";
                    found.ok_or_else(|| Told::invalid("user", reason))?.1
                }
            };
            after.assigned_to = to.map(|to| to.0);
            (
                OwnType::AlertAssigned,
                Some(format!("Assigned alert “{}” to {name}", before.summary)),
            )
        }
        Act::Close { note } => {
            if is(AlertState::Closed) {
                return Err(stale("The alert is closed already."));
            }
            becomes(AlertState::Closed);
            after.note = Some(note);
            (OwnType::AlertClosed, None)
        }
        Act::Reopen => {
            if !is(AlertState::Closed) {
                return Err(stale("The alert is open already."));
            }
            let open = alert::Entity::find()
                .filter(A::WorkspaceId.eq(before.workspace_id))
                .filter(A::RuleId.eq(&before.rule_id))
                .filter(A::SubjectKey.eq(&before.subject_key))
                .filter(A::State.ne(AlertState::Closed.name()))
                .one(tx.db())
                .await?;
            if open.is_some() {
                return Err(stale(
                    "There is another open alert of this rule about the same. Deal with that one.",
                ));
            }
            becomes(AlertState::Open);
            (OwnType::AlertReopened, None)
        }
    };
    let (was, now) = (called(tx.db(), &before).await?, called(tx.db(), &after).await?);
    let (then, after_told) = (AlertRecord::new(&before, &was), AlertRecord::new(&after, &now));
    let summary = after.summary.clone();
    alert::Entity::update(after.into_active_model().reset_all())
        .exec(tx.db())
        .await?;
    let mut done = Done::updated(&then, &after_told).called(verb(done_is));
    if let Some(said) = said {
        done = done.saying(said);
    }
    record(tx, who, &done)?;
    Ok(summary)
}

/// Names of users, by id, for a list.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    ids: impl Iterator<Item = uuid::Uuid>,
) -> Result<std::collections::HashMap<uuid::Uuid, String>> {
    let users = user::Entity::find()
        .filter(user::Column::WorkspaceId.eq(workspace.0))
        .filter(user::Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}
