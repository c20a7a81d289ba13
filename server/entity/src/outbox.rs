//! What is to be delivered: one row for each attempt that is to be made, written with its cause.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Of the message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who delivers it.
    pub carrier: String,
    pub destination_id: Uuid,
    /// When it is to be taken: microseconds. Once it is, when whoever took it is given up.
    pub due_at: i64,
    /// The process that has taken it.
    pub leased_by: Option<Uuid>,
    /// Why it is made: for the carrier.
    pub cause: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
