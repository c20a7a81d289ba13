//! What of the record customers see.
//!
//! Said by what may be shown. A type of record is shown where it is listed here, or where a contact of the company itself
//! did it; of its changes those of listed properties; of its targets those of listed kinds. Summaries, reasons, steps and
//! metadata are written for the workspace and may name anybody: none of them is shown.

use super::{PortalChange, PortalList, PortalRecord};
use crate::{
    about::KnownAs,
    event::{ActorKind, Event, EventBody, NamedRef},
    id::ObjectId,
    log::LogKind,
    object::{ObjectKind, Property},
    search::{Expr, Field},
    time::LocalTime,
};
use serde_json::Value as Json;

/// Types of record that customers see whoever caused them.
const TYPES: [&str; 20] = [
    "company.created",
    "company.updated",
    "company.deactivated",
    "company.reactivated",
    "contact.created",
    "contact.updated",
    "contact.deactivated",
    "contact.reactivated",
    "contact.deleted",
    "contact.signed_in",
    "contact.sign_in_failed",
    "contact.signed_out",
    "contact.sign_in_link_sent",
    "contact.session_revoked",
    "contact.password_set",
    "contact.records_exported",
    "ticket.created",
    "ticket.closed",
    "ticket.reopened",
    "ticket.rated",
];

/// Types about how contacts come in.
const SIGN_INS: [&str; 7] = [
    "contact.signed_in",
    "contact.sign_in_failed",
    "contact.signed_out",
    "contact.sign_in_link_sent",
    "contact.session_revoked",
    "contact.password_set",
    "contact.records_exported",
];

/// Logs of which customers may see something: what happens within the workspace is none of theirs.
const LOGS: [LogKind; 5] = [
    LogKind::Activity,
    LogKind::Access,
    LogKind::ContactAuthentication,
    LogKind::Conversation,
    LogKind::Customer,
];

/// Properties whose values customers see, of companies and contacts.
const PROPERTIES: [(&str, &[&str]); 2] = [
    (
        "company",
        &["name", "domains", "phone", "website", "permissions", "portal"],
    ),
    (
        "contact",
        &["name", "email", "job_title", "phone", "mobile", "permissions"],
    ),
];

/// Kinds of things that are named: what customers know by its name. Of companies and contacts only their own.
const NAMED: [&str; 6] = ["ticket", "conversation", "file", "folder", "document", "course"];

/// Who asks, as far as it decides what is shown.
#[derive(Debug, Clone)]
pub struct Asker {
    pub company: ObjectId,
    pub company_known: KnownAs,
    pub contact: ObjectId,
    pub contact_known: KnownAs,
    /// Whether they see what concerns the whole company.
    pub sees_company: bool,
    /// Under whose name everybody else appears.
    pub brand: String,
}

impl Asker {
    fn is_company(&self, named: &NamedRef) -> bool {
        is_one_of(named.id.as_deref(), self.company, &self.company_known)
    }

    fn is_contact(&self, named: &NamedRef) -> bool {
        is_one_of(named.id.as_deref(), self.contact, &self.contact_known)
    }

    /// What asks the index for the records that may be shown. [`Self::shows`] says of each whether it is one.
    pub fn expr(&self, list: PortalList) -> Expr {
        let named = |field: &Field, id: ObjectId, known: &KnownAs| {
            let ids = std::iter::once(id.to_string()).chain(known.ids.iter().cloned());
            Expr::any(
                ids.chain(known.external_ids.iter().cloned())
                    .map(|id| Expr::is(field.clone(), id))
                    .collect(),
            )
        };
        let mut all = vec![
            named(&Field::Company, self.company, &self.company_known),
            Expr::any(LOGS.iter().map(|log| Expr::is(Field::Log, log.name())).collect()),
        ];
        let types = |types: &[&str]| {
            types
                .iter()
                .map(|name| Expr::is(Field::Type, *name))
                .collect::<Vec<_>>()
        };
        match list {
            PortalList::Activity => {
                let mut shown = types(&TYPES);
                shown.push(Expr::is(Field::ActorKind, ActorKind::Contact.name()));
                all.push(Expr::any(shown));
            }
            PortalList::SignIns => all.push(Expr::any(types(&SIGN_INS))),
        }
        if list == PortalList::SignIns || !self.sees_company {
            all.push(named(&Field::Contact, self.contact, &self.contact_known));
        }
        Expr::All(all)
    }

    /// Whether a record may be shown. The index finds names as well as ids: here only ids count.
    pub fn shows(&self, list: PortalList, body: &EventBody) -> bool {
        let is_theirs = body
            .company
            .as_ref()
            .is_some_and(|company| self.is_company(company));
        let is_own = body
            .contact
            .as_ref()
            .is_some_and(|contact| self.is_contact(contact));
        let is_of_kind = match list {
            PortalList::Activity => {
                TYPES.contains(&body.event_type.as_str()) || body.actor.kind == ActorKind::Contact
            }
            PortalList::SignIns => SIGN_INS.contains(&body.event_type.as_str()),
        };
        let sees_all = self.sees_company && list == PortalList::Activity;
        is_theirs && LOGS.contains(&body.log) && is_of_kind && (is_own || sees_all)
    }

    /// A record as customers see it. `at` is when it happened, as they read times.
    pub fn shown(&self, event: &Event, at: LocalTime) -> PortalRecord {
        let body = &event.body;
        let contact = body.contact.as_ref().and_then(|contact| contact.id.as_ref());
        let by_contact =
            body.actor.kind == ActorKind::Contact && contact.is_some() && contact == body.actor.id.as_ref();
        PortalRecord {
            id: event.id,
            at,
            what: what(&body.event_type),
            about: self.about(body),
            who: if by_contact {
                body.actor.label()
            } else {
                self.brand.clone()
            },
            outcome: body.outcome,
            ip: body.ip.filter(|_| by_contact).map(|ip| ip.to_string()),
            method: body
                .auth
                .as_ref()
                .filter(|_| by_contact)
                .and_then(|auth| auth.method.clone()),
            changes: if self.is_move(body) {
                Vec::new()
            } else {
                changes(body)
            },
        }
    }

    /// Whether somebody came from another company: what they were there is that one's.
    fn is_move(&self, body: &EventBody) -> bool {
        body.targets.iter().any(|target| {
            target.kind == "company" && !is_one_of(target.id.as_deref(), self.company, &self.company_known)
        })
    }

    /// The first thing it was done to that may be named.
    fn about(&self, body: &EventBody) -> Option<String> {
        let shown = body.targets.iter().find(|target| match target.kind.as_str() {
            "company" => is_one_of(target.id.as_deref(), self.company, &self.company_known),
            // A record of the company names its contact there, and a move the company that was left here.
            "contact" => body
                .contact
                .as_ref()
                .is_some_and(|contact| contact.id.is_some() && contact.id == target.id),
            kind => NAMED.contains(&kind),
        });
        shown.map(|target| target.label().to_owned())
    }
}

/// `Contact changed`: the catalogue stays out of the browser, and other systems have words of their own.
fn what(event_type: &str) -> String {
    let (kind, verb) = event_type.split_once('.').unwrap_or(("", event_type));
    let verb = match verb {
        "updated" => "changed",
        "records_exported" => "took records out as a file",
        other => other,
    };
    let text = format!("{kind} {verb}").replace(['_', '-'], " ");
    let mut letters = text.trim().chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn changes(body: &EventBody) -> Vec<PortalChange> {
    let kind = body.event_type.split_once('.').map_or("", |(kind, _)| kind);
    let shown = PROPERTIES.iter().find(|(known, _)| *known == kind);
    let Some((_, shown)) = shown else {
        return Vec::new();
    };
    let changes = body.changes.iter();
    changes
        .filter(|change| !change.secret && shown.contains(&change.property.as_str()))
        .map(|change| {
            let property =
                ObjectKind::from_name(kind).and_then(|kind| kind.spec().property(&change.property));
            PortalChange {
                property: property
                    .map_or(change.property.as_str(), |known| known.title)
                    .to_owned(),
                before: said(property, &change.before),
                after: said(property, &change.after),
            }
        })
        .collect()
}

fn said(property: Option<&Property>, value: &Json) -> String {
    match (property, value) {
        (_, Json::Null) => String::new(),
        (Some(property), value) => {
            let texts = property.texts(Some(value));
            let titles = texts.iter().map(|text| property.title_of(text).unwrap_or(text));
            titles.collect::<Vec<_>>().join(", ")
        }
        (None, Json::String(text)) => text.clone(),
        (None, other) => other.to_string(),
    }
}

fn is_one_of(id: Option<&str>, own: ObjectId, known: &KnownAs) -> bool {
    id.is_some_and(|id| {
        id == own.to_string()
            || known
                .ids
                .iter()
                .chain(&known.external_ids)
                .any(|known| known == id)
    })
}
