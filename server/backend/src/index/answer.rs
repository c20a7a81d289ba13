//! From a plan and a segment to records.

use super::{
    keys::{self, Key},
    plan::Plan,
    segment::{Entries, Head, Packed},
};
use roaring::RoaringBitmap;
use std::{collections::BTreeSet, ops::Range};

/// Records by number in their segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub sure: RoaringBitmap,
    /// None of the sure ones: these have to be looked at.
    pub unsure: RoaringBitmap,
}

impl Answer {
    pub fn exactly(sure: RoaringBitmap) -> Self {
        Self {
            sure,
            unsure: RoaringBitmap::new(),
        }
    }

    /// About so many bytes in memory.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.sure.serialized_size() + self.unsure.serialized_size()
    }

    pub fn is_exact(&self) -> bool {
        self.unsure.is_empty()
    }

    pub fn possible(&self) -> RoaringBitmap {
        &self.sure | &self.unsure
    }

    /// Leaves those that are in both.
    pub fn and(&mut self, other: &Self) {
        if self.is_exact() && other.is_exact() {
            self.sure &= &other.sure;
            return;
        }
        self.unsure |= &self.sure;
        self.unsure &= other.possible();
        self.sure &= &other.sure;
        self.unsure -= &self.sure;
    }

    /// Adds those that are in the other.
    fn or(&mut self, other: &Self) {
        self.sure |= &other.sure;
        self.unsure |= &other.unsure;
        self.unsure -= &self.sure;
    }
}

/// The blocks a plan has to read.
pub fn blocks(plan: &Plan, head: &Head) -> BTreeSet<usize> {
    match plan {
        Plan::Nothing => BTreeSet::new(),
        Plan::Key(key) => head.blocks(&only(key)).collect(),
        Plan::Keys(range) | Plan::Words(range, _) => head.blocks(range).collect(),
        Plan::All(parts) | Plan::Any(parts) => parts.iter().flat_map(|part| blocks(part, head)).collect(),
        Plan::Not(inner) | Plan::AtMost(inner) => blocks(inner, head),
    }
}

/// A segment's blocks by number; no bytes for one that wasn't read.
pub type Blocks<'a> = dyn Fn(usize) -> &'a [u8] + 'a;

/// Answers a plan from the blocks it named.
pub fn answer(plan: &Plan, head: &Head, blocks: &Blocks<'_>) -> Answer {
    match plan {
        Plan::Nothing => Answer::exactly(RoaringBitmap::new()),
        Plan::Key(key) => Answer::exactly(found(&only(key), head, blocks, |_| true)),
        Plan::Keys(range) => Answer::exactly(found(range, head, blocks, |_| true)),
        Plan::Words(range, field) => {
            Answer::exactly(found(range, head, blocks, |key| keys::is_word_of(key, field)))
        }
        Plan::All(parts) => join(parts, head, blocks, Answer::and),
        Plan::Any(parts) => join(parts, head, blocks, Answer::or),
        Plan::Not(inner) => {
            let Answer { sure, unsure } = answer(inner, head, blocks);
            Answer {
                sure: head.all() - sure - &unsure,
                unsure,
            }
        }
        Plan::AtMost(inner) => Answer {
            sure: RoaringBitmap::new(),
            unsure: answer(inner, head, blocks).possible(),
        },
    }
}

fn join(parts: &[Plan], head: &Head, blocks: &Blocks<'_>, with: fn(&mut Answer, &Answer)) -> Answer {
    let answers = parts.iter().map(|part| answer(part, head, blocks));
    let joined = answers.reduce(|mut all, one| {
        with(&mut all, &one);
        all
    });
    joined.unwrap_or_default()
}

fn only(key: &Key) -> Range<Key> {
    let mut end = key.clone();
    end.push(0);
    key.clone()..end
}

fn found(
    range: &Range<Key>,
    head: &Head,
    blocks: &Blocks<'_>,
    wanted: impl Fn(&[u8]) -> bool,
) -> RoaringBitmap {
    let mut all = Vec::new();
    for number in head.blocks(range) {
        let mut entries = Entries::of(blocks(number));
        while let Some((key, packed)) = entries.next() {
            if key >= range.end.as_slice() {
                break;
            }
            if key >= range.start.as_slice() && wanted(key) {
                all.push(packed);
            }
        }
    }
    union(&all, head.records)
}

/// The records of any of the keys. Of many keys they are marked in bits: putting sets together one by one costs more
/// the more there are.
fn union(all: &[Packed<'_>], records: u32) -> RoaringBitmap {
    if let [only] = all {
        return only.unpack();
    }
    if all.is_empty() {
        return RoaringBitmap::new();
    }
    let mut bits = vec![0_u8; records as usize / 8 + 1];
    for packed in all {
        packed.each(|record| {
            // Damaged bytes find nothing.
            if let Some(byte) = bits.get_mut(record as usize / 8) {
                *byte |= 1 << (record % 8);
            }
        });
    }
    RoaringBitmap::from_lsb0_bytes(0, &bits)
}
