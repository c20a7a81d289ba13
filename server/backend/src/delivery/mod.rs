//! Sending to others: what every delivery needs, whatever it carries.
//!
//! A message goes out by [`http::Sender`], which sends nothing where the [`guard::Guard`] doesn't want it sent, waits no
//! longer and reads no more than it must, and says what came of it in the words of [`FailureKind`]. When a message that
//! failed is tried again is said by [`schedule`]; how a receiver knows that it is ours by [`signature`]. What must be kept
//! and not be read, such as the secrets messages are signed with, is [`sealed`].
//!
//! What isn't carried by HTTP goes by a connection that [`connect`] makes, under the same guard.
//!
//! What is to be delivered waits in the [`outbox`], from which a [`worker`] takes it; no other table is known here.
//!
//! [`FailureKind`]: daybook_domain::delivery::FailureKind

pub(crate) mod connect;
pub(crate) mod expiry;
pub mod guard;
pub(crate) mod hidden;
pub mod http;
mod names;
pub mod outbox;
#[cfg(test)]
pub(crate) mod receiver;
pub(crate) mod running;
pub mod schedule;
pub mod sealed;
pub mod signature;
#[cfg(test)]
mod tests;
pub mod worker;
