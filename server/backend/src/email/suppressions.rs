//! Addresses that are not to be mailed: put there by hard bounces, complaints, those who unsubscribe, and people.

use super::{message::NewEvent, records};
use crate::{
    Error, Result,
    local_time::Reader,
    record::{Done, Recorded, record},
    rows::{contains, page_of},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    email::{BounceType, EmailStatus, REASON, Suppression, SuppressionPage, SuppressionReason, address},
    event::MAX_TEXT_CHARS,
    facet::Count,
    id::{EmailMessageId, WorkspaceId},
    object::{ObjectQuery, PAGE},
    viewer::Viewer,
};
use daybook_entity::{
    email_message,
    email_suppression::{self, Column as S},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde::Serialize;

const MAX_NOTE: usize = 500;

/// A suppressed address as the log compares it.
#[derive(Debug, Serialize)]
pub(super) struct SuppressionRecord {
    address: String,
    reason: String,
    origin: String,
    note: Option<String>,
}

impl SuppressionRecord {
    pub(super) fn new(row: &email_suppression::Model) -> Self {
        Self {
            address: row.address.clone(),
            reason: row.reason.clone(),
            origin: row.origin.clone(),
            note: row.note.clone(),
        }
    }
}

impl Recorded for SuppressionRecord {
    fn kind(&self) -> &'static str {
        "email_suppression"
    }

    fn id(&self) -> String {
        self.address.clone()
    }

    fn name(&self) -> String {
        self.address.clone()
    }
}

fn reason(row: &email_suppression::Model) -> Result<SuppressionReason> {
    SuppressionReason::from_name(&row.reason)
        .ok_or_else(|| Error::damaged(format!("an address suppressed for “{}”", row.reason)))
}

async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    address: &str,
) -> Result<Option<email_suppression::Model>> {
    let key = (workspace.0, address.to_owned());
    Ok(email_suppression::Entity::find_by_id(key).one(db).await?)
}

/// Why an address is not to be mailed; `None` where it may be.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    address: &str,
) -> Result<Option<SuppressionReason>> {
    find(db, workspace, address)
        .await?
        .as_ref()
        .map(reason)
        .transpose()
}

/// An address to put on the list.
#[derive(Debug, Clone)]
pub(super) struct New<'n> {
    pub address: &'n str,
    pub reason: SuppressionReason,
    pub origin: &'n str,
    pub note: Option<String>,
    pub message: Option<EmailMessageId>,
}

/// Puts an address on the list. Whether it wasn't there.
pub(super) async fn add(tx: &mut WriteTx, who: &Viewer, new: New<'_>) -> Result<bool> {
    let workspace = who.workspace();
    match of(tx.db(), workspace, new.address).await? {
        None => {}
        // Who has left may come back; of what else there is against it nobody takes anything back by that.
        Some(SuppressionReason::Unsubscribed) if new.reason != SuppressionReason::Unsubscribed => {
            remove(tx, who, new.address).await?;
        }
        Some(_) => return Ok(false),
    }
    let row = email_suppression::Model {
        workspace_id: workspace.0,
        address: new.address.to_owned(),
        reason: new.reason.name().to_owned(),
        origin: new.origin.chars().take(MAX_TEXT_CHARS).collect(),
        note: new.note,
        since: tx.now().micros(),
        message_id: new.message.map(|id| id.0),
    };
    email_suppression::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    record(tx, who, &Done::created(&SuppressionRecord::new(&row)))?;
    Ok(true)
}

/// That nothing is sent to an address, as a sentence.
pub(super) fn why(reason: SuppressionReason) -> String {
    format!(
        "The address is on the suppression list: {}.",
        reason.title().to_lowercase()
    )
}

/// Takes an address off the list. Whether it was there.
pub(super) async fn remove(tx: &mut WriteTx, who: &Viewer, address: &str) -> Result<bool> {
    let Some(row) = find(tx.db(), who.workspace(), address).await? else {
        return Ok(false);
    };
    record(tx, who, &Done::deleted(&SuppressionRecord::new(&row)))?;
    email_suppression::Entity::delete_by_id((row.workspace_id, row.address))
        .exec(tx.db())
        .await?;
    Ok(true)
}

/// What follows for the recipient from what has happened to a message.
pub(super) async fn follow(tx: &mut WriteTx, row: &email_message::Model, event: &NewEvent) -> Result<()> {
    let reason = match (event.status, event.bounce) {
        (EmailStatus::Bounced, Some(BounceType::Hard)) => SuppressionReason::HardBounce,
        (EmailStatus::Complained, _) => SuppressionReason::Complaint,
        _ => return Ok(()),
    };
    let new = New {
        address: &row.address,
        reason,
        origin: &event.source,
        note: event
            .detail
            .as_ref()
            .map(|detail| detail.chars().take(MAX_NOTE).collect()),
        message: Some(EmailMessageId(row.id)),
    };
    add(tx, &records::system(WorkspaceId(row.workspace_id)), new).await?;
    Ok(())
}

/// The same by hand.
pub(super) async fn suppress(tx: &mut WriteTx, who: &Viewer, given: &str, note: &str) -> Result<()> {
    let address = address(given).map_err(|reason| Told::invalid("address", reason))?;
    let note = note.trim();
    if note.contains(char::is_control) {
        return Err(Told::invalid("note", "This holds a character that can't be shown.").into());
    }
    if note.chars().count() > MAX_NOTE {
        let reason = format!("This is longer than {MAX_NOTE} characters.");
        return Err(Told::invalid("note", reason).into());
    }
    let origin = who.actor().label();
    let new = New {
        address: &address,
        reason: SuppressionReason::Manual,
        origin: &origin,
        note: (!note.is_empty()).then(|| note.to_owned()),
        message: None,
    };
    if add(tx, who, new).await? {
        return Ok(());
    }
    Err(Told::conflict(format!("“{address}” is on the list already.")).into())
}

pub(super) async fn unsuppress(tx: &mut WriteTx, who: &Viewer, given: &str) -> Result<()> {
    let address = address(given).map_err(|_| Told::NotFound)?;
    if remove(tx, who, &address).await? {
        return Ok(());
    }
    Err(Told::NotFound.into())
}

fn all(workspace: WorkspaceId) -> Select<email_suppression::Entity> {
    email_suppression::Entity::find().filter(S::WorkspaceId.eq(workspace.0))
}

pub(super) async fn page(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    query: &ObjectQuery,
    reader: &Reader,
) -> Result<SuppressionPage> {
    let matching = |rows: Select<email_suppression::Entity>| match &query.q {
        Some(text) => rows.filter(contains(
            db.get_database_backend(),
            S::Address,
            &text.to_lowercase(),
        )),
        None => rows,
    };
    let mut rows = matching(all(workspace));
    let reasons = query.values(REASON);
    if !reasons.is_empty() {
        rows = rows.filter(S::Reason.is_in(reasons.iter().map(String::as_str)));
    }
    let backwards = query.is_backwards();
    if let Some(cursor) = &query.cursor {
        let since = i64::try_from(cursor.tie).map_err(|_| of_another())?;
        let (this, beyond) = if backwards {
            (S::Address.gt(cursor.key.as_str()), S::Since.gt(since))
        } else {
            (S::Address.lt(cursor.key.as_str()), S::Since.lt(since))
        };
        let further = Condition::any()
            .add(beyond)
            .add(Condition::all().add(S::Since.eq(since)).add(this));
        rows = rows.filter(further);
    }
    let rows = if backwards {
        rows.order_by_asc(S::Since).order_by_asc(S::Address)
    } else {
        rows.order_by_desc(S::Since).order_by_desc(S::Address)
    };
    let found = rows.limit(PAGE as u64 + 1).all(db).await?;
    let (found, before, after) = page_of(found, PAGE, query, |row| {
        (row.address.clone(), row.since.unsigned_abs().into())
    });
    let mut counts = Vec::new();
    for reason in SuppressionReason::ALL {
        let rows = matching(all(workspace)).filter(S::Reason.eq(reason.name()));
        let count = Count::Exactly(rows.count(db).await?);
        counts.push((*reason, count));
    }
    Ok(SuppressionPage {
        before,
        after,
        rows: found
            .into_iter()
            .map(|row| shown(row, reader))
            .collect::<Result<_>>()?,
        reasons: counts,
    })
}

fn shown(row: email_suppression::Model, reader: &Reader) -> Result<Suppression> {
    Ok(Suppression {
        reason: reason(&row)?,
        since: reader.stored(row.since)?,
        address: row.address,
        origin: row.origin,
        note: row.note,
        message: row.message_id.map(EmailMessageId),
    })
}

fn of_another() -> Told {
    Told::invalid("cursor", "This page mark is of another list.")
}
