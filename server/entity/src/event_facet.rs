//! How many records of a log have a value in a field. Kept in the transaction that stores the records.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_facet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// A log's name, or `all` for all of them together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub log: String,
    /// A `FilterField` name, or `log` for the log's own total.
    #[sea_orm(primary_key, auto_increment = false)]
    pub field: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    /// What a person reads; the newest that was seen.
    pub label: String,
    /// Lower-case text that a typed name is looked for in: label and email.
    pub search: String,
    pub count: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
