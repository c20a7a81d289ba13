//! The sign-in policy: how long sessions last, how long passwords are, from where people come in.

mod api;
mod page;
pub mod text;

pub use page::SignInPolicyPage;
