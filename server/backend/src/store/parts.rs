//! A whole list, some hundred records at a time, in its order. It is the list as it was when it was asked for: what
//! comes in meanwhile isn't in it.

use super::{EventStore, list::Lists};
use crate::{
    Error, Result,
    index::{
        View,
        search::{Answers, Question},
        walk::{Candidate, Walk},
    },
};
use bytes::Bytes;
use daybook_domain::{
    cursor::{Cursor, Direction},
    event::Event,
    facet::Count,
    id::WorkspaceId,
    log::LogScope,
    permission::ExportAuditLogs,
    query::LogQuery,
    time::Timestamp,
    viewer::Granted,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::sync::Arc;

/// Records of one part.
const RECORDS: usize = 500;

/// Some records as lines of JSON.
#[derive(Debug)]
pub struct Part {
    pub bytes: Bytes,
    pub count: u64,
}

/// What is left of a list.
#[derive(Debug)]
pub struct Parts {
    store: EventStore,
    workspace: WorkspaceId,
    scope: LogScope,
    question: Question,
    expected: Count,
    /// Where it goes on.
    cursor: Option<Cursor>,
    open: Option<Open>,
}

/// The index as it is read at the moment.
#[derive(Debug)]
struct Open {
    view: View,
    walk: Walk,
}

impl EventStore {
    /// A list, all of it.
    ///
    /// # Errors
    /// `Invalid` for a query that can't be read.
    pub async fn parts(
        &self,
        who: &Granted<ExportAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> Result<Parts> {
        let viewer = who.viewer();
        let reader = self.reader(viewer, query.tz.as_deref())?;
        let lists = self.lists(who.workspace(), scope);
        let question = lists.question(query, &reader).await?;
        let expected = super::list::again(|| Box::pin(lists.count(&question))).await?;
        let mut parts = Parts {
            store: self.clone(),
            workspace: who.workspace(),
            scope,
            question,
            expected,
            cursor: None,
            open: None,
        };
        let end = parts.opened().await?.view.end();
        parts.question.sequences.end = end;
        Ok(parts)
    }
}

impl Parts {
    /// How many records there are.
    pub fn expected(&self) -> Count {
        self.expected
    }

    fn lists(&self) -> Lists {
        self.store.lists(self.workspace, self.scope)
    }

    async fn opened(&mut self) -> Result<&mut Open> {
        if self.open.is_none() {
            let mut view = View::of(&self.lists().index, self.workspace).await?;
            let answers = Answers::to(&self.question, &mut view).await?;
            let sets = Arc::new(answers.sets(None));
            let walk = Walk::new(&view, sets, self.question.time.clone(), self.cursor);
            self.open = Some(Open { view, walk });
        }
        self.open.as_mut().ok_or(Error::Moved)
    }

    /// The next candidates; none at the end.
    async fn candidates(&mut self) -> Result<Vec<Candidate>> {
        loop {
            match self.try_candidates().await {
                // The index was put together anew: go on in the new one from where we are.
                Err(Error::Moved) => self.open = None,
                found => return found,
            }
        }
    }

    async fn try_candidates(&mut self) -> Result<Vec<Candidate>> {
        let Open { view, walk } = self.opened().await?;
        let mut found = Vec::with_capacity(RECORDS);
        while found.len() < RECORDS
            && let Some(candidate) = walk.next(view).await?
        {
            found.push(candidate);
        }
        if let Some(last) = found.last() {
            self.cursor = Some(Cursor {
                direction: Direction::Older,
                occurred_at: Timestamp::from_micros(last.occurred_at).unwrap_or(Timestamp::MIN),
                sequence: last.sequence,
            });
        }
        Ok(found)
    }

    /// The next records; `None` at the end.
    pub async fn next_events(&mut self) -> Result<Option<Vec<Event>>> {
        let candidates = self.candidates().await?;
        if candidates.is_empty() {
            return Ok(None);
        }
        self.lists().matching(&self.question, &candidates).await.map(Some)
    }

    /// The next records as they are stored, one per line; `None` at the end.
    pub async fn next_lines(&mut self) -> Result<Option<Part>> {
        let candidates = self.candidates().await?;
        if candidates.is_empty() {
            return Ok(None);
        }
        if candidates.iter().all(|candidate| candidate.sure) {
            return self.lines(&candidates).await.map(Some);
        }
        let events = self.lists().matching(&self.question, &candidates).await?;
        let mut bytes = Vec::new();
        for event in &events {
            serde_json::to_writer(&mut bytes, event).map_err(Error::damaged)?;
            bytes.push(b'\n');
        }
        Ok(Some(Part {
            bytes: bytes.into(),
            count: events.len() as u64,
        }))
    }

    /// The database puts the lines together: handing over rows one by one costs more than reading them.
    async fn lines(&self, candidates: &[Candidate]) -> Result<Part> {
        let sequences = || candidates.iter().map(|candidate| candidate.sequence);
        let (Some(first), Some(last)) = (sequences().min(), sequences().max()) else {
            return Err(Error::damaged("a part of no records"));
        };
        let db = &self.store.db().read;
        let backend = db.get_database_backend();
        let (mark, workspace): (fn(usize) -> String, Value) = match backend {
            DbBackend::Postgres => (|at| format!("${at}"), self.workspace.0.into()),
            _ => (|_| "?".to_owned(), self.workspace.0.into()),
        };
        let one_run = usize::try_from(last - first + 1) == Ok(candidates.len());
        let (which, values) = if one_run {
            (format!("BETWEEN {} AND {}", mark(2), mark(3)), vec![first, last])
        } else {
            let marks: Vec<_> = (2..candidates.len() + 2).map(mark).collect();
            (format!("IN ({})", marks.join(", ")), sequences().collect())
        };
        let sql = format!(
            "SELECT string_agg(record, {} ORDER BY occurred_at DESC, sequence DESC) FROM event \
             WHERE workspace_id = {} AND sequence {which}",
            match backend {
                DbBackend::Postgres => "chr(10)",
                _ => "char(10)",
            },
            mark(1)
        );
        let values = std::iter::once(workspace).chain(values.into_iter().map(Value::from));
        let row = db
            .query_one_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
        let lines: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        let mut lines = lines.ok_or_else(|| Error::damaged("records are missing"))?;
        lines.push('\n');
        Ok(Part {
            bytes: lines.into(),
            count: candidates.len() as u64,
        })
    }
}
