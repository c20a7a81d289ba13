//! Where nothing is sent: into the network that Daybook stands in. Whoever may name an address could else have it asked
//! what only it can reach (server-side request forgery, CWE-918).
//!
//! The address counts, not the name: names are resolved here, what isn't public is taken out, and what is left is
//! connected to, so that a name can't mean something else a moment later.

use daybook_domain::delivery::{Failure, FailureKind};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// Ports that are sent to everywhere by HTTP. To others only within the networks that are named.
pub const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Of the IANA's special-purpose registry (RFC 6890), what isn't reachable for all or no place of its own; what isn't one
/// receiver's; and what a cloud tells its machines about themselves under a public address.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([168, 63, 129, 16], 32),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 3),
];
/// All that is public of IPv6 is in it.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0], 3);
/// And this of it isn't: Teredo and others that carry an address within, documentation, 6to4.
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0], 23),
    v6([0x2001, 0xdb8], 32),
    v6([0x2002, 0], 16),
    v6([0x3fff, 0], 20),
];

/// An address of IPv4 within one of IPv6 (RFC 6052): who has no other way to it means the former.
const TRANSLATED: Ipv6Net = v6([0x64, 0xff9b], 96);

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6([a, b]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// What may be sent to.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    named: Arc<[IpNet]>,
}

/// Why nothing is sent. It doesn't tell what a name means: not everybody may know the names of the own network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Address,
    Port,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "the receiver has no public address",
            Self::Port => "the port is none that is sent to",
        })
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(FailureKind::Blocked, format!("Nothing was sent: {refusal}."))
    }
}

impl Guard {
    /// `named` are networks that may be sent to although they aren't public, and to any port.
    pub fn new(named: impl IntoIterator<Item = IpNet>) -> Self {
        Self {
            named: named.into_iter().collect(),
        }
    }

    fn is_named(&self, address: IpAddr) -> bool {
        self.named.iter().any(|network| network.contains(&address))
    }

    /// Whether it may be sent to by HTTP.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&self, to: SocketAddr) -> Result<(), Refusal> {
        self.admit_to(to, &PORTS)
    }

    /// Whether it may be sent to by what is carried to these ports. Networks that are named take any.
    ///
    /// # Errors
    /// Why not.
    pub fn admit_to(&self, to: SocketAddr, ports: &[u16]) -> Result<(), Refusal> {
        let address = meant(to.ip());
        if self.is_named(address) {
            return Ok(());
        }
        if !is_public(address) {
            return Err(Refusal::Address);
        }
        if ports.contains(&to.port()) {
            Ok(())
        } else {
            Err(Refusal::Port)
        }
    }
}

/// The address that is meant by one, in its shortest form.
fn meant(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if TRANSLATED.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        other => other,
    }
}

/// Whether it is one receiver's that everybody reaches, as far as its address tells.
fn is_public(address: IpAddr) -> bool {
    match meant(address) {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !NOT_PUBLIC_V6.iter().any(|network| network.contains(&address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_public_is_not_sent_to() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.31.255.255",
            "192.168.178.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "168.63.129.16",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            let ip: IpAddr = address.parse().unwrap();
            let refused = Guard::default().admit(SocketAddr::new(ip, 443));
            assert_eq!(refused, Err(Refusal::Address), "{address}");
        }
        for address in [
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "2a00::1",
        ] {
            let ip = address.parse().unwrap();
            assert_eq!(
                Guard::default().admit(SocketAddr::new(ip, 443)),
                Ok(()),
                "{address}"
            );
        }
    }

    #[test]
    fn ports_are_few_but_where_a_network_is_named() {
        let guard = Guard::new(["10.7.0.0/16".parse().unwrap()]);
        let admit = |to: &str| guard.admit(to.parse().unwrap());
        assert_eq!(admit("1.1.1.1:8443"), Ok(()));
        assert_eq!(admit("1.1.1.1:22"), Err(Refusal::Port));
        assert_eq!(admit("10.7.1.1:9200"), Ok(()));
        assert_eq!(admit("[::ffff:10.7.1.1]:9200"), Ok(()));
        assert_eq!(admit("10.8.1.1:443"), Err(Refusal::Address));
        // What isn't carried by HTTP has its own.
        let admit = |to: &str| guard.admit_to(to.parse().unwrap(), &[6514]);
        assert_eq!(admit("1.1.1.1:6514"), Ok(()));
        assert_eq!(admit("1.1.1.1:443"), Err(Refusal::Port));
        assert_eq!(admit("10.7.1.1:443"), Ok(()));
        assert_eq!(admit("10.8.1.1:6514"), Err(Refusal::Address));
    }

    proptest! {
        /// The standard library knows some of them too.
        #[test]
        fn what_the_standard_library_calls_private_is(bits in any::<u32>()) {
            let address = Ipv4Addr::from_bits(bits);
            let is_special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!(is_special && is_public(address.into())));
            prop_assert_eq!(is_public(address.into()), is_public(address.to_ipv6_mapped().into()));
        }
    }
}
