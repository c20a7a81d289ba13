//! The client's address (R47): the peer's, unless the peer is a proxy that is trusted to tell another.
//!
//! Each proxy adds the address it was called from to the right of `X-Forwarded-For` (or of `Forwarded`, RFC 7239),
//! so the rightmost one that is no trusted proxy is the client; what stands further left is the client's own claim.

use crate::config::Network;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client of a request that came from `peer`.
pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for claim in claims(headers).into_iter().rev() {
        // Something unreadable: the last proxy that could be believed is as far as is known.
        let Some(address) = claim else { break };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    client
}

/// The chain of addresses from the client to us, as told.
fn claims(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    if headers.contains_key(X_FORWARDED_FOR) {
        return entries(headers, &X_FORWARDED_FOR).map(address).collect();
    }
    entries(headers, &header::FORWARDED).map(forwarded_for).collect()
}

fn entries<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(str::trim)
}

/// `for=192.0.2.60;proto=http` or `For="[2001:db8::1]:4711"`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let (_, value) = element
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    address(value.trim_matches('"'))
}

/// An address with or without port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        of(peer.parse().unwrap(), &map, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(
            client("203.0.113.9", &[("x-forwarded-for", "1.2.3.4")]),
            "203.0.113.9"
        );
        assert_eq!(
            client("::ffff:203.0.113.9", &[("forwarded", "for=1.2.3.4")]),
            "203.0.113.9"
        );
    }

    #[test]
    fn behind_proxies_the_rightmost_stranger_is_the_client() {
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "198.51.100.7")]),
            "198.51.100.7"
        );
        assert_eq!(
            client(
                "10.0.0.1",
                &[("x-forwarded-for", "1.2.3.4, 198.51.100.7, 10.0.0.2")]
            ),
            "198.51.100.7"
        );
        assert_eq!(
            client(
                "::1",
                &[
                    ("x-forwarded-for", "1.2.3.4"),
                    ("x-forwarded-for", "198.51.100.7:5123")
                ]
            ),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "10.0.0.3, 10.0.0.2")]),
            "10.0.0.3"
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "1.2.3.4, unknown")]),
            "10.0.0.1"
        );
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "1.2.3.4, unknown, 10.0.0.2")]),
            "10.0.0.2"
        );
    }

    #[test]
    fn the_standard_header_is_understood_too() {
        assert_eq!(
            client(
                "10.0.0.1",
                &[(
                    "forwarded",
                    r#"for=1.2.3.4, For="[2001:db8::7]:4711";proto=https"#
                )]
            ),
            "2001:db8::7"
        );
    }
}
