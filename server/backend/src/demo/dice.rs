//! Chance that can be repeated. Everything random in the demo comes from here and nothing else does: no clock, no
//! hash order, and no distribution of the `rand` crate, whose results may differ between its versions.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::{Builder, Uuid};

/// What the numbers are for. Each purpose has its own stream, so that drawing more for one leaves the others alone.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    People = 1,
    Directory = 2,
    Things = 3,
    Life = 4,
    Start = 5,
}

/// When the workspace was founded, in Unix milliseconds (2021-03-01): the time inside its `UUIDv7` ids.
const FOUNDED_MILLIS: u64 = 1_614_556_800_000;

#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = purpose as u8;
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 up to, and without, `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `from` to `to`, both included.
    pub fn range(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(0) + 1;
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// A position in a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, of_hundred: u64) -> bool {
        self.below(100) < of_hundred
    }

    /// One of the list, which must not be empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.index(list.len())]
    }

    /// The position of one of the weights, the heavier the likelier; the last where all are 0.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        let mut last = 0;
        for (position, weight) in weights.enumerate() {
            if left < weight {
                return position;
            }
            left -= weight;
            last = position;
        }
        last
    }

    /// Small numbers often, large ones seldom: the mean of what comes is about `mean`, never more than six times it.
    pub fn around(&mut self, mean: i64) -> i64 {
        let a = self.range(0, 1000);
        let b = self.range(0, 1000);
        // The product of two uniform numbers has mean 1/4 and a long tail towards 0; stretched by the third draw.
        (mean * a * b * self.range(2, 6)) / 1_000_000 + 1
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }

    /// So many different positions of a list, ascending.
    pub fn some(&mut self, count: usize, length: usize) -> Vec<usize> {
        let mut positions: Vec<usize> = (0..length).collect();
        self.shuffle(&mut positions);
        positions.truncate(count);
        positions.sort_unstable();
        positions
    }

    /// An id of the workspace's own: a `UUIDv7` of the year it was founded in.
    pub fn id(&mut self) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        let millis = FOUNDED_MILLIS + self.below(30_000_000_000);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// An id of somebody else's, such as an identity provider's: a `UUIDv4`.
    pub fn foreign_id(&mut self) -> Uuid {
        let mut random = [0; 16];
        self.0.fill_bytes(&mut random);
        Builder::from_random_bytes(random).into_uuid()
    }

    /// A request id as servers make them.
    pub fn token(&mut self) -> String {
        format!("{:016x}", self.0.next_u64())
    }
}
