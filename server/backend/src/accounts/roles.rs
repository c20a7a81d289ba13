//! Roles: named sets of permissions. Nobody can put more into a role than they hold; the built-in three keep their
//! names, and Administrator keeps every permission.

use super::{
    Accounts, outside, providers,
    records::RoleRecord,
    rows::{self, within_own},
};
use crate::{
    Error, Result,
    record::{Done, has_seen, record, seen},
    writer::WriteTx,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::{Role, RoleForm, UserStatus},
    id::{RoleId, WorkspaceId},
    permission::{BuiltInRole, ManageRoles, ManageUsers, Permission, PermissionSet},
    ports::Roles,
    seen::Tag,
    viewer::Granted,
};
use daybook_entity::{role, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

const LONGEST_DESCRIPTION: usize = 1000;

/// A form with everything in it checked that can be checked by itself.
struct Filled {
    name: String,
    description: String,
    permissions: PermissionSet,
}

impl Filled {
    fn check(form: RoleForm) -> Result<Self> {
        let description = form.description.trim();
        if description.chars().count() > LONGEST_DESCRIPTION {
            let reason = format!("A description has at most {LONGEST_DESCRIPTION} characters.");
            return Err(Told::invalid("description", reason).into());
        }
        if description.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            return Err(Told::invalid("description", "A description can't hold control characters.").into());
        }
        Ok(Self {
            name: rows::name("name", &form.name)?,
            description: description.to_owned(),
            permissions: form.permissions.into_iter().collect(),
        })
    }

    fn stored(&self) -> String {
        rows::to_json(self.permissions.iter().map(|permission| permission.name()))
    }
}

/// Refuses a name another role has. Compared in lower case.
async fn name_is_free(tx: &WriteTx, workspace: WorkspaceId, name: &str, own: Option<Uuid>) -> Result<()> {
    match rows::role_by_name(tx.db(), workspace, name).await? {
        Some(other) if Some(other.id) != own => {
            Err(Told::invalid("name", format!("There is a role “{}” already.", other.name)).into())
        }
        _ => Ok(()),
    }
}

async fn users_with<C: ConnectionTrait>(db: &C, role: &role::Model) -> Result<u64> {
    Ok(user::Entity::find()
        .filter(user::Column::WorkspaceId.eq(role.workspace_id))
        .filter(user::Column::RoleId.eq(role.id))
        .count(db)
        .await?)
}

fn shown(role: &role::Model, users: u64) -> Result<Role> {
    Ok(Role {
        id: RoleId(role.id),
        name: role.name.clone(),
        description: role.description.clone(),
        built_in: rows::built_in(role.built_in.as_deref()),
        permissions: rows::permissions_of(role)?,
        needs_second_factor: role.needs_second_factor,
        users,
        seen: seen(&RoleRecord::new(role)?)?,
    })
}

/// Built-in roles first, in their own order, then by name.
fn in_order(roles: &mut [role::Model]) {
    roles.sort_by_cached_key(|role| {
        let own = rows::built_in(role.built_in.as_deref());
        let place = BuiltInRole::ALL
            .iter()
            .position(|built_in| Some(*built_in) == own);
        (place.unwrap_or(usize::MAX), role.name_key.clone())
    });
}

/// The roles that allow something, in the order of the list.
pub(crate) async fn roles_with<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    permission: Permission,
) -> Result<Vec<role::Model>> {
    let mut allowing = Vec::new();
    for role in all_rows(db, workspace).await? {
        if rows::permissions_of(&role)?.contains(&permission) {
            allowing.push(role);
        }
    }
    Ok(allowing)
}

/// The users who may do something, and can sign in, by name.
pub(crate) async fn active_users_with<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    permission: Permission,
) -> Result<Vec<user::Model>> {
    let roles = roles_with(db, workspace, permission).await?;
    Ok(user::Entity::find()
        .filter(user::Column::WorkspaceId.eq(workspace.0))
        .filter(user::Column::RoleId.is_in(roles.into_iter().map(|role| role.id)))
        .filter(user::Column::Status.eq(UserStatus::Active.name()))
        .order_by_asc(user::Column::NameKey)
        .order_by_asc(user::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn all_rows<C: ConnectionTrait>(db: &C, workspace: WorkspaceId) -> Result<Vec<role::Model>> {
    let mut roles = role::Entity::find()
        .filter(role::Column::WorkspaceId.eq(workspace.0))
        .order_by_asc(role::Column::NameKey)
        .all(db)
        .await?;
    in_order(&mut roles);
    Ok(roles)
}

#[async_trait]
impl Roles for Accounts {
    async fn list_roles(&self, who: &Granted<ManageRoles>) -> daybook_domain::Result<Vec<Role>> {
        self.all_roles(who.workspace())
            .await
            .map_err(outside(who.viewer()))
    }

    async fn role_choices(
        &self,
        who: &Granted<ManageUsers>,
    ) -> daybook_domain::Result<Vec<(RoleId, String)>> {
        let roles = self
            .role_rows(who.workspace())
            .await
            .map_err(outside(who.viewer()))?;
        Ok(roles
            .into_iter()
            .map(|role| (RoleId(role.id), role.name))
            .collect())
    }

    async fn role(&self, who: &Granted<ManageRoles>, id: RoleId) -> daybook_domain::Result<Role> {
        self.one_role(who.workspace(), id)
            .await
            .map_err(outside(who.viewer()))
    }

    async fn create_role(&self, who: &Granted<ManageRoles>, form: RoleForm) -> daybook_domain::Result<Role> {
        self.change(who.viewer(), "create a role", move |tx, who| {
            Box::pin(async move {
                let filled = Filled::check(form)?;
                within_own(who, &filled.permissions)?;
                name_is_free(tx, who.workspace(), &filled.name, None).await?;
                let row = role::ActiveModel {
                    workspace_id: Set(who.workspace().0),
                    id: Set(tx.new_id()),
                    name_key: Set(rows::key(&filled.name)),
                    permissions: Set(filled.stored()),
                    name: Set(filled.name),
                    description: Set(filled.description),
                    built_in: Set(None),
                    created_at: Set(tx.now().micros()),
                    needs_second_factor: Set(false),
                };
                let made = role::Entity::insert(row).exec_with_returning(tx.db()).await?;
                record(tx, who, &Done::created(&RoleRecord::new(&made)?))?;
                shown(&made, 0)
            })
        })
        .await
    }

    async fn update_role(
        &self,
        who: &Granted<ManageRoles>,
        id: RoleId,
        seen: &Tag,
        form: RoleForm,
    ) -> daybook_domain::Result<Role> {
        let seen = seen.clone();
        self.change(who.viewer(), "change a role", move |tx, who| {
            Box::pin(async move {
                let before = rows::role(tx.db(), who.workspace(), id.0).await?;
                has_seen(&seen, &RoleRecord::new(&before)?)?;
                let filled = Filled::check(form)?;
                let had = rows::permissions_of(&before)?;
                let built_in = rows::built_in(before.built_in.as_deref());
                if built_in == Some(BuiltInRole::Administrator) && filled.permissions != had {
                    return Err(
                        Told::conflict("An Administrator may do everything; that can't be changed.").into(),
                    );
                }
                if built_in.is_some() && filled.name != before.name {
                    return Err(
                        Told::conflict(format!("“{}” is built in and keeps its name.", before.name)).into(),
                    );
                }
                within_own(who, &filled.permissions.difference(&had).copied().collect())?;
                name_is_free(tx, who.workspace(), &filled.name, Some(before.id)).await?;
                let mut row = before.clone().into_active_model();
                row.name_key = Set(rows::key(&filled.name));
                row.permissions = Set(filled.stored());
                row.name = Set(filled.name);
                row.description = Set(filled.description);
                let after = role::Entity::update(row).exec(tx.db()).await?;
                record(
                    tx,
                    who,
                    &Done::updated(&RoleRecord::new(&before)?, &RoleRecord::new(&after)?),
                )?;
                shown(&after, users_with(tx.db(), &after).await?)
            })
        })
        .await
    }

    async fn need_second_factor(
        &self,
        who: &Granted<ManageRoles>,
        id: RoleId,
        needed: bool,
    ) -> daybook_domain::Result<()> {
        self.change(
            who.viewer(),
            "say whether a role needs a second factor",
            move |tx, who| {
                Box::pin(async move {
                    let before = rows::role(tx.db(), who.workspace(), id.0).await?;
                    // Who may less than those who have it doesn't make coming in easier for them.
                    within_own(who, &rows::permissions_of(&before)?)?;
                    if before.needs_second_factor == needed {
                        return Ok(());
                    }
                    let mut row = before.clone().into_active_model();
                    row.needs_second_factor = Set(needed);
                    let after = role::Entity::update(row).exec(tx.db()).await?;
                    record(
                        tx,
                        who,
                        &Done::updated(&RoleRecord::new(&before)?, &RoleRecord::new(&after)?),
                    )
                })
            },
        )
        .await
    }

    async fn delete_role(&self, who: &Granted<ManageRoles>, id: RoleId) -> daybook_domain::Result<()> {
        self.change(who.viewer(), "delete a role", move |tx, who| {
            Box::pin(async move {
                let role = rows::role(tx.db(), who.workspace(), id.0).await?;
                let name = &role.name;
                if role.built_in.is_some() {
                    return Err(Told::conflict(format!("“{name}” is built in and can't be deleted.")).into());
                }
                let users = users_with(tx.db(), &role).await?;
                if users > 0 {
                    let have = if users == 1 {
                        "1 user has".to_owned()
                    } else {
                        format!("{users} users have")
                    };
                    let reason = format!("{have} the role “{name}”. Give them another one first.");
                    return Err(Told::conflict(reason).into());
                }
                if let Some(provider) = providers::giving(tx.db(), &role).await? {
                    let reason = format!(
                        "The identity provider “{provider}” gives the role “{name}”. Change that first."
                    );
                    return Err(Told::conflict(reason).into());
                }
                crate::views::unshare(tx, who, &role).await?;
                role::Entity::delete_by_id((role.workspace_id, role.id))
                    .exec(tx.db())
                    .await?;
                record(tx, who, &Done::deleted(&RoleRecord::new(&role)?))
            })
        })
        .await
    }
}

impl Accounts {
    async fn role_rows(&self, workspace: WorkspaceId) -> Result<Vec<role::Model>> {
        all_rows(&self.0.db.read, workspace).await
    }

    async fn all_roles(&self, workspace: WorkspaceId) -> Result<Vec<Role>> {
        let users: Vec<(Uuid, i64)> = user::Entity::find()
            .select_only()
            .column(user::Column::RoleId)
            .column_as(user::Column::Id.count(), "users")
            .filter(user::Column::WorkspaceId.eq(workspace.0))
            .group_by(user::Column::RoleId)
            .into_tuple()
            .all(&self.0.db.read)
            .await?;
        let users: HashMap<_, _> = users.into_iter().collect();
        let count = |role: &role::Model| {
            u64::try_from(users.get(&role.id).copied().unwrap_or_default()).map_err(Error::damaged)
        };
        self.role_rows(workspace)
            .await?
            .iter()
            .map(|role| shown(role, count(role)?))
            .collect()
    }

    async fn one_role(&self, workspace: WorkspaceId, id: RoleId) -> Result<Role> {
        let role = rows::role(&self.0.db.read, workspace, id.0).await?;
        shown(&role, users_with(&self.0.db.read, &role).await?)
    }
}
