//! Parts that several features share. No feature's words, no server functions.

pub mod copy;
pub mod form;
