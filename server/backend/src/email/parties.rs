//! Whose mail it is: the brand, the company and the contact of messages, as the directory knows them.

use super::message::NewEmail;
use crate::{
    Result,
    objects::{
        meant::{Meant, by_ids, by_unique},
        names,
    },
};
use daybook_domain::{
    event::NamedRef,
    id::WorkspaceId,
    object::{Names, ObjectKind},
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// What messages say, and what the directory makes of it.
pub(super) struct Parties {
    brands: HashMap<String, Meant>,
    companies: HashMap<String, Meant>,
    contacts: HashMap<String, Meant>,
    /// Contacts by their addresses.
    recipients: HashMap<String, Meant>,
    /// Of the companies that contacts belong to.
    names: Names,
}

impl Parties {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        emails: &[NewEmail],
    ) -> Result<Self> {
        let ids = |of: fn(&NewEmail) -> Option<&NamedRef>| {
            let said = emails.iter().filter_map(|email| of(email)?.id.clone());
            distinct(said)
        };
        let recipients = distinct(emails.iter().map(|email| email.address.clone()));
        let brands = by_ids(
            db,
            workspace,
            ObjectKind::Brand,
            &ids(|email| email.brand.as_ref()),
        )
        .await?;
        let companies = by_ids(
            db,
            workspace,
            ObjectKind::Company,
            &ids(|email| email.company.as_ref()),
        )
        .await?;
        let contacts = by_ids(
            db,
            workspace,
            ObjectKind::Contact,
            &ids(|email| email.contact.as_ref()),
        )
        .await?;
        let recipients = by_unique(db, workspace, ObjectKind::Contact, &recipients).await?;
        let known = contacts.values().chain(recipients.values());
        let theirs = known.filter_map(|contact| contact.company).collect();
        Ok(Self {
            names: names(db, workspace, theirs).await?,
            brands,
            companies,
            contacts,
            recipients,
        })
    }

    /// Brand, company and contact of one message. What the directory doesn't know keeps the name it was given, as its id,
    /// too; a contact the address. Where no company is said, it is the contact's.
    pub(super) fn of_email(&self, email: &NewEmail) -> [NamedRef; 3] {
        let brand = named(&self.brands, email.brand.as_ref());
        let said = email.contact.as_ref().and_then(|said| said.id.as_ref());
        let contact = said.and_then(|id| self.contacts.get(id));
        let contact = contact.or_else(|| self.recipients.get(&email.address));
        let company = if let Some(said) = &email.company {
            named(&self.companies, Some(said))
        } else {
            let company = contact.and_then(|contact| contact.company);
            let name = company.and_then(|id| Some((id, self.names.get(&id)?)));
            name.map_or(NOBODY, |(id, name)| NamedRef::new(id.to_string(), name))
        };
        let contact = match contact {
            Some(contact) => NamedRef::new(contact.id.to_string(), &contact.name),
            None => NamedRef {
                id: Some(email.address.clone()),
                name: email.contact.as_ref().and_then(|said| said.name.clone()),
            },
        };
        [brand, company, contact]
    }
}

const NOBODY: NamedRef = NamedRef { id: None, name: None };

fn named(known: &HashMap<String, Meant>, said: Option<&NamedRef>) -> NamedRef {
    let Some(said) = said else { return NOBODY };
    match said.id.as_ref().and_then(|id| known.get(id)) {
        Some(meant) => NamedRef::new(meant.id.to_string(), &meant.name),
        None => NamedRef {
            id: said.name.clone().or_else(|| said.id.clone()),
            name: said.name.clone().or_else(|| said.id.clone()),
        },
    }
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<_> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
