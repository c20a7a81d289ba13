//! Identity providers: where people prove who they are by OpenID Connect, in place of a password here.

use crate::{
    email::NewPassword,
    event::words,
    id::{ProviderId, RoleId},
    seen::Seen,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

words! {
    /// What becomes of people who come from a provider and aren't users.
    Newcomers {
        /// Somebody has to invite them first.
        Refused = "refused", "Nobody comes in who isn't known here";
        /// They become users as they come (just-in-time provisioning).
        Made = "made", "They become users, or contacts, as they sign in";
    }
}

/// Most providers of a workspace.
pub const MAX_PROVIDERS: usize = 20;
/// Most rules by which a provider's users get roles.
pub const MAX_ROLE_RULES: usize = 100;
/// Most domains of those who may come from a provider.
pub const MAX_DOMAINS: usize = 100;

/// A provider as the sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedProvider {
    pub id: ProviderId,
    pub name: String,
}

/// What one value of a claim makes of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRule {
    /// To the letter: the name of a group, or its id.
    pub value: String,
    pub role: RoleId,
    pub role_name: String,
}

/// A provider as its page shows it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box to tick of its own, but for the secret, of which nothing else may be shown"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityProvider {
    pub id: ProviderId,
    /// On the button of the sign-in page.
    pub name: String,
    /// As the provider calls itself, to the letter.
    pub issuer: String,
    pub client_id: String,
    /// Whether there is a client secret; it is never shown.
    pub has_secret: bool,
    /// Beyond `openid`, with a space between.
    pub scopes: String,
    /// Whether users of the workspace sign in by it.
    pub enabled: bool,
    /// Whether contacts sign in by it, to the customer portal.
    pub for_contacts: bool,
    pub newcomers: Newcomers,
    /// Whether an address counts that the provider doesn't say to have verified.
    pub trusts_email: bool,
    /// Domains of those who may come; none for all.
    pub domains: Vec<String>,
    /// The claim by whose values roles are given; empty where they aren't.
    pub role_claim: String,
    /// The first that fits counts.
    pub role_rules: Vec<RoleRule>,
    /// For those whom no rule fits.
    pub default_role: Option<RoleId>,
    /// Whether who comes from there has shown a second factor by that.
    pub vouches_for_factor: bool,
    pub created: LocalTime,
    /// Users who have come from there.
    pub users: u64,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// A provider as an administrator fills it in.
#[expect(clippy::struct_excessive_bools, reason = "each is a box to tick of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderForm {
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// Empty leaves the one that is kept, as long as issuer and client id stay.
    pub client_secret: NewPassword,
    pub scopes: String,
    pub enabled: bool,
    pub for_contacts: bool,
    pub newcomers: Newcomers,
    pub trusts_email: bool,
    /// With spaces, commas or lines between.
    pub domains: String,
    pub role_claim: String,
    /// One on each line: `VALUE = ROLE`.
    pub role_rules: String,
    pub default_role: Option<RoleId>,
    pub vouches_for_factor: bool,
}

/// An identity by which a user comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    pub provider: ProviderId,
    pub subject: String,
    /// The provider's name and the address it gave.
    pub label: String,
    pub since: LocalTime,
}
