//! Events that were just committed, for who keeps the log's index: it needn't read them back.

use daybook_domain::{event::Event, id::WorkspaceId};
use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Events that wait to be taken at most, and bytes of their records. Of more, all that wait are dropped: they are in the
/// database.
const MOST: usize = 5_000;
const BYTES: usize = 16 * 1024 * 1024;

/// Events of a workspace's log that follow one another.
pub(crate) struct Run {
    pub workspace: WorkspaceId,
    pub events: Vec<Event>,
    /// Of their records.
    pub bytes: usize,
}

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
        let mut waiting = self.waiting();
        for run in runs {
            let all = || waiting.iter().chain([&run]);
            let events: usize = all().map(|run| run.events.len()).sum();
            let bytes: usize = all().map(|run| run.bytes).sum();
            if events > MOST || bytes > BYTES {
                waiting.clear();
            }
            if run.events.is_empty() || run.events.len() > MOST || run.bytes > BYTES {
                continue;
            }
            match waiting.iter_mut().rfind(|last| last.workspace == run.workspace) {
                Some(last) if last.end() == run.begin() => {
                    last.events.extend(run.events);
                    last.bytes += run.bytes;
                }
                _ => waiting.push(run),
            }
        }
    }

    pub fn take(&self) -> Vec<Run> {
        mem::take(&mut *self.waiting())
    }
}

impl Run {
    /// The sequence of its first event, 0 of none.
    pub fn begin(&self) -> i64 {
        self.events.first().map_or(0, |event| event.sequence)
    }

    /// The sequence after its last event.
    fn end(&self) -> i64 {
        self.events.last().map_or(0, |event| event.sequence + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::catalogue::OwnType;

    fn run(workspace: u128, sequences: std::ops::Range<i64>, bytes: usize) -> Run {
        let events = sequences.map(|sequence| Event {
            sequence,
            ..OwnType::RoleUpdated.example()
        });
        Run {
            workspace: WorkspaceId(uuid::Uuid::from_u128(workspace)),
            events: events.collect(),
            bytes,
        }
    }

    fn taken(fresh: &Fresh) -> Vec<(u128, i64, i64)> {
        let runs = fresh.take().into_iter();
        runs.map(|run| (run.workspace.0.as_u128(), run.begin(), run.end()))
            .collect()
    }

    #[test]
    fn what_follows_is_joined_and_what_does_not_stands_by_itself() {
        let fresh = Fresh::default();
        fresh.put(vec![run(1, 1..3, 10), run(2, 1..2, 10)]);
        fresh.put(vec![run(1, 3..4, 10), run(2, 2..2, 0), run(1, 9..10, 10)]);
        assert_eq!(taken(&fresh), [(1, 1, 4), (2, 1, 2), (1, 9, 10)]);
        assert_eq!(taken(&fresh), []);
    }

    #[test]
    fn what_waits_is_dropped_before_there_is_too_much_of_it() {
        let fresh = Fresh::default();
        fresh.put(vec![run(1, 1..3001, 10)]);
        fresh.put(vec![run(1, 3001..6001, 10)]);
        assert_eq!(taken(&fresh), [(1, 3001, 6001)]);
        fresh.put(vec![run(1, 1..2, BYTES)]);
        fresh.put(vec![run(1, 2..3, 1)]);
        assert_eq!(taken(&fresh), [(1, 2, 3)]);
        fresh.put(vec![run(1, 1..2, 1), run(1, 2..3, BYTES + 1)]);
        assert_eq!(taken(&fresh), []);
    }
}
