//! Which records a retention no longer keeps.

use super::{EventStore, list::again};
use crate::{
    Result,
    index::{
        View,
        search::{Answers, Question},
    },
    local_time::Reader,
};
use daybook_domain::{
    cursor::{Cursor, Direction},
    id::WorkspaceId,
    log::{LogKind, LogScope},
    query::LogQuery,
    time::Timestamp,
};
use roaring::{RoaringBitmap, RoaringTreemap};
use std::collections::BTreeMap;

/// What is kept and what isn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Of these logs, records that happened before a moment are due.
    pub cutoffs: Vec<(LogKind, Timestamp)>,
    /// Records of these lists are not.
    pub holds: Vec<(LogScope, LogQuery)>,
}

/// Records past their retention.
#[derive(Debug, Default)]
pub(crate) struct Due {
    pub sequences: RoaringTreemap,
    /// How many of each log.
    pub by_log: BTreeMap<LogKind, u64>,
    /// How many more there are under a hold.
    pub held: u64,
}

impl EventStore {
    /// What the rules say of the records of now. A record that may belong to a hold is held.
    ///
    /// # Errors
    /// `Invalid` where a hold's search can't be read.
    pub(crate) async fn due(&self, workspace: WorkspaceId, rules: &Rules, reader: &Reader) -> Result<Due> {
        again(|| Box::pin(self.due_now(workspace, rules, reader))).await
    }

    async fn due_now(&self, workspace: WorkspaceId, rules: &Rules, reader: &Reader) -> Result<Due> {
        let mut view = View::of(self.index(), workspace).await?;
        let mut due = Vec::with_capacity(rules.cutoffs.len());
        for (log, cutoff) in &rules.cutoffs {
            let lists = self.lists(workspace, LogScope::One(*log));
            let mut question = lists.question(&LogQuery::default(), reader).await?;
            question.time.end = cutoff.micros();
            due.push((*log, records_of(&question, &mut view).await?));
        }
        let mut held = Vec::with_capacity(rules.holds.len());
        for (scope, query) in &rules.holds {
            let lists = self.lists(workspace, *scope);
            let question = lists.question_of_all(query, reader).await?;
            held.push(records_of(&question, &mut view).await?);
        }
        let mut found = Due::default();
        for (log, mut by_segment) in due {
            for (at, records) in by_segment.iter_mut().enumerate() {
                let before = records.len();
                for hold in held.iter().filter_map(|hold| hold.get(at)) {
                    *records -= hold;
                }
                found.held += before - records.len();
            }
            let count = by_segment.iter().map(RoaringBitmap::len).sum();
            found.by_log.insert(log, count);
            for (segment, records) in view.segments.iter().zip(&by_segment) {
                let sequences = records
                    .iter()
                    .map(|number| (segment.first + i64::from(number)).unsigned_abs());
                found.sequences.extend(sequences);
            }
        }
        Ok(found)
    }

    /// When the oldest record of a log happened.
    pub(crate) async fn oldest(
        &self,
        workspace: WorkspaceId,
        log: LogKind,
        reader: &Reader,
    ) -> Result<Option<Timestamp>> {
        let lists = self.lists(workspace, LogScope::One(log));
        let question = lists.question(&LogQuery::default(), reader).await?;
        let (lists, question) = (&lists, &question);
        let first = Cursor {
            direction: Direction::Newer,
            occurred_at: Timestamp::MIN,
            sequence: 0,
        };
        let found = again(move || Box::pin(lists.page(question, Some(first), 1))).await?;
        Ok(found.events.first().map(|event| event.body.occurred_at))
    }
}

/// The records that may belong to a list, by segment.
async fn records_of(question: &Question, view: &mut View) -> Result<Vec<RoaringBitmap>> {
    let sets = Answers::to(question, view).await?.sets(None);
    sets.in_time(view, &question.time).await
}
