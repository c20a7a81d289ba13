//! Before anybody is signed in: signing in, the first administrator, an invitation, a password
//! that was forgotten.
//!
//! The forms are ordinary ones, sent to handlers of the server: a session begins when the head of an answer leaves,
//! which a server function can't be sure of.

mod api;
mod code;
mod entry;
mod forgotten;
mod invitation;
mod page;
mod reset;
mod setup;
pub mod text;

pub use code::CodePage;
pub use entry::Entry;
pub use forgotten::ForgottenPage;
pub use invitation::InvitationPage;
pub use page::SignInPage;
pub use reset::ResetPage;
pub use setup::SetupPage;
