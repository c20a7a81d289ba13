//! Going through a list in its order, as far as it is asked for.

use super::{
    chunk::{self, Span},
    search::{Sets, overlaps},
    segment::Part,
    view::View,
};
use crate::Result;
use daybook_domain::cursor::{Cursor, Direction};
use std::{collections::BinaryHeap, ops::Range, sync::Arc};

/// Chunks whose times are read together, and the records after which no more are.
const CHUNKS: usize = 16;
const ENOUGH: u64 = 64;

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
            let found = walk
                .sets
                .of(at)
                .is_some_and(|listed| !listed.possible().is_empty());
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
        for record in listed.possible().range(chunk) {
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
                    sure: listed.is_sure(record),
                },
            });
        }
    }
}
