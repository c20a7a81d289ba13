//! A run of records, indexed: a dictionary from keys to records, and the records in columns, chunk by chunk.
//!
//! The dictionary is cut into blocks, so that a question reads the few it needs. A block holds keys in order, each as
//! what differs from the one before, and its records as differences of their numbers, or as a bitmap where that is
//! not much larger and faster to read.

use super::{
    bytes::{put_bytes, put_len, take_bytes, take_len, take_some},
    chunk::{self, Span},
    keys::{self, Key},
};
use bytes::Bytes;
use daybook_domain::{
    event::Event,
    search::{Field, Part as FoundPart, each_part},
};
use roaring::RoaringBitmap;
use std::{net::IpAddr, ops::Range};

/// A block is closed once it has so many bytes.
const BLOCK_BYTES: usize = 8 * 1024;
/// Fewer records than this are never a bitmap.
const BITMAP_RECORDS: usize = 2048;

/// A part of a segment that is read on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Of the dictionary, by number.
    Block(u32),
    /// When the records of a chunk happened.
    Times(u32),
    /// The values of a chunk.
    Values(u32),
}

/// A segment with all its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub head: Head,
    pub blocks: Vec<Bytes>,
    pub times: Vec<Bytes>,
    pub values: Vec<Bytes>,
}

impl Whole {
    pub fn part(&self, part: Part) -> Option<&Bytes> {
        let (parts, number) = match part {
            Part::Block(number) => (&self.blocks, number),
            Part::Times(number) => (&self.times, number),
            Part::Values(number) => (&self.values, number),
        };
        parts.get(number as usize)
    }

    /// All parts, each with its name.
    pub fn parts(&self) -> impl Iterator<Item = (Part, &Bytes)> {
        fn numbered(parts: &[Bytes], name: fn(u32) -> Part) -> impl Iterator<Item = (Part, &Bytes)> {
            (0_u32..).map(name).zip(parts)
        }
        numbered(&self.blocks, Part::Block)
            .chain(numbered(&self.times, Part::Times))
            .chain(numbered(&self.values, Part::Values))
    }
}

/// Collects the records of one chunk.
#[derive(Debug, Default)]
pub struct Builder {
    times: Vec<i64>,
    values: chunk::Values,
    postings: Postings,
    /// The parts of the record before, in their order: most records share most of theirs with it.
    parts: Vec<Known>,
}

/// The records of each key.
#[derive(Debug, Default)]
struct Postings {
    places: foldhash::HashMap<Key, usize>,
    /// By place.
    records: Vec<Vec<u32>>,
}

impl Postings {
    fn place(&mut self, key: &[u8]) -> usize {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.records.len();
        self.places.insert(key.to_vec(), place);
        self.records.push(Vec::new());
        place
    }

    fn add(&mut self, place: usize, number: u32) {
        if let Some(records) = self.records.get_mut(place)
            && records.last() != Some(&number)
        {
            records.push(number);
        }
    }
}

/// A part of a record, and the places of the keys it is found by.
#[derive(Debug)]
struct Known {
    field: Field,
    value: Kept,
    places: Vec<usize>,
}

/// What a part was.
#[derive(Debug)]
enum Kept {
    Whole(String),
    Words(String),
    Ip(IpAddr),
    There,
}

impl Kept {
    fn of(part: FoundPart<'_>) -> Self {
        match part {
            FoundPart::Whole(text) => Self::Whole(text.to_owned()),
            FoundPart::Words(text) => Self::Words(text.to_owned()),
            FoundPart::Ip(address) => Self::Ip(address),
            FoundPart::There => Self::There,
        }
    }

    fn is(&self, part: FoundPart<'_>) -> bool {
        match (self, part) {
            (Self::Whole(text), FoundPart::Whole(other)) | (Self::Words(text), FoundPart::Words(other)) => {
                text == other
            }
            (Self::Ip(address), FoundPart::Ip(other)) => *address == other,
            (Self::There, FoundPart::There) => true,
            _ => false,
        }
    }
}

impl Builder {
    /// The next record.
    pub fn add(&mut self, event: &Event) {
        let number = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        self.times.push(event.body.occurred_at.micros());
        self.values.add(&event.body);
        let (postings, parts) = (&mut self.postings, &mut self.parts);
        keys::each_filtered(&event.body, &mut |key| {
            let place = postings.place(key);
            postings.add(place, number);
        });
        let mut at = 0;
        each_part(event, &mut |field, part| {
            let known = parts
                .get(at)
                .filter(|known| known.field == field && known.value.is(part));
            if known.is_none() {
                let mut places = Vec::new();
                keys::each_of(&field, part, &mut |key| places.push(postings.place(key)));
                let value = Kept::of(part);
                let known = Known { field, value, places };
                match parts.get_mut(at) {
                    Some(part) => *part = known,
                    None => parts.push(known),
                }
            }
            for place in parts.get(at).into_iter().flat_map(|known| &known.places) {
                postings.add(*place, number);
            }
            at += 1;
        });
    }

    /// A record that is gone: its number stays, and nothing finds it.
    pub fn skip(&mut self) {
        self.times.push(chunk::GONE);
        self.values.skip();
    }

    pub fn len(&self) -> usize {
        self.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The segment of the records so far.
    pub fn segment(&self) -> Whole {
        let mut places: Vec<_> = self.postings.places.iter().collect();
        places.sort_unstable();
        let mut dictionary = Dictionary::default();
        for (key, place) in places {
            if let Some(records) = self.postings.records.get(*place) {
                dictionary.add(key, records);
            }
        }
        Whole {
            head: Head {
                records: u32::try_from(self.times.len()).unwrap_or(u32::MAX),
                spans: vec![Span::of(&self.times)],
                firsts: dictionary.firsts,
            },
            blocks: dictionary.blocks.into_iter().map(Bytes::from).collect(),
            times: vec![chunk::write_times(&self.times).into()],
            values: vec![self.values.write().into()],
        }
    }
}

/// What is known of a segment without its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Numbered from 0.
    pub records: u32,
    /// By chunk.
    pub spans: Vec<Span>,
    /// The first key of each block.
    pub firsts: Vec<Key>,
}

impl Head {
    /// All records of the segment.
    pub fn all(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..self.records);
        all
    }

    /// When the first and the last record happened.
    pub fn span(&self) -> Span {
        let none = Span::of(&[]);
        self.spans.iter().fold(none, |all, one| all.with(*one))
    }

    /// The records of a chunk.
    pub fn chunk(&self, number: usize) -> Range<u32> {
        let from = u32::try_from(number * chunk::RECORDS).unwrap_or(u32::MAX);
        let to = u32::try_from((number + 1) * chunk::RECORDS).unwrap_or(u32::MAX);
        from.min(self.records)..to.min(self.records)
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

    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_len(&mut bytes, self.records as usize);
        put_len(&mut bytes, self.spans.len());
        for span in &self.spans {
            span.write(&mut bytes);
        }
        put_len(&mut bytes, self.firsts.len());
        for first in &self.firsts {
            put_bytes(&mut bytes, first);
        }
        bytes
    }

    /// `None` where the bytes are not a head.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let records = take_len(bytes)?.try_into().ok()?;
        let spans = take_len(bytes)?;
        let spans = (0..spans).map(|_| Span::read(bytes)).collect::<Option<_>>()?;
        let firsts = take_len(bytes)?;
        let firsts = (0..firsts)
            .map(|_| take_bytes(bytes).map(<[u8]>::to_vec))
            .collect::<Option<_>>()?;
        Some(Self {
            records,
            spans,
            firsts,
        })
    }
}

/// Writes the dictionary's blocks.
#[derive(Debug, Default)]
pub struct Dictionary {
    pub firsts: Vec<Key>,
    pub blocks: Vec<Vec<u8>>,
    before: Key,
}

impl Dictionary {
    /// The next key in order, and its records in order.
    pub fn add(&mut self, key: &[u8], records: &[u32]) {
        if self.blocks.last().is_none_or(|block| block.len() >= BLOCK_BYTES) {
            self.firsts.push(key.to_vec());
            self.blocks.push(Vec::new());
            self.before.clear();
        }
        let Some(block) = self.blocks.last_mut() else {
            return;
        };
        let shared = self
            .before
            .iter()
            .zip(key)
            .take_while(|(one, other)| one == other)
            .count();
        put_len(block, shared);
        put_bytes(block, &key[shared..]);
        let (packed, is_bitmap) = pack(records);
        put_len(block, packed.len() * 2 + usize::from(is_bitmap));
        block.extend_from_slice(&packed);
        self.before.clear();
        self.before.extend_from_slice(key);
    }
}

fn pack(records: &[u32]) -> (Vec<u8>, bool) {
    let mut packed = Vec::with_capacity(records.len() + 4);
    let mut last = 0;
    for record in records {
        super::bytes::put(&mut packed, u64::from(record - last));
        last = *record;
    }
    if records.len() >= BITMAP_RECORDS
        && let Ok(mut bitmap) = RoaringBitmap::from_sorted_iter(records.iter().copied())
    {
        bitmap.optimize();
        if bitmap.serialized_size() <= packed.len() * 2 {
            let mut bytes = Vec::with_capacity(bitmap.serialized_size());
            // Writing to memory doesn't fail; where it did, the differences stand.
            if bitmap.serialize_into(&mut bytes).is_ok() {
                return (bytes, true);
            }
        }
    }
    (packed, false)
}

/// The records of a key, as they are written.
#[derive(Debug, Clone, Copy)]
pub struct Packed<'a> {
    bytes: &'a [u8],
    is_bitmap: bool,
}

impl Packed<'_> {
    /// As a set. Damaged bytes find nothing.
    pub fn unpack(self) -> RoaringBitmap {
        if self.is_bitmap {
            RoaringBitmap::deserialize_from(self.bytes).unwrap_or_default()
        } else {
            RoaringBitmap::from_sorted_iter(steps(self.bytes)).unwrap_or_default()
        }
    }

    /// Calls `each` with every record, in order.
    pub fn each(self, each: impl FnMut(u32)) {
        if self.is_bitmap {
            let records = RoaringBitmap::deserialize_from(self.bytes).unwrap_or_default();
            records.into_iter().for_each(each);
        } else {
            steps(self.bytes).for_each(each);
        }
    }
}

/// Records written as differences.
fn steps(mut bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut record = 0_u32;
    std::iter::from_fn(move || {
        let step = super::bytes::take(&mut bytes)?;
        record = record.checked_add(u32::try_from(step).ok()?)?;
        Some(record)
    })
}

/// Goes through a block's keys in order. What can't be read ends it.
#[derive(Debug)]
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

    /// The next key and its records.
    pub fn next(&mut self) -> Option<(&[u8], Packed<'a>)> {
        let shared = take_len(&mut self.rest)?;
        let own = take_bytes(&mut self.rest)?;
        if shared > self.key.len() {
            return None;
        }
        self.key.truncate(shared);
        self.key.extend_from_slice(own);
        let length = take_len(&mut self.rest)?;
        let packed = Packed {
            bytes: take_some(&mut self.rest, length / 2)?,
            is_bitmap: length % 2 == 1,
        };
        Some((&self.key, packed))
    }
}
