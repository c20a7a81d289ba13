//! When something was last used, written at most once a minute and never waited for: reading must not depend on the
//! disk having room, and a hundred requests a second must not be a hundred writes.

use super::locked;
use daybook_domain::time::Timestamp;
use std::{collections::HashMap, sync::Mutex};
use uuid::Uuid;

/// In microseconds.
pub(super) const EVERY: i64 = 60_000_000;
const MOST: usize = 10_000;

/// When a write was last begun, by the id of the session or key.
#[derive(Debug, Default)]
pub(super) struct Touched(Mutex<HashMap<Uuid, Timestamp>>);

impl Touched {
    /// Whether it is time to write; says so once per minute. `stored` is what the row says.
    pub(super) fn due(&self, id: Uuid, stored: Option<i64>, now: Timestamp) -> bool {
        if stored.is_some_and(|at| now.micros() - at < EVERY) {
            return false;
        }
        let mut begun = locked(&self.0);
        let recent = |at: &Timestamp| (0..EVERY).contains(&(now.micros() - at.micros()));
        if begun.get(&id).is_some_and(recent) {
            return false;
        }
        if begun.len() >= MOST {
            begun.retain(|_, at| recent(at));
        }
        begun.insert(id, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_minute() {
        let touched = Touched::default();
        let id = Uuid::from_u128(1);
        let at = |seconds: i64| Timestamp::from_micros(1_795_356_000_000_000 + seconds * 1_000_000).unwrap();
        assert!(touched.due(id, None, at(0)));
        assert!(!touched.due(id, None, at(59)), "begun, though not yet in the row");
        assert!(
            !touched.due(id, Some(at(10).micros()), at(65)),
            "another process wrote"
        );
        assert!(touched.due(id, Some(at(0).micros()), at(70)));
        assert!(touched.due(Uuid::from_u128(2), None, at(70)));
        assert!(touched.due(id, None, at(-500)), "the clock was set back");
    }
}
