//! People, roles, sessions and keys: what the gate stands on, as pages and API show them.

use crate::{
    event::words,
    facet::Count,
    id::{ApiKeyId, RoleId, SessionId, UserId},
    identity::LinkedIdentity,
    object::{Filters, ObjectCursor, ObjectFacet, STATUS, SortBy, one_of},
    permission::{BuiltInRole, Permission, PermissionSet},
    seen::Seen,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};

words! {
    UserStatus {
        Active = "active", "Active";
        /// Has an invitation and no password yet.
        Invited = "invited", "Invited";
        /// Can't sign in; everything recorded about them stays.
        Deactivated = "deactivated", "Deactivated";
    }
}

/// A person who can sign in to the portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub role: RoleId,
    pub role_name: String,
    pub status: UserStatus,
    pub created: LocalTime,
    pub last_sign_in: Option<LocalTime>,
    /// Who changes them says that they have seen this.
    pub seen: Seen,
}

/// The filter of the list of users that isn't [`STATUS`].
pub const ROLE: &str = "role";

/// What the list of users can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserFilters;

impl Filters for UserFilters {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        match name {
            STATUS => one_of(
                UserStatus::from_name(value).is_some(),
                STATUS,
                &UserStatus::names(),
            ),
            ROLE if value.parse::<RoleId>().is_err() => Err("is no role".to_owned()),
            ROLE => Ok(Some(ROLE)),
            _ => Ok(None),
        }
    }

    fn orders(&self) -> &[SortBy] {
        &[SortBy::Name]
    }
}

/// A page of the list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    pub rows: Vec<User>,
    /// How many there are on all pages.
    pub total: Count,
    pub facets: Vec<ObjectFacet>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
}

/// A user as an administrator fills them in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserForm {
    pub name: String,
    pub email: String,
    /// Empty for none.
    pub phone: String,
}

/// One's own data, as one fills them in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    pub name: String,
    /// Empty for none.
    pub phone: String,
}

/// One's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub phone: Option<String>,
    pub seen: Seen,
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub description: String,
    /// Built-in roles keep their name; Administrator keeps every permission.
    pub built_in: Option<BuiltInRole>,
    pub permissions: PermissionSet,
    /// Whether those who have it need more than a password to sign in.
    pub needs_second_factor: bool,
    /// Users who have it, deactivated ones included.
    pub users: u64,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// A role as an administrator fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleForm {
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
}

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    /// The one this page was asked for with.
    pub current: bool,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub created: LocalTime,
    pub last_seen: LocalTime,
}

/// A user with where they are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    pub user: User,
    /// The one used last comes first.
    pub sessions: Vec<Session>,
    /// Why no link can be mailed to them, as a sentence; `None` where one can.
    pub unmailable: Option<String>,
    /// Since when they are asked for a code, where they are.
    pub second_factor: Option<LocalTime>,
    /// The identities by which they come in from a provider.
    pub identities: Vec<LinkedIdentity>,
}

/// What somebody shows beside their password when they sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Since when a code is asked for, where it is.
    pub since: Option<LocalTime>,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
    /// Whether their role needs one.
    pub needed: bool,
    /// Whether they have a password to prove who they are with; who comes from a provider alone has none.
    pub has_password: bool,
    /// What an app takes, where it was begun and no code was typed yet.
    pub enrolment: Option<Enrolment>,
}

/// What an app makes codes from (RFC 6238), as it takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// In base 32, to be typed.
    pub secret: ShownOnce,
    /// `otpauth://totp/…`
    pub uri: ShownOnce,
    /// The same as a QR code, in SVG.
    pub picture: ShownOnce,
}

/// For how many minutes somebody may appear as another user.
pub const IMPERSONATION_MINUTES: [u32; 3] = [15, 30, 60];
/// Longest reason for it, in characters.
pub const MAX_IMPERSONATION_REASON: u16 = 500;

/// Somebody one could appear as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impersonable {
    pub id: UserId,
    pub name: String,
    pub role_name: String,
    /// Why not, as a sentence; `None` where one may.
    pub obstacle: Option<String>,
}

words! {
    /// What an API key may do.
    Scope {
        EventsWrite = "events:write", "Send events";
        EventsRead = "events:read", "Read events";
        AnalyticsRead = "analytics:read", "Read analytics";
        DirectoryWrite = "directory:write", "Synchronise the directory";
        EmailWrite = "email:write", "Report emails";
    }
}

/// A key for programs, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    /// The first characters of the key, to tell keys apart: `dbk_3fa9c1`.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    pub created: LocalTime,
    pub created_by: String,
    pub last_used: Option<LocalTime>,
    pub revoked: Option<LocalTime>,
}

/// A secret that is shown to its owner exactly once: an API key, an invitation link. Prints as dots.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShownOnce(String);

impl ShownOnce {
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself. Call it only where it is put in front of its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownOnce(…)")
    }
}

/// A thing made, with the secret that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithSecret<T> {
    pub thing: T,
    pub secret: ShownOnce,
}

/// Somebody who was invited, and how the link gets to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub user: User,
    pub way: LinkWay,
}

/// How a link gets to whom it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkWay {
    /// A mail is on its way.
    Mailed,
    /// It is shown to who asked for it, to be sent by hand.
    Shown {
        /// Its path.
        link: ShownOnce,
        /// Why no mail went, as a sentence; `None` where none was asked for.
        why: Option<String>,
    },
}

/// What somebody with an invitation link sees before choosing a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub name: String,
    pub email: String,
    pub workspace: String,
    pub expires: LocalTime,
}
