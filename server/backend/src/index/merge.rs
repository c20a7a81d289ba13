//! Small segments that follow one another become one large one: fewer dictionaries to look into.

use super::{
    keys::Key,
    segment::{Dictionary, Entries, Head, Whole},
};
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

/// Puts segments of whole chunks together, in their order.
pub fn merge(sources: &[Arc<Whole>]) -> Whole {
    let mut offsets = Vec::with_capacity(sources.len());
    let mut records = 0;
    for source in sources {
        offsets.push(records);
        records += source.head.records;
    }
    let mut walks: Vec<_> = sources.iter().map(|source| Walk::of(source)).collect();
    let mut next = BinaryHeap::new();
    for (at, walk) in walks.iter_mut().enumerate() {
        next.extend(walk.next_key().map(|key| Reverse((key, at))));
    }
    let mut dictionary = Dictionary::default();
    let mut found: Vec<u32> = Vec::new();
    while let Some(Reverse((key, at))) = next.pop() {
        // The same key comes from the sources in their order, so the records stay in order.
        if let (Some(walk), Some(offset)) = (walks.get_mut(at), offsets.get(at)) {
            walk.each_record(|record| found.push(record + offset));
            next.extend(walk.next_key().map(|key| Reverse((key, at))));
        }
        if next.peek().is_none_or(|Reverse((other, _))| *other != key) {
            dictionary.add(&key, &found);
            found.clear();
        }
    }
    let all = |parts: fn(&Whole) -> &Vec<bytes::Bytes>| {
        sources.iter().flat_map(|source| parts(source)).cloned().collect()
    };
    Whole {
        head: Head {
            records,
            spans: sources
                .iter()
                .flat_map(|source| source.head.spans.clone())
                .collect(),
            firsts: dictionary.firsts,
        },
        blocks: dictionary.blocks.into_iter().map(bytes::Bytes::from).collect(),
        times: all(|source| &source.times),
        values: all(|source| &source.values),
    }
}

/// The keys of all blocks of a segment in order.
struct Walk<'a> {
    blocks: std::slice::Iter<'a, bytes::Bytes>,
    entries: Entries<'a>,
    packed: Option<super::segment::Packed<'a>>,
}

impl<'a> Walk<'a> {
    fn of(source: &'a Whole) -> Self {
        Self {
            blocks: source.blocks.iter(),
            entries: Entries::of(&[]),
            packed: None,
        }
    }

    fn next_key(&mut self) -> Option<Key> {
        loop {
            if let Some((key, packed)) = self.entries.next() {
                self.packed = Some(packed);
                return Some(key.to_vec());
            }
            self.entries = Entries::of(self.blocks.next()?);
        }
    }

    /// The records of the key that came last.
    fn each_record(&self, each: impl FnMut(u32)) {
        if let Some(packed) = self.packed {
            packed.each(each);
        }
    }
}
