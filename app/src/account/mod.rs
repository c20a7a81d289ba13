//! The viewer's own account: where they are signed in, their password, their time zone.

mod api;
mod page;
mod password;
mod sessions;
pub mod text;
pub mod when;
mod zone;
pub mod zones;

pub use page::AccountPage;
