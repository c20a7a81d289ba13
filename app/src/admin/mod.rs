//! The Admin Center.

pub mod api_keys;
pub mod roles;
pub mod users;
