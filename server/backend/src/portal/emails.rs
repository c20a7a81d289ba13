//! The mail that contacts got. Whoever sees the whole company sees what was sent to all of it; what a message says is read by
//! whom it was sent to.

use super::{Portal, PortalFile};
use crate::{Result, email, local_time::Reader, spreadsheet::Lines};
use daybook_domain::{
    Error as Told,
    email::EmailStatus,
    id::EmailMessageId,
    object::{ObjectCursor, ObjectKind},
    portal::{ContactViewer, PortalEmail, PortalEmailDetail, PortalPage},
};
use daybook_entity::email_message;
use futures::stream::try_unfold;

const HEAD: [&str; 5] = ["Time", "To", "From", "Subject", "Status"];

impl Portal {
    async fn some_emails(
        &self,
        who: &ContactViewer,
        from: Option<ObjectCursor>,
    ) -> Result<(Vec<PortalEmail>, Option<ObjectCursor>)> {
        let reader = self.reader(who);
        let (kind, id) = if who.sees_company() {
            (ObjectKind::Company, who.company())
        } else {
            (ObjectKind::Contact, who.contact())
        };
        let (rows, older) = email::of_customer(&self.0.db.read, who.workspace(), kind, id, from).await?;
        let rows = rows.into_iter().map(|row| shown(row, who, &reader));
        Ok((rows.collect::<Result<_>>()?, older))
    }

    pub(super) async fn page_of_emails(
        &self,
        who: &ContactViewer,
        from: Option<&str>,
    ) -> Result<PortalPage<PortalEmail>> {
        let from = from.map(str::parse::<ObjectCursor>);
        let from = from
            .transpose()
            .map_err(|_| Told::invalid("from", "is not a page mark made by Daybook"))?;
        let (rows, older) = self.some_emails(who, from).await?;
        Ok(PortalPage {
            rows,
            older: older.map(|at| at.to_string()),
        })
    }

    pub(super) async fn email_of(
        &self,
        who: &ContactViewer,
        id: EmailMessageId,
    ) -> Result<PortalEmailDetail> {
        let row = email::message_of(&self.0.db.read, who.workspace(), id).await?;
        if !is_own(&row, who) {
            return Err(Told::NotFound.into());
        }
        let text = email::text_of(&self.0.db.read, &row).await?;
        Ok(PortalEmailDetail {
            email: shown(row, who, &self.reader(who))?,
            text,
        })
    }

    /// All their mail as CSV. That it is taken out is recorded before the first line leaves.
    ///
    /// # Errors
    /// Where that can't be recorded.
    pub async fn emails_file(&self, who: &ContactViewer) -> daybook_domain::Result<PortalFile> {
        let outside = super::outside(who.request());
        self.note_export(who, "emails").await.map_err(&outside)?;
        let head = Lines::head(HEAD).map_err(&outside)?;
        let (this, who) = (self.clone(), who.clone());
        let parts = try_unfold(Some((Some(head), None)), move |left| {
            let (this, who) = (this.clone(), who.clone());
            async move {
                let Some((head, from)) = left else { return Ok(None) };
                if let Some(head) = head {
                    return Ok(Some((head, Some((None, None)))));
                }
                let (rows, next) = this.some_emails(&who, from).await?;
                let mut lines = Lines::of_about(rows.len() * 120);
                for row in &rows {
                    lines.line(line(row))?;
                }
                Ok(Some((lines.finish()?, next.map(|next| (None, Some(next))))))
            }
        });
        Ok(Box::pin(parts))
    }
}

fn is_own(row: &email_message::Model, who: &ContactViewer) -> bool {
    row.contact_id.as_deref() == Some(who.contact().to_string().as_str())
}

fn shown(row: email_message::Model, who: &ContactViewer, reader: &Reader) -> Result<PortalEmail> {
    let status = EmailStatus::from_name(&row.status);
    Ok(PortalEmail {
        id: EmailMessageId(row.id),
        at: reader.stored(row.at)?,
        is_own: is_own(&row, who),
        to: row.address,
        sender: row.sender,
        subject: row.subject,
        status: status.ok_or_else(|| crate::Error::damaged(format!("the status “{}”", row.status)))?,
    })
}

fn line(row: &PortalEmail) -> [String; 5] {
    [
        row.at.utc.to_string(),
        row.to.clone(),
        row.sender.clone(),
        row.subject.clone(),
        row.status.title().to_owned(),
    ]
}
