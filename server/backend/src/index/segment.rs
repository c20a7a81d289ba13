//! A run of records, indexed: when each happened, and which records each key finds.
//!
//! The dictionary is cut into blocks, so that a question reads the few it needs. A block holds keys in order, each
//! as what differs from the one before, and its records as differences of their numbers.

use super::keys::{self, Key};
use daybook_domain::event::Event;
use roaring::RoaringBitmap;
use std::{collections::HashMap, ops::Range};

/// A block is closed once it has so many bytes.
const BLOCK_BYTES: usize = 8 * 1024;

/// Collects a run of records.
#[derive(Debug, Default)]
pub struct Builder {
    times: Vec<i64>,
    postings: HashMap<Key, Vec<u32>>,
}

impl Builder {
    /// The next record of the run.
    pub fn add(&mut self, event: &Event) {
        let number = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        self.times.push(event.body.occurred_at.micros());
        for key in keys::of(event) {
            self.postings.entry(key).or_default().push(number);
        }
    }

    pub fn len(&self) -> usize {
        self.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The head, and the blocks of the dictionary.
    pub fn finish(self) -> (Head, Vec<Vec<u8>>) {
        let mut postings: Vec<_> = self.postings.into_iter().collect();
        postings.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut firsts = Vec::new();
        let mut blocks: Vec<Vec<u8>> = Vec::new();
        let mut before: Key = Vec::new();
        for (key, records) in postings {
            let block = match blocks.last_mut() {
                Some(block) if block.len() < BLOCK_BYTES => block,
                _ => {
                    firsts.push(key.clone());
                    before.clear();
                    blocks.push(Vec::new());
                    let Some(block) = blocks.last_mut() else { continue };
                    block
                }
            };
            write_entry(block, &before, &key, &records);
            before = key;
        }
        let head = Head {
            times: self.times,
            firsts,
        };
        (head, blocks)
    }
}

/// What is known of a segment without its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Microseconds since the epoch, by record.
    pub times: Vec<i64>,
    /// The first key of each block.
    firsts: Vec<Key>,
}

impl Head {
    /// All records of the segment.
    pub fn all(&self) -> RoaringBitmap {
        RoaringBitmap::from_sorted_iter(0..u32::try_from(self.times.len()).unwrap_or(u32::MAX))
            .unwrap_or_default()
    }

    /// The blocks in which keys of the range may be.
    pub fn blocks(&self, range: &Range<Key>) -> Range<usize> {
        let begin = self
            .firsts
            .partition_point(|first| *first <= range.start)
            .saturating_sub(1);
        let end = self.firsts.partition_point(|first| *first < range.end);
        begin..end.max(begin)
    }
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7f) as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn write_entry(block: &mut Vec<u8>, before: &[u8], key: &[u8], records: &[u32]) {
    let shared = before
        .iter()
        .zip(key)
        .take_while(|(one, other)| one == other)
        .count();
    let mut postings = Vec::with_capacity(records.len() + 4);
    let mut last = 0;
    for record in records {
        write_number(&mut postings, u64::from(record - last));
        last = *record;
    }
    write_number(block, shared as u64);
    write_number(block, (key.len() - shared) as u64);
    block.extend_from_slice(&key[shared..]);
    write_number(block, postings.len() as u64);
    block.extend_from_slice(&postings);
}

/// Goes through a block's keys in order. `None` in place of an entry that can't be read.
pub struct Entries<'a> {
    rest: &'a [u8],
    key: Key,
}

impl<'a> Entries<'a> {
    pub fn of(block: &'a [u8]) -> Self {
        Self {
            rest: block,
            key: Vec::new(),
        }
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next key and its records, still packed.
    pub fn next(&mut self) -> Option<(&[u8], &'a [u8])> {
        let shared = usize::try_from(read_number(&mut self.rest)?).ok()?;
        let own = read_number(&mut self.rest)?;
        let own = self.take(own)?;
        if shared > self.key.len() {
            return None;
        }
        self.key.truncate(shared);
        self.key.extend_from_slice(own);
        let length = read_number(&mut self.rest)?;
        let records = self.take(length)?;
        Some((&self.key, records))
    }
}

/// Adds packed records to a set.
pub fn unpack(mut packed: &[u8], into: &mut RoaringBitmap) {
    let mut record = 0_u32;
    let records = std::iter::from_fn(|| {
        let step = read_number(&mut packed)?;
        record = record.checked_add(u32::try_from(step).ok()?)?;
        Some(record)
    });
    into.extend(records);
}
