//! The event catalogue: what Daybook itself records, and what other systems have sent here.
//!
//! The catalogue comes from the server with the page ([`daybook_domain::catalogue::Listing`]). Nothing in here may
//! name a row of it: that would put all of them into the WebAssembly.

mod api;
mod entry;
mod others;
mod page;
mod search;
mod text;

pub use page::EventTypesPage;
