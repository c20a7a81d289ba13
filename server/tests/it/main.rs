//! The server as its users meet it: browsers, programs, and whoever starts it. One binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that fails says where"
)]

mod administration;
mod api_bounds;
mod api_emails;
mod api_events;
mod api_read;
mod api_things;
mod browser;
mod client;
mod command;
mod dashboards;
mod disk;
mod event_types;
mod export;
mod gate;
mod house;
mod import;
mod kill;
mod live;
mod mutations;
mod openapi;
mod pages;
mod reports;
mod sign_in;
mod swagger;
mod views;
