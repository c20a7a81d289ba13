//! The log store: appending ([`append`], called by the writer only) and reading ([`events`]), a page of a list at a
//! time ([`list`]), counts of the list as a whole ([`overview`]), or all of its records ([`parts`]); which logs
//! there are ([`tabs`]); and removing ([`removal`]).

mod activity;
pub(crate) mod append;
mod compare;
mod day;
mod due;
mod event_types;
pub mod events;
pub(crate) mod facets;
mod histogram;
mod list;
mod overview;
mod parts;
pub(crate) mod place;
#[cfg(test)]
mod plans;
pub(crate) mod removal;
mod tabs;

pub use append::{Appended, NewEvent, Refusal};
pub(crate) use compare::moment;
pub(crate) use due::{Due, Rules};
pub use events::EventStore;
pub(crate) use parts::{Form, Part, Parts};
pub(crate) use tabs::switched_on;

use crate::{Error, Result, writer::WriteTx};
use daybook_domain::{
    event::Event, id::WorkspaceId, naming::Helpdesk, regional::RegionalFormat, settings::SignInPolicy,
};
use daybook_entity::{event_head, workspace};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A record as it is stored.
pub(crate) fn parse(record: &str) -> Result<Event> {
    Event::from_record(record).map_err(|error| Error::damaged(format!("a stored record: {error}")))
}

/// Makes a workspace with an empty log. Fails where there is one already: an installation holds one.
pub async fn create_workspace(tx: &mut WriteTx, id: WorkspaceId, name: &str) -> Result<workspace::Model> {
    let policy = SignInPolicy::default();
    let number = |number: u32| i32::try_from(number).map_err(Error::damaged);
    let row = workspace::ActiveModel {
        id: Set(id.0),
        slot: Set(1),
        name: Set(name.to_owned()),
        zone: Set("UTC".to_owned()),
        regional_format: Set(RegionalFormat::default().name().to_owned()),
        helpdesk: Set(Helpdesk::Nothing.name().to_owned()),
        created_at: Set(tx.now().micros()),
        session_idle_minutes: Set(number(policy.idle_minutes)?),
        session_longest_hours: Set(number(policy.longest_hours)?),
        password_length: Set(number(policy.password_length)?),
        sign_in_networks: Set("[]".to_owned()),
        courses: Set(false),
    };
    let made = workspace::Entity::insert(row)
        .exec_with_returning(tx.db())
        .await?;
    let head = event_head::ActiveModel {
        workspace_id: Set(id.0),
        last_sequence: Set(0),
        removals: Set(0),
    };
    event_head::Entity::insert(head)
        .exec_without_returning(tx.db())
        .await?;
    Ok(made)
}
