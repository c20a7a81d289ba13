//! Where people prove who they are by OpenID Connect, in place of a password here.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_excessive_bools, reason = "each is a box to tick of its own")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_provider")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in the form in which names are compared, unique per workspace.
    pub name_key: String,
    pub issuer: String,
    pub client_id: String,
    /// `None` for a public client.
    pub sealed_secret: Option<Vec<u8>>,
    /// Beyond `openid`, with a space between.
    pub scopes: String,
    /// Whether users of the workspace sign in by it.
    pub is_enabled: bool,
    /// Whether contacts sign in by it, to the customer portal.
    pub for_contacts: bool,
    /// What becomes of people who aren't users.
    pub newcomers: String,
    /// Whether an address counts that the provider doesn't say to have verified.
    pub trusts_email: bool,
    /// Domains of those who may come, as JSON; none for all.
    pub domains: String,
    /// The claim by whose values roles are given; empty where they aren't.
    pub role_claim: String,
    /// Values of the claim, each with the id of its role, as JSON. The first that fits counts.
    pub role_rules: String,
    /// For those whom no rule fits.
    pub default_role_id: Option<Uuid>,
    /// Whether who comes from there has shown a second factor by that.
    pub vouches_for_factor: bool,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
