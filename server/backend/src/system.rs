//! The one place that reads the clock and makes ids.

use chrono::Utc;
use daybook_domain::{
    id::IdMaker,
    time::{Clock, Timestamp},
};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from_datetime(Utc::now())
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdMaker for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
