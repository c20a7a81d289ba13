//! Mailing people links of their own into Daybook: to choose a password, say.

use super::{
    secret::Secret,
    send::{self, OwnEmail},
    settings, suppressions, templates,
};
use crate::{Result, delivery::sealed::Keyring, writer::WriteTx};
use daybook_domain::{email_template::MailTemplate, event::NamedRef, id::WorkspaceId, time::Timestamp};
use sea_orm::ConnectionTrait;

/// What it takes: where Daybook is reached, and what seals links until they are sent.
#[derive(Debug, Clone)]
pub struct Mailing {
    /// `https://daybook.example.org`.
    address: Option<String>,
    keys: Keyring,
}

/// A mail with a link that is for its reader alone.
pub(crate) struct LinkMail<'a> {
    pub template: MailTemplate,
    /// As the user has it.
    pub to: &'a str,
    pub name: &'a str,
    /// Where the link leads, on this server.
    pub path: &'a str,
    /// How long the link works.
    pub until: Timestamp,
    /// Under whose name it is sent, where that isn't the workspace.
    pub brand: Option<NamedRef>,
    /// What else the template is filled in with.
    pub given: &'a [(&'static str, &'a str)],
}

impl Mailing {
    /// `address` is where Daybook is reached, as browsers write it in `Origin`.
    pub fn new(address: Option<String>, keys: Keyring) -> Self {
        Self { address, keys }
    }

    /// Nothing is mailed.
    pub fn none() -> Self {
        Self::new(None, Keyring::absent())
    }

    /// What seals the secrets of people.
    pub(crate) fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// The whole address of a page; `None` where Daybook doesn't know its own.
    pub(crate) fn link(&self, path: &str) -> Option<String> {
        self.address.as_ref().map(|address| format!("{address}{path}"))
    }

    /// Why no links are mailed, or none to an address, as a sentence.
    pub(crate) async fn obstacle(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        to: Option<&str>,
    ) -> Result<Option<String>> {
        let why = if settings::find(db, workspace).await?.host.is_empty() {
            "There is no mail server: set one up under Admin Center → Email settings."
        } else if self.address.is_none() {
            "Daybook doesn't know the address it is reached at: set public_url in its configuration."
        } else if !self.keys.can_seal() {
            "There is no key to seal the link with: give one as secret_keys in the configuration."
        } else {
            let Some(to) = to else { return Ok(None) };
            return Ok(match settings::sendable(to) {
                Err(why) => Some(why),
                Ok(address) => suppressions::of(db, workspace, &address)
                    .await?
                    .map(suppressions::why),
            });
        };
        Ok(Some(why.to_owned()))
    }

    /// Has a mail sent. Why not, as a sentence, where that can't be.
    pub(crate) async fn send(
        &self,
        tx: &mut WriteTx,
        workspace: WorkspaceId,
        mail: LinkMail<'_>,
    ) -> Result<Option<String>> {
        let why = self.obstacle(tx.db(), workspace, Some(mail.to)).await?;
        let (None, Some(link), Ok(to)) = (&why, self.link(mail.path), settings::sendable(mail.to)) else {
            return Ok(why);
        };
        let given = [mail.given, &[("name", mail.name)]].concat();
        let made = templates::make_with_secret(tx.db(), workspace, mail.template, &given, &link);
        let (written, parts) = made.await?;
        let email = OwnEmail {
            to,
            to_name: Some(mail.name.to_owned()),
            template: mail.template,
            written,
            secret: Some(Secret {
                parts,
                until: mail.until,
                keys: self.keys.clone(),
            }),
            brand: mail.brand,
        };
        send::queue(tx, workspace, email).await?;
        Ok(None)
    }
}
