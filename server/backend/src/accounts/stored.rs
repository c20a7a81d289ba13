//! People, roles, keys and what holds for all of them, as they are checked against the log.

use super::{
    policy,
    providers::{ProviderRecord, RoleNames},
    records::{ApiKeyRecord, RoleRecord, SignInPolicyRecord, UserRecord, WorkspaceRecord},
    rows,
};
use crate::{
    Error, Result,
    drift::{
        Sayings,
        family::{Family, Life, Moment, Stored, Visitor},
    },
};
use async_trait::async_trait;
use daybook_domain::{about::About, event::Event, permission::BuiltInRole, settings::SignInPolicy};
use daybook_entity::{api_key, identity, identity_provider, role, user, workspace};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The workspace and what it asks of those who sign in: one row.
pub(crate) struct Settings;

#[async_trait]
impl Family for Settings {
    fn lives(&self) -> Vec<Life> {
        vec![
            Life::new("workspace", &["created"], &[]),
            Life::new("sign_in_policy", &[], &[]),
        ]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let row = workspace_row(moment).await?;
        let about = |kind| About::new(kind, row.id);
        let own = Stored::of(
            about("workspace"),
            &row.name,
            row.created_at,
            Ok(WorkspaceRecord::new(&row)),
        )?;
        // Older workspaces served no product, and had no courses.
        to.thing(own.from(json!({"helpdesk_integration": "none", "courses_module": false})))?;
        let first = SignInPolicyRecord::of(&row, SignInPolicy::default());
        let first = serde_json::to_value(first).map_err(Error::damaged)?;
        let policy = policy::of(&row).map(|policy| SignInPolicyRecord::of(&row, policy));
        let asked = Stored::of(about("sign_in_policy"), &row.name, row.created_at, policy)?;
        to.thing(asked.from(first))
    }
}

async fn workspace_row(moment: &Moment<'_>) -> Result<workspace::Model> {
    let row = workspace::Entity::find_by_id(moment.workspace.0)
        .one(moment.db)
        .await?;
    row.ok_or_else(|| Error::damaged("the workspace is gone"))
}

/// Roles, and the users who have them.
pub(crate) struct People;

#[async_trait]
impl Family for People {
    fn lives(&self) -> Vec<Life> {
        vec![
            Life::new("role", &["created"], &["deleted"]),
            Life::new("user", &["created", "invited", "provisioned"], &["deleted"]),
        ]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        // The demo's people come with its workspace, and without a word.
        let founded = workspace_row(moment).await?.created_at;
        let roles = role::Entity::find()
            .filter(role::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        let names: HashMap<_, _> = roles.iter().map(|role| (role.id, role.name.as_str())).collect();
        for role in &roles {
            let stored = Stored::of(
                About::new("role", role.id),
                &role.name,
                role.created_at,
                RoleRecord::new(role),
            )?;
            // What nobody can give a role by changing it.
            let built_in = BuiltInRole::ALL.into_iter().find(|of| of.name() == role.name);
            to.thing(Stored {
                is_older: role.created_at == founded,
                ..stored
                    .beside("name_key", role.name_key.as_str(), rows::key(&role.name))
                    .beside(
                        "built_in",
                        role.built_in.clone(),
                        built_in.map(rows::built_in_name),
                    )
            })?;
        }
        let users = user::Entity::find()
            .filter(user::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        let linked = identity::Entity::find()
            .filter(identity::Column::WorkspaceId.eq(moment.workspace.0))
            .order_by_asc(identity::Column::CreatedAt)
            .order_by_asc(identity::Column::ProviderId)
            .order_by_asc(identity::Column::Subject)
            .all(moment.db)
            .await?;
        let mut identities: HashMap<_, Vec<_>> = HashMap::new();
        for identity in linked {
            identities.entry(identity.user_id).or_default().push(identity);
        }
        for user in &users {
            let role = names.get(&user.role_id).copied();
            let own = identities.get(&user.id).map_or(&[][..], Vec::as_slice);
            let stored = Stored::of(
                About::new("user", user.id),
                &user.name,
                user.created_at,
                role.map(|role| UserRecord::new(user, role, None, own))
                    .ok_or_else(|| Error::damaged("a user without a role")),
            )?;
            to.thing(Stored {
                is_older: user.created_at == founded,
                ..stored
                    .beside("name_key", user.name_key.as_str(), rows::key(&user.name))
                    .beside("email_key", user.email_key.as_str(), rows::key(&user.email))
            })?;
        }
        Ok(())
    }

    /// A user's record has the name of their role.
    fn overhear(&self, event: &Event, said: &mut Sayings) {
        if let Some((before, after)) = renamed(event, "role") {
            said.rename("user", "role", before, after);
        }
    }
}

/// What a thing of a kind was called and is called now, where a record says that this changed.
pub(crate) fn renamed<'a>(event: &'a Event, kind: &str) -> Option<(&'a Value, &'a Value)> {
    event.body.target().filter(|target| target.kind == kind)?;
    let change = event
        .body
        .changes
        .iter()
        .find(|change| change.property == "name")?;
    let both = !change.before.is_null() && !change.after.is_null();
    both.then_some((&change.before, &change.after))
}

/// By whom people can prove who they are.
pub(crate) struct Providers;

#[async_trait]
impl Family for Providers {
    fn lives(&self) -> Vec<Life> {
        vec![Life::new("identity_provider", &["created"], &["deleted"])]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let rows = identity_provider::Entity::find()
            .filter(identity_provider::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        let roles = RoleNames::all(moment.db, moment.workspace).await?;
        for row in &rows {
            let stored = Stored::of(
                About::new("identity_provider", row.id),
                &row.name,
                row.created_at,
                ProviderRecord::new(row, &roles),
            )?;
            to.thing(stored.beside("name_key", row.name_key.as_str(), rows::key(&row.name)))?;
        }
        Ok(())
    }
}

/// Keys for programs.
pub(crate) struct Keys;

#[async_trait]
impl Family for Keys {
    fn lives(&self) -> Vec<Life> {
        vec![Life::new("api_key", &["created"], &[])]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let keys = api_key::Entity::find()
            .filter(api_key::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        for key in &keys {
            let thing = About::new("api_key", key.id);
            to.thing(Stored::of(
                thing,
                &key.name,
                key.created_at,
                ApiKeyRecord::new(key),
            )?)?;
        }
        Ok(())
    }
}
