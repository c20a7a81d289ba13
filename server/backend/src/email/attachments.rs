//! Files that go along with messages. What goes to several people is kept once, compressed, and goes with what the last of
//! their messages say.

use super::{detail, records};
use crate::{Error, Result, rows::insert_many, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    email::{EmailAttachment, EmailFile},
    id::{EmailMessageId, WorkspaceId},
    viewer::Viewer,
};
use daybook_entity::{
    email_attachment::{self, Column as A},
    email_attachment_content::{self, Column as C},
    email_message,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::io::{Read, Write};
use uuid::Uuid;

/// Longest file that is kept, in bytes: what most mail servers take, once it is written as text.
const MAX_BYTES: u64 = 6 * 1024 * 1024;

/// A file as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Has a file go along with messages that were queued in this transaction.
pub(crate) async fn attach(
    tx: &WriteTx,
    workspace: WorkspaceId,
    messages: &[email_message::Model],
    file: &Attachment,
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let size = i64::try_from(file.bytes.len()).map_err(Error::damaged)?;
    if size.unsigned_abs() > MAX_BYTES {
        return Err(Error::damaged(format!(
            "“{}” is too long to be attached",
            file.name
        )));
    }
    let content = tx.new_id();
    let kept = [workspace.0.into(), content.into(), packed(&file.bytes)?.into()];
    let columns = [C::WorkspaceId, C::Id, C::Bytes];
    insert_many(tx.db(), "email_attachment_content", &columns, vec![kept], "").await?;
    let columns = [
        A::WorkspaceId,
        A::MessageId,
        A::Number,
        A::Name,
        A::MediaType,
        A::Size,
        A::ContentId,
    ];
    let rows = messages.iter().map(|message| {
        [
            workspace.0.into(),
            message.id.into(),
            1_i32.into(),
            file.name.as_str().into(),
            file.media_type.as_str().into(),
            size.into(),
            content.into(),
        ]
    });
    insert_many(tx.db(), "email_attachment", &columns, rows.collect(), "").await
}

async fn rows(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: Uuid,
) -> Result<Vec<email_attachment::Model>> {
    Ok(email_attachment::Entity::find()
        .filter(A::WorkspaceId.eq(workspace.0))
        .filter(A::MessageId.eq(message))
        .order_by_asc(A::Number)
        .all(db)
        .await?)
}

/// Those of a message, for its page.
pub(super) async fn shown(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: Uuid,
) -> Result<Vec<EmailAttachment>> {
    let rows = rows(db, workspace, message).await?;
    let shown = rows.into_iter().map(|row| EmailAttachment {
        number: row.number.unsigned_abs(),
        name: row.name,
        size: row.size.unsigned_abs(),
    });
    Ok(shown.collect())
}

/// Those of a message, to be sent.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: Uuid,
) -> Result<Vec<Attachment>> {
    let mut files = Vec::new();
    for row in rows(db, workspace, message).await? {
        files.push(whole(db, row).await?);
    }
    Ok(files)
}

async fn whole(db: &impl ConnectionTrait, row: email_attachment::Model) -> Result<Attachment> {
    let key = (row.workspace_id, row.content_id);
    let content = email_attachment_content::Entity::find_by_id(key).one(db).await?;
    let content = content.ok_or_else(|| Error::damaged("an attachment is missing"))?;
    Ok(Attachment {
        name: row.name,
        media_type: row.media_type,
        bytes: unpacked(&content.bytes)?,
    })
}

/// Hands a file out, and records that.
pub(super) async fn taken(
    tx: &mut WriteTx,
    who: &Viewer,
    message: EmailMessageId,
    number: u32,
) -> Result<EmailFile> {
    let workspace = who.workspace();
    let email = detail::find(tx.db(), workspace, message).await?;
    let number = i32::try_from(number).map_err(|_| Told::NotFound)?;
    let row = email_attachment::Entity::find_by_id((workspace.0, message.0, number))
        .one(tx.db())
        .await?;
    let file = whole(tx.db(), row.ok_or(Told::NotFound)?).await?;
    let summary = format!("Downloaded “{}” of an email to {}", file.name, email.address);
    let more = [("file", file.name.as_str())];
    records::done_with(
        tx,
        who,
        OwnType::EmailAttachmentDownloaded,
        &email,
        summary,
        &more,
    );
    Ok(EmailFile {
        name: file.name,
        media_type: file.media_type,
        bytes: file.bytes,
    })
}

/// Takes away those of messages, and what was in them where no other message has it.
pub(super) async fn remove(tx: &WriteTx, workspace: WorkspaceId, messages: &[Uuid]) -> Result<()> {
    let of_messages = || {
        email_attachment::Entity::find()
            .filter(A::WorkspaceId.eq(workspace.0))
            .filter(A::MessageId.is_in(messages.iter().copied()))
    };
    let contents: Vec<Uuid> = of_messages()
        .select_only()
        .column(A::ContentId)
        .distinct()
        .into_tuple()
        .all(tx.db())
        .await?;
    if contents.is_empty() {
        return Ok(());
    }
    email_attachment::Entity::delete_many()
        .filter(A::WorkspaceId.eq(workspace.0))
        .filter(A::MessageId.is_in(messages.iter().copied()))
        .exec(tx.db())
        .await?;
    let still = email_attachment::Entity::find()
        .select_only()
        .column(A::ContentId)
        .filter(A::WorkspaceId.eq(workspace.0))
        .filter(A::ContentId.is_in(contents.iter().copied()))
        .into_query();
    email_attachment_content::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Id.is_in(contents.iter().copied()))
        .filter(C::Id.not_in_subquery(still))
        .exec(tx.db())
        .await?;
    Ok(())
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).map_err(Error::damaged)?;
    packed.finish().map_err(Error::damaged)
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = GzDecoder::new(packed).take(MAX_BYTES);
    reader.read_to_end(&mut bytes).map_err(Error::damaged)?;
    Ok(bytes)
}
