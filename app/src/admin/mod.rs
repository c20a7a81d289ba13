//! The Admin Center: who may sign in, what they may do, and the keys of programs.
//!
//! Which panel of a page is open is part of its address (`?invite`, `?manage=…`), so that every step works without
//! JavaScript and a refused form comes back open.

pub mod api_keys;
pub mod drift;
pub mod identity_providers;
pub mod panel;
pub mod past;
pub mod retention;
pub mod roles;
pub mod settings;
pub mod sign_in;
pub mod users;
