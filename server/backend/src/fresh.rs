//! Events that were just committed, for who keeps the log's index: it needn't read them back.

use daybook_domain::{event::Event, id::WorkspaceId};
use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Events that wait to be taken at most. Of more, all that wait are dropped: they are in the database.
const MOST: usize = 5_000;

/// Events of a workspace's log that follow one another.
pub(crate) type Run = (WorkspaceId, Vec<Event>);

#[derive(Clone, Default)]
pub(crate) struct Fresh(Arc<Mutex<Vec<Run>>>);

impl fmt::Debug for Fresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fresh")
    }
}

impl Fresh {
    fn waiting(&self) -> MutexGuard<'_, Vec<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn put(&self, runs: Vec<Run>) {
        let count = |runs: &[Run]| runs.iter().map(|(_, events)| events.len()).sum::<usize>();
        let new = count(&runs);
        let mut waiting = self.waiting();
        if count(&waiting) + new > MOST {
            waiting.clear();
        }
        if new <= MOST {
            waiting.extend(runs);
        }
    }

    pub fn take(&self) -> Vec<Run> {
        mem::take(&mut *self.waiting())
    }
}
