//! Searching the index: which records of which segments a list has, and in which order.

use super::{
    answer::{Answer, answer, blocks},
    chunk::{self, Span},
    log_index::Segment,
    plan::Plan,
    segment::Part,
    view::View,
};
use crate::Result;
use daybook_domain::{
    cursor::{Cursor, Direction},
    log::FilterField,
    search::Expr,
};
use roaring::RoaringBitmap;
use std::{
    collections::BinaryHeap,
    ops::Range,
    sync::{Arc, OnceLock},
};

/// Chunks whose times are read together, and the records after which no more are.
const CHUNKS: usize = 16;
const ENOUGH: u64 = 64;

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
    pub plan: Plan,
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

    /// The chunks in which it has records, and how many.
    pub fn chunks(&self) -> &[(u32, u64)] {
        self.chunks.get_or_init(|| {
            let chunk_size = u32::try_from(chunk::RECORDS).unwrap_or(u32::MAX);
            let (Some(first), Some(last)) = (self.possible.min(), self.possible.max()) else {
                return Vec::new();
            };
            let mut chunks = Vec::new();
            let mut before = 0;
            for number in first / chunk_size..=last / chunk_size {
                let up_to = self.possible.rank(number * chunk_size + (chunk_size - 1));
                if up_to > before {
                    chunks.push((number, up_to - before));
                }
                before = up_to;
            }
            chunks
        })
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
    answers: Vec<Answer>,
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
        let wanted: Vec<_> = view
            .segments
            .iter()
            .zip(&within)
            .enumerate()
            .filter(|(_, (_, within))| !within.is_empty())
            .flat_map(|(at, (segment, _))| {
                let numbers = question
                    .conditions
                    .iter()
                    .flat_map(|condition| blocks(&condition.plan, segment.head()));
                numbers.map(move |number| (at, block(number)))
            })
            .collect();
        view.load(wanted).await?;
        let read = &*view;
        let of_segment = |(at, (segment, within)): (usize, (&Arc<Segment>, RoaringBitmap))| {
            let head = segment.head();
            let read_block = |number: usize| read.part(at, block(number));
            let answers = question.conditions.iter().filter(|_| !within.is_empty());
            let answers = answers
                .map(|condition| answer(&condition.plan, head, &read_block))
                .collect();
            OfSegment {
                is_whole: within.len() == u64::from(head.records),
                within,
                answers,
            }
        };
        let by_segment = read
            .segments
            .iter()
            .zip(within)
            .enumerate()
            .map(of_segment)
            .collect();
        view.forget_blocks();
        Ok(Self { by_segment })
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
            let mut all = (*first).clone();
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

/// A record of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub occurred_at: i64,
    pub sequence: i64,
    /// Whether the keys alone decide that it belongs to the list.
    pub sure: bool,
}

/// Goes through a list in its order, from a position on. Reads only as far as it is asked to go.
#[derive(Debug)]
pub struct Walk {
    sets: Arc<Sets>,
    time: Range<i64>,
    direction: Direction,
    /// Exclusive.
    after: Option<(i64, i64)>,
    waiting: BinaryHeap<Item>,
}

/// What is next: a record, or something that may hold it. Ordered by what comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    /// The time of what comes first in it, turned around where the list goes towards newer records.
    bound: i64,
    /// At the same time, what holds records is opened before a record is given out.
    holds: bool,
    /// The sequence, turned around likewise.
    order: i64,
    what: What,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Record { sure: bool },
    Chunk { at: usize, number: u32, records: u64 },
    Segment { at: usize },
}

impl Walk {
    pub fn new(view: &View, sets: Arc<Sets>, time: Range<i64>, cursor: Option<Cursor>) -> Self {
        let mut walk = Self {
            sets,
            time,
            direction: cursor.map_or(Direction::Older, |cursor| cursor.direction),
            after: cursor.map(|cursor| (cursor.occurred_at.micros(), cursor.sequence)),
            waiting: BinaryHeap::new(),
        };
        for (at, segment) in view.segments.iter().enumerate() {
            let found = walk.sets.of(at).is_some_and(|listed| !listed.possible.is_empty());
            if found {
                walk.hold(segment.head().span(), What::Segment { at });
            }
        }
        walk
    }

    fn turned(&self, number: i64) -> i64 {
        match self.direction {
            Direction::Older => number,
            Direction::Newer => -number,
        }
    }

    /// Puts something that holds records in its place, unless they are all out of the question.
    fn hold(&mut self, span: Span, what: What) {
        let passed = self.after.is_some_and(|(time, _)| match self.direction {
            Direction::Older => span.first > time,
            Direction::Newer => span.last < time,
        });
        if passed || !overlaps(span, &self.time) {
            return;
        }
        let bound = match self.direction {
            Direction::Older => span.last,
            Direction::Newer => span.first,
        };
        self.waiting.push(Item {
            bound: self.turned(bound),
            holds: true,
            order: 0,
            what,
        });
    }

    /// The next record of the list; `None` at its end.
    pub async fn next(&mut self, view: &mut View) -> Result<Option<Candidate>> {
        while let Some(item) = self.waiting.pop() {
            match item.what {
                What::Record { sure } => {
                    return Ok(Some(Candidate {
                        occurred_at: self.turned(item.bound),
                        sequence: self.turned(item.order),
                        sure,
                    }));
                }
                What::Segment { at } => self.open_segment(view, at),
                What::Chunk { at, number, records } => {
                    let mut chunks = vec![(at, number)];
                    let mut sum = records;
                    while chunks.len() < CHUNKS
                        && sum < ENOUGH
                        && let Some(Item {
                            what: What::Chunk { at, number, records },
                            ..
                        }) = self.waiting.peek()
                    {
                        chunks.push((*at, *number));
                        sum += records;
                        self.waiting.pop();
                    }
                    view.load(chunks.iter().map(|(at, number)| (*at, Part::Times(*number))))
                        .await?;
                    for (at, number) in chunks {
                        self.open_chunk(view, at, number);
                        // A walk comes by once; a long one must not keep all it has seen.
                        view.forget(at, Part::Times(number));
                    }
                }
            }
        }
        Ok(None)
    }

    fn open_segment(&mut self, view: &View, at: usize) {
        let sets = Arc::clone(&self.sets);
        let (Some(segment), Some(listed)) = (view.segments.get(at), sets.of(at)) else {
            return;
        };
        let spans = &segment.head().spans;
        for (number, records) in listed.chunks().iter().copied() {
            if let Some(span) = spans.get(number as usize) {
                self.hold(*span, What::Chunk { at, number, records });
            }
        }
    }

    fn open_chunk(&mut self, view: &View, at: usize, number: u32) {
        let sets = Arc::clone(&self.sets);
        let (Some(segment), Some(listed)) = (view.segments.get(at), sets.of(at)) else {
            return;
        };
        let times = view.part(at, Part::Times(number));
        let chunk = segment.head().chunk(number as usize);
        let begin = chunk.start;
        for record in listed.possible.range(chunk) {
            let Some(time) = chunk::time(times, (record - begin) as usize) else {
                continue;
            };
            let sequence = segment.first + i64::from(record);
            let position = (time, sequence);
            let passed = self.after.is_some_and(|after| match self.direction {
                Direction::Older => position >= after,
                Direction::Newer => position <= after,
            });
            if passed || !self.time.contains(&time) {
                continue;
            }
            self.waiting.push(Item {
                bound: self.turned(time),
                holds: false,
                order: self.turned(sequence),
                what: What::Record {
                    sure: !listed.unsure.contains(record),
                },
            });
        }
    }
}
