//! Everything of Daybook that does the work: the store and its single writer, ingest, accounts, the demo workspace.
//!
//! It implements the traits of [`daybook_domain::ports`] and knows no user interface and no HTTP. Changes go through
//! [`writer::Writer`], which records them (see [`record`]); nothing else writes to the database.

pub mod accounts;
pub mod analytics;
mod beside;
#[cfg(test)]
mod coverage;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod drift;
pub mod email;
pub mod error;
pub mod export;
mod found;
mod fresh;
pub mod index;
pub mod ingest;
pub mod integrations;
pub mod local_time;
pub mod monitoring;
pub mod objects;
mod oidc;
pub mod past;
pub mod portal;
pub mod reading;
pub mod record;
pub mod recording;
pub mod reports;
pub mod retention;
mod rows;
pub mod secrets;
pub mod settings;
mod spreadsheet;
pub mod store;
pub mod system;
#[cfg(feature = "testing")]
pub mod testing;
pub mod values;
pub mod views;
pub mod webhooks;
pub mod writer;

pub use error::{Error, Result};
