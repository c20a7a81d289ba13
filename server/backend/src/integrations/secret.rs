//! What an integration is sent with that nobody may read: sealed for where it is sent to. Whoever has it sent elsewhere
//! doesn't get to know it.

use super::integration::Integration;
use crate::{Result, delivery::sealed::Keyring, secrets::Resealed, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    event::Change,
    id::{ObjectId, WorkspaceId},
    integration::{IntegrationType, MAX_SECRET_BYTES},
    viewer::Viewer,
};
use daybook_entity::integration_secret::{self, Column as C};
use reqwest::header::HeaderValue;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use secrecy::SecretString;
use std::collections::HashSet;
use uuid::Uuid;

/// For what it is sealed.
fn place(workspace: WorkspaceId, integration: &Integration) -> String {
    let (id, of_type) = (integration.id, integration.of_type);
    let to = match of_type {
        // It is the address itself.
        IntegrationType::Slack | IntegrationType::Teams => String::new(),
        IntegrationType::S3 => format!("{}/{}", integration.origin(), integration.text("access_key")),
        _ => integration.origin(),
    };
    format!("integration_secret/{workspace}/{id}/{of_type}/{to}")
}

/// What somebody typed, where it can be such a secret.
fn checked(of_type: IntegrationType, typed: &str) -> Result<SecretString, Told> {
    let wrong = |reason: &str| Told::invalid("secret", reason);
    let text = typed.trim();
    if text.is_empty() {
        return Err(wrong("This is required."));
    }
    if text.len() > MAX_SECRET_BYTES {
        let reason = format!("This is longer than {MAX_SECRET_BYTES} bytes.");
        return Err(Told::invalid("secret", reason));
    }
    match of_type {
        IntegrationType::Slack | IntegrationType::Teams => {
            let url = reqwest::Url::parse(text).ok();
            if !url.is_some_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()) {
                return Err(wrong(
                    "This is not an address that begins with https:// or http://.",
                ));
            }
        }
        _ if HeaderValue::from_str(text).is_err() => {
            return Err(wrong(
                "This holds more than one line of letters, digits and signs of ASCII.",
            ));
        }
        _ => {}
    }
    Ok(text.into())
}

async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ObjectId,
) -> Result<Option<integration_secret::Model>> {
    Ok(integration_secret::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?)
}

/// Those that have one.
pub(super) async fn holders(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = integration_secret::Entity::find()
        .select_only()
        .column(C::IntegrationId)
        .filter(C::WorkspaceId.eq(workspace.0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Whether nothing can be sent for want of it.
pub(super) fn is_wanting(integration: &Integration, holders: &HashSet<Uuid>) -> bool {
    let needed = integration.of_type.secret().is_some_and(|secret| secret.required);
    needed && !holders.contains(&integration.id.0)
}

/// The secret, where there is one. The inner error says why it can't be had, as a sentence.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    integration: &Integration,
    keys: &Keyring,
) -> Result<Result<Option<SecretString>, String>> {
    let Some(spec) = integration.of_type.secret() else {
        return Ok(Ok(None));
    };
    let Some(row) = find(db, workspace, integration.id).await? else {
        return Ok(if spec.required {
            Err(format!("{} is missing. Set it.", spec.title))
        } else {
            Ok(None)
        });
    };
    let open = keys.kept(&place(workspace, integration), &row.sealed);
    Ok(open.map(Some).map_err(|why| {
        format!(
            "{} was set for another address, or can't be opened ({why}). Set it again.",
            spec.title
        )
    }))
}

pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    keys: &Keyring,
    integration: &Integration,
    typed: &str,
) -> Result<()> {
    if integration.of_type.secret().is_none() {
        let reason = format!("{} takes nothing of the kind.", integration.of_type.title());
        return Err(Told::conflict(reason).into());
    }
    let workspace = who.workspace();
    let is_optional = integration
        .of_type
        .secret()
        .is_some_and(|secret| !secret.required);
    if typed.trim().is_empty() && is_optional {
        integration_secret::Entity::delete_by_id((workspace.0, integration.id.0))
            .exec(tx.db())
            .await?;
        told(tx, who, integration, "Took the secret away from");
        return Ok(());
    }
    let secret = checked(integration.of_type, typed)?;
    let row = integration_secret::Model {
        workspace_id: workspace.0,
        integration_id: integration.id.0,
        sealed: keys.keep(&place(workspace, integration), &secret)?,
    };
    let mut in_place = OnConflict::columns([C::WorkspaceId, C::IntegrationId]);
    in_place.update_column(C::Sealed);
    integration_secret::Entity::insert(row.into_active_model())
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    told(tx, who, integration, "Set the secret of");
    Ok(())
}

fn told(tx: &mut WriteTx, who: &Viewer, integration: &Integration, done: &str) {
    let summary = format!("{done} integration “{}”", integration.name);
    let mut event = integration.event(OwnType::IntegrationSecretSet, who, tx, summary);
    event.changes = vec![Change::secret("secret")];
    tx.record(who.workspace(), event);
}

/// Seals all of them with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    for integration in Integration::all(tx.db(), workspace).await? {
        let Some(row) = find(tx.db(), workspace, integration.id).await? else {
            continue;
        };
        if let Some(sealed) = resealed.one(keys, &place(workspace, &integration), &row.sealed)? {
            let mut row = row.into_active_model();
            row.sealed = Set(sealed);
            integration_secret::Entity::update(row).exec(tx.db()).await?;
        }
    }
    Ok(())
}
