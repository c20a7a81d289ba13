//! How each log is shown to one user, and everything that user keeps, in one reading.

use super::rows::{self, Reader, log_of};
use crate::{Result, accounts::roles_with, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    id::{RoleId, UserId, ViewId},
    log::{Column, LogScope},
    permission::Permission,
    view::{Density, ListSettings, OwnLists, RoleName},
    viewer::Viewer,
};
use daybook_entity::list_setting;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub(super) async fn own_lists<C: ConnectionTrait>(db: &C, who: &Viewer, user: UserId) -> Result<OwnLists> {
    let workspace = who.workspace();
    let mut rows = rows::own(db, workspace, user.0).await?;
    let role = rows::role_of(db, workspace, user).await?;
    rows.extend(rows::shared_with(db, workspace, role, user).await?);
    let reader = Reader::new(db, who, &rows).await?;
    let settings = list_setting::Entity::find()
        .filter(list_setting::Column::WorkspaceId.eq(workspace.0))
        .filter(list_setting::Column::UserId.eq(user.0))
        .all(db)
        .await?;
    let roles = roles_with(db, workspace, Permission::AuditLogsView).await?;
    let named = roles.into_iter().map(|role| RoleName {
        id: RoleId(role.id),
        name: role.name,
    });
    Ok(OwnLists {
        views: rows.iter().map(|row| reader.shown(row)).collect::<Result<_>>()?,
        settings: settings
            .iter()
            .map(|row| Ok((log_of(&row.log)?, read(row))))
            .collect::<Result<_>>()?,
        roles: named.collect(),
    })
}

/// Words that aren't known any more are left out: they say how a list looks, not what is in it.
fn read(row: &list_setting::Model) -> ListSettings {
    ListSettings {
        columns: row.columns.split(',').filter_map(Column::from_name).collect(),
        density: Density::from_name(&row.density).unwrap_or(ListSettings::default().density),
    }
}

pub(super) async fn set(
    tx: &WriteTx,
    who: &Viewer,
    user: UserId,
    log: LogScope,
    settings: &ListSettings,
) -> Result<()> {
    let own = settings.columns == log.spec().columns;
    let names: Vec<_> = settings.columns.iter().map(|column| column.name()).collect();
    // The log's own columns aren't spelt out, so that they follow the log.
    let columns = if own { String::new() } else { names.join(",") };
    change(tx, who, user, log, |row| {
        row.columns = Set(columns);
        row.density = Set(settings.density.name().to_owned());
    })
    .await
}

pub(super) async fn set_default(
    tx: &WriteTx,
    who: &Viewer,
    user: UserId,
    log: LogScope,
    view: Option<ViewId>,
) -> Result<()> {
    if let Some(id) = view {
        let row = rows::find(tx.db(), who.workspace(), id).await?;
        if row.log != log.name() || !rows::is_seen(tx.db(), who, user, &row).await? {
            return Err(Told::NotFound.into());
        }
    }
    change(tx, who, user, log, |row| {
        row.default_view_id = Set(view.map(|id| id.0));
    })
    .await
}

/// Changes what one user has of one log, or makes it.
async fn change(
    tx: &WriteTx,
    who: &Viewer,
    user: UserId,
    log: LogScope,
    change: impl FnOnce(&mut list_setting::ActiveModel),
) -> Result<()> {
    let key = (who.workspace().0, user.0, log.name().to_owned());
    if let Some(row) = list_setting::Entity::find_by_id(key).one(tx.db()).await? {
        let mut row = row.into_active_model();
        change(&mut row);
        list_setting::Entity::update(row).exec(tx.db()).await?;
    } else {
        let mut row = list_setting::ActiveModel {
            workspace_id: Set(who.workspace().0),
            user_id: Set(user.0),
            log: Set(log.name().to_owned()),
            columns: Set(String::new()),
            density: Set(ListSettings::default().density.name().to_owned()),
            default_view_id: Set(None),
        };
        change(&mut row);
        list_setting::Entity::insert(row)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}
