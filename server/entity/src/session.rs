//! One signed-in browser. The cookie holds a secret; the table only its SHA-256.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the cookie's secret, unique per workspace.
    pub token_hash: Vec<u8>,
    pub user_id: Uuid,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// What tower-sessions keeps, as JSON.
    pub data: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    /// The user as whom its holder appears (R46), why, and from when to when.
    pub appears_as: Option<Uuid>,
    pub appears_why: Option<String>,
    pub appears_since: Option<i64>,
    pub appears_until: Option<i64>,
    /// Whether a provider they came from vouches for their second factor.
    pub factor_vouched: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
