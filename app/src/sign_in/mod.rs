//! Before anybody is signed in: signing in, the first administrator, an invitation.
//!
//! The forms are ordinary ones, sent to handlers of the server: a session begins when the head of an answer leaves,
//! which a server function can't be sure of.

mod api;
mod entry;
mod invitation;
mod page;
mod setup;
pub mod text;

pub use invitation::InvitationPage;
pub use page::SignInPage;
pub use setup::SetupPage;
