//! Exports on their way, by the number their reader gave them: how far they are, and the way to end them.

use daybook_domain::{
    export::{ExportProgress, ExportState},
    facet::Count,
    viewer::Viewer,
};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;
use uuid::Uuid;

/// The last ones that are remembered.
const REMEMBERED: usize = 64;

#[derive(Debug, Clone, Default)]
pub struct Jobs(Arc<Mutex<VecDeque<Known>>>);

#[derive(Debug)]
struct Known {
    /// The key of whoever began it.
    by: String,
    number: Uuid,
    job: Arc<Job>,
}

#[derive(Debug)]
pub struct Job {
    expected: Count,
    records: AtomicU64,
    state: watch::Sender<(ExportState, bool)>,
}

impl Jobs {
    /// One that begins. Without a number nobody can ask for it.
    pub fn begin(&self, who: &Viewer, number: Option<Uuid>, expected: Count) -> Arc<Job> {
        let job = Arc::new(Job {
            expected,
            records: AtomicU64::new(0),
            state: watch::Sender::new((ExportState::Running, false)),
        });
        if let Some(number) = number {
            let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if jobs.len() >= REMEMBERED {
                jobs.pop_front();
            }
            jobs.push_back(Known {
                by: who.actor().key(),
                number,
                job: Arc::clone(&job),
            });
        }
        job
    }

    /// The asker's own export of this number.
    pub fn find(&self, who: &Viewer, number: Uuid) -> Option<Arc<Job>> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = who.actor().key();
        let found = jobs
            .iter()
            .rev()
            .find(|known| known.by == owner && known.number == number);
        found.map(|known| Arc::clone(&known.job))
    }
}

impl Job {
    pub fn add(&self, records: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    /// How many records have gone out.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// It has ended.
    pub fn end(&self, well: bool) {
        let state = if well {
            ExportState::Finished
        } else {
            ExportState::BrokenOff
        };
        self.state.send_modify(|(now, _)| *now = state);
    }

    pub fn cancel(&self) {
        self.state.send_modify(|(_, cancelled)| *cancelled = true);
    }

    /// Returns once somebody has cancelled it.
    pub async fn cancelled(&self) {
        // The sender is ours, so it can't be gone.
        let _ = self.state.subscribe().wait_for(|(_, cancelled)| *cancelled).await;
    }

    pub fn progress(&self) -> ExportProgress {
        ExportProgress {
            records: self.records(),
            expected: self.expected,
            state: self.state.borrow().0,
        }
    }
}
