//! Email: what was sent and what became of it, the addresses that are not to be mailed, how mail is sent, and what
//! Daybook's own says.

pub mod api;
mod cells;
mod history;
mod list;
mod message;
mod of_thing;
mod providers;
mod settings;
mod suppressions;
mod template;
mod templates;
pub mod text;

pub use history::DeliveryHistoryPage;
pub use message::EmailMessagePage;
pub use of_thing::EmailsOfThing;
pub use settings::MailSettingsPage;
pub use suppressions::SuppressionsPage;
pub use template::EmailTemplatePage;
pub use templates::EmailTemplatesPage;
