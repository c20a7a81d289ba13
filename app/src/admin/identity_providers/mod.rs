//! Identity providers: where people prove who they are, in place of a password here.

mod api;
mod edit;
mod form;
mod list;
pub mod text;

pub use edit::IdentityProviderPage;
pub use list::IdentityProvidersPage;

/// The page on which one is set up: what stands in the address in place of an id.
const NEW: &str = "new";
const NEW_PATH: &str = "/admin/identity-providers/new";
