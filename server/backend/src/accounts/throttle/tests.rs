//! What a guesser gets and what the person whose account it is gets.

use super::*;
use crate::testing::TestClock;
use daybook_domain::time::Clock;
use proptest::prelude::*;

const MARA: Account = [1; 32];
const NOBODY: Account = [2; 32];

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Distinct addresses of a botnet.
fn bot(number: u32) -> IpAddr {
    IpAddr::V4((0x0a00_0000 + number).into())
}

#[derive(Default)]
struct Door {
    throttle: Throttle,
    clock: TestClock,
}

impl Door {
    fn knock(&mut self, account: Account, from: IpAddr) -> Result<Try, Held> {
        self.throttle.begin(account, Some(from), self.clock.now())
    }

    /// Seconds to wait; zero where it was let through.
    fn wait(&mut self, account: Account, from: IpAddr) -> u64 {
        self.knock(account, from)
            .map_or_else(|held| held.retry_after_seconds, |_| 0)
    }
}

#[test]
fn the_wait_of_a_pair_doubles_up_to_a_quarter_of_an_hour() {
    let mut door = Door::default();
    let home = ip("198.51.100.7");
    for _ in 0..FREE_PAIR_TRIES {
        assert_eq!(door.wait(MARA, home), 0);
    }
    let mut waits = vec![];
    for _ in 0..12 {
        let wait = door.wait(MARA, home);
        waits.push(wait);
        door.clock.advance_seconds(i64::try_from(wait).unwrap() - 1);
        // Trying too early neither helps nor makes it longer.
        assert_eq!(door.wait(MARA, home), 1);
        door.clock.advance_seconds(1);
        assert_eq!(door.wait(MARA, home), 0);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    assert_eq!(
        door.wait(MARA, ip("203.0.113.9")),
        0,
        "another address is not held"
    );
    assert_eq!(door.wait(NOBODY, home), 0, "nor is another account");
    door.clock.advance_seconds(24 * 3600);
    assert_eq!(door.wait(MARA, home), 0);
    assert_eq!(door.wait(MARA, home), 0, "a day later it is forgotten");
}

#[test]
fn a_success_forgets_the_pair() {
    let mut door = Door::default();
    let home = ip("198.51.100.7");
    for _ in 0..3 {
        for _ in 0..4 {
            assert!(door.knock(MARA, home).is_ok());
        }
        let right = door.knock(MARA, home).unwrap();
        door.throttle.succeeded(right);
    }
}

#[test]
fn tries_at_once_are_counted_before_they_end() {
    let mut door = Door::default();
    let through = (0..100)
        .filter(|_| door.knock(MARA, ip("198.51.100.7")).is_ok())
        .count();
    assert_eq!(through, FREE_PAIR_TRIES as usize);
}

#[test]
fn what_came_to_nothing_does_not_count() {
    let mut door = Door::default();
    for _ in 0..100 {
        let tried = door.knock(MARA, ip("198.51.100.7")).unwrap();
        door.throttle.void(tried);
    }
}

#[test]
fn whoever_is_attacked_from_everywhere_waits_half_a_minute_at_most() {
    let mut door = Door::default();
    let home = ip("198.51.100.7");
    let mut bots = 0;
    let mut attack = |door: &mut Door, tries: u32| {
        for _ in 0..tries {
            let _held = door.knock(MARA, bot(bots));
            bots += 1;
        }
    };
    attack(&mut door, 500);
    let held = door.knock(MARA, home).unwrap_err();
    assert_eq!(held.limit, Limit::Account);
    assert!(held.retry_after_seconds <= 30);
    // The attack takes every chance there is, every second.
    let mut waited = 0;
    while door.knock(MARA, home).is_err() {
        door.clock.advance_seconds(1);
        attack(&mut door, 50);
        waited += 1;
        assert!(waited <= 30, "locked out");
    }
}

#[test]
fn many_addresses_together_get_few_tries() {
    let mut door = Door::default();
    let mut through = 0;
    for minute in 0..10 {
        // A thousand new addresses each minute, each trying twice.
        for number in 0..1000 {
            for _ in 0..2 {
                through += u32::from(door.knock(MARA, bot(minute * 1000 + number)).is_ok());
            }
        }
        door.clock.advance_seconds(60);
    }
    assert!(through < 100, "{through} of 20,000");
}

#[test]
fn a_whole_network_waits_as_one() {
    let mut door = Door::default();
    let from = |number: u32| ip(&format!("2001:db8:7:{number:x}::1"));
    let mut through = 0;
    // A /48 has 65,536 of what counts as an address; each comes back when it was told to.
    for second in 0..600 {
        for number in 0..50 {
            through += u32::from(door.knock(MARA, from(second % 60 * 50 + number)).is_ok());
        }
        door.clock.advance_seconds(1);
    }
    assert!(through < 100, "{through} of 30,000");
}

#[test]
fn one_address_gets_so_many_tries_over_all_accounts() {
    let mut door = Door::default();
    let account = |number: u8| [number; 32];
    for number in 0..30 {
        assert_eq!(door.wait(account(number), ip("198.51.100.7")), 0);
    }
    let held = door.knock(account(31), ip("198.51.100.7")).unwrap_err();
    assert_eq!((held.limit, held.retry_after_seconds), (Limit::Address, 2));
    assert_eq!(
        door.throttle.accounts.len(),
        30,
        "nothing is kept about what was not tried"
    );
    door.clock.advance_seconds(4);
    assert_eq!(door.wait(account(31), ip("198.51.100.7")), 0);
    assert_eq!(door.wait(account(32), ip("198.51.100.7")), 0);
    assert_eq!(door.wait(account(33), ip("198.51.100.7")), 2);
}

#[test]
fn an_office_behind_one_address_signs_in() {
    let mut door = Door::default();
    for number in 0..200 {
        let right = door.knock([number; 32], ip("198.51.100.7")).unwrap();
        door.throttle.succeeded(right);
    }
}

#[test]
fn an_ipv6_address_counts_with_its_neighbours() {
    let mut door = Door::default();
    for number in 0..FREE_PAIR_TRIES {
        assert_eq!(door.wait(MARA, ip(&format!("2001:db8:1:2::{number:x}"))), 0);
    }
    assert_eq!(door.wait(MARA, ip("2001:db8:1:2:ffff::1")), 1);
    assert_eq!(door.wait(MARA, ip("2001:db8:1:3::1")), 0);
    assert_eq!(
        Prefix::of(Some(ip("::ffff:198.51.100.7"))),
        Prefix::of(Some(ip("198.51.100.7")))
    );
}

#[test]
fn refusals_are_noted_once_per_wait() {
    let mut door = Door::default();
    let home = ip("198.51.100.7");
    let mut noted = 0;
    for _ in 0..600 {
        noted += u32::from(door.knock(MARA, home).is_err_and(|held| held.note));
        door.clock.advance_seconds(1);
    }
    assert!((5..=10).contains(&noted), "{noted} notes in ten minutes");
}

#[test]
fn memory_is_bounded_and_keeps_what_is_newest() {
    let mut door = Door::default();
    let account = |number: u32| {
        let mut account = [9; 32];
        account[..4].copy_from_slice(&number.to_be_bytes());
        account
    };
    let many = u32::try_from(MOST).unwrap() * 2;
    for number in 0..many {
        let _try = door.knock(account(number), bot(number));
        door.clock.advance_seconds(i64::from(number % 100 == 0));
    }
    for size in [
        door.throttle.pairs.len(),
        door.throttle.accounts.len(),
        door.throttle.addresses.len(),
    ] {
        assert!(size <= MOST, "{size}");
    }
    assert!(
        door.throttle
            .pairs
            .contains_key(&(account(many - 1), Prefix::of(Some(bot(many - 1)))))
    );
}

#[test]
fn a_clock_set_back_locks_nobody_out() {
    let mut door = Door::default();
    for _ in 0..7 {
        let _held = door.knock(MARA, ip("198.51.100.7"));
    }
    door.clock.advance_seconds(-86_400);
    let wait = door.wait(MARA, ip("198.51.100.7"));
    assert!(wait <= 1, "{wait}");
    door.clock.advance_seconds(1);
    assert_eq!(door.wait(MARA, ip("198.51.100.7")), 0);
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_said(steps in prop::collection::vec((0_u8..3, 0_u32..4, -50_i64..2_000), 1..200)) {
        let mut door = Door::default();
        for (account, from, seconds) in steps {
            if let Err(held) = door.knock([account; 32], bot(from)) {
                let longest = match held.limit {
                    Limit::Pair => 900,
                    Limit::Account => 30,
                    Limit::Address => 2,
                };
                prop_assert!((1..=longest).contains(&held.retry_after_seconds), "{held:?}");
            }
            door.clock.advance_seconds(seconds);
        }
    }
}
