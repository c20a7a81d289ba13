//! How much may be under way at once: requests per key, and memory for all bodies together. A sender that is too
//! eager is told to wait; it can't make others wait, or the process run out of memory.

use super::problem::Problem;
use daybook_backend::ingest::MAX_BODY;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Requests of one key at a time.
pub const PER_KEY: usize = 64;
/// Memory for bodies, in units of [`UNIT`].
const MEMORY: usize = 8 * MAX_BODY / UNIT;
const UNIT: usize = 1024;
/// The least a body takes.
const STEP: usize = 64 * UNIT;
/// How long a body waits for its memory.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct InFlight {
    keys: Arc<Mutex<HashMap<String, usize>>>,
    memory: Arc<Semaphore>,
}

impl Default for InFlight {
    fn default() -> Self {
        Self {
            keys: Arc::default(),
            memory: Arc::new(Semaphore::new(MEMORY)),
        }
    }
}

/// A place among the requests of a key; given back when dropped.
#[derive(Debug)]
pub struct Place {
    keys: Arc<Mutex<HashMap<String, usize>>>,
    key: String,
}

impl InFlight {
    /// A place for one more request of `key`.
    ///
    /// # Errors
    /// 429 where all are taken.
    pub fn place(&self, key: String) -> Result<Place, Problem> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let count = keys.entry(key.clone()).or_default();
        if *count >= PER_KEY {
            return Err(too_many(format!(
                "This key has {PER_KEY} requests under way, as many as it may."
            )));
        }
        *count += 1;
        Ok(Place {
            keys: self.keys.clone(),
            key,
        })
    }

    /// An account of memory for one body, with nothing on it yet.
    pub fn memory(&self) -> Memory {
        Memory {
            of_all: self.memory.clone(),
            held: None,
        }
    }
}

/// The memory one body takes; given back when dropped.
#[derive(Debug)]
pub struct Memory {
    of_all: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Memory {
    /// Takes enough for `bytes` in all, and a little ahead. Waits for it a little.
    ///
    /// # Errors
    /// 429 where it doesn't become free.
    pub async fn hold(&mut self, bytes: usize) -> Result<(), Problem> {
        let ahead = bytes.next_power_of_two().min(bytes.max(MAX_BODY));
        let units = ahead.clamp(STEP, 2 * MAX_BODY).div_ceil(UNIT);
        let held = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let Some(missing) = units.checked_sub(held).filter(|missing| *missing > 0) else {
            return Ok(());
        };
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        match timeout(PATIENCE, self.of_all.clone().acquire_many_owned(missing)).await {
            Ok(Ok(more)) => {
                match &mut self.held {
                    Some(held) => held.merge(more),
                    None => self.held = Some(more),
                }
                Ok(())
            }
            Ok(Err(_)) | Err(_) => Err(too_many(
                "Daybook is busy with large bodies of others.".to_owned(),
            )),
        }
    }
}

fn too_many(detail: String) -> Problem {
    Problem::new(429, "too-many-requests", "Too many requests")
        .detail(detail)
        .retry_after(1)
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = keys.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_has_its_bound_and_gets_its_places_back() {
        let in_flight = InFlight::default();
        let mut places: Vec<_> = (0..PER_KEY)
            .map(|_| in_flight.place("a".into()).unwrap())
            .collect();
        assert!(in_flight.place("a".into()).is_err());
        assert!(in_flight.place("b".into()).is_ok());
        places.pop();
        assert!(in_flight.place("a".into()).is_ok());
        places.clear();
        assert!(in_flight.keys.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_waited_for_and_then_refused() {
        let in_flight = InFlight::default();
        let mut bodies: Vec<_> = (0..8).map(|_| in_flight.memory()).collect();
        for body in &mut bodies {
            body.hold(1).await.unwrap();
            body.hold(MAX_BODY).await.unwrap();
        }
        let mut late = in_flight.memory();
        assert!(late.hold(1).await.is_err());
        bodies.pop();
        late.hold(1).await.unwrap();
        late.hold(MAX_BODY).await.unwrap();
    }
}
