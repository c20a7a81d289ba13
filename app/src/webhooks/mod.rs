//! What was sent to a webhook endpoint and what came of it: its deliveries, one message with its attempts, and what messages
//! are signed with. The endpoint's other pages are those of every thing ([`crate::objects`]).

pub mod api;
mod attempt;
mod deliveries;
mod health;
mod message;
mod recover;
mod signing;
pub mod text;

pub use deliveries::DeliveriesOfThing;
pub use message::MessageOfThing;
pub use signing::SigningOfThing;

use daybook_domain::object::ObjectKind;

const KIND: ObjectKind = ObjectKind::WebhookEndpoint;
