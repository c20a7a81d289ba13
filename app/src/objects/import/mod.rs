//! Files of things, step by step: upload, what the columns hold, what would become of each line, the import itself. Where
//! one is stands in the database, so each step is a page that can be left and found again.

pub mod api;
mod columns;
mod page;
mod problems;
pub mod text;
mod upload;

pub use page::ImportPage;
pub use upload::ImportsPage;
