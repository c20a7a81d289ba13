//! The helpdesk's master data: lists of companies, contacts, boards, …, a page per thing with its own audit log, and the
//! forms that change them.
//!
//! A kind of thing is data ([`daybook_domain::object::KindSpec`]): the pages here are the same for each, and know none by
//! name. What is listed, and which tab of a thing is open, is part of the address.

pub mod api;
mod conditions;
mod contacts;
mod edit;
mod fields;
mod frame;
pub mod import;
mod list;
mod many;
mod meanwhile;
mod merge;
mod overview;
mod past;
mod state;
mod table;
pub mod text;
mod thing;
mod values;
mod variants;

pub use edit::NewThingPage;
pub use frame::{Head, Tab};
pub use import::{ImportPage, ImportsPage};
pub use list::{ThingsPage, things_page};
pub use many::ManyPage;
pub use state::use_thing;
pub use thing::ThingPage;
pub use variants::Variants;
