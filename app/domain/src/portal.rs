//! The customer portal: who looks at it, and what they are shown.
//!
//! A contact is a [`ContactViewer`], which is no [`Viewer`](crate::viewer::Viewer): nothing that users of the workspace may
//! do takes one. What of the record customers see is said in [`shown`], by what may be shown rather than by what may not.

pub mod shown;

use crate::{
    email::EmailStatus,
    event::{Outcome, words},
    id::{ContactSessionId, EmailMessageId, EventId, ObjectId, WorkspaceId},
    identity::OfferedProvider,
    regional::RegionalFormat,
    time::LocalTime,
    viewer::RequestContext,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Of a company: whether its contacts may come in.
pub const PORTAL: &str = "portal";
/// Among the permissions of a company and its contacts: to see what concerns the whole company.
pub const SEES_COMPANY: &str = "records.view_company";
/// How long a link that signs somebody in works.
pub const LINK_MINUTES: i64 = 15;

/// A contact who is signed in to the customer portal. Made by the authentication layer, never from input.
#[derive(Debug, Clone)]
pub struct ContactViewer(Arc<Inner>);

/// What a [`ContactViewer`] is made of.
#[derive(Debug, Clone)]
pub struct Inner {
    pub workspace: WorkspaceId,
    pub contact: ObjectId,
    pub name: String,
    pub email: String,
    pub company: ObjectId,
    pub company_name: String,
    /// Whether they see what concerns the whole company, or what concerns themselves.
    pub sees_company: bool,
    pub session: ContactSessionId,
    /// IANA name of the zone in which they read times.
    pub zone: String,
    pub format: RegionalFormat,
    pub look: Look,
    pub request: RequestContext,
}

impl ContactViewer {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.0.workspace
    }

    pub fn contact(&self) -> ObjectId {
        self.0.contact
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn email(&self) -> &str {
        &self.0.email
    }

    pub fn company(&self) -> ObjectId {
        self.0.company
    }

    pub fn company_name(&self) -> &str {
        &self.0.company_name
    }

    /// Whether they see what concerns the whole company.
    pub fn sees_company(&self) -> bool {
        self.0.sees_company
    }

    pub fn session(&self) -> ContactSessionId {
        self.0.session
    }

    pub fn zone(&self) -> &str {
        &self.0.zone
    }

    pub fn format(&self) -> RegionalFormat {
        self.0.format
    }

    pub fn request(&self) -> &RequestContext {
        &self.0.request
    }

    /// Under whose name the portal stands.
    pub fn look(&self) -> &Look {
        &self.0.look
    }

    /// What the pages may know about them.
    pub fn info(&self) -> ContactInfo {
        ContactInfo {
            name: self.0.name.clone(),
            email: self.0.email.clone(),
            company: self.0.company_name.clone(),
            sees_company: self.0.sees_company,
            zone: self.0.zone.clone(),
            look: self.0.look.clone(),
        }
    }
}

/// Under whose name the portal stands: a brand, or the workspace where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Look {
    pub name: String,
    /// `#rrggbb`
    pub colour: Option<String>,
    /// A picture, as a `data:` address.
    pub logo: Option<String>,
}

/// The contact as pages show them: never for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactInfo {
    pub name: String,
    pub email: String,
    pub company: String,
    pub sees_company: bool,
    /// IANA name of the zone in which they read times.
    pub zone: String,
    pub look: Look,
}

/// What the sign-in page offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub look: Look,
    /// Whether links can be mailed.
    pub sends_links: bool,
    pub providers: Vec<OfferedProvider>,
}

/// One of the contacts that somebody may come in as who has proved to be theirs whose address it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayBe {
    pub contact: ObjectId,
    pub name: String,
    pub company: String,
}

words! {
    /// What can be listed.
    PortalList {
        Activity = "activity", "Activity";
        SignIns = "sign-ins", "Sign-ins";
    }
}

/// What happened, as customers are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortalRecord {
    pub id: EventId,
    pub at: LocalTime,
    /// `Contact changed`
    pub what: String,
    /// What it was done to, where that may be named.
    pub about: Option<String>,
    /// A contact of the company by name, everybody else as one of the brand.
    pub who: String,
    pub outcome: Outcome,
    /// From where, where a contact of the company did it.
    pub ip: Option<String>,
    /// How somebody signed in.
    pub method: Option<String>,
    pub changes: Vec<PortalChange>,
}

/// One property that customers see, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalChange {
    pub property: String,
    pub before: String,
    pub after: String,
}

/// One page of what happened, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortalPage<T> {
    pub rows: Vec<T>,
    /// Where the next page begins, towards the past; `None` at the end.
    pub older: Option<String>,
}

/// A browser in which the contact is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSession {
    pub id: ContactSessionId,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub method: String,
    pub begun: LocalTime,
    pub seen: LocalTime,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// What a contact has of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalAccount {
    pub has_password: bool,
    /// Whether the current password is asked for to set another.
    pub asks_current: bool,
    /// Whether a first password can only be set by who has come by a link just now.
    pub needs_link: bool,
    pub sessions: Vec<PortalSession>,
}

/// An email as customers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalEmail {
    pub id: EmailMessageId,
    pub at: LocalTime,
    pub to: String,
    pub sender: String,
    pub subject: String,
    pub status: EmailStatus,
    /// Whether it was sent to the asker, who alone reads what it says.
    pub is_own: bool,
}

/// An email with what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalEmailDetail {
    pub email: PortalEmail,
    /// The text; `None` where it isn't kept.
    pub text: Option<String>,
}
