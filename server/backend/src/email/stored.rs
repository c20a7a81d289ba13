//! How mail is sent, what it says and who isn't mailed, as it is checked against the log.

use super::{
    settings, signing_keys,
    suppressions::SuppressionRecord,
    templates::{self, TemplateRecord},
};
use crate::{
    Error, Result,
    drift::family::{Family, Life, Moment, Stored, Visitor},
};
use async_trait::async_trait;
use daybook_domain::{about::About, email::EmailProvider, email_template::MailTemplate};
use daybook_entity::email_suppression;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub(crate) struct Mail;

#[async_trait]
impl Family for Mail {
    fn lives(&self) -> Vec<Life> {
        vec![
            Life::new("mail_settings", &[], &[]),
            Life::new("email_provider", &[], &[]),
            Life::new("email_template", &[], &[]),
            Life::new("email_suppression", &["created"], &["deleted"]),
        ]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let row = settings::find(moment.db, moment.workspace).await?;
        let first = settings::MailRecord::new(&settings::unset(moment.workspace));
        let first = serde_json::to_value(first).map_err(Error::damaged)?;
        let thing = About::new("mail_settings", moment.workspace);
        let stored = Stored::of(thing, "Mail", 0, Ok(settings::MailRecord::new(&row)))?;
        to.thing(stored.from(first))?;
        for provider in EmailProvider::ALL {
            let (record, first) = signing_keys::compared(moment.db, moment.workspace, *provider).await?;
            let first = serde_json::to_value(first).map_err(Error::damaged)?;
            let thing = About::new("email_provider", provider);
            to.thing(Stored::of(thing, provider.title(), 0, Ok(record))?.from(first))?;
        }
        for template in MailTemplate::ALL.iter().copied() {
            let own = templates::find(moment.db, moment.workspace, template).await?.own;
            let first = TemplateRecord::new(template, None);
            let first = serde_json::to_value(first).map_err(Error::damaged)?;
            let thing = About::new("email_template", template);
            let record = TemplateRecord::new(template, own.as_ref());
            to.thing(Stored::of(thing, template.title(), 0, Ok(record))?.from(first))?;
        }
        let rows = email_suppression::Entity::find()
            .filter(email_suppression::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        for row in rows {
            let thing = About::new("email_suppression", &row.address);
            let record = SuppressionRecord::new(&row);
            to.thing(Stored::of(thing, &row.address, row.since, Ok(record))?)?;
        }
        Ok(())
    }
}
