//! How many tries to sign in are let through. Three limits, all in memory and of bounded size:
//!
//! - **pair**: one account from one address. After a few free tries each one doubles the wait, up to a quarter of an
//!   hour. A success forgets it.
//! - **account**: one account from everywhere, against a guess spread over many addresses. Its wait never grows past
//!   [`LONGEST_ACCOUNT_WAIT`], and each network is let through once it has waited that long, whatever others did in
//!   the meantime: nobody can lock out somebody who is elsewhere.
//! - **address**: a bucket of tries for one address over all accounts. A success gives its try back.
//!
//! IPv6 addresses count by their /64, which is what one customer gets; a network is a /48, or an IPv4 /24. Accounts that don't exist are limited like
//! those that do. A try is counted when it begins, so that a hundred at once are a hundred. Each process counts for
//! itself, and a restart forgets.

use daybook_domain::time::Timestamp;
use std::{collections::HashMap, hash::Hash, net::IpAddr};

const SECOND: i64 = 1_000_000;

const FREE_PAIR_TRIES: u32 = 5;
const LONGEST_PAIR_WAIT: i64 = 900 * SECOND;
const FORGET_PAIR: i64 = 24 * 3600 * SECOND;

const FREE_ACCOUNT_TRIES: u32 = 20;
pub(super) const LONGEST_ACCOUNT_WAIT: i64 = 30 * SECOND;
const FORGET_ACCOUNT: i64 = 3600 * SECOND;
/// A network that was told to wait and doesn't come back for so long begins a new wait.
const FORGET_WAITING: i64 = 600 * SECOND;

const BUCKET: i64 = 30;
const REFILL: i64 = 2 * SECOND;

/// Refusals by one limit are recorded once per wait, and at most once per so long: the log must not be flooded.
const NOTE_EVERY: i64 = 60 * SECOND;
/// Most entries per limit; past it the oldest are forgotten.
const MOST: usize = 20_000;

/// SHA-256 of the email in the form in which emails are compared.
pub(super) type Account = [u8; 32];

/// Addresses that count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Prefix {
    V4([u8; 4]),
    V6([u8; 8]),
    Unknown,
}

impl Prefix {
    fn of(ip: Option<IpAddr>) -> Self {
        match ip.map(|ip| ip.to_canonical()) {
            Some(IpAddr::V4(ip)) => Self::V4(ip.octets()),
            Some(IpAddr::V6(ip)) => {
                let mut half = [0; 8];
                half.copy_from_slice(&ip.octets()[..8]);
                Self::V6(half)
            }
            None => Self::Unknown,
        }
    }

    /// What one owner can easily have whole.
    fn network(mut self) -> Self {
        match &mut self {
            Self::V4(octets) => octets[3..].fill(0),
            Self::V6(half) => half[6..].fill(0),
            Self::Unknown => {}
        }
        self
    }
}

/// Which limit refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Pair,
    Account,
    Address,
}

impl Limit {
    /// As the log names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pair => "account_from_address",
            Self::Account => "account",
            Self::Address => "address",
        }
    }
}

/// A try that was not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub limit: Limit,
    pub retry_after_seconds: u64,
    /// The first refusal of its window, which is the one to record.
    pub note: bool,
}

/// A try that was let through and counted; tell the throttle how it ended. Wrong is what it already counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) struct Try {
    account: Account,
    prefix: Prefix,
}

#[derive(Debug, Default)]
pub(crate) struct Throttle {
    pairs: HashMap<(Account, Prefix), Counter>,
    accounts: HashMap<Account, Counter>,
    addresses: HashMap<Prefix, Bucket>,
    /// Since when a network waits for the account's limit.
    waiting: HashMap<(Account, Prefix), Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    tries: u32,
    last: Timestamp,
    /// Until when refusals are not recorded again.
    noted: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tries: i64,
    last: Timestamp,
    /// Until when refusals are not recorded again.
    noted: Option<Timestamp>,
}

impl Throttle {
    /// Lets a try through and counts it, or says how long to wait. Waiting is not made longer by trying.
    pub(crate) fn begin(
        &mut self,
        account: Account,
        ip: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Try, Held> {
        let prefix = Prefix::of(ip);
        make_room(&mut self.addresses, BUCKET * REFILL, now);
        let address = self.addresses.entry(prefix).or_insert_with(|| Bucket::full(now));
        address.refill(now);
        if address.tries == 0 {
            // Before anything is kept about the account: made-up emails must not push out what is known.
            return Err(held(
                Limit::Address,
                address.last.plus_micros(REFILL),
                &mut address.noted,
                now,
            ));
        }
        make_room(&mut self.pairs, FORGET_PAIR, now);
        make_room(&mut self.accounts, FORGET_ACCOUNT, now);
        let pair = self
            .pairs
            .entry((account, prefix))
            .or_insert_with(|| Counter::none(now));
        let whole = self.accounts.entry(account).or_insert_with(|| Counter::none(now));
        pair.age(FORGET_PAIR, now);
        whole.age(FORGET_ACCOUNT, now);

        let open = pair
            .last
            .plus_micros(wait(pair.tries, FREE_PAIR_TRIES, LONGEST_PAIR_WAIT));
        if now < open {
            return Err(held(Limit::Pair, open, &mut pair.noted, now));
        }
        let open = whole
            .last
            .plus_micros(wait(whole.tries, FREE_ACCOUNT_TRIES, LONGEST_ACCOUNT_WAIT));
        if now < open {
            make_room(&mut self.waiting, FORGET_WAITING, now);
            let since = self.waiting.entry((account, prefix.network())).or_insert(now);
            if since.plus_micros(FORGET_WAITING) <= now || now < *since {
                *since = now;
            }
            let turn = since.plus_micros(LONGEST_ACCOUNT_WAIT);
            if now < turn {
                return Err(held(Limit::Account, open.min(turn), &mut whole.noted, now));
            }
        }
        self.waiting.remove(&(account, prefix.network()));
        address.tries -= 1;
        pair.count(now);
        whole.count(now);
        Ok(Try { account, prefix })
    }

    /// Lets something through that is limited by the address alone, and counts it.
    pub(crate) fn admit(&mut self, ip: Option<IpAddr>, now: Timestamp) -> Result<(), Held> {
        make_room(&mut self.addresses, BUCKET * REFILL, now);
        let address = self
            .addresses
            .entry(Prefix::of(ip))
            .or_insert_with(|| Bucket::full(now));
        address.refill(now);
        if address.tries == 0 {
            return Err(held(
                Limit::Address,
                address.last.plus_micros(REFILL),
                &mut address.noted,
                now,
            ));
        }
        address.tries -= 1;
        Ok(())
    }

    /// It was the right password.
    pub(crate) fn succeeded(&mut self, right: Try) {
        self.pairs.remove(&(right.account, right.prefix));
        self.give_back(right);
    }

    /// It came to nothing, through no fault of who tried.
    pub(crate) fn void(&mut self, tried: Try) {
        if let Some(pair) = self.pairs.get_mut(&(tried.account, tried.prefix)) {
            pair.tries = pair.tries.saturating_sub(1);
        }
        self.give_back(tried);
    }

    fn give_back(&mut self, tried: Try) {
        if let Some(account) = self.accounts.get_mut(&tried.account) {
            account.tries = account.tries.saturating_sub(1);
        }
        if let Some(address) = self.addresses.get_mut(&tried.prefix) {
            address.tries = (address.tries + 1).min(BUCKET);
        }
    }
}

impl Counter {
    fn none(now: Timestamp) -> Self {
        Self {
            tries: 0,
            last: now,
            noted: None,
        }
    }

    /// Begins anew what is long ago. A clock that was set back must not make anybody wait for it to catch up.
    fn age(&mut self, forget: i64, now: Timestamp) {
        if self.last.plus_micros(forget) <= now {
            self.tries = 0;
        }
        self.last = self.last.min(now);
    }

    fn count(&mut self, now: Timestamp) {
        self.tries = self.tries.saturating_add(1);
        self.last = now;
    }
}

impl Bucket {
    fn full(now: Timestamp) -> Self {
        Self {
            tries: BUCKET,
            last: now,
            noted: None,
        }
    }

    fn refill(&mut self, now: Timestamp) {
        let since = (now.micros() - self.last.micros()).max(0);
        let tries = self.tries + since / REFILL;
        if tries >= BUCKET || now < self.last {
            self.last = now;
        } else {
            self.last = self.last.plus_micros(since - since % REFILL);
        }
        self.tries = tries.min(BUCKET);
    }
}

fn wait(tries: u32, free: u32, longest: i64) -> i64 {
    match tries.checked_sub(free) {
        None => 0,
        Some(doublings) => (SECOND << doublings.min(20)).min(longest),
    }
}

fn held(limit: Limit, open: Timestamp, noted: &mut Option<Timestamp>, now: Timestamp) -> Held {
    let note = noted.is_none_or(|until| until <= now || until > now.plus_micros(LONGEST_PAIR_WAIT));
    if note {
        *noted = Some(open.max(now.plus_micros(NOTE_EVERY)));
    }
    let wait = (open.micros() - now.micros()).max(1);
    Held {
        limit,
        retry_after_seconds: wait.unsigned_abs().div_ceil(SECOND.unsigned_abs()),
        note,
    }
}

trait Aged {
    fn last(&self) -> Timestamp;
}

impl Aged for Counter {
    fn last(&self) -> Timestamp {
        self.last
    }
}

impl Aged for Timestamp {
    fn last(&self) -> Timestamp {
        *self
    }
}

impl Aged for Bucket {
    fn last(&self) -> Timestamp {
        self.last
    }
}

/// Room for one more: drops what is forgotten anyway, and where that isn't enough the oldest quarter, so that it need
/// not be done for every entry.
fn make_room<K: Eq + Hash + Copy, V: Aged>(entries: &mut HashMap<K, V>, forget: i64, now: Timestamp) {
    if entries.len() < MOST {
        return;
    }
    entries.retain(|_, entry| entry.last().plus_micros(forget) > now);
    if entries.len() < MOST {
        return;
    }
    let mut ages: Vec<_> = entries.iter().map(|(key, entry)| (entry.last(), *key)).collect();
    let quarter = ages.len() / 4;
    ages.select_nth_unstable_by_key(quarter, |(last, _)| *last);
    for (_, key) in &ages[..quarter] {
        entries.remove(key);
    }
}

#[cfg(test)]
mod tests;
