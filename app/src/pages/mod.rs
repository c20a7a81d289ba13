//! Pages that say why there is no page.

mod forbidden;
mod not_found;

pub use forbidden::Forbidden;
pub use not_found::NotFound;
