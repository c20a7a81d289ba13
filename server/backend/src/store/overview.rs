//! A list as a whole: how many records, when, and the values its filters can take.

use super::{
    facets::{self, CHOICES},
    histogram,
    list::Lists,
};
use crate::{
    Result,
    beside::beside,
    index::{
        View,
        overview::{Chunk, Tally, count_between, count_values, countable, extent},
        search::{Answers, Question, Sets},
    },
    local_time::Reader,
    values::is_counted,
};
use daybook_domain::{
    facet::{Bar, Count, Facet, FacetValue, Histogram, Overview},
    log::FilterField,
    query::LogQuery,
    time::Timestamp,
};
use futures::future::{try_join, try_join_all};
use std::{ops::Range, sync::Arc};

/// The list of a question, at one moment. Cheap to clone.
#[derive(Clone)]
struct Whole {
    lists: Lists,
    question: Arc<Question>,
    answers: Arc<Answers>,
    /// The records of the list, and whether all of them are sure.
    sets: Arc<Sets>,
    exact: bool,
    view: View,
}

/// Some filters, and whose values they are counted over: of the whole list, or of the list without the condition at a
/// place, so that others can be chosen.
struct Group {
    but: Option<usize>,
    fields: Vec<FilterField>,
}

impl Lists {
    pub async fn overview(&self, query: &LogQuery, reader: &Reader) -> Result<Overview> {
        let question = self.question(query, reader).await?;
        let mut view = View::of(&self.index, self.workspace).await?;
        let answers = Answers::to(&question, &mut view).await?;
        let mut sets = answers.sets(None);
        let exact = self.decide(&question, &view, &mut sets).await?;
        let whole = Whole {
            lists: self.clone(),
            question: Arc::new(question),
            answers: Arc::new(answers),
            sets: Arc::new(sets),
            exact,
            view,
        };
        let facets = if query.is_narrowed() || query.about.is_some() {
            Some(whole.start_facets())
        } else {
            None
        };
        let facets = async {
            match facets {
                Some(narrowed) => narrowed.await,
                None => facets::facets(&self.db.read, self.workspace, self.scope).await,
            }
        };
        let ((total, histogram), facets) = try_join(whole.clone().over_time(reader), facets).await?;
        Ok(Overview {
            total: if exact {
                Count::Exactly(total)
            } else {
                Count::AtMost(total)
            },
            histogram: histogram.filter(|_| total > 0),
            facets,
        })
    }
}

impl Whole {
    /// How many records there are, and when.
    async fn over_time(mut self, reader: &Reader) -> Result<(u64, Option<Histogram>)> {
        let Some(extent) = extent(&self.view, &self.sets, self.time()) else {
            return Ok((0, None));
        };
        let scale = histogram::Scale::for_extent(&extent);
        let edges = scale.edges(&extent, reader, &self.question.time);
        let counts = count_between(&mut self.view, &self.sets, &edges).await?;
        let bars = edges.windows(2).zip(&counts).filter_map(|(edge, count)| {
            let [from, to] = *edge else { return None };
            Some(Bar {
                from: Timestamp::from_micros(from)?,
                to: Timestamp::from_micros(to)?,
                label: scale.label(from, to, reader),
                count: *count,
            })
        });
        let histogram = Histogram {
            bars: bars.collect(),
            unit: scale.name(),
            exact: self.exact,
        };
        Ok((counts.iter().sum(), Some(histogram)))
    }

    fn time(&self) -> &Range<i64> {
        &self.question.time
    }

    /// Facets of a narrowed list, each group of them beside the others. A filter's own values are counted without it.
    fn start_facets(&self) -> impl Future<Output = Result<Vec<Facet>>> + use<> {
        let spec = self.lists.scope.spec();
        let counted = spec.filters.iter().copied().filter(|field| is_counted(*field));
        let fields: Vec<_> = counted.collect();
        let groups = self.groups(&fields).into_iter();
        let counting: Vec<_> = groups.map(|group| beside(self.clone().count(group))).collect();
        async move {
            let mut facets: Vec<_> = try_join_all(counting).await?.into_iter().flatten().collect();
            facets.sort_by_key(|facet: &Facet| fields.iter().position(|field| *field == facet.field));
            Ok(facets)
        }
    }

    fn groups(&self, fields: &[FilterField]) -> Vec<Group> {
        let own = |field: FilterField| {
            let mut conditions = self.question.conditions.iter();
            conditions.position(|condition| condition.field == Some(field))
        };
        let shared: Vec<_> = fields
            .iter()
            .copied()
            .filter(|field| own(*field).is_none())
            .collect();
        let shared = Group {
            but: None,
            fields: shared,
        };
        let narrowed = fields.iter().filter_map(|field| {
            Some(Group {
                but: Some(own(*field)?),
                fields: vec![*field],
            })
        });
        let groups = std::iter::once(shared).chain(narrowed);
        groups.filter(|group| !group.fields.is_empty()).collect()
    }

    async fn count(self, group: Group) -> Result<Vec<Facet>> {
        let (sets, decided) = match group.but {
            None => (Arc::clone(&self.sets), self.exact),
            but => {
                let mut sets = self.answers.sets(but);
                let decided = self.lists.decide(&self.question, &self.view, &mut sets).await?;
                (Arc::new(sets), decided)
            }
        };
        let (chunks, all) = countable(&self.view, &sets, self.time());
        let (newer, older) = chunks.split_at(chunks.len() / 2);
        let half = |chunks: &[Chunk]| {
            let (mut whole, sets) = (self.clone(), Arc::clone(&sets));
            let (fields, chunks) = (group.fields.clone(), chunks.to_vec());
            beside(async move {
                let Whole { view, question, .. } = &mut whole;
                count_values(view, &sets, &question.time, &fields, &chunks).await
            })
        };
        let (newer, older) = try_join(half(newer), half(older)).await?;
        let tally = newer.with(&older);
        let exact = all && decided;
        let fields = group.fields.into_iter();
        let mut facets: Vec<_> = fields.map(|field| commonest(&tally, field, exact)).collect();
        facets::name(&self.lists.db.read, self.lists.workspace, &mut facets).await?;
        Ok(facets)
    }
}

/// The commonest values of a field, not named yet.
pub(super) fn commonest(tally: &Tally, field: FilterField, exact: bool) -> Facet {
    let mut counts: Vec<_> = tally.of(field).collect();
    counts.sort_unstable_by(|(one, ones), (other, others)| others.cmp(ones).then_with(|| one.cmp(other)));
    let values = counts.iter().take(CHOICES).map(|(value, count)| FacetValue {
        value: (*value).to_owned(),
        label: (*value).to_owned(),
        count: *count,
    });
    Facet {
        field,
        values: values.collect(),
        more: counts.len() > CHOICES,
        exact,
    }
}
