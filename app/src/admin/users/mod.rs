//! Who can sign in: the list, inviting people, and each person's pages, on which an administrator changes them.

mod api;
mod impersonate;
mod invite;
mod one;
mod page;
mod row;
pub mod text;

pub use impersonate::ImpersonatePage;
pub use one::UserPage;
pub use page::UsersPage;

/// The page with the invitation form open.
const INVITE_PATH: &str = "/admin/users?invite";
