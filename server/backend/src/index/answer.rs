//! From a plan and a segment to records.

use super::{
    keys::{self, Key},
    plan::Plan,
    segment::{Entries, Head, unpack},
};
use roaring::RoaringBitmap;
use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

/// Blocks of a segment's dictionary, by number.
pub type Blocks<B> = HashMap<usize, B>;

/// Records by number in their segment. Those that are possible and not sure have to be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub sure: RoaringBitmap,
    pub possible: RoaringBitmap,
}

impl Answer {
    fn exactly(records: RoaringBitmap) -> Self {
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

/// Answers a plan from the blocks it named.
pub fn answer<B: AsRef<[u8]>>(plan: &Plan, head: &Head, blocks: &Blocks<B>) -> Answer {
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

fn join<B: AsRef<[u8]>>(
    parts: &[Plan],
    head: &Head,
    blocks: &Blocks<B>,
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

fn found<B: AsRef<[u8]>>(
    range: &Range<Key>,
    head: &Head,
    blocks: &Blocks<B>,
    wanted: impl Fn(&[u8]) -> bool,
) -> RoaringBitmap {
    let mut records = RoaringBitmap::new();
    for number in head.blocks(range) {
        let Some(block) = blocks.get(&number) else {
            continue;
        };
        let mut entries = Entries::of(block.as_ref());
        while let Some((key, packed)) = entries.next() {
            if key >= range.end.as_slice() {
                break;
            }
            if key >= range.start.as_slice() && wanted(key) {
                unpack(packed, &mut records);
            }
        }
    }
    records
}
