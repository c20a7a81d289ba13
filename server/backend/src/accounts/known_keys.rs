//! API keys that were found a moment ago, by their hash, so that ingest needs no query for each event. A key that was
//! revoked here is forgotten at once; one that was revoked elsewhere when the moment is over.

use daybook_domain::{
    account::Scope, id::WorkspaceId, naming::Naming, permission::PermissionSet, time::Timestamp,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How long a key is remembered, in microseconds: the longest a key that was revoked elsewhere still works.
const REMEMBERED: i64 = 2_000_000;
const MOST: usize = 1_000;

pub(super) type Hash = [u8; 32];

#[derive(Debug)]
pub(super) struct Found {
    /// When the look-up began.
    pub at: Timestamp,
    pub workspace: WorkspaceId,
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub permissions: PermissionSet,
    pub last_used: Option<i64>,
    pub naming: Naming,
}

impl Found {
    fn is_fresh(&self, now: Timestamp) -> bool {
        (0..REMEMBERED).contains(&(now.micros() - self.at.micros()))
    }
}

#[derive(Debug, Default)]
pub(super) struct KnownKeys {
    /// Counts what was revoked here.
    revoked: u64,
    keys: HashMap<Hash, Arc<Found>>,
}

/// A look-up that has to be made. What it finds is remembered only if nothing was revoked since it began: it may have
/// read the row before.
#[derive(Debug, Clone, Copy)]
pub(super) struct LookUp {
    revoked: u64,
}

impl KnownKeys {
    pub(super) fn get(&self, hash: &Hash, now: Timestamp) -> Result<Arc<Found>, LookUp> {
        let known = self.keys.get(hash).filter(|found| found.is_fresh(now));
        known.map(Arc::clone).ok_or(LookUp {
            revoked: self.revoked,
        })
    }

    pub(super) fn remember(&mut self, look_up: LookUp, hash: Hash, found: &Arc<Found>, now: Timestamp) {
        if self.keys.len() >= MOST {
            self.keys.retain(|_, found| found.is_fresh(now));
        }
        if look_up.revoked == self.revoked && self.keys.len() < MOST {
            self.keys.insert(hash, Arc::clone(found));
        }
    }

    pub(super) fn forget(&mut self, id: Uuid) {
        self.revoked += 1;
        self.keys.retain(|_, found| found.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_795_356_000_000_000;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(START + micros).unwrap()
    }

    fn found(micros: i64) -> Arc<Found> {
        Arc::new(Found {
            at: at(micros),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            id: Uuid::from_u128(2),
            name: "Helpdesk".to_owned(),
            scopes: vec![],
            permissions: PermissionSet::new(),
            last_used: None,
            naming: Naming::default(),
        })
    }

    #[test]
    fn a_look_up_that_began_before_a_revocation_is_not_remembered() {
        let mut known = KnownKeys::default();
        let before = known.get(&[1; 32], at(0)).unwrap_err();
        known.forget(Uuid::from_u128(2));
        known.remember(before, [1; 32], &found(0), at(0));
        let after = known.get(&[1; 32], at(0)).unwrap_err();
        known.remember(after, [1; 32], &found(0), at(0));
        assert!(known.get(&[1; 32], at(0)).is_ok());
        known.forget(Uuid::from_u128(2));
        assert!(known.get(&[1; 32], at(0)).is_err());
    }

    #[test]
    fn a_key_is_known_for_two_seconds_from_the_begin_of_its_look_up() {
        let mut known = KnownKeys::default();
        let look_up = known.get(&[1; 32], at(0)).unwrap_err();
        known.remember(look_up, [1; 32], &found(0), at(1_500_000));
        assert!(known.get(&[1; 32], at(1_999_999)).is_ok());
        assert!(known.get(&[1; 32], at(2_000_000)).is_err());
        assert!(known.get(&[1; 32], at(-1)).is_err(), "the clock was set back");
    }

    #[test]
    fn memory_is_bounded() {
        let mut known = KnownKeys::default();
        for number in 0..2_000_u16 {
            let mut hash = [0; 32];
            hash[..2].copy_from_slice(&number.to_be_bytes());
            let look_up = known.get(&hash, at(0)).unwrap_err();
            known.remember(look_up, hash, &found(0), at(0));
        }
        assert_eq!(known.keys.len(), MOST);
        let look_up = known.get(&[9; 32], at(3_000_000)).unwrap_err();
        known.remember(look_up, [9; 32], &found(3_000_000), at(3_000_000));
        assert_eq!(known.keys.len(), 1, "what is stale makes room");
    }
}
