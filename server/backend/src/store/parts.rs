//! A whole list, some hundred records at a time, in its order. It is the list as it was when it was asked for: what
//! comes in meanwhile isn't in it.

use super::{EventStore, list::Lists};
use crate::{
    Error, Result,
    beside::beside,
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
    log::LogScope,
    naming::Naming,
    permission::ExportAuditLogs,
    query::LogQuery,
    time::Timestamp,
    viewer::Granted,
};
use daybook_entity::event::{self, Column as C};
use futures::{StreamExt, future::BoxFuture, stream::FuturesOrdered};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func, Query},
};
use std::sync::Arc;

/// Records of one part.
const RECORDS: usize = 256;

/// Parts that are read at the same time: while some wait for the disk, others are put together.
const AT_ONCE: usize = 4;

/// Writes records for readers who call things so.
pub type Write = fn(&[Event], Naming) -> Result<Bytes>;

/// What becomes of the records.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// They go out as they are stored, one per line.
    Stored,
    /// They are written so.
    Written(Write, Naming),
}

/// Some records, as they go out.
#[derive(Debug)]
pub struct Part {
    pub bytes: Bytes,
    pub count: u64,
}

/// What is left of a list.
#[derive(Debug)]
pub struct Parts {
    lists: Lists,
    question: Arc<Question>,
    form: Form,
    expected: Count,
    /// Where it goes on.
    cursor: Option<Cursor>,
    open: Option<Open>,
    reading: FuturesOrdered<BoxFuture<'static, Result<Part>>>,
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
        form: Form,
    ) -> Result<Parts> {
        let viewer = who.viewer();
        let reader = self.reader(viewer, query.tz.as_deref())?;
        let lists = self.lists(who.workspace(), scope);
        let mut question = lists.question(query, &reader).await?;
        let expected = super::list::again(|| Box::pin(lists.count(&question))).await?;
        let open = super::list::again(|| Box::pin(Open::at(&lists, &question, None))).await?;
        question.sequences.end = open.view.end();
        Ok(Parts {
            lists,
            question: Arc::new(question),
            form,
            expected,
            cursor: None,
            open: Some(open),
            reading: FuturesOrdered::new(),
        })
    }
}

impl Open {
    async fn at(lists: &Lists, question: &Question, cursor: Option<Cursor>) -> Result<Self> {
        let mut view = View::of(&lists.index, lists.workspace).await?;
        let sets = Answers::to(question, &mut view).await?.sets(None);
        let walk = Walk::new(&view, Arc::new(sets), question.time.clone(), cursor);
        Ok(Self { view, walk })
    }

    async fn candidates(&mut self) -> Result<Vec<Candidate>> {
        let mut found = Vec::with_capacity(RECORDS);
        while found.len() < RECORDS
            && let Some(candidate) = self.walk.next(&mut self.view).await?
        {
            found.push(candidate);
        }
        Ok(found)
    }
}

impl Parts {
    /// How many records there are.
    pub fn expected(&self) -> Count {
        self.expected
    }

    /// The next records; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Part>> {
        while self.reading.len() < AT_ONCE {
            let candidates = self.candidates().await?;
            if candidates.is_empty() {
                break;
            }
            let (lists, question) = (self.lists.clone(), Arc::clone(&self.question));
            let form = self.form;
            let part = beside(async move { lists.part(&question, &candidates, form).await });
            self.reading.push_back(Box::pin(part));
        }
        self.reading.next().await.transpose()
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
        let open = match &mut self.open {
            Some(open) => open,
            closed => closed.insert(Open::at(&self.lists, &self.question, self.cursor).await?),
        };
        let found = open.candidates().await?;
        if let Some(last) = found.last() {
            self.cursor = Some(Cursor {
                direction: Direction::Older,
                occurred_at: Timestamp::from_micros(last.occurred_at).unwrap_or(Timestamp::MIN),
                sequence: last.sequence,
            });
        }
        Ok(found)
    }
}

impl Lists {
    /// Those of some candidates that belong to the list.
    async fn part(&self, question: &Question, candidates: &[Candidate], form: Form) -> Result<Part> {
        let (write, naming): (Write, _) = match form {
            Form::Stored if candidates.iter().all(|candidate| candidate.sure) => {
                return self.stored(candidates).await;
            }
            Form::Stored => (lines, Naming::default()),
            Form::Written(write, naming) => (write, naming),
        };
        let events = self.matching(question, candidates).await?;
        Ok(Part {
            bytes: write(&events, naming)?,
            count: events.len() as u64,
        })
    }

    /// The database puts the lines together: handing over rows one by one costs more than reading them.
    async fn stored(&self, candidates: &[Candidate]) -> Result<Part> {
        let sequences = || candidates.iter().map(|candidate| candidate.sequence);
        let (Some(first), Some(last)) = (sequences().min(), sequences().max()) else {
            return Err(Error::damaged("a part of no records"));
        };
        let mut records = event::Entity::find()
            .select_only()
            .column(C::Record)
            .filter(C::WorkspaceId.eq(self.workspace.0))
            // Sorted before they are put together: SQLite keeps what an aggregate sorts in a table of its own, on disk.
            .order_by_desc(C::OccurredAt)
            .order_by_desc(C::Sequence);
        let one_run = usize::try_from(last - first + 1) == Ok(candidates.len());
        records = if one_run {
            records.filter(C::Sequence.between(first, last))
        } else {
            records.filter(C::Sequence.is_in(sequences()))
        };
        let together = Func::cust("string_agg").args([Expr::col(C::Record), "\n".into()]);
        let together = Query::select()
            .expr(together)
            .from_subquery(records.into_query(), "listed")
            .to_owned();
        let row = self.db.read.query_one(&together).await?;
        let lines: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        let mut lines = lines.ok_or_else(|| Error::damaged("records are missing"))?;
        lines.push('\n');
        Ok(Part {
            bytes: lines.into(),
            count: candidates.len() as u64,
        })
    }
}

fn lines(events: &[Event], _: Naming) -> Result<Bytes> {
    let mut bytes = Vec::new();
    for event in events {
        serde_json::to_writer(&mut bytes, event).map_err(Error::damaged)?;
        bytes.push(b'\n');
    }
    Ok(bytes.into())
}
