//! Words the demo is made of. Data only, no decisions.

pub mod companies;
pub mod conversations;
pub mod names;
pub mod staff;
pub mod start;
pub mod templates;
