//! Who can sign in: the list, inviting people, and what an administrator does with one person, and that
//! person's pages.

mod api;
mod impersonate;
mod invite;
mod manage;
mod one;
mod page;
mod row;
pub mod text;

pub use impersonate::ImpersonatePage;
pub use one::UserPage;
pub use page::UsersPage;

use crate::routes;
use daybook_domain::id::UserId;

/// The page with the invitation form open.
const INVITE_PATH: &str = "/admin/users?invite";

/// The page with one person's panel open.
fn manage_path(id: UserId) -> String {
    format!("{}?manage={id}", routes::USERS)
}

/// The same, and that person in view. Not for a refusal: what it says stands at the top.
fn manage_link(id: UserId) -> String {
    format!("{}#user-{id}", manage_path(id))
}
