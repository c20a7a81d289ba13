//! The rules: the list of them, and one with what there is to set.

mod form;
mod list;
mod one;
mod tried;

pub use list::AlertRulesPage;
pub use one::AlertRulePage;
