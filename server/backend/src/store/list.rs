//! A list's records: what its URL asks of the index, and the records in its order.

use super::facets;
use crate::{
    Error, Result,
    db::Db,
    index::{
        EventIndex, Plan, View, filtered,
        overview::count_between,
        search::{Answers, Condition, Question, Sets},
        walk::{Candidate, Walk},
    },
    local_time::Reader,
    objects::known_as,
};
use daybook_domain::{
    about::{About, KnownAs},
    cursor::Cursor,
    event::Event,
    facet::Count,
    id::WorkspaceId,
    log::{FilterField, LogScope},
    naming,
    object::ObjectKind,
    query::LogQuery,
    search::{Expr, Field},
    time::{End, Timestamp},
};
use daybook_entity::event::{self, Column as C};
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::{collections::HashMap, sync::Arc};

/// Records looked at up front where the keys alone don't decide: up to so many, every count is exact.
const DECIDED: u64 = 500;
/// Records looked at for one page; then it says how far it came.
const LOOKED_AT: usize = 2000;
/// Records looked at together.
const TOGETHER: usize = 64;
/// How often a question is asked again where the index was changed meanwhile.
const TRIES: usize = 5;

/// Asks again where segments were put together while the question read them.
pub(super) async fn again<'a, T>(mut ask: impl FnMut() -> BoxFuture<'a, Result<T>>) -> Result<T> {
    for _ in 1..TRIES {
        match ask().await {
            Err(Error::Moved) => {}
            answer => return answer,
        }
    }
    ask().await
}

/// Some of a list's records, in its order.
#[derive(Debug)]
pub(super) struct Found {
    pub events: Vec<Event>,
    /// Where the search stopped before it had as many as were asked for and before the list's end.
    pub searched_to: Option<(Timestamp, i64)>,
    /// The sequence of the log's last record.
    pub last_sequence: i64,
}

/// Reads lists of one log.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    pub db: Db,
    pub index: EventIndex,
    pub workspace: WorkspaceId,
    pub scope: LogScope,
}

impl Lists {
    /// What the URL asks of the index.
    ///
    /// # Errors
    /// `Invalid` for a text that can't be read and for a range that ends before it starts.
    pub async fn question(&self, query: &LogQuery, reader: &Reader) -> Result<Question> {
        self.question_of(query, reader, Some(facets::PEOPLE)).await
    }

    /// The same, and a typed name stands for everybody of that name, however many there are.
    ///
    /// # Errors
    /// As [`Self::question`].
    pub async fn question_of_all(&self, query: &LogQuery, reader: &Reader) -> Result<Question> {
        self.question_of(query, reader, None).await
    }

    /// What else the thing is known by: its records may name it so.
    async fn known_as(&self, about: Option<&About>) -> Result<KnownAs> {
        let thing =
            about.and_then(|about| Some((ObjectKind::from_name(&about.kind)?, about.id.parse().ok()?)));
        match thing {
            Some((kind, id)) => known_as(&self.db.read, self.workspace, kind, id).await,
            None => Ok(KnownAs::default()),
        }
    }

    async fn question_of(
        &self,
        query: &LogQuery,
        reader: &Reader,
        most_people: Option<u64>,
    ) -> Result<Question> {
        let known = self.known_as(query.about.as_ref()).await?;
        let text = query
            .whole_expr(self.scope, &known)
            .map_err(|problem| daybook_domain::Error::invalid("q", problem.to_string()))?
            .map(naming::meant);
        let instant = |wall| reader.instant(wall);
        let resolve = |bound: Option<daybook_domain::time::TimeBound>, end| {
            bound.map(|bound| bound.resolve(end, reader.now(), instant).micros())
        };
        let (from, to) = (resolve(query.from, End::From), resolve(query.to, End::To));
        if let (Some(from), Some(to)) = (from, to)
            && to <= from
        {
            return Err(daybook_domain::Error::invalid("to", "ends the range before it starts").into());
        }
        let mut conditions = Vec::new();
        if let LogScope::One(kind) = self.scope {
            let log = Expr::is(Field::Log, kind.name());
            conditions.push(Condition::new(None, Plan::of(&log)));
        }
        for (field, values) in &query.filters {
            let people;
            let values = if facets::is_person(*field) {
                let (db, workspace) = (&self.db.read, self.workspace);
                people = facets::people(db, workspace, self.scope, *field, values, most_people).await?;
                &people
            } else {
                values
            };
            let also = values.iter().filter_map(|value| match field {
                FilterField::Section | FilterField::Category => naming::stored(value),
                _ => None,
            });
            let all = values.iter().map(String::as_str).chain(also);
            let keys = all.map(|value| Plan::Key(filtered(*field, value)));
            conditions.push(Condition::new(Some(*field), Plan::Any(keys.collect())));
        }
        conditions.extend(text.iter().map(|text| Condition::new(None, Plan::of(text))));
        Ok(Question {
            conditions,
            text,
            time: from.unwrap_or(i64::MIN)..to.unwrap_or(i64::MAX),
            sequences: 0..i64::MAX,
        })
    }

    /// Looks at the records of a list that the keys don't decide on, where they are few. Says whether all is decided.
    pub async fn decide(&self, question: &Question, view: &View, sets: &mut Sets) -> Result<bool> {
        let unsure: Vec<_> = sets.unsure().collect();
        let Some(text) = question.text.as_ref().filter(|_| !unsure.is_empty()) else {
            return Ok(true);
        };
        if unsure.iter().map(|(_, records)| records.len()).sum::<u64>() > DECIDED {
            return Ok(false);
        }
        let sequence = |at: usize, record: u32| {
            view.segments
                .get(at)
                .map(|segment| segment.first + i64::from(record))
        };
        let sequences = unsure
            .iter()
            .flat_map(|(at, records)| records.iter().filter_map(|record| sequence(*at, record)));
        let records = self.records(&sequences.collect::<Vec<_>>()).await?;
        for (at, unsure) in unsure {
            let Some(listed) = sets.of_mut(at) else { continue };
            for record in unsure {
                let event = sequence(at, record).and_then(|sequence| records.get(&sequence));
                listed.decide(record, event.is_some_and(|event| text.matches(event)));
            }
        }
        Ok(true)
    }

    /// How many records the list has.
    pub async fn count(&self, question: &Question) -> Result<Count> {
        Ok(self.count_to_the_end(question).await?.0)
    }

    /// How many records the list has, and the sequence of the log's last record.
    pub async fn count_to_the_end(&self, question: &Question) -> Result<(Count, i64)> {
        let mut view = View::of(&self.index, self.workspace).await?;
        let answers = Answers::to(question, &mut view).await?;
        let mut sets = answers.sets(None);
        let exact = self.decide(question, &view, &mut sets).await?;
        let edges = [question.time.start, question.time.end];
        let count = count_between(&mut view, &sets, &edges).await?.iter().sum();
        let count = if exact {
            Count::Exactly(count)
        } else {
            Count::AtMost(count)
        };
        Ok((count, view.end() - 1))
    }

    /// Up to `limit` records from a position on.
    pub async fn page(&self, question: &Question, cursor: Option<Cursor>, limit: usize) -> Result<Found> {
        let mut view = View::of(&self.index, self.workspace).await?;
        let answers = Answers::to(question, &mut view).await?;
        let sets = Arc::new(answers.sets(None));
        let mut walk = Walk::new(&view, sets, question.time.clone(), cursor);
        let last_sequence = view.end() - 1;
        let mut events = Vec::new();
        let mut looked_at = 0;
        while events.len() < limit {
            let mut candidates = Vec::new();
            let wanted = (limit - events.len()).max(TOGETHER.min(limit));
            while candidates.len() < wanted
                && let Some(candidate) = walk.next(&mut view).await?
            {
                candidates.push(candidate);
            }
            let Some(last) = candidates.last().copied() else {
                break;
            };
            looked_at += candidates.iter().filter(|candidate| !candidate.sure).count();
            events.extend(self.matching(question, &candidates).await?);
            if looked_at >= LOOKED_AT && events.len() < limit {
                let time = Timestamp::from_micros(last.occurred_at).unwrap_or(Timestamp::MIN);
                return Ok(Found {
                    events,
                    searched_to: Some((time, last.sequence)),
                    last_sequence,
                });
            }
        }
        events.truncate(limit);
        Ok(Found {
            events,
            searched_to: None,
            last_sequence,
        })
    }

    /// The records of those candidates that belong to the list, in their order.
    pub async fn matching(&self, question: &Question, candidates: &[Candidate]) -> Result<Vec<Event>> {
        let sequences: Vec<_> = candidates.iter().map(|candidate| candidate.sequence).collect();
        let mut records = self.records(&sequences).await?;
        let of = |candidate: &Candidate| {
            let event = records.remove(&candidate.sequence)?;
            let belongs = candidate.sure || question.text.as_ref().is_none_or(|text| text.matches(&event));
            belongs.then_some(event)
        };
        Ok(candidates.iter().filter_map(of).collect())
    }

    /// Records by their sequence.
    async fn records(&self, sequences: &[i64]) -> Result<HashMap<i64, Event>> {
        let mut events = HashMap::with_capacity(sequences.len());
        for some in sequences.chunks(TOGETHER) {
            let records: Vec<String> = event::Entity::find()
                .select_only()
                .column(C::Record)
                .filter(C::WorkspaceId.eq(self.workspace.0))
                .filter(C::Sequence.is_in(some.iter().copied()))
                .into_tuple()
                .all(&self.db.read)
                .await?;
            for record in records {
                let event = super::parse(&record)?;
                events.insert(event.sequence, event);
            }
        }
        Ok(events)
    }
}
