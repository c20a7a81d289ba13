//! What an endpoint's messages are signed with and what is sent along: secrets, sealed where they are stored.

use super::Endpoint;
use crate::{
    Error, Result,
    delivery::{
        http,
        sealed::Keyring,
        signature::{BYTES, SigningSecret},
    },
    local_time::Reader,
    secrets::Resealed,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::{ShownOnce, WithSecret},
    catalogue::OwnType,
    event::Change,
    id::{ObjectId, WebhookSecretId, WorkspaceId},
    time::Timestamp,
    viewer::Viewer,
    webhook::{
        MAX_HEADER_BYTES, MAX_HEADER_NAME, MAX_HEADERS, MAX_SECRETS, OLD_SECRET_SECONDS, Signing, SigningKey,
    },
};
use daybook_entity::{
    webhook_header::{self, Column as H},
    webhook_secret::{self, Column as S},
};
use rand::TryRng;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, USER_AGENT};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// Headers that are Daybook's own to say, beside those that say how a message is carried.
const OURS: [HeaderName; 3] = [CONTENT_TYPE, COOKIE, USER_AGENT];

/// A header that is sent along.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub name: String,
    pub value: SecretString,
}

impl Header {
    /// # Errors
    /// `Invalid` where it can't be one.
    pub(super) fn parse(name: &str, value: &str) -> Result<Self, Told> {
        let name = name.trim().to_ascii_lowercase();
        let known = HeaderName::from_bytes(name.as_bytes()).ok();
        let Some(known) = known.filter(|_| name.len() <= MAX_HEADER_NAME) else {
            return Err(Told::invalid(
                "name",
                "This is not the name of a header, such as Authorization.",
            ));
        };
        if OURS.contains(&known) || http::OURS.contains(&known) || name.starts_with("webhook-") {
            return Err(Told::invalid(
                "name",
                format!("“{name}” is Daybook's own to say."),
            ));
        }
        let value = value.trim();
        if value.is_empty() {
            return Err(Told::invalid("value", "This is required."));
        }
        if value.len() > MAX_HEADER_BYTES {
            return Err(Told::invalid(
                "value",
                format!("This is longer than {MAX_HEADER_BYTES} bytes."),
            ));
        }
        if HeaderValue::from_str(value).is_err() {
            return Err(Told::invalid(
                "value",
                "A header holds one line of letters, digits and signs of ASCII.",
            ));
        }
        Ok(Self {
            name,
            value: value.into(),
        })
    }
}

fn secret_place(workspace: WorkspaceId, endpoint: ObjectId, id: uuid::Uuid) -> String {
    format!("webhook_secret/{workspace}/{endpoint}/{id}")
}

/// A header is sealed for where it is sent to: whoever changes the address doesn't get to know it.
fn header_place(workspace: WorkspaceId, endpoint: &Endpoint, name: &str) -> String {
    let (id, origin) = (endpoint.id, endpoint.origin());
    format!("webhook_header/{workspace}/{id}/{origin}/{name}")
}

/// What an endpoint's messages are sent with.
pub(super) struct Signs {
    /// The newest first.
    pub secrets: Vec<SigningSecret>,
    pub headers: Vec<Header>,
}

/// Why nothing can be sent, as a sentence for whoever looks after the endpoint.
pub(super) type CantSign = String;

impl Signs {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        endpoint: &Endpoint,
        keys: &Keyring,
        now: Timestamp,
    ) -> Result<Result<Self, CantSign>> {
        let (mut secrets, mut unopened) = (Vec::new(), None);
        for row in valid(db, workspace, endpoint.id, now).await? {
            let text = keys.kept(&secret_place(workspace, endpoint.id, row.id), &row.sealed);
            let secret = text.and_then(|text| {
                SigningSecret::parse(text.expose_secret()).map_err(|error| error.to_string())
            });
            match secret {
                Ok(secret) => secrets.push(secret),
                // Another may do.
                Err(why) => unopened = Some(why),
            }
        }
        if secrets.is_empty() {
            return Ok(Err(match unopened {
                Some(why) => format!("The signing secret can't be opened: {why}. Make a new one."),
                None => "There is no signing secret. Make one.".to_owned(),
            }));
        }
        let mut headers = Vec::new();
        for row in headers_of(db, workspace, endpoint.id).await? {
            match keys.kept(&header_place(workspace, endpoint, &row.name), &row.sealed) {
                Ok(value) => headers.push(Header {
                    name: row.name,
                    value,
                }),
                Err(why) => {
                    return Ok(Err(format!(
                        "The header “{}” was set for another address, or can't be opened ({why}). Set it again.",
                        row.name
                    )));
                }
            }
        }
        Ok(Ok(Self { secrets, headers }))
    }
}

/// The secrets that sign, the newest first.
async fn valid(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    endpoint: ObjectId,
    now: Timestamp,
) -> Result<Vec<webhook_secret::Model>> {
    let valid = Condition::any()
        .add(S::ExpiresAt.is_null())
        .add(S::ExpiresAt.gt(now.micros()));
    Ok(webhook_secret::Entity::find()
        .filter(S::WorkspaceId.eq(workspace.0))
        .filter(S::EndpointId.eq(endpoint.0))
        .filter(valid)
        .order_by_desc(S::CreatedAt)
        .order_by_desc(S::Id)
        .all(db)
        .await?)
}

async fn headers_of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    endpoint: ObjectId,
) -> Result<Vec<webhook_header::Model>> {
    Ok(webhook_header::Entity::find()
        .filter(H::WorkspaceId.eq(workspace.0))
        .filter(H::EndpointId.eq(endpoint.0))
        .order_by_asc(H::Name)
        .all(db)
        .await?)
}

pub(super) async fn state(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    endpoint: ObjectId,
    reader: &Reader,
) -> Result<Signing> {
    let mut secrets = Vec::new();
    for row in valid(db, workspace, endpoint, reader.now()).await? {
        secrets.push(SigningKey {
            id: WebhookSecretId(row.id),
            created: reader.stored(row.created_at)?,
            expires: row.expires_at.map(|at| reader.stored(at)).transpose()?,
        });
    }
    let headers = headers_of(db, workspace, endpoint).await?;
    Ok(Signing {
        secrets,
        headers: headers.into_iter().map(|row| row.name).collect(),
    })
}

/// Makes a secret. Those before it sign for a day beside it.
pub(super) async fn add(
    tx: &mut WriteTx,
    who: &Viewer,
    keys: &Keyring,
    endpoint: &Endpoint,
) -> Result<WithSecret<Signing>> {
    let (workspace, now) = (who.workspace(), tx.now());
    let before = valid(tx.db(), workspace, endpoint.id, now).await?;
    if before.len() >= MAX_SECRETS {
        let reason = format!("There are {MAX_SECRETS} secrets, which is the most. Remove one first.");
        return Err(Told::conflict(reason).into());
    }
    let mut random = [0; BYTES];
    rand::rngs::SysRng
        .try_fill_bytes(&mut random)
        .map_err(Error::damaged)?;
    let secret = SigningSecret::new(random).text();
    let id = tx.new_id();
    let place = secret_place(workspace, endpoint.id, id);
    let sealed = keys.keep(&place, &secret)?;
    let until = now.plus_seconds(OLD_SECRET_SECONDS);
    let is_first = before.is_empty();
    for row in before {
        if row.expires_at.is_none_or(|at| at > until.micros()) {
            let mut row = row.into_active_model();
            row.expires_at = Set(Some(until.micros()));
            webhook_secret::Entity::update(row).exec(tx.db()).await?;
        }
    }
    let row = webhook_secret::Model {
        workspace_id: workspace.0,
        endpoint_id: endpoint.id.0,
        id,
        sealed,
        created_at: now.micros(),
        expires_at: None,
    };
    webhook_secret::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    let summary = format!("Added a signing secret to webhook endpoint “{}”", endpoint.name);
    let mut event = endpoint.event(OwnType::WebhookSecretAdded, who, tx, summary);
    if !is_first {
        event
            .metadata
            .insert("expires_at".to_owned(), json!(until.to_string()));
    }
    tx.record(workspace, event);
    Ok(WithSecret {
        thing: state(tx.db(), workspace, endpoint.id, &Reader::viewer(who, now)).await?,
        secret: ShownOnce::new(secret.expose_secret().to_owned()),
    })
}

pub(super) async fn remove(
    tx: &mut WriteTx,
    who: &Viewer,
    endpoint: &Endpoint,
    id: WebhookSecretId,
) -> Result<()> {
    let workspace = who.workspace();
    let known = valid(tx.db(), workspace, endpoint.id, tx.now()).await?;
    let others = known.iter().filter(|row| row.id != id.0).count();
    if others == known.len() {
        return Err(Told::NotFound.into());
    }
    if others == 0 {
        let reason =
            "This is the only secret: without one nothing is sent. Add another first, or pause the endpoint.";
        return Err(Told::conflict(reason).into());
    }
    webhook_secret::Entity::delete_by_id((workspace.0, endpoint.id.0, id.0))
        .exec(tx.db())
        .await?;
    // One signs on: the newest of those that stay.
    let newest = known.into_iter().find(|row| row.id != id.0);
    if let Some(row) = newest.filter(|row| row.expires_at.is_some()) {
        let mut row = row.into_active_model();
        row.expires_at = Set(None);
        webhook_secret::Entity::update(row).exec(tx.db()).await?;
    }
    let summary = format!(
        "Removed a signing secret from webhook endpoint “{}”",
        endpoint.name
    );
    let event = endpoint.event(OwnType::WebhookSecretRemoved, who, tx, summary);
    tx.record(workspace, event);
    Ok(())
}

pub(super) async fn set_header(
    tx: &mut WriteTx,
    who: &Viewer,
    keys: &Keyring,
    endpoint: &Endpoint,
    header: Header,
) -> Result<()> {
    let workspace = who.workspace();
    let known = headers_of(tx.db(), workspace, endpoint.id).await?;
    if known.len() >= MAX_HEADERS && known.iter().all(|row| row.name != header.name) {
        let reason = format!("There are {MAX_HEADERS} headers, which is the most. Remove one first.");
        return Err(Told::conflict(reason).into());
    }
    let place = header_place(workspace, endpoint, &header.name);
    let sealed = keys.keep(&place, &header.value)?;
    let row = webhook_header::Model {
        workspace_id: workspace.0,
        endpoint_id: endpoint.id.0,
        name: header.name.clone(),
        sealed,
    };
    let mut in_place = sea_orm::sea_query::OnConflict::columns([H::WorkspaceId, H::EndpointId, H::Name]);
    in_place.update_column(H::Sealed);
    webhook_header::Entity::insert(row.into_active_model())
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    headers_changed(tx, who, endpoint).await
}

pub(super) async fn remove_header(
    tx: &mut WriteTx,
    who: &Viewer,
    endpoint: &Endpoint,
    name: &str,
) -> Result<()> {
    let removed = webhook_header::Entity::delete_by_id((who.workspace().0, endpoint.id.0, name.to_owned()))
        .exec(tx.db())
        .await?;
    if removed.rows_affected == 0 {
        return Err(Told::NotFound.into());
    }
    headers_changed(tx, who, endpoint).await
}

async fn headers_changed(tx: &mut WriteTx, who: &Viewer, endpoint: &Endpoint) -> Result<()> {
    let names = headers_of(tx.db(), who.workspace(), endpoint.id).await?;
    let names: Vec<_> = names.into_iter().map(|row| row.name).collect();
    let summary = format!("Changed the headers of webhook endpoint “{}”", endpoint.name);
    let mut event = endpoint.event(OwnType::WebhookHeadersChanged, who, tx, summary);
    event.changes = vec![Change::secret("headers")];
    event.metadata.insert("names".to_owned(), json!(names));
    tx.record(who.workspace(), event);
    Ok(())
}

/// Seals the secrets and headers of all endpoints with the key that seals now.
pub(crate) async fn reseal(
    tx: &WriteTx,
    who: &Viewer,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    let workspace = who.workspace();
    let secrets = webhook_secret::Entity::find().filter(S::WorkspaceId.eq(workspace.0));
    for row in secrets.all(tx.db()).await? {
        let place = secret_place(workspace, ObjectId(row.endpoint_id), row.id);
        if let Some(sealed) = resealed.one(keys, &place, &row.sealed)? {
            let mut row = row.into_active_model();
            row.sealed = Set(sealed);
            webhook_secret::Entity::update(row).exec(tx.db()).await?;
        }
    }
    let headers = webhook_header::Entity::find().filter(H::WorkspaceId.eq(workspace.0));
    for row in headers.all(tx.db()).await? {
        let endpoint = Endpoint::find(tx.db(), workspace, ObjectId(row.endpoint_id)).await?;
        let place = header_place(workspace, &endpoint, &row.name);
        if let Some(sealed) = resealed.one(keys, &place, &row.sealed)? {
            let mut row = row.into_active_model();
            row.sealed = Set(sealed);
            webhook_header::Entity::update(row).exec(tx.db()).await?;
        }
    }
    Ok(())
}
