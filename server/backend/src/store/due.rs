//! Which records a retention no longer keeps.

use super::{EventStore, list::again};
use crate::{
    Result,
    index::{View, search::Answers},
    local_time::Reader,
};
use daybook_domain::{
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
    /// How many of each log, before those that are held were taken away.
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
        let mut due: Vec<RoaringBitmap> = vec![RoaringBitmap::new(); view.segments.len()];
        let mut found = Due::default();
        for (log, cutoff) in &rules.cutoffs {
            let query = LogQuery::default();
            let lists = self.lists(workspace, LogScope::One(*log));
            let mut question = lists.question(&query, reader).await?;
            question.time.end = cutoff.micros();
            let sets = Answers::to(&question, &mut view).await?.sets(None);
            let records = sets.in_time(&mut view, &question.time).await?;
            let count = records.iter().map(RoaringBitmap::len).sum();
            found.by_log.insert(*log, count);
            for (all, some) in due.iter_mut().zip(&records) {
                *all |= some;
            }
        }
        let before: u64 = due.iter().map(RoaringBitmap::len).sum();
        for (scope, query) in &rules.holds {
            let question = self
                .lists(workspace, *scope)
                .question_of_all(query, reader)
                .await?;
            let sets = Answers::to(&question, &mut view).await?.sets(None);
            let records = sets.in_time(&mut view, &question.time).await?;
            for (all, some) in due.iter_mut().zip(&records) {
                *all -= some;
            }
        }
        for (segment, records) in view.segments.iter().zip(&due) {
            let sequences = records
                .iter()
                .map(|number| (segment.first + i64::from(number)).unsigned_abs());
            found.sequences.extend(sequences);
        }
        found.held = before - found.sequences.len();
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
        let first = daybook_domain::cursor::Cursor {
            direction: daybook_domain::cursor::Direction::Newer,
            occurred_at: Timestamp::MIN,
            sequence: 0,
        };
        let found = again(move || Box::pin(lists.page(question, Some(first), 1))).await?;
        Ok(found.events.first().map(|event| event.body.occurred_at))
    }
}
