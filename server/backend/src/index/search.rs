//! Searching the index: which records of which segments a list has.

use super::{
    answer::{Answer, answer, blocks},
    chunk::{self, Span},
    log_index::Segment,
    plan::Plan,
    segment::Part,
    view::View,
};
use crate::Result;
use daybook_domain::{log::FilterField, search::Expr};
use roaring::RoaringBitmap;
use std::{
    ops::Range,
    sync::{Arc, LazyLock, OnceLock},
};

/// What a list is narrowed to.
#[derive(Debug)]
pub struct Question {
    pub conditions: Vec<Condition>,
    /// The text among the conditions: what it means decides where the keys alone can't.
    pub text: Option<Expr>,
    /// When the records happened, in microseconds.
    pub time: Range<i64>,
    /// Which records of the log come into question at all.
    pub sequences: Range<i64>,
}

impl Question {
    /// All records that a text asks for.
    pub fn of(text: Expr) -> Self {
        Self {
            conditions: vec![Condition::new(None, Plan::of(&text))],
            text: Some(text),
            time: i64::MIN..i64::MAX,
            sequences: 0..i64::MAX,
        }
    }

    /// The records of a segment that come into question.
    fn within(&self, segment: &Segment) -> RoaringBitmap {
        let records = i64::from(segment.head().records);
        let number = |sequence: i64| {
            let number = sequence.saturating_sub(segment.first).clamp(0, records);
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        let mut within = RoaringBitmap::new();
        if overlaps(segment.head().span(), &self.time) {
            within.insert_range(number(self.sequences.start)..number(self.sequences.end));
            within -= &segment.removed;
        }
        within
    }
}

#[derive(Debug)]
pub struct Condition {
    /// The filter it comes from: its values are counted without it.
    pub field: Option<FilterField>,
    plan: Arc<Plan>,
}

impl Condition {
    pub fn new(field: Option<FilterField>, plan: Plan) -> Self {
        Self {
            field,
            plan: Arc::new(plan),
        }
    }
}

/// The records of a list, segment by segment, by their numbers there. Times are not looked at yet.
#[derive(Debug, Default)]
pub struct Sets(Vec<Listed>);

/// The records of a list in one segment.
#[derive(Debug, Default)]
pub struct Listed {
    possible: RoaringBitmap,
    /// Those of them that the keys alone can't decide.
    unsure: RoaringBitmap,
    /// By chunk, once somebody has asked.
    chunks: OnceLock<Vec<(u32, u64)>>,
}

impl Listed {
    fn new(Answer { sure, unsure }: Answer) -> Self {
        Self {
            possible: if unsure.is_empty() { sure } else { sure | &unsure },
            unsure,
            chunks: OnceLock::new(),
        }
    }

    pub fn possible(&self) -> &RoaringBitmap {
        &self.possible
    }

    pub fn is_exact(&self) -> bool {
        self.unsure.is_empty()
    }

    /// Whether the keys alone decide that one of its records belongs to the list.
    pub fn is_sure(&self, record: u32) -> bool {
        !self.unsure.contains(record)
    }

    /// The chunks in which it has records, and how many.
    pub fn chunks(&self) -> &[(u32, u64)] {
        self.chunks.get_or_init(|| by_chunk(&self.possible))
    }

    /// A record that was unsure has been looked at.
    pub fn decide(&mut self, record: u32, belongs: bool) {
        self.unsure.remove(record);
        if !belongs {
            self.possible.remove(record);
        }
        self.chunks.take();
    }
}

/// How many of the records lie in each chunk that has any.
fn by_chunk(records: &RoaringBitmap) -> Vec<(u32, u64)> {
    let (Some(first), Some(last)) = (records.min(), records.max()) else {
        return Vec::new();
    };
    let containers = u64::from(last / CONTAINER - first / CONTAINER + 1);
    let dense = records.len() > containers * ARRAY;
    let mut chunks = Vec::new();
    for number in first / CHUNK..=last / CHUNK {
        // In an array a place is found by halving; in a bitmap it takes a count of all before it, and a mask is faster.
        let mask = MASKS.get(number as usize).filter(|_| dense);
        let count = match mask {
            Some(mask) => records.intersection_len(mask),
            None => records.range_cardinality(chunk_of(number)),
        };
        if count > 0 {
            chunks.push((number, count));
        }
    }
    chunks
}

const CHUNK: u32 = chunk::NUMBERS;
/// How the bitmaps are kept: in containers of so many numbers, as an array up to so many of them (Roaring format spec).
const CONTAINER: u32 = 1 << 16;
const ARRAY: u64 = 4096;
/// Chunks of a segment that was put together.
const MOST_CHUNKS: u32 = 128;

fn chunk_of(number: u32) -> Range<u32> {
    number * CHUNK..(number + 1) * CHUNK
}

/// The records of each chunk of a segment, as one run.
static MASKS: LazyLock<Vec<RoaringBitmap>> = LazyLock::new(|| {
    let mask = |number| {
        let mut mask = RoaringBitmap::new();
        mask.insert_range(chunk_of(number));
        mask.optimize();
        mask
    };
    (0..MOST_CHUNKS).map(mask).collect()
});

impl Sets {
    pub fn of(&self, at: usize) -> Option<&Listed> {
        self.0.get(at)
    }

    pub fn of_mut(&mut self, at: usize) -> Option<&mut Listed> {
        self.0.get_mut(at)
    }

    /// The possible records that happened within a time, by segment.
    pub async fn in_time(&self, view: &mut View, time: &Range<i64>) -> Result<Vec<RoaringBitmap>> {
        let mut found = Vec::with_capacity(self.0.len());
        for (at, listed) in self.0.iter().enumerate() {
            let mut records = listed.possible.clone();
            let Some(segment) = view.segments.get(at).cloned() else {
                break;
            };
            let head = segment.head();
            for (number, _) in listed.chunks() {
                let Some(span) = head.spans.get(*number as usize) else {
                    continue;
                };
                let chunk = head.chunk(*number as usize);
                if !overlaps(*span, time) {
                    records.remove_range(chunk);
                } else if span.first < time.start || span.last >= time.end {
                    let part = Part::Times(*number);
                    view.load([(at, part)]).await?;
                    let times = view.part(at, part);
                    let outside = |record: &u32| {
                        let of = chunk::time(times, (*record - chunk.start) as usize);
                        !of.is_some_and(|of| time.contains(&of))
                    };
                    let outside: Vec<_> = records.range(chunk.clone()).filter(outside).collect();
                    for record in outside {
                        records.remove(record);
                    }
                    view.forget(at, part);
                }
            }
            found.push(records);
        }
        Ok(found)
    }

    /// Those records that the keys alone can't decide.
    pub fn unsure(&self) -> impl Iterator<Item = (usize, RoaringBitmap)> {
        let unsure = self.0.iter().map(|listed| listed.unsure.clone()).enumerate();
        unsure.filter(|(_, records)| !records.is_empty())
    }
}

/// The answers to each condition, from which lists are made.
#[derive(Debug)]
pub struct Answers {
    by_segment: Vec<OfSegment>,
}

#[derive(Debug)]
struct OfSegment {
    /// The records that come into question.
    within: RoaringBitmap,
    /// Whether those are all.
    is_whole: bool,
    /// By condition; none where no record comes into question.
    answers: Vec<Arc<Answer>>,
}

fn block(number: usize) -> Part {
    Part::Block(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Answers {
    /// Reads what the conditions need.
    pub async fn to(question: &Question, view: &mut View) -> Result<Self> {
        let within: Vec<_> = view
            .segments
            .iter()
            .map(|segment| question.within(segment))
            .collect();
        let known = Self::known(question, view, &within);
        let wanted: Vec<_> = view
            .segments
            .iter()
            .zip(&known)
            .enumerate()
            .flat_map(|(at, (segment, known))| {
                let unknown = question.conditions.iter().zip(known);
                let unknown = unknown.filter(|(_, known)| known.is_none());
                let numbers = unknown.flat_map(|(condition, _)| blocks(&condition.plan, segment.head()));
                numbers.map(move |number| (at, block(number)))
            })
            .collect();
        view.load(wanted).await?;
        let read = &*view;
        let mut by_segment = Vec::with_capacity(within.len());
        for (at, (within, known)) in within.into_iter().zip(known).enumerate() {
            let Some(segment) = read.segments.get(at) else {
                break;
            };
            let head = segment.head();
            let read_block = |number: usize| read.part(at, block(number));
            let answers = question.conditions.iter().zip(known);
            let answers = answers.map(|(condition, known)| {
                known.unwrap_or_else(|| {
                    let answer = Arc::new(answer(&condition.plan, head, &read_block));
                    read.keep(at, &condition.plan, &answer);
                    answer
                })
            });
            by_segment.push(OfSegment {
                is_whole: within.len() == u64::from(head.records),
                answers: answers.collect(),
                within,
            });
        }
        view.forget_blocks();
        Ok(Self { by_segment })
    }

    /// What each segment answered before, by condition; it needs no block any more. None of a segment without records
    /// that come into question.
    fn known(question: &Question, view: &View, within: &[RoaringBitmap]) -> Vec<Vec<Option<Arc<Answer>>>> {
        let of_segment = |(at, within): (usize, &RoaringBitmap)| {
            let conditions = question.conditions.iter().filter(|_| !within.is_empty());
            let known = conditions.map(|condition| view.known(at, &condition.plan));
            known.collect()
        };
        within.iter().enumerate().map(of_segment).collect()
    }

    /// The list of all conditions but, where one is given, the one at this place.
    pub fn sets(&self, but: Option<usize>) -> Sets {
        let of_segment = |of: &OfSegment| {
            let kept = of
                .answers
                .iter()
                .enumerate()
                .filter(|(place, _)| Some(*place) != but);
            let mut kept: Vec<_> = kept.map(|(_, answer)| answer).collect();
            // The smallest first: what is put together with it stays small.
            kept.sort_by_key(|answer| answer.sure.len() + answer.unsure.len());
            let Some((first, rest)) = kept.split_first() else {
                return Listed::new(Answer::exactly(of.within.clone()));
            };
            let mut all = Answer::clone(first);
            for one in rest {
                all.and(one);
            }
            if !of.is_whole {
                all.sure &= &of.within;
                all.unsure &= &of.within;
            }
            Listed::new(all)
        };
        Sets(self.by_segment.iter().map(of_segment).collect())
    }
}

pub fn overlaps(span: Span, time: &Range<i64>) -> bool {
    span.first < time.end && span.last >= time.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_by_chunk_whether_few_or_many() {
        let sparse: RoaringBitmap = (0..200_000).step_by(37).collect();
        let dense: RoaringBitmap = (900..150_000).filter(|record| record % 5 != 0).collect();
        for records in [sparse, dense, RoaringBitmap::new()] {
            let counted = by_chunk(&records);
            assert_eq!(counted.iter().map(|(_, count)| count).sum::<u64>(), records.len());
            assert!(counted.is_sorted_by(|(one, _), (other, _)| one < other));
            for (number, count) in counted {
                assert_eq!(records.range_cardinality(chunk_of(number)), count);
            }
        }
    }
}
