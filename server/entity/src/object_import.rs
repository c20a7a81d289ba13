//! A file of things on its way in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `ObjectKind`.
    pub kind: String,
    /// The name of the file.
    pub file: String,
    /// Its lines without the head.
    pub lines: i64,
    /// `Vec<ImportColumn>` as JSON.
    pub columns: String,
    /// `ImportSettings` as JSON.
    pub settings: String,
    /// `ImportState`.
    pub state: String,
    /// Lines that were looked at, and what became of them.
    pub done: i64,
    pub created: i64,
    pub changed: i64,
    pub same: i64,
    pub bad: i64,
    /// Who uploaded it.
    pub by_name: String,
    /// Of everything that it stores.
    pub correlation_id: String,
    pub created_at: i64,
    /// When it was last worked on.
    pub touched_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
