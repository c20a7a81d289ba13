//! Mails with a link that is for their reader alone: whoever has it can act as them. In the history, and in the database,
//! a text stands in its place; what is sent lies sealed beside, until it was sent, was given up, or the link's time is over.
//! After that nobody can send it again: a new one is to be made.

use super::{message::Sealed, records::OURS, send::Parts};
use crate::{Result, delivery::sealed::Keyring, secrets::Resealed, writer::WriteTx};
use daybook_domain::{email_template::MailTemplate, id::WorkspaceId, time::Timestamp};
use daybook_entity::{
    email_body::{self, Column as B},
    email_message,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// What is sent in place of what is shown.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub parts: Parts,
    /// When the link's time is over.
    pub until: Timestamp,
    pub keys: Keyring,
}

/// Why what is sealed isn't sent.
pub(super) enum Unsent {
    /// Somebody may mend it.
    Sealed(String),
    /// It is of no use any more.
    Over,
}

fn place(workspace: Uuid, message: Uuid) -> String {
    format!("email_body/{workspace}/{message}")
}

impl Secret {
    pub(super) fn sealed(self, workspace: WorkspaceId, message: Uuid) -> Result<Sealed> {
        let Parts { text, html } = self.parts;
        let open: SecretString = serde_json::Value::from(vec![Some(text), html]).to_string().into();
        Ok(Sealed {
            bytes: Some(self.keys.keep(&place(workspace.0, message), &open)?),
            until: self.until,
        })
    }

    /// Of a message that isn't going to be sent.
    pub(super) fn dropped(self) -> Sealed {
        Sealed {
            bytes: None,
            until: self.until,
        }
    }
}

/// What is sent of a message.
pub(super) fn to_send(body: email_body::Model, keys: &Keyring, now: Timestamp) -> Result<Parts, Unsent> {
    let Some(until) = body.sealed_until else {
        return Ok(Parts {
            text: body.body_text.unwrap_or_default(),
            html: body.body_html,
        });
    };
    let sealed = body.sealed.filter(|_| until > now.micros()).ok_or(Unsent::Over)?;
    let open = keys
        .kept(&place(body.workspace_id, body.message_id), &sealed)
        .map_err(Unsent::Sealed)?;
    let parts: [Option<String>; 2] =
        serde_json::from_str(open.expose_secret()).map_err(|error| Unsent::Sealed(error.to_string()))?;
    let [text, html] = parts;
    Ok(Parts {
        text: text.unwrap_or_default(),
        html,
    })
}

/// Whether what was sent of a message can't be sent again.
pub(super) fn is_gone(body: &email_body::Model, now: Timestamp) -> bool {
    let over = |until: i64| body.sealed.is_none() || until <= now.micros();
    body.sealed_until.is_some_and(over)
}

/// Whether a message has a link for its reader alone.
pub(super) fn is_in(row: &email_message::Model) -> bool {
    let template = row.template.as_deref().and_then(MailTemplate::from_name);
    row.source == OURS && template.is_some_and(MailTemplate::has_secret_link)
}

/// Removes what was sealed of a message that isn't tried any more.
pub(super) async fn forget(tx: &WriteTx, row: &email_message::Model) -> Result<()> {
    if is_in(row) {
        email_body::Entity::update_many()
            .col_expr(B::Sealed, Expr::value(None::<Vec<u8>>))
            .filter(B::WorkspaceId.eq(row.workspace_id))
            .filter(B::MessageId.eq(row.id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// The same of all whose links' time is over. How many there were.
pub(super) async fn forget_over(tx: &WriteTx, workspace: WorkspaceId) -> Result<u64> {
    let forgotten = email_body::Entity::update_many()
        .col_expr(B::Sealed, Expr::value(None::<Vec<u8>>))
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::SealedUntil.lte(tx.now().micros()))
        .filter(B::Sealed.is_not_null())
        .exec(tx.db())
        .await?;
    Ok(forgotten.rows_affected)
}

/// Seals what is sealed with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    // Few at any time: what waits to be sent.
    let bodies = email_body::Entity::find()
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::SealedUntil.is_not_null())
        .filter(B::Sealed.is_not_null())
        .all(tx.db())
        .await?;
    for body in bodies {
        let place = place(body.workspace_id, body.message_id);
        let sealed = body.sealed.as_deref().unwrap_or_default();
        if let Some(sealed) = resealed.one(keys, &place, sealed)? {
            let mut body = body.into_active_model();
            body.sealed = Set(Some(sealed));
            email_body::Entity::update(body).exec(tx.db()).await?;
        }
    }
    Ok(())
}
