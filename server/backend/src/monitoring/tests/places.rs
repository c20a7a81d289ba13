//! A database in MaxMind's format, as small as one can be: every address is in Hamburg.

use crate::monitoring::places::{Places, network};
use std::fs;

/// A value of the format, as far as it is used here.
enum Value {
    Text(&'static str),
    Double(f64),
    U16(u16),
    U32(u32),
    U64(u64),
    Texts(&'static [&'static str]),
    Map(Vec<(&'static str, Value)>),
}
use Value::{Double, Map, Text, Texts, U16, U32, U64};

fn text(text: &str, out: &mut Vec<u8>) {
    assert!(text.len() < 29);
    out.push(0x40 | u8::try_from(text.len()).unwrap());
    out.extend(text.as_bytes());
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Text(of) => text(of, out),
        Double(of) => {
            out.push(0x68);
            out.extend(of.to_be_bytes());
        }
        U16(of) => {
            out.push(0xa2);
            out.extend(of.to_be_bytes());
        }
        U32(of) => {
            out.push(0xc4);
            out.extend(of.to_be_bytes());
        }
        U64(of) => {
            out.extend([0x08, 0x02]);
            out.extend(of.to_be_bytes());
        }
        Texts(of) => {
            out.extend([u8::try_from(of.len()).unwrap(), 0x04]);
            of.iter().for_each(|of| text(of, out));
        }
        Map(of) => {
            out.push(0xe0 | u8::try_from(of.len()).unwrap());
            for (name, value) in of {
                text(name, out);
                put(value, out);
            }
        }
    }
}

fn database(kind: &'static str) -> Vec<u8> {
    let named = |name| ("names", Map(vec![("en", Text(name))]));
    let hamburg = Map(vec![
        ("city", Map(vec![named("Hamburg")])),
        ("country", Map(vec![("iso_code", Text("DE")), named("Germany")])),
        (
            "location",
            Map(vec![("latitude", Double(53.55)), ("longitude", Double(10.0))]),
        ),
    ]);
    let about = Map(vec![
        ("binary_format_major_version", U16(2)),
        ("binary_format_minor_version", U16(0)),
        ("build_epoch", U64(1_795_356_000)),
        ("database_type", Text(kind)),
        ("description", Map(vec![("en", Text("Made up"))])),
        ("ip_version", U16(4)),
        ("languages", Texts(&["en"])),
        ("node_count", U32(1)),
        ("record_size", U16(24)),
    ]);
    // One node, both of whose records lead to the first of the data.
    let mut bytes = vec![0, 0, 17, 0, 0, 17];
    bytes.extend([0; 16]);
    put(&hamburg, &mut bytes);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    put(&about, &mut bytes);
    bytes
}

#[test]
fn a_database_says_where_an_address_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.mmdb");
    for (kind, has_coordinates) in [("GeoLite2-City", true), ("GeoLite2-Country", false)] {
        fs::write(&path, database(kind)).unwrap();
        let places = Places::open(&path).unwrap();
        assert_eq!(places.has_coordinates(), has_coordinates, "{kind}");
        let place = places.place("192.0.2.1".parse().unwrap()).unwrap();
        assert_eq!(place.called(), "Hamburg, Germany");
        assert_eq!(place.at, Some((53.55, 10.0)));
        // It knows only addresses of the old kind.
        assert_eq!(places.place("2001:db8::1".parse().unwrap()), None);
    }
    fs::write(&path, b"GIF89a").unwrap();
    assert!(Places::open(&path).is_err());
}

#[test]
fn an_address_has_a_network() {
    for (ip, expected) in [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:0:9::7", "2001:db8::/48"),
    ] {
        assert_eq!(network(ip.parse().unwrap()), expected);
    }
}
