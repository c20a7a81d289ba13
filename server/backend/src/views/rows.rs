//! Rows of views: finding them within their workspace, who sees and who changes them, and what they mean in the
//! domain's words.

use super::records::SavedViewRecord;
use crate::{
    Error, Result,
    accounts::roles_with,
    record::{Done, record, seen},
    reports,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::{RoleId, UserId, ViewId, WorkspaceId},
    log::LogScope,
    permission::Permission,
    query::LogQuery,
    view::{RoleName, SavedView, Shift},
    viewer::Viewer,
};
use daybook_entity::{list_setting, role, saved_view, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most views of others that are listed: a bound for a workspace in which everybody shares everything.
pub(super) const MOST_SHARED: u64 = 500;

/// The form in which names are compared.
pub(super) fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) fn log_of(name: &str) -> Result<LogScope> {
    LogScope::from_name(name).ok_or_else(|| Error::damaged(format!("a view of the log “{name}”")))
}

/// All of a user's, of all logs, in their order.
pub(super) async fn own<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    owner: Uuid,
) -> Result<Vec<saved_view::Model>> {
    Ok(saved_view::Entity::find()
        .filter(saved_view::Column::WorkspaceId.eq(workspace.0))
        .filter(saved_view::Column::OwnerId.eq(owner))
        .order_by_asc(saved_view::Column::Log)
        .order_by_asc(saved_view::Column::Position)
        .order_by_asc(saved_view::Column::Id)
        .all(db)
        .await?)
}

/// Those that others share with a role.
pub(super) async fn shared_with<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    role: Uuid,
    not_of: UserId,
) -> Result<Vec<saved_view::Model>> {
    Ok(saved_view::Entity::find()
        .filter(saved_view::Column::WorkspaceId.eq(workspace.0))
        .filter(saved_view::Column::SharedWith.eq(role))
        .filter(saved_view::Column::OwnerId.ne(not_of.0))
        .order_by_asc(saved_view::Column::NameKey)
        .order_by_asc(saved_view::Column::Id)
        .limit(MOST_SHARED)
        .all(db)
        .await?)
}

pub(super) async fn all_shared<C: ConnectionTrait>(db: &C, who: &Viewer) -> Result<Vec<SavedView>> {
    let rows = saved_view::Entity::find()
        .filter(saved_view::Column::WorkspaceId.eq(who.workspace().0))
        .filter(saved_view::Column::SharedWith.is_not_null())
        .order_by_asc(saved_view::Column::Log)
        .order_by_asc(saved_view::Column::NameKey)
        .order_by_asc(saved_view::Column::Id)
        .limit(MOST_SHARED)
        .all(db)
        .await?;
    let reader = Reader::new(db, who, &rows).await?;
    rows.iter().map(|row| reader.shown(row)).collect()
}

/// The role somebody has.
pub(super) async fn role_of<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Uuid> {
    let row = user::Entity::find_by_id((workspace.0, user.0)).one(db).await?;
    Ok(row.ok_or(Told::Unauthenticated)?.role_id)
}

/// Whether a view is in somebody's menu: their own, or shared with their role.
pub(crate) async fn is_seen<C: ConnectionTrait>(
    db: &C,
    who: &Viewer,
    user: UserId,
    row: &saved_view::Model,
) -> Result<bool> {
    if row.owner_id == user.0 {
        return Ok(true);
    }
    match row.shared_with {
        Some(role) => Ok(role == role_of(db, who.workspace(), user).await?),
        None => Ok(false),
    }
}

pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    id: ViewId,
) -> Result<saved_view::Model> {
    let found = saved_view::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    found.ok_or_else(|| Told::NotFound.into())
}

/// The view, if the asker may change it. One that they can't even see isn't there.
pub(super) async fn changeable<C: ConnectionTrait>(
    db: &C,
    who: &Viewer,
    user: UserId,
    id: ViewId,
) -> Result<saved_view::Model> {
    let row = find(db, who.workspace(), id).await?;
    if may_change(who, &row) {
        return Ok(row);
    }
    if is_seen(db, who, user, &row).await? {
        return Err(Told::Forbidden {
            permission: Permission::RolesManage,
        }
        .into());
    }
    Err(Told::NotFound.into())
}

fn may_change(who: &Viewer, row: &saved_view::Model) -> bool {
    let is_own = who.user_id().is_some_and(|user| user.0 == row.owner_id);
    is_own || (row.shared_with.is_some() && who.may(Permission::RolesManage))
}

/// Refuses a role that isn't there or couldn't open the view.
pub(super) async fn may_be_shared_with<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    role: Option<RoleId>,
) -> Result<()> {
    let Some(role) = role else { return Ok(()) };
    let roles = roles_with(db, workspace, Permission::AuditLogsView).await?;
    if roles.iter().any(|row| row.id == role.0) {
        Ok(())
    } else {
        Err(Told::invalid("share", "Choose a role that may view the audit logs.").into())
    }
}

/// Stores a changed row and records it. `why` goes on after the sentence on who sees it from now on.
pub(super) async fn update(
    tx: &mut WriteTx,
    who: &Viewer,
    before: &saved_view::Model,
    row: saved_view::ActiveModel,
    why: &str,
) -> Result<SavedView> {
    let after = saved_view::Entity::update(row).exec(tx.db()).await?;
    let reader = Reader::new(tx.db(), who, &[before.clone(), after.clone()]).await?;
    let (old, new) = (reader.record(before), reader.record(&after));
    let only_readers = old.name == new.name && old.query == new.query;
    let done = Done::updated(&old, &new);
    let done = match &new.shared_with {
        Some(role) if only_readers => {
            done.saying(format!("Shared saved view “{}” with the role “{role}”", new.name))
        }
        None if only_readers => done.saying(format!("Made saved view “{}” private{why}", new.name)),
        _ => done,
    };
    record(tx, who, &done)?;
    if before.query != after.query || before.log != after.log {
        reports::stop_with_change(tx, who, &after).await?;
    }
    reader.shown(&after)
}

/// Makes the views that are shared with a role their owners' own, before it is deleted.
pub(crate) async fn unshare(tx: &mut WriteTx, who: &Viewer, role: &role::Model) -> Result<()> {
    let rows = saved_view::Entity::find()
        .filter(saved_view::Column::WorkspaceId.eq(role.workspace_id))
        .filter(saved_view::Column::SharedWith.eq(role.id))
        .order_by_asc(saved_view::Column::Id)
        .all(tx.db())
        .await?;
    for before in rows {
        let mut row = before.clone().into_active_model();
        row.shared_with = Set(None);
        let why = format!(": the role “{}” was deleted", role.name);
        update(tx, who, &before, row, &why).await?;
    }
    Ok(())
}

/// Takes a view away, also as what opens first and as what is sent, and records it.
pub(super) async fn delete(
    tx: &mut WriteTx,
    who: &Viewer,
    row: &saved_view::Model,
    reader: &Reader<'_>,
) -> Result<()> {
    list_setting::Entity::update_many()
        .col_expr(list_setting::Column::DefaultViewId, Expr::value(None::<Uuid>))
        .filter(list_setting::Column::WorkspaceId.eq(row.workspace_id))
        .filter(list_setting::Column::DefaultViewId.eq(row.id))
        .exec(tx.db())
        .await?;
    reports::end_with_view(tx, who, row).await?;
    saved_view::Entity::delete_by_id((row.workspace_id, row.id))
        .exec(tx.db())
        .await?;
    record(tx, who, &Done::deleted(&reader.record(row)))
}

/// Takes away all that a user keeps, before they are deleted.
pub(crate) async fn forget(tx: &mut WriteTx, who: &Viewer, user: UserId) -> Result<()> {
    let rows = own(tx.db(), who.workspace(), user.0).await?;
    let reader = Reader::new(tx.db(), who, &rows).await?;
    for row in &rows {
        delete(tx, who, row, &reader).await?;
    }
    list_setting::Entity::delete_many()
        .filter(list_setting::Column::WorkspaceId.eq(who.workspace().0))
        .filter(list_setting::Column::UserId.eq(user.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Moves one past its neighbour. All places are written anew: they may have gaps, or be there twice.
pub(super) async fn shift(
    tx: &mut WriteTx,
    who: &Viewer,
    user: UserId,
    id: ViewId,
    shift: Shift,
) -> Result<SavedView> {
    let mut own = own(tx.db(), who.workspace(), user.0).await?;
    let moved = own.iter().find(|row| row.id == id.0).ok_or(Told::NotFound)?;
    let log = moved.log.clone();
    own.retain(|row| row.log == log);
    let at = own.iter().position(|row| row.id == id.0).ok_or(Told::NotFound)?;
    let to = match shift {
        Shift::Up => at.saturating_sub(1),
        Shift::Down => (at + 1).min(own.len() - 1),
    };
    own.swap(at, to);
    for (place, row) in own.iter_mut().enumerate() {
        let place = i32::try_from(place).map_err(Error::damaged)?;
        if row.position != place {
            let mut changed = row.clone().into_active_model();
            changed.position = Set(place);
            *row = saved_view::Entity::update(changed).exec(tx.db()).await?;
        }
    }
    let reader = Reader::new(tx.db(), who, &own).await?;
    reader.shown(&own[to])
}

/// Makes rows readable: the names behind their ids, and what they are to the asker.
pub(super) struct Reader<'a> {
    who: &'a Viewer,
    users: HashMap<Uuid, String>,
    roles: HashMap<Uuid, String>,
    defaults: HashSet<Uuid>,
}

impl<'a> Reader<'a> {
    /// For these rows.
    pub(super) async fn new<C: ConnectionTrait>(
        db: &C,
        who: &'a Viewer,
        rows: &[saved_view::Model],
    ) -> Result<Self> {
        let workspace = who.workspace().0;
        let mut reader = Self {
            who,
            users: HashMap::new(),
            roles: HashMap::new(),
            defaults: HashSet::new(),
        };
        if rows.is_empty() {
            return Ok(reader);
        }
        let owners: HashSet<Uuid> = rows.iter().map(|row| row.owner_id).collect();
        let users = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Name])
            .filter(user::Column::WorkspaceId.eq(workspace))
            .filter(user::Column::Id.is_in(owners));
        reader.users = users
            .into_tuple::<(Uuid, String)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let shared: HashSet<Uuid> = rows.iter().filter_map(|row| row.shared_with).collect();
        if !shared.is_empty() {
            let roles = role::Entity::find()
                .select_only()
                .columns([role::Column::Id, role::Column::Name])
                .filter(role::Column::WorkspaceId.eq(workspace))
                .filter(role::Column::Id.is_in(shared));
            reader.roles = roles
                .into_tuple::<(Uuid, String)>()
                .all(db)
                .await?
                .into_iter()
                .collect();
        }
        if let Some(user) = who.user_id() {
            let defaults = list_setting::Entity::find()
                .select_only()
                .column(list_setting::Column::DefaultViewId)
                .filter(list_setting::Column::WorkspaceId.eq(workspace))
                .filter(list_setting::Column::UserId.eq(user.0))
                .filter(list_setting::Column::DefaultViewId.is_not_null());
            reader.defaults = defaults.into_tuple::<Uuid>().all(db).await?.into_iter().collect();
        }
        Ok(reader)
    }

    pub(super) fn shown(&self, row: &saved_view::Model) -> Result<SavedView> {
        Ok(SavedView {
            id: ViewId(row.id),
            log: log_of(&row.log)?,
            name: row.name.clone(),
            query: LogQuery::parse(&row.query).ok(),
            shared_with: row.shared_with.map(|role| RoleName {
                id: RoleId(role),
                name: self.roles.get(&role).cloned().unwrap_or_default(),
            }),
            owner: self.users.get(&row.owner_id).cloned().unwrap_or_default(),
            mine: self.who.user_id().is_some_and(|user| user.0 == row.owner_id),
            may_change: may_change(self.who, row),
            is_default: self.defaults.contains(&row.id),
            position: row.position,
            seen: seen(&self.record(row))?,
        })
    }

    pub(super) fn record(&self, row: &saved_view::Model) -> SavedViewRecord {
        let shared_with = row.shared_with.and_then(|role| self.roles.get(&role).cloned());
        let owner = self.users.get(&row.owner_id).cloned().unwrap_or_default();
        SavedViewRecord::new(row, shared_with, owner)
    }
}
