//! Security monitoring: the alerts, and the rules that raise them.

mod act;
mod alert;
pub mod api;
mod badges;
mod list;
mod rules;
pub mod text;

pub use alert::AlertPage;
pub use list::AlertsPage;
pub use rules::{AlertRulePage, AlertRulesPage};
