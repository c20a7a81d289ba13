//! A saved view as a report: when it is sent by mail, to whom, and what came of it.

mod api;
mod form;
mod page;
pub mod text;

pub use page::ReportPage;
pub use text::LINK;
