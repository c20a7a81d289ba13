//! Daybook's pages: rendered on the server, then brought to life in the browser by the same code.
//!
//! This crate builds for WebAssembly. It knows the domain's types and its ports, and nothing of databases, sessions
//! or mail; what the server does stands behind [`context::ServerContext`]. One folder per feature, each with its
//! pages, its parts and its server functions.

#![recursion_limit = "256"]

pub mod account;
pub mod address;
pub mod admin;
pub mod alerts;
pub mod analytics;
pub mod app;
pub mod audit_logs;
pub mod context;
pub mod email;
pub mod error;
pub mod event_types;
pub mod flash;
pub mod integrations;
pub mod layout;
pub mod objects;
pub mod pages;
mod past;
pub mod portal;
pub mod routes;
pub mod sign_in;
pub mod ui;
pub mod viewer;
pub mod webhooks;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::shell;
