//! Roles, users and settings as they were: the page of past states that all of them share.

mod api;
mod page;

pub use page::{PastOf, PastOfRetention, PastOfSettings, PastOfSignInPolicy};
