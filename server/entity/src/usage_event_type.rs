//! How often an event type came in a day, a week or a month: of everybody; of a company or of a contact in a day only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_event_type")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `UsageType`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub usage_type: String,
    /// Empty where it isn't of a company.
    #[sea_orm(primary_key, auto_increment = false)]
    pub company: String,
    /// Empty where it isn't of a contact.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact: String,
    /// `Grain`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub grain: String,
    /// The first day: days since 1970-01-01.
    #[sea_orm(primary_key, auto_increment = false)]
    pub start_day: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_type: String,
    pub activities: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
