//! The general settings: the workspace's name, the zone of new users, the helpdesk product and its courses module, the logs that have a tab.

mod api;
mod courses;
mod helpdesk;
mod logs;
mod page;
pub mod text;
mod workspace;

pub use page::SettingsPage;
