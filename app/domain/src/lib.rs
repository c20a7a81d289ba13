//! What Daybook is about, in types: the record, the logs, the questions one can ask of them, who may ask.
//!
//! This crate is compiled into the browser and the server alike. It holds no I/O, reads no clock and makes no
//! ids: time and ids come in as parameters (see [`time::Clock`] and [`id::IdMaker`]). What does the work stands
//! behind the traits of [`ports`].

pub mod about;
pub mod account;
pub mod activity;
pub mod analytics;
pub mod canonical;
pub mod catalogue;
pub mod compare;
pub mod cursor;
pub mod delivery;
pub mod diff;
pub mod drift;
pub mod email;
pub mod email_template;
pub mod error;
pub mod event;
pub mod export;
pub mod facet;
pub mod id;
pub mod identity;
pub mod integration;
pub mod log;
pub mod monitoring;
pub mod naming;
pub mod object;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
pub mod page;
pub mod past;
pub mod permission;
pub mod portal;
pub mod ports;
pub mod query;
pub mod regional;
pub mod report;
pub mod retention;
pub mod search;
pub mod seen;
pub mod settings;
pub mod time;
pub mod view;
pub mod viewer;
pub mod webhook;
pub mod work_session;

pub use error::{Error, Result};
