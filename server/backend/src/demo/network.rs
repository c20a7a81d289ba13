//! Addresses and browsers. Addresses come from the ranges that RFC 5737 and RFC 3849 set aside for documentation, and
//! a few from private networks, as programs inside a customer's network show them.

use super::dice::Dice;
use daybook_domain::event::Portal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    pub ip: Option<IpAddr>,
    pub user_agent: Option<&'static str>,
    pub portal: Option<Portal>,
}

impl Origin {
    /// Inside the product: no address, no browser.
    pub const NOWHERE: Self = Self {
        ip: None,
        user_agent: None,
        portal: None,
    };

    pub fn of(ip: IpAddr, user_agent: &'static str, portal: Portal) -> Self {
        Self {
            ip: Some(ip),
            user_agent: Some(user_agent),
            portal: Some(portal),
        }
    }

    pub fn at(self, portal: Portal) -> Self {
        Self {
            portal: Some(portal),
            ..self
        }
    }
}

pub static BROWSERS: [&str; 12] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 OPR/124.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
];

pub const SYNC_BOT: &str = "northdesk-sync/4.2.1 (+https://northdesk.example/sync)";
pub const SCRIPT: &str = "python-requests/2.32.5";

/// Behind the address translation of an office: few addresses for many people.
pub fn office(office: usize, dice: &mut Dice) -> IpAddr {
    v4(192, 0, 2, office as u64 * 64 + 10 + dice.below(3))
}

/// Somebody's connection at home: theirs for long.
pub fn home(dice: &mut Dice) -> IpAddr {
    if dice.percent(35) {
        v6(0x100 + dice.below(0xe00), dice)
    } else {
        v4(203, 0, 113, 1 + dice.below(199))
    }
}

/// A customer's connection.
pub fn customer(dice: &mut Dice) -> IpAddr {
    match dice.below(100) {
        0..58 => v4(198, 51, 100, 1 + dice.below(199)),
        58..74 => v4(203, 0, 113, 1 + dice.below(199)),
        74..97 => v6(0x1000 + dice.below(0xe000), dice),
        _ => v4(10, 20, dice.below(8), 1 + dice.below(250)),
    }
}

/// The machines of the attack. Nobody else has these addresses.
pub fn attacker(number: usize) -> IpAddr {
    match number % 4 {
        0 => v4(203, 0, 113, 241),
        1 => v4(203, 0, 113, 242),
        2 => v4(198, 51, 100, 233),
        _ => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xbad, 0x7, 0, 0, 0, 0x66)),
    }
}

fn v4(a: u8, b: u8, c: u64, d: u64) -> IpAddr {
    let octet = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    IpAddr::V4(Ipv4Addr::new(a, b, octet(c), octet(d)))
}

fn v6(net: u64, dice: &mut Dice) -> IpAddr {
    let mut part = |limit| u16::try_from(dice.below(limit)).unwrap_or(1);
    let host = [part(0x10000), part(0x10000), part(0x10000), part(0x10000)];
    IpAddr::V6(Ipv6Addr::new(
        0x2001,
        0xdb8,
        u16::try_from(net).unwrap_or(1),
        part(16),
        host[0],
        host[1],
        host[2],
        host[3],
    ))
}
