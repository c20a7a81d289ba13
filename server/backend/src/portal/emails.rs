//! The mail that contacts got. Whoever sees the whole company sees what was sent to all of it; what a message says is read by
//! whom it was sent to.

use super::{Portal, PortalFile};
use crate::{Result, email, local_time::Reader, objects::known_as, spreadsheet::Lines};
use daybook_domain::{
    Error as Told,
    email::EmailStatus,
    id::{EmailMessageId, ObjectId},
    object::{ObjectCursor, ObjectKind},
    portal::{ContactViewer, PortalEmail, PortalEmailDetail, PortalPage},
};
use daybook_entity::email_message;
use sea_orm::ConnectionTrait;

const HEAD: [&str; 5] = ["Time", "To", "From", "Subject", "Status"];

impl Portal {
    async fn some_emails(
        &self,
        who: &ContactViewer,
        from: Option<ObjectCursor>,
    ) -> Result<(Vec<PortalEmail>, Option<ObjectCursor>)> {
        let reader = self.reader(who);
        let db = &self.0.db.read;
        let whose = Whose::of(db, who).await?;
        let contacts = (!who.sees_company()).then_some(whose.contacts.as_slice());
        let (rows, older) = email::of_customer(db, who.workspace(), &whose.companies, contacts, from).await?;
        let rows = rows.into_iter().map(|row| shown(row, &whose, &reader));
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
        let whose = Whose::of(&self.0.db.read, who).await?;
        if !whose.is_own(&row) {
            return Err(Told::NotFound.into());
        }
        let text = email::text_of(&self.0.db.read, &row).await?;
        Ok(PortalEmailDetail {
            email: shown(row, &whose, &self.reader(who))?,
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
        Ok(super::file(head, move |from| {
            let (this, who) = (this.clone(), who.clone());
            async move {
                let (rows, next) = this.some_emails(&who, from).await?;
                let mut lines = Lines::of_about(rows.len() * 120);
                for row in &rows {
                    lines.line(line(row))?;
                }
                Ok((lines.finish()?, next))
            }
        }))
    }
}

/// By which ids mail names the asker and their company.
struct Whose {
    companies: Vec<String>,
    contacts: Vec<String>,
}

impl Whose {
    async fn of(db: &impl ConnectionTrait, who: &ContactViewer) -> Result<Self> {
        let ids = async |kind, id: ObjectId| {
            let known = known_as(db, who.workspace(), kind, id.0).await?;
            Ok::<_, crate::Error>([vec![id.to_string()], known.ids].concat())
        };
        Ok(Self {
            companies: ids(ObjectKind::Company, who.company()).await?,
            contacts: ids(ObjectKind::Contact, who.contact()).await?,
        })
    }

    /// Whether a message was sent to the asker, while they were of their company.
    fn is_own(&self, row: &email_message::Model) -> bool {
        let is_one = |ids: &[String], id: &Option<String>| id.as_ref().is_some_and(|id| ids.contains(id));
        is_one(&self.companies, &row.company_id) && is_one(&self.contacts, &row.contact_id)
    }
}

fn shown(row: email_message::Model, whose: &Whose, reader: &Reader) -> Result<PortalEmail> {
    let status = EmailStatus::from_name(&row.status);
    Ok(PortalEmail {
        id: EmailMessageId(row.id),
        at: reader.stored(row.at)?,
        is_own: whose.is_own(&row),
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
