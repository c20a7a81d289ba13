//! Which records of a log are gone. A sequence keeps its place, and nothing stands there any more.

use super::chunk;
use crate::{Error, Result, db::Db};
use daybook_domain::id::WorkspaceId;
use daybook_entity::event_removed::{self, Column as C};
use roaring::RoaringBitmap;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// One bit per sequence of a chunk, the lowest bit of the first byte for the first.
pub type Bits = [u8; chunk::RECORDS / 8];

/// The chunk of a sequence, and its place there.
pub fn place(sequence: i64) -> (i64, usize) {
    let number = sequence.saturating_sub(1);
    let place = usize::try_from(number.rem_euclid(chunk::SEQUENCES)).unwrap_or_default();
    (number.div_euclid(chunk::SEQUENCES), place)
}

/// The last sequence of a chunk that is gone.
pub fn last_of(chunk: i64, bits: &Bits) -> Option<i64> {
    let begin = chunk * chunk::SEQUENCES + 1;
    let gone = (begin..).take(chunk::RECORDS).enumerate();
    gone.filter(|(place, _)| has(bits, *place))
        .map(|(_, sequence)| sequence)
        .last()
}

pub fn has(bits: &Bits, place: usize) -> bool {
    bits.get(place / 8)
        .is_some_and(|byte| byte & (1 << (place % 8)) != 0)
}

#[derive(Debug, Clone, Default)]
pub struct Removed {
    /// By chunk: its bits, and the last removal that changed them.
    chunks: BTreeMap<i64, (Bits, i64)>,
    /// The last removal that is known.
    removal: i64,
}

impl Removed {
    pub fn removal(&self) -> i64 {
        self.removal
    }

    /// Some that were removed at once.
    #[cfg(test)]
    pub fn of(sequences: &std::collections::BTreeSet<i64>) -> Self {
        let mut removed = Self::default();
        for sequence in sequences {
            let (chunk, place) = place(*sequence);
            let (bits, _) = removed.chunks.entry(chunk).or_insert(([0; 128], 1));
            bits[place / 8] |= 1 << (place % 8);
        }
        removed
    }

    /// Those among a run of records, by their number in it.
    pub fn among(&self, first: i64, records: u32) -> RoaringBitmap {
        let mut among = RoaringBitmap::new();
        let (from, _) = place(first);
        let end = first + i64::from(records);
        let (last, _) = place(end - 1);
        for (chunk, (bits, _)) in self.chunks.range(from..=last) {
            let begin = chunk * chunk::SEQUENCES + 1;
            let gone = (0..chunk::RECORDS)
                .zip(begin..)
                .filter(|(place, _)| has(bits, *place))
                .map(|(_, sequence)| sequence)
                .filter(|sequence| (first..end).contains(sequence));
            among.extend(gone.filter_map(|sequence| u32::try_from(sequence - first).ok()));
        }
        among
    }

    /// The last removal among a run of records; 0 where all are there.
    pub fn last_among(&self, first: i64, records: u32) -> i64 {
        let (from, _) = place(first);
        let (last, _) = place(first + i64::from(records) - 1);
        let removals = self.chunks.range(from..=last).map(|(_, (_, removal))| *removal);
        removals.max().unwrap_or_default()
    }

    /// Reads what was removed since. Returns the first sequence of each chunk that is not as it was.
    pub async fn learn(&mut self, db: &Db, workspace: WorkspaceId, removals: i64) -> Result<Vec<i64>> {
        if removals == self.removal {
            return Ok(Vec::new());
        }
        let found: Vec<(i64, Vec<u8>, i64)> = event_removed::Entity::find()
            .select_only()
            .columns([C::Chunk, C::Records, C::Removal])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Removal.gt(self.removal))
            .into_tuple()
            .all(&db.read)
            .await?;
        let mut changed = Vec::with_capacity(found.len());
        for (chunk, bits, removal) in found {
            let bits = bits
                .try_into()
                .map_err(|_| Error::damaged(format!("what was removed from chunk {chunk}")))?;
            self.chunks.insert(chunk, (bits, removal));
            self.removal = self.removal.max(removal);
            changed.push(chunk * chunk::SEQUENCES + 1);
        }
        self.removal = self.removal.max(removals);
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_gone_is_found_by_number(
            sequences in prop::collection::btree_set(1_i64..5000, 0..60), first in 1_i64..3000, records in 1_u32..3000,
        ) {
            let removed = Removed::of(&sequences);
            let among: Vec<_> = removed.among(first, records).iter().map(|number| first + i64::from(number)).collect();
            let expected: Vec<_> = sequences.range(first..first + i64::from(records)).copied().collect();
            prop_assert_eq!(among, expected);
        }
    }
}
