//! Other products that get the log: how each does, what was sent to it, and what can be done about it. The pages to make and
//! change one are those of every thing ([`crate::objects`]).

pub mod api;
mod attempts;
mod deliveries;
mod doings;
mod health;
mod list;
mod rewind;
mod secret;
pub mod text;

pub use deliveries::DeliveriesOfIntegration;
pub use list::IntegrationsPage;

use daybook_domain::object::ObjectKind;

const KIND: ObjectKind = ObjectKind::Integration;
