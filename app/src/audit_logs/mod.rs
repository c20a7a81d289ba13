//! The audit logs: the list of records of a log, and one record at its permanent address.
//!
//! A log is data ([`daybook_domain::log::LogSpec`]): nothing in here may ask which log it is. All state of the list
//! is in the URL ([`state::ListState`]); every control is a link or a form that makes another URL.

pub mod api;
mod cells;
mod columns;
mod compare;
mod empty;
mod event_page;
mod export;
mod filter_bar;
mod head;
mod histogram;
mod keys;
mod news;
mod overview;
mod page;
mod pager;
pub mod record;
pub mod report;
mod search;
mod state;
mod table;
mod tabs;
pub(crate) mod text;
pub mod views;
mod work_session;

pub use cells::Time;
pub use compare::ComparePage;
pub use event_page::EventPage;
pub use histogram::still_bars;
pub use page::{LogPage, ThingLog};
pub use record::searching;
pub use report::ReportPage;
pub use work_session::AgentDayPage;
