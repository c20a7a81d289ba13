//! The viewer's own account: where they are signed in, what they are called, their password, how they read times and numbers.

mod api;
pub mod format;
mod page;
mod password;
mod profile;
mod second_factor;
mod sessions;
pub mod text;
pub mod when;
mod zone;
pub mod zones;

pub use page::AccountPage;
pub use second_factor::SecondFactorPage;
