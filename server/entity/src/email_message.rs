//! An email to one address.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts the messages as they come to be known, from 1: what they are found by says which by it.
    pub number: i32,
    /// Who sent it: `daybook`, or the other system that reports it.
    pub source: String,
    /// The id it has there.
    pub source_id: Option<String>,
    /// When it was made: the order of lists.
    pub at: i64,
    /// `EmailStatus`.
    pub status: String,
    /// `BounceType`.
    pub bounce: Option<String>,
    /// To whom, in lower case.
    pub address: String,
    pub to_name: Option<String>,
    /// From whom, as it stands in the message.
    pub sender: String,
    pub subject: String,
    pub template: Option<String>,
    /// The thing's own id where it is known here, else what was said.
    pub brand_id: Option<String>,
    pub brand_name: Option<String>,
    pub company_id: Option<String>,
    pub company_name: Option<String>,
    pub contact_id: Option<String>,
    pub contact_name: Option<String>,
    /// `Message-ID`, without angle brackets.
    pub message_id: Option<String>,
    pub provider_id: Option<String>,
    /// How often it was tried to be sent from here.
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Option<i64>,
    /// The words it is found by, each after a space, in order.
    pub words: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
