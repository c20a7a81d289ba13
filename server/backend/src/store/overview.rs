//! A list as a whole: how many records, when, and the values its filters can take.

use super::{
    facets::{self, CHOICES},
    histogram,
    list::Lists,
};
use crate::{
    Result,
    index::{
        View,
        overview::{Tally, count_between, count_values, extent},
        search::{Answers, Question},
    },
    local_time::Reader,
    values::is_counted,
};
use daybook_domain::{
    facet::{Bar, Count, Facet, Histogram, Overview},
    log::FilterField,
    query::LogQuery,
    time::Timestamp,
};

impl Lists<'_> {
    pub async fn overview(&self, query: &LogQuery, reader: &Reader) -> Result<Overview> {
        let question = self.question(query, reader).await?;
        let mut view = View::of(self.index, self.workspace).await?;
        let answers = Answers::to(&question, &mut view).await?;
        let mut sets = answers.sets(None);
        let exact = self.decide(&question, &view, &mut sets).await?;
        let (total, histogram) = match extent(&view, &sets, &question.time) {
            None => (0, None),
            Some(extent) => {
                let scale = histogram::Scale::for_extent(&extent);
                let edges = scale.edges(&extent, reader, &question.time);
                let counts = count_between(&mut view, &sets, &edges).await?;
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
                    exact,
                };
                (counts.iter().sum(), Some(histogram))
            }
        };
        let facets = if query.is_narrowed() {
            self.narrowed_facets(&question, &answers, &mut view).await?
        } else {
            facets::facets(&self.db.read, self.workspace, self.scope).await?
        };
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

    /// Facets of a narrowed list. A filter's own values are counted without it, so that others can be chosen.
    async fn narrowed_facets(
        &self,
        question: &Question,
        answers: &Answers,
        view: &mut View,
    ) -> Result<Vec<Facet>> {
        let fields: Vec<_> = self
            .scope
            .spec()
            .filters
            .iter()
            .copied()
            .filter(|field| is_counted(*field))
            .collect();
        let own = |field: FilterField| {
            question
                .conditions
                .iter()
                .position(|condition| condition.field == Some(field))
        };
        let mut facets = Vec::with_capacity(fields.len());
        let shared: Vec<_> = fields
            .iter()
            .copied()
            .filter(|field| own(*field).is_none())
            .collect();
        let groups = std::iter::once((None, shared)).chain(
            fields
                .iter()
                .filter_map(|field| Some((Some(own(*field)?), vec![*field]))),
        );
        for (but, group) in groups.filter(|(_, group)| !group.is_empty()) {
            let mut sets = answers.sets(but);
            let decided = self.decide(question, view, &mut sets).await?;
            let tally = count_values(view, &sets, &question.time, &group).await?;
            for field in group {
                facets.push(self.facet(field, &tally, decided).await?);
            }
        }
        facets.sort_by_key(|facet| fields.iter().position(|field| *field == facet.field));
        Ok(facets)
    }

    async fn facet(&self, field: FilterField, tally: &Tally, decided: bool) -> Result<Facet> {
        let counts = tally.of(field).map(|(value, count)| (value.to_owned(), count));
        let mut counts: Vec<_> = counts.collect();
        counts.sort_unstable_by(|(one, ones), (other, others)| others.cmp(ones).then_with(|| one.cmp(other)));
        let more = counts.len() > CHOICES;
        counts.truncate(CHOICES);
        Ok(Facet {
            field,
            values: facets::labelled(&self.db.read, self.workspace, field, counts).await?,
            more,
            exact: tally.exact && decided,
        })
    }
}
