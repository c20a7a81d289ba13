//! Counting a list: over time, and by the values of its filters.

use super::{
    chunk::{self, Columns},
    search::{Sets, overlaps},
    segment::Part,
    view::View,
};
use crate::Result;
use daybook_domain::{facet::COUNTED, log::FilterField};
use std::ops::Range;

/// Chunks whose values are counted at most; with rare records it is reached before [`COUNTED`] is.
const CHUNKS: usize = 1000;
/// Chunks read together.
const TOGETHER: usize = 64;

/// When the first and the last of the possible records happened, by the spans of their chunks: a little too much
/// rather than too little. `None` where there are none.
pub fn extent(view: &View, sets: &Sets, time: &Range<i64>) -> Option<Range<i64>> {
    let mut extent: Option<chunk::Span> = None;
    for (at, segment) in view.segments.iter().enumerate() {
        let Some(listed) = sets.of(at).filter(|listed| !listed.possible().is_empty()) else {
            continue;
        };
        let head = segment.head();
        let whole = head.span();
        let inside = extent.is_some_and(|known| known.first <= whole.first && whole.last <= known.last);
        if inside {
            continue;
        }
        for (number, _) in listed.chunks() {
            if let Some(span) = head
                .spans
                .get(*number as usize)
                .filter(|span| overlaps(**span, time))
            {
                extent = Some(extent.map_or(*span, |known| known.with(*span)));
            }
        }
    }
    let extent = extent?;
    Some(extent.first.max(time.start)..extent.last.saturating_add(1).min(time.end))
}

/// How many of the possible records lie between neighbouring edges. The edges are in order.
pub async fn count_between(view: &mut View, sets: &Sets, edges: &[i64]) -> Result<Vec<u64>> {
    let mut counts = vec![0; edges.len().saturating_sub(1)];
    let place = |time: i64| edges.partition_point(|edge| *edge <= time).checked_sub(1);
    let mut split = Vec::new();
    for (at, segment) in view.segments.iter().enumerate() {
        let Some(listed) = sets.of(at).filter(|listed| !listed.possible().is_empty()) else {
            continue;
        };
        let head = segment.head();
        let span = head.span();
        if place(span.first) == place(span.last) {
            if let Some(count) = place(span.first).and_then(|place| counts.get_mut(place)) {
                *count += listed.possible().len();
            }
            continue;
        }
        for (number, records) in listed.chunks().iter().copied() {
            let Some(span) = head.spans.get(number as usize) else {
                continue;
            };
            if place(span.first) != place(span.last) {
                split.push((at, number));
            } else if let Some(count) = place(span.first).and_then(|place| counts.get_mut(place)) {
                *count += records;
            }
        }
    }
    view.load(split.iter().map(|(at, number)| (*at, Part::Times(*number))))
        .await?;
    for (at, number) in split {
        let (Some(segment), Some(listed)) = (view.segments.get(at), sets.of(at)) else {
            continue;
        };
        let times = view.part(at, Part::Times(number));
        let chunk = segment.head().chunk(number as usize);
        let begin = chunk.start;
        for record in listed.possible().range(chunk) {
            let place = chunk::time(times, (record - begin) as usize).and_then(place);
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    Ok(counts)
}

/// Counts by value.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Vec<(FilterField, Counts)>,
}

type Counts = foldhash::HashMap<String, u64>;

fn add(counts: &mut Counts, value: &str, count: u64) {
    match counts.get_mut(value) {
        Some(sum) => *sum += count,
        None => {
            counts.insert(value.to_owned(), count);
        }
    }
}

impl Tally {
    /// The values of a field, in no order.
    pub fn of(&self, field: FilterField) -> impl Iterator<Item = (&str, u64)> {
        let counted = self.counts.iter().filter(move |(of, _)| *of == field);
        counted.flat_map(|(_, counts)| counts.iter().map(|(value, count)| (value.as_str(), *count)))
    }

    /// Adds what was counted of the same fields elsewhere.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for ((_, counts), (_, others)) in self.counts.iter_mut().zip(&other.counts) {
            for (value, count) in others {
                add(counts, value, *count);
            }
        }
        self
    }
}

/// A chunk, by the place of its segment and its number there.
pub type Chunk = (usize, u32);

/// The chunks over which a list's values are counted, the newest first, up to the bound; and whether those are all of
/// the list's, and its records sure.
pub fn countable(view: &View, sets: &Sets, time: &Range<i64>) -> (Vec<Chunk>, bool) {
    let mut chunks = Vec::new();
    let mut sure = true;
    for (at, segment) in view.segments.iter().enumerate() {
        let Some(listed) = sets.of(at) else { continue };
        sure = sure && listed.is_exact();
        let spans = &segment.head().spans;
        for (number, records) in listed.chunks().iter().copied() {
            if let Some(span) = spans.get(number as usize).filter(|span| overlaps(**span, time)) {
                // Of a chunk at an end of the time it isn't known yet how many of its records count.
                let records = if is_split(*span, time) { 0 } else { records };
                chunks.push((span.last, at, number, records));
            }
        }
    }
    chunks.sort_unstable_by(|one, other| other.cmp(one));
    let mut expected = 0;
    let needed = chunks.iter().take(CHUNKS).take_while(|(_, _, _, records)| {
        let wanted = expected < COUNTED;
        expected += records;
        wanted
    });
    let needed: Vec<_> = needed.map(|(_, at, number, _)| (*at, *number)).collect();
    let exact = sure && needed.len() == chunks.len();
    (needed, exact)
}

fn is_split(span: chunk::Span, time: &Range<i64>) -> bool {
    span.first < time.start || span.last >= time.end
}

/// Counts the values of some fields in some chunks.
pub async fn count_values(
    view: &mut View,
    sets: &Sets,
    time: &Range<i64>,
    fields: &[FilterField],
    chunks: &[Chunk],
) -> Result<Tally> {
    let mut tally = Tally::default();
    for field in fields {
        tally.counts.push((*field, Counts::default()));
    }
    for together in chunks.chunks(TOGETHER) {
        let split = together.iter().filter(|(at, number)| {
            let segment = view.segments.get(*at);
            let span = segment.and_then(|segment| segment.head().spans.get(*number as usize));
            span.is_some_and(|span| is_split(*span, time))
        });
        let split: Vec<_> = split.map(|(at, number)| (*at, Part::Times(*number))).collect();
        view.load(split).await?;
        let columns = view.columns(together).await?;
        for (chunk, columns) in together.iter().zip(columns) {
            count_chunk(view, sets, *chunk, &columns, time, fields, &mut tally);
        }
    }
    Ok(tally)
}

/// Adds one chunk's values.
fn count_chunk(
    view: &View,
    sets: &Sets,
    (at, number): Chunk,
    columns: &Columns,
    time: &Range<i64>,
    fields: &[FilterField],
    tally: &mut Tally,
) {
    let (Some(segment), Some(listed)) = (view.segments.get(at), sets.of(at)) else {
        return;
    };
    let chunk = segment.head().chunk(number as usize);
    let begin = chunk.start;
    // Times are loaded where they matter.
    let times = view.part(at, Part::Times(number));
    let inside = |record: &u32| {
        let of = chunk::time(times, *record as usize);
        of.is_none_or(|of| time.contains(&of))
    };
    let records = listed.possible().range(chunk).map(|record| record - begin);
    let records: Vec<u32> = records.filter(inside).collect();
    columns.count(&records, fields, &mut |place, value, count| {
        if let Some((_, counts)) = tally.counts.get_mut(place) {
            add(counts, value, count);
        }
    });
}
