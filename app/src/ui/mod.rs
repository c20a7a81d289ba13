//! Parts that several features share. No feature's words, no server functions.

pub mod at_work;
pub mod badge;
pub mod copy;
pub mod form;
pub mod hydrated;
pub mod icon;
pub mod list;
pub mod menu;
pub mod number;
pub mod page_head;
pub mod problem;
pub mod ready;
pub mod user_agent;
