//! How mail is sent: the server, who signs in there, and from whom mail is.
//!
//! The password is sealed for the server and the user it is of: whoever has mail sent elsewhere doesn't get it.

use super::send;
use crate::{
    Error, Result,
    accounts::{line, may_do_all},
    delivery::sealed::Keyring,
    local_time::Reader,
    record::{Done, Recorded, has_seen, own_event, record, seen},
    secrets::Resealed,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    diff::SecretMark,
    email::{MailForm, MailSecurity, MailSettings, address},
    event::{EventBody, Target},
    id::WorkspaceId,
    seen::Tag,
    time::LocalTime,
    viewer::Viewer,
};
use daybook_entity::mail_setting::{self, Column as C};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict,
};
use secrecy::SecretString;
use serde::Serialize;
use sha2::{Digest, Sha256};

const MAX_CHARS: usize = 200;
/// Where mail is handed in (RFC 6409), signed in and protected.
const SUBMISSION: i32 = 587;

/// The settings as the log compares them.
#[derive(Debug, Serialize)]
pub(super) struct MailRecord {
    #[serde(skip)]
    workspace: WorkspaceId,
    host: String,
    port: i32,
    security: String,
    username: String,
    password: Option<SecretMark>,
    from_name: String,
    from_address: String,
    reply_to: String,
}

impl MailRecord {
    pub(super) fn new(row: &mail_setting::Model) -> Self {
        // Sealed twice, the same is another: nothing of the password can be guessed from it.
        let mark = |sealed: &Vec<u8>| SecretMark(hex::encode(&Sha256::digest(sealed)[..16]));
        Self {
            workspace: WorkspaceId(row.workspace_id),
            host: row.host.clone(),
            port: row.port,
            security: row.security.clone(),
            username: row.username.clone(),
            password: row.sealed_password.as_ref().map(mark),
            from_name: row.from_name.clone(),
            from_address: row.from_address.clone(),
            reply_to: row.reply_to.clone(),
        }
    }
}

impl Recorded for MailRecord {
    fn kind(&self) -> &'static str {
        "mail_settings"
    }

    fn id(&self) -> String {
        self.workspace.to_string()
    }

    fn name(&self) -> String {
        "Mail".to_owned()
    }
}

/// What a workspace begins with: no mail is sent.
pub(super) fn unset(workspace: WorkspaceId) -> mail_setting::Model {
    mail_setting::Model {
        workspace_id: workspace.0,
        host: String::new(),
        port: SUBMISSION,
        security: MailSecurity::StartTls.name().to_owned(),
        username: String::new(),
        sealed_password: None,
        from_name: String::new(),
        from_address: String::new(),
        reply_to: String::new(),
        paused_at: None,
    }
}

pub(super) async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<mail_setting::Model> {
    let row = mail_setting::Entity::find_by_id(workspace.0).one(db).await?;
    Ok(row.unwrap_or_else(|| unset(workspace)))
}

pub(super) async fn shown(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reader: &Reader,
) -> Result<MailSettings> {
    let row = &find(db, workspace).await?;
    Ok(MailSettings {
        paused: paused(row, reader)?,
        waiting: send::waiting(db, workspace).await?,
        seen: seen(&MailRecord::new(row))?,
        host: row.host.clone(),
        port: row.port.try_into().map_err(Error::damaged)?,
        security: security(row)?,
        username: row.username.clone(),
        has_password: row.sealed_password.is_some(),
        from_name: row.from_name.clone(),
        from_address: row.from_address.clone(),
        reply_to: row.reply_to.clone(),
    })
}

/// Since when nothing is sent, where it is paused.
pub(super) fn paused(row: &mail_setting::Model, reader: &Reader) -> Result<Option<LocalTime>> {
    row.paused_at.map(|at| reader.stored(at)).transpose()
}

pub(super) fn security(row: &mail_setting::Model) -> Result<MailSecurity> {
    MailSecurity::from_name(&row.security)
        .ok_or_else(|| Error::damaged(format!("the mail server's security “{}”", row.security)))
}

fn place(row: &mail_setting::Model) -> String {
    let (workspace, host, port, username) = (row.workspace_id, &row.host, row.port, &row.username);
    format!("mail_setting/{workspace}/{host}:{port}/{username}")
}

/// The password, where there is one; or why it can't be had, as a sentence.
pub(super) fn password(row: &mail_setting::Model, keys: &Keyring) -> Result<Option<SecretString>, String> {
    let sealed = row.sealed_password.as_ref();
    sealed.map(|sealed| keys.kept(&place(row), sealed)).transpose()
}

fn own_address(field: &'static str, given: &str) -> Result<String> {
    if given.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(sendable(given).map_err(|reason| Told::invalid(field, reason))?)
}

/// An address that can be sent to, or from: not every one that others report can.
pub(crate) fn sendable(given: &str) -> Result<String, String> {
    let address = address(given)?;
    match address.parse::<lettre::Address>() {
        Ok(_) => Ok(address),
        Err(_) => Err("Nothing can be sent to such an address.".to_owned()),
    }
}

pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    keys: &Keyring,
    tag: &Tag,
    form: MailForm,
) -> Result<()> {
    let was = find(tx.db(), who.workspace()).await?;
    has_seen(tag, &MailRecord::new(&was))?;
    let host = line("host", &form.host, MAX_CHARS)?.to_lowercase();
    if host.contains(|c: char| !c.is_ascii_alphanumeric() && !".-_".contains(c)) {
        let reason = "This is not the name of a server, such as smtp.example.com.";
        return Err(Told::invalid("host", reason).into());
    }
    if form.port == 0 {
        return Err(Told::invalid("port", "This is not a number from 1 to 65535.").into());
    }
    let mut is = mail_setting::Model {
        workspace_id: was.workspace_id,
        host,
        port: form.port.into(),
        security: form.security.name().to_owned(),
        username: line("username", &form.username, MAX_CHARS)?,
        sealed_password: None,
        from_name: line("from_name", &form.from_name, MAX_CHARS)?,
        from_address: own_address("from_address", &form.from_address)?,
        reply_to: own_address("reply_to", &form.reply_to)?,
        paused_at: was.paused_at,
    };
    if !is.host.is_empty() && is.from_address.is_empty() {
        let reason = "Say from which address mail is sent.";
        return Err(Told::invalid("from_address", reason).into());
    }
    if !form.password.is_empty() {
        if is.username.is_empty() {
            return Err(Told::invalid("username", "A password is of a user: say which.").into());
        }
        is.sealed_password = Some(keys.keep(&place(&is), &form.password.reveal().to_owned().into())?);
    } else if place(&is) == place(&was) {
        is.sealed_password.clone_from(&was.sealed_password);
    }
    if !is.host.is_empty() && !is.username.is_empty() && is.sealed_password.is_none() {
        let reason = "Type the password: the one that is kept is of another server or user.";
        return Err(Told::invalid("password", reason).into());
    }
    if is.sealed_password.is_some() && form.security == MailSecurity::None {
        let reason = "A password isn't sent over a connection that anybody can read. Choose TLS or STARTTLS.";
        return Err(Told::invalid("security", reason).into());
    }
    if (place(&is), &is.security) != (place(&was), &was.security) {
        // Who says by which server mail goes can have the links read there with which others choose their passwords.
        may_do_all(who)?;
    }
    let mut in_place = OnConflict::column(C::WorkspaceId);
    in_place.update_columns(C::iter().filter(|column| !matches!(column, C::WorkspaceId)));
    mail_setting::Entity::insert(is.clone().into_active_model())
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    // What waits may have waited for this.
    send::hasten(tx, who.workspace()).await?;
    record(
        tx,
        who,
        &Done::updated(&MailRecord::new(&was), &MailRecord::new(&is)),
    )
}

/// Has no attempt made to send mail until it is resumed.
pub(super) async fn pause(tx: &mut WriteTx, who: &Viewer) -> Result<()> {
    let row = find(tx.db(), who.workspace()).await?;
    send::set_up(&row)?;
    if row.paused_at.is_some() {
        return Ok(());
    }
    let now = tx.now().micros();
    let body = own_event(OwnType::MailPaused, who, tx);
    switch(tx, row, Some(now), body, "Paused mail").await
}

/// What has waited is sent, and what comes.
pub(super) async fn resume(tx: &mut WriteTx, who: &Viewer) -> Result<()> {
    let workspace = who.workspace();
    let row = find(tx.db(), workspace).await?;
    if row.paused_at.is_none() {
        return Ok(());
    }
    let waiting = send::waiting(tx.db(), workspace).await?;
    send::hasten(tx, workspace).await?;
    let mut body = own_event(OwnType::MailResumed, who, tx);
    body.metadata.insert("waiting".to_owned(), waiting.into());
    switch(tx, row, None, body, "Resumed mail").await
}

async fn switch(
    tx: &mut WriteTx,
    row: mail_setting::Model,
    paused_at: Option<i64>,
    mut body: EventBody,
    summary: &str,
) -> Result<()> {
    let of = MailRecord::new(&row);
    body.targets = vec![Target::new(of.kind(), of.id(), of.name())];
    body.summary = Some(summary.to_owned());
    let mut row = row.into_active_model();
    row.paused_at = Set(paused_at);
    mail_setting::Entity::update(row).exec(tx.db()).await?;
    tx.record(of.workspace, body);
    Ok(())
}

/// Seals the password with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    let row = find(tx.db(), workspace).await?;
    let Some(sealed) = &row.sealed_password else {
        return Ok(());
    };
    if let Some(sealed) = resealed.one(keys, &place(&row), sealed)? {
        let mut row = row.into_active_model();
        row.sealed_password = Set(Some(sealed));
        mail_setting::Entity::update(row).exec(tx.db()).await?;
    }
    Ok(())
}
