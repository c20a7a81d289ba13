//! Roles: what each may do, and how many people have it.

mod api;
mod delete;
mod edit;
mod factor;
mod form;
mod groups;
mod list;
mod matrix;
mod pages;
pub mod text;

pub use edit::RolePage;
pub use list::RolesPage;
pub use pages::RoleTabPage;

/// The page on which a role is made: what stands in the address in place of an id.
const NEW: &str = "new";
const NEW_PATH: &str = "/admin/roles/new";
