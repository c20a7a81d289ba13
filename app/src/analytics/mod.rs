//! Analytics: usage of the portals as figures (R30, R38), for everybody and on the pages of companies and contacts.
//!
//! What is shown comes from the server as counts; each number leads to the records it counts, for those who may read them.

mod api;
mod chart;
mod of_thing;
mod page;
mod period;
mod tables;
pub mod text;
mod view;

pub use of_thing::UsageOfThing;
pub use page::{CoursesUsagePage, FilesUsagePage, PortalUsagePage};
