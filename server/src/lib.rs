//! The one binary: its command line ([`cli`]), its settings ([`config`]) and HTTP ([`http`]).
//!
//! Thin wiring. What is done stands in `daybook-backend`, what is shown in `daybook-app`; here the two are put
//! together and nothing is decided.

#![recursion_limit = "256"]

pub mod cli;
pub mod config;
pub mod http;
pub mod outside;
pub mod problem;
pub mod services;

pub use problem::Problem;
pub use services::Services;
