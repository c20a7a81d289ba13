//! Email: what was sent and what became of it, the addresses that are not to be mailed, and how mail is sent.

pub mod api;
mod cells;
mod history;
mod list;
mod message;
mod of_thing;
mod providers;
mod settings;
mod suppressions;
pub mod text;

pub use history::DeliveryHistoryPage;
pub use message::EmailMessagePage;
pub use of_thing::EmailsOfThing;
pub use settings::MailSettingsPage;
pub use suppressions::SuppressionsPage;
