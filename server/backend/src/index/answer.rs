//! From a plan and a segment to records.

use super::{
    keys::{self, Key},
    plan::Plan,
    segment::{Entries, Head},
};
use roaring::RoaringBitmap;
use std::{collections::BTreeSet, ops::Range};

/// Records by number in their segment. Those that are possible and not sure have to be looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub sure: RoaringBitmap,
    pub possible: RoaringBitmap,
}

impl Answer {
    pub fn exactly(records: RoaringBitmap) -> Self {
        Self {
            sure: records.clone(),
            possible: records,
        }
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
        Plan::All(parts) => join(parts, head, blocks, |one, other| *one &= other),
        Plan::Any(parts) => join(parts, head, blocks, |one, other| *one |= other),
        Plan::Not(inner) => {
            let Answer { sure, possible } = answer(inner, head, blocks);
            Answer {
                sure: head.all() - possible,
                possible: head.all() - sure,
            }
        }
        Plan::AtMost(inner) => Answer {
            sure: RoaringBitmap::new(),
            possible: answer(inner, head, blocks).possible,
        },
    }
}

fn join(
    parts: &[Plan],
    head: &Head,
    blocks: &Blocks<'_>,
    with: fn(&mut RoaringBitmap, RoaringBitmap),
) -> Answer {
    let answers = parts.iter().map(|part| answer(part, head, blocks));
    let joined = answers.reduce(|mut all, one| {
        with(&mut all.sure, one.sure);
        with(&mut all.possible, one.possible);
        all
    });
    joined.unwrap_or_else(|| Answer::exactly(RoaringBitmap::new()))
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
    let mut records = RoaringBitmap::new();
    for number in head.blocks(range) {
        let mut entries = Entries::of(blocks(number));
        while let Some((key, packed)) = entries.next() {
            if key >= range.end.as_slice() {
                break;
            }
            if key >= range.start.as_slice() && wanted(key) {
                packed.unpack(&mut records);
            }
        }
    }
    records
}
