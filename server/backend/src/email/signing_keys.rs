//! What providers' requests are checked with: the key each signs with, sealed.

use crate::{
    Error, Result,
    delivery::sealed::Keyring,
    local_time::Reader,
    record::{Done, Recorded, record},
    secrets::Resealed,
    writer::WriteTx,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use daybook_domain::{
    Error as Told,
    diff::SecretMark,
    email::{EmailProvider, NewPassword, ProviderState},
    id::WorkspaceId,
    viewer::Viewer,
};
use daybook_entity::email_provider::{self, Column as C};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use secrecy::SecretString;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Longest key, in characters.
const MAX_CHARS: usize = 2_000;

/// Whether a key is kept, as the log compares it.
#[derive(Debug, Serialize)]
pub(super) struct ProviderRecord {
    #[serde(skip)]
    provider: EmailProvider,
    signing_key: Option<SecretMark>,
}

impl ProviderRecord {
    fn new(provider: EmailProvider, sealed: Option<&[u8]>) -> Self {
        // Sealed twice, the same is another: nothing of the key can be guessed from it.
        let mark = |sealed: &[u8]| SecretMark(hex::encode(&Sha256::digest(sealed)[..16]));
        Self {
            provider,
            signing_key: sealed.map(mark),
        }
    }
}

impl Recorded for ProviderRecord {
    fn kind(&self) -> &'static str {
        "email_provider"
    }

    fn id(&self) -> String {
        self.provider.name().to_owned()
    }

    fn name(&self) -> String {
        self.provider.title().to_owned()
    }
}

fn place(workspace: WorkspaceId, provider: EmailProvider) -> String {
    format!("email_provider/{workspace}/{provider}")
}

async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    provider: EmailProvider,
) -> Result<Option<email_provider::Model>> {
    let key = (workspace.0, provider.name().to_owned());
    Ok(email_provider::Entity::find_by_id(key).one(db).await?)
}

/// The key of a provider; `None` where none is kept.
///
/// # Errors
/// Where one is kept that can't be opened: nothing is taken unchecked that was to be checked.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    provider: EmailProvider,
    keys: &Keyring,
) -> Result<Option<SecretString>> {
    let Some(row) = find(db, workspace, provider).await? else {
        return Ok(None);
    };
    let key = keys.kept(&place(workspace, provider), &row.sealed);
    let key = key.map_err(|why| Error::damaged(format!("the signing key of {}: {why}", provider.title())))?;
    Ok(Some(key))
}

/// A provider as the log compares it, and as it was in the beginning.
pub(super) async fn compared(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    provider: EmailProvider,
) -> Result<(ProviderRecord, ProviderRecord)> {
    let row = find(db, workspace, provider).await?;
    let sealed = row.as_ref().map(|row| row.sealed.as_slice());
    Ok((
        ProviderRecord::new(provider, sealed),
        ProviderRecord::new(provider, None),
    ))
}

/// All providers, with whether their requests are checked.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reader: &Reader,
) -> Result<Vec<ProviderState>> {
    let rows = email_provider::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .all(db)
        .await?;
    let mut since: HashMap<_, _> = rows.into_iter().map(|row| (row.provider, row.set_at)).collect();
    let state = |provider: &EmailProvider| {
        let since = since.remove(provider.name());
        Ok(ProviderState {
            provider: *provider,
            key_since: since.map(|at| reader.stored(at)).transpose()?,
        })
    };
    EmailProvider::ALL.iter().map(state).collect()
}

/// Whether something can be what a provider's requests are checked with: with a mistake in it, all would be refused.
fn is_well_formed(provider: EmailProvider, key: &str) -> bool {
    match provider {
        EmailProvider::Sendgrid => STANDARD.decode(key).is_ok(),
        EmailProvider::Ses => key.starts_with("arn:aws"),
        _ => true,
    }
}

/// Keeps a key, or none where none is given.
pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    keys: &Keyring,
    provider: EmailProvider,
    given: &NewPassword,
) -> Result<()> {
    let (workspace, key) = (who.workspace(), given.reveal().trim());
    if key.chars().count() > MAX_CHARS {
        let reason = format!("This is longer than {MAX_CHARS} characters.");
        return Err(Told::invalid("key", reason).into());
    }
    if !key.is_empty() && !is_well_formed(provider, key) {
        let reason = format!("This is not what {} has.", provider.title());
        return Err(Told::invalid("key", reason).into());
    }
    let was = find(tx.db(), workspace, provider).await?;
    let sealed = if key.is_empty() {
        None
    } else {
        Some(keys.keep(&place(workspace, provider), &key.to_owned().into())?)
    };
    match &sealed {
        Some(sealed) => {
            let row = email_provider::Model {
                workspace_id: workspace.0,
                provider: provider.name().to_owned(),
                sealed: sealed.clone(),
                set_at: tx.now().micros(),
            };
            let mut in_place = OnConflict::columns([C::WorkspaceId, C::Provider]);
            in_place.update_columns([C::Sealed, C::SetAt]);
            email_provider::Entity::insert(row.into_active_model())
                .on_conflict(in_place)
                .exec_without_returning(tx.db())
                .await?;
        }
        None => {
            email_provider::Entity::delete_by_id((workspace.0, provider.name().to_owned()))
                .exec(tx.db())
                .await?;
        }
    }
    let before = ProviderRecord::new(provider, was.as_ref().map(|row| row.sealed.as_slice()));
    let after = ProviderRecord::new(provider, sealed.as_deref());
    record(tx, who, &Done::updated(&before, &after))
}

/// Seals the keys of all providers with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    for provider in EmailProvider::ALL.iter().copied() {
        let Some(row) = find(tx.db(), workspace, provider).await? else {
            continue;
        };
        if let Some(sealed) = resealed.one(keys, &place(workspace, provider), &row.sealed)? {
            let mut row = row.into_active_model();
            row.sealed = Set(sealed);
            email_provider::Entity::update(row).exec(tx.db()).await?;
        }
    }
    Ok(())
}
