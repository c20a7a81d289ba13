//! One try to send something to another product.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "integration_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub integration_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub took_ms: i64,
    /// `AttemptCause`.
    pub cause: String,
    pub events: i32,
    /// Of the records that were to be sent; none of a test.
    pub first_sequence: Option<i64>,
    pub last_sequence: Option<i64>,
    pub bytes: i64,
    /// Of the answer, where there was one by HTTP.
    pub status: Option<i32>,
    /// Its beginning.
    pub answer: Option<String>,
    /// `FailureKind`.
    pub failure: Option<String>,
    pub detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
