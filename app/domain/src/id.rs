//! Identifiers. All are `UUIDv7` (RFC 9562), made in one place on the server and passed in.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Makes new `UUIDv7` ids. The one implementation that reads the clock lives in the backend; tests bring their own.
pub trait IdMaker: Send + Sync + fmt::Debug {
    fn next(&self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::openapi::text("uuid")
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// One helpdesk account. Every table and key starts with it.
    WorkspaceId,
    /// One record of the log.
    EventId,
    /// A person who can sign in to the portal.
    UserId,
    /// A named set of permissions.
    RoleId,
    /// One signed-in browser, by the id that may be shown (never the secret in the cookie).
    SessionId,
    /// A key for programs, by the id that may be shown.
    ApiKeyId,
    /// A list under a name.
    ViewId,
    /// A legal hold.
    HoldId,
    /// A company, a board, … whatever its kind.
    ObjectId,
    /// A file of things on its way in.
    ImportId,
    /// What is sent to a webhook endpoint.
    WebhookMessageId,
    /// A secret that messages are signed with, by the id that may be shown.
    WebhookSecretId,
    /// A contact's signed-in browser, by the id that may be shown.
    ContactSessionId,
    /// An email to one address.
    EmailMessageId,
    /// Where people prove who they are, in place of a password here.
    ProviderId,
    /// Something that a rule has found.
    AlertId,
    /// What a month came to.
    UsageReportId,
}
