//! What users keep of lists: the menu of views over a list and the page that tidies them up, and how a log is shown.
//!
//! What is kept comes with the page ([`kept`]): which view opens first and which columns are shown has to be known
//! before anything is drawn. A view is an address; nothing in here changes what a list is.

mod api;
mod edit;
mod keep;
mod kept;
mod lead;
mod menu;
mod page;
mod row;
mod save;
#[cfg(feature = "ssr")]
mod sent;
pub mod text;

pub use keep::KeepColumns;
pub use kept::{opens_first, provide_kept, use_kept};
pub use lead::{follow, opening};
pub use menu::ViewsMenu;
pub use page::ViewsPage;
