//! Keys for programs: `dbk_` and 256 random bits. The table holds only their SHA-256.
//!
//! Ingest asks for the owner of a key with every request, so what was found is remembered for a moment, see
//! [`super::known_keys`].

use super::{
    Accounts, digest,
    known_keys::{Found, Hash},
    locked, outside, reader,
    records::ApiKeyRecord,
    rows::{self, within_own},
    secret, touched,
};
use crate::{
    Error, Result,
    local_time::Reader,
    record::{Done, OWN_SOURCE, record},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::{ApiKey, Scope, ShownOnce, WithSecret},
    id::ApiKeyId,
    permission::{ManageApiKeys, Permission, PermissionSet},
    ports::ApiKeys,
    viewer::{Granted, Principal, RequestContext, Viewer},
};
use daybook_entity::api_key;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

const START: &str = "dbk_";
/// `dbk_` and 43 characters of base64url.
const LENGTH: usize = 47;
/// How much of a key may be shown.
const SHOWN: usize = 10;

/// What a scope lets a program see and change of what people need a permission for.
fn permissions(scopes: &[Scope]) -> PermissionSet {
    scopes
        .iter()
        .flat_map(|scope| match scope {
            Scope::EventsWrite | Scope::EmailWrite => [].as_slice(),
            Scope::EventsRead => &[Permission::AuditLogsView, Permission::AuditLogsExport],
            Scope::AnalyticsRead => &[Permission::AnalyticsView],
            Scope::DirectoryWrite => &[Permission::DirectoryView, Permission::DirectoryManage],
        })
        .copied()
        .collect()
}

fn scopes(row: &api_key::Model) -> Result<Vec<Scope>> {
    let names: Vec<String> = serde_json::from_str(&row.scopes)
        .map_err(|error| Error::damaged(format!("the scopes of a key: {error}")))?;
    Ok(names.iter().filter_map(|name| Scope::from_name(name)).collect())
}

fn shown(row: &api_key::Model, reader: &Reader) -> Result<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId(row.id),
        name: row.name.clone(),
        prefix: row.prefix.clone(),
        scopes: scopes(row)?,
        created: reader.stored(row.created_at)?,
        created_by: row.created_by.clone(),
        last_used: row.last_used_at.map(|at| reader.stored(at)).transpose()?,
        revoked: row.revoked_at.map(|at| reader.stored(at)).transpose()?,
    })
}

/// The name of a key becomes the source of its events, so none may pass for Daybook itself.
fn key_name(text: &str) -> Result<String> {
    let name = rows::name("name", text)?;
    if rows::key(&name) == OWN_SOURCE {
        return Err(Told::invalid("name", "“daybook” is what Daybook's own events are marked with.").into());
    }
    Ok(name)
}

#[async_trait]
impl ApiKeys for Accounts {
    async fn list_api_keys(&self, who: &Granted<ManageApiKeys>) -> daybook_domain::Result<Vec<ApiKey>> {
        self.all_keys(who).await.map_err(outside(who.viewer()))
    }

    async fn create_api_key(
        &self,
        who: &Granted<ManageApiKeys>,
        name: &str,
        scopes: Vec<Scope>,
    ) -> daybook_domain::Result<WithSecret<ApiKey>> {
        let name = name.to_owned();
        self.change(who.viewer(), "create an API key", move |tx, who| {
            Box::pin(async move {
                let name = key_name(&name)?;
                if scopes.is_empty() {
                    return Err(Told::invalid("scopes", "Choose at least one thing the key may do.").into());
                }
                within_own(who, &permissions(&scopes))?;
                let key = format!("{START}{}", secret());
                let row = api_key::ActiveModel {
                    workspace_id: Set(who.workspace().0),
                    id: Set(tx.new_id()),
                    name: Set(name),
                    prefix: Set(key.chars().take(SHOWN).collect()),
                    key_hash: Set(digest(&key).to_vec()),
                    scopes: Set(rows::to_json(scopes.iter().map(|scope| scope.name()))),
                    created_at: Set(tx.now().micros()),
                    created_by: Set(who.actor().label()),
                    last_used_at: Set(None),
                    revoked_at: Set(None),
                };
                let made = api_key::Entity::insert(row).exec_with_returning(tx.db()).await?;
                record(tx, who, &Done::created(&ApiKeyRecord::new(&made)?))?;
                Ok(WithSecret {
                    thing: shown(&made, &reader(who, tx))?,
                    secret: ShownOnce::new(key),
                })
            })
        })
        .await
    }

    async fn revoke_api_key(
        &self,
        who: &Granted<ManageApiKeys>,
        id: ApiKeyId,
    ) -> daybook_domain::Result<ApiKey> {
        let revoked = self
            .change(who.viewer(), "revoke an API key", move |tx, who| {
                Box::pin(async move {
                    let mut key = api_key::Entity::find_by_id((who.workspace().0, id.0))
                        .one(tx.db())
                        .await?
                        .ok_or(Told::NotFound)?;
                    if key.revoked_at.is_none() {
                        let before = ApiKeyRecord::new(&key)?;
                        let mut row = key.into_active_model();
                        row.revoked_at = Set(Some(tx.now().micros()));
                        key = api_key::Entity::update(row).exec(tx.db()).await?;
                        let after = ApiKeyRecord::new(&key)?;
                        record(tx, who, &Done::updated(&before, &after).called("revoked"))?;
                    }
                    shown(&key, &reader(who, tx))
                })
            })
            .await;
        // Also where it failed: forgetting costs one look-up, remembering could let a revoked key in.
        locked(&self.0.keys).forget(id.0);
        revoked
    }
}

impl Accounts {
    async fn all_keys(&self, who: &Granted<ManageApiKeys>) -> Result<Vec<ApiKey>> {
        let keys = api_key::Entity::find()
            .filter(api_key::Column::WorkspaceId.eq(who.workspace().0))
            .order_by_desc(api_key::Column::CreatedAt)
            .order_by_desc(api_key::Column::Id)
            .all(&self.0.db.read)
            .await?;
        let reader = self.reader(who.viewer());
        keys.iter().map(|key| shown(key, &reader)).collect()
    }

    /// Whose API key it is and what it may do; `None` where it is unknown or revoked.
    pub async fn viewer_of_api_key(
        &self,
        key: &SecretString,
        request: RequestContext,
    ) -> Result<Option<(Viewer, Vec<Scope>)>> {
        let key = key.expose_secret();
        if key.len() != LENGTH || !key.starts_with(START) {
            return Ok(None);
        }
        let Some(found) = self.find_key(digest(key)).await? else {
            return Ok(None);
        };
        self.touch_key(&found);
        let principal = Principal::ApiKey {
            id: ApiKeyId(found.id),
            name: found.name.clone(),
        };
        let permissions = found.permissions.clone();
        let viewer = Viewer::new(
            found.workspace,
            principal,
            permissions,
            "UTC".to_owned(),
            "API key".to_owned(),
            request,
        );
        Ok(Some((viewer.calling(found.naming), found.scopes.clone())))
    }

    async fn find_key(&self, hash: Hash) -> Result<Option<Arc<Found>>> {
        let now = self.0.clock.now();
        let look_up = match locked(&self.0.keys).get(&hash, now) {
            Ok(found) => return Ok(Some(found)),
            Err(look_up) => look_up,
        };
        let Some(workspace) = self.workspace().await? else {
            return Ok(None);
        };
        let row = api_key::Entity::find()
            .filter(api_key::Column::WorkspaceId.eq(workspace.id.0))
            .filter(api_key::Column::KeyHash.eq(hash.to_vec()))
            .filter(api_key::Column::RevokedAt.is_null())
            .one(&self.0.db.read)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let scopes = scopes(&row)?;
        let found = Arc::new(Found {
            at: now,
            workspace: workspace.id,
            id: row.id,
            permissions: permissions(&scopes),
            scopes,
            name: row.name,
            last_used: row.last_used_at,
            naming: self.naming(workspace.id).await?,
        });
        locked(&self.0.keys).remember(look_up, hash, &found, now);
        Ok(Some(found))
    }

    /// Bookkeeping, not a change of the key: no event.
    fn touch_key(&self, found: &Found) {
        let now = self.0.clock.now();
        if !self.0.touched.due(found.id, found.last_used, now) {
            return;
        }
        let (workspace, id) = (found.workspace.0, found.id);
        self.write_behind("last use of an API key", move |tx| {
            Box::pin(async move {
                let older = Condition::any()
                    .add(api_key::Column::LastUsedAt.is_null())
                    .add(api_key::Column::LastUsedAt.lte(now.micros() - touched::EVERY));
                api_key::Entity::update_many()
                    .col_expr(api_key::Column::LastUsedAt, Expr::value(now.micros()))
                    .filter(api_key::Column::WorkspaceId.eq(workspace))
                    .filter(api_key::Column::Id.eq(id))
                    .filter(older)
                    .exec(tx.db())
                    .await?;
                Ok(())
            })
        });
    }
}
