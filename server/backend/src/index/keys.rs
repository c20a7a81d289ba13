//! The dictionary's keys: what of a record can be found, and in which order it stands.
//!
//! | key | finds |
//! |---|---|
//! | `w` word `0` field | records with the word in the field; all fields of a word are neighbours |
//! | `=` field `0` value | records whose field is the value, in lower case |
//! | `#` field `0` number | records with a number in the field, in the order of the numbers |
//! | `@` family address | records from an address, in the order of the addresses |
//! | `*` field | records in which the field has a value |
//! | `f` filter `0` value | records whose filter value is this one, letter for letter |

use daybook_domain::{
    event::EventBody,
    log::FilterField,
    search::{Field, Part, words},
};
use std::{net::IpAddr, ops::Range};

/// A key's bytes. Ordered as the dictionary is.
pub type Key = Vec<u8>;

/// In place of a field: words of values that are compared as a whole there.
const ANYWHERE: u8 = 0;
const METADATA: u8 = 0xff;

fn tag(field: &Field) -> Vec<u8> {
    match field {
        Field::Metadata(path) => [&[METADATA], path.as_bytes()].concat(),
        simple => {
            let position = Field::ALL.iter().position(|known| known == simple);
            // One byte for ever: fields are only added at the end.
            vec![1 + u8::try_from(position.unwrap_or_default()).unwrap_or(METADATA - 1)]
        }
    }
}

/// The parts of the keys, in their order: for what is looked for as for what is stored.
mod layout {
    use daybook_domain::log::FilterField;

    const END: &[u8] = &[0];

    pub fn word<'a>(word: &'a str, tag: &'a [u8]) -> [&'a [u8]; 4] {
        [b"w", word.as_bytes(), END, tag]
    }

    pub fn whole<'a>(lower: &'a str, tag: &'a [u8]) -> [&'a [u8]; 4] {
        [b"=", tag, END, lower.as_bytes()]
    }

    pub fn number<'a>(ordered: &'a [u8], tag: &'a [u8]) -> [&'a [u8]; 4] {
        [b"#", tag, END, ordered]
    }

    pub fn present(tag: &[u8]) -> [&[u8]; 2] {
        [b"*", tag]
    }

    pub fn filtered(field: FilterField, value: &str) -> [&[u8]; 4] {
        [b"f", field.name().as_bytes(), END, value.as_bytes()]
    }
}

/// The word in the field.
pub fn word(word: &str, field: &Field) -> Key {
    layout::word(word, &tag(field)).concat()
}

/// The word in any field.
pub fn word_anywhere(word: &str) -> Range<Key> {
    after_all(layout::word(word, &[]).concat())
}

/// Words that begin so, in any field.
pub fn words_from(prefix: &str) -> Range<Key> {
    after_all([b"w", prefix.as_bytes()].concat())
}

/// Whether a key of [`words_from`] is one of the field.
pub fn is_word_of(key: &[u8], field: &Field) -> bool {
    let rest = key.iter().position(|byte| *byte == 0).map(|end| &key[end + 1..]);
    rest.is_some_and(|rest| rest == tag(field))
}

pub fn whole(value: &str, field: &Field) -> Key {
    layout::whole(&value.to_lowercase(), &tag(field)).concat()
}

/// Values that begin so.
pub fn wholes_from(prefix: &str, field: &Field) -> Range<Key> {
    after_all(whole(prefix, field))
}

/// The filter's value.
pub fn filtered(field: FilterField, value: &str) -> Key {
    layout::filtered(field, value).concat()
}

pub fn present(field: &Field) -> Key {
    layout::present(&tag(field)).concat()
}

fn number(number: f64, field: &Field) -> Key {
    // The usual trick: the bits of a float are ordered as the floats are, once the negative ones are turned around.
    // Adding nothing makes -0 the 0 it equals.
    let bits = (number + 0.0).to_bits();
    let ordered = if bits >> 63 == 0 { bits | 1 << 63 } else { !bits };
    layout::number(&ordered.to_be_bytes(), &tag(field)).concat()
}

/// Numbers from one to another, both included.
pub fn numbers(from: Option<f64>, to: Option<f64>, field: &Field) -> Range<Key> {
    let from = number(from.unwrap_or(f64::NEG_INFINITY), field);
    let to = number(to.unwrap_or(f64::INFINITY), field);
    from..just_after(to)
}

fn address(ip: IpAddr) -> Key {
    match ip {
        IpAddr::V4(ip) => [b"@4", &ip.octets()[..]].concat(),
        IpAddr::V6(ip) => [b"@6", &ip.octets()[..]].concat(),
    }
}

pub fn ip(ip: IpAddr) -> Key {
    address(ip.to_canonical())
}

/// Addresses from one to another of the same family, both included; an open end is the family's end.
pub fn ips(from: Option<IpAddr>, to: Option<IpAddr>) -> Range<Key> {
    let is_v4 = from.or(to).is_none_or(|ip| ip.is_ipv4());
    let (lowest, highest): (IpAddr, IpAddr) = if is_v4 {
        ([0; 4].into(), [0xff; 4].into())
    } else {
        ([0_u8; 16].into(), [0xff_u8; 16].into())
    };
    address(from.unwrap_or(lowest))..just_after(address(to.unwrap_or(highest)))
}

/// The addresses of a network.
pub fn network(base: IpAddr, bits: u8) -> Range<Key> {
    let mask = |width: u8| u128::MAX.checked_shr(u32::from(128 - width + bits)).unwrap_or(0);
    match base {
        IpAddr::V4(ip) => {
            let mask = u32::try_from(mask(32)).unwrap_or_default();
            let ip = u32::from(ip);
            ips(
                Some(IpAddr::V4((ip & !mask).into())),
                Some(IpAddr::V4((ip | mask).into())),
            )
        }
        IpAddr::V6(ip) => {
            let (mask, ip) = (mask(128), u128::from(ip));
            ips(
                Some(IpAddr::V6((ip & !mask).into())),
                Some(IpAddr::V6((ip | mask).into())),
            )
        }
    }
}

fn just_after(mut key: Key) -> Key {
    key.push(0);
    key
}

/// All keys that begin with `prefix`.
fn after_all(prefix: Key) -> Range<Key> {
    let mut end = prefix.clone();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            break;
        }
    }
    prefix..end
}

/// Calls `each` with the keys of a record's filter values.
pub fn each_filtered(body: &EventBody, each: &mut impl FnMut(&[u8])) {
    let mut one = one_buffer(each);
    crate::values::each_value(body, &mut |field, value, _| {
        one(&layout::filtered(field, value));
    });
}

/// Calls `each` with the keys one part of a record is found by, with some of them more than once.
pub fn each_of(field: &Field, part: Part<'_>, each: &mut impl FnMut(&[u8])) {
    let mut one = one_buffer(each);
    let tag = tag(field);
    one(&layout::present(&tag));
    match part {
        Part::Whole(text) => {
            one(&layout::whole(&text.to_lowercase(), &tag));
            each_word(text, &[ANYWHERE], &mut one);
        }
        Part::Words(text) => {
            each_word(text, &tag, &mut one);
            if let Ok(value) = text.trim().parse::<f64>() {
                one(&[&number(value, field)]);
            }
        }
        Part::Ip(address) => {
            one(&[&ip(address)]);
            each_word(&address.to_canonical().to_string(), &[ANYWHERE], &mut one);
        }
        Part::There => {}
    }
}

/// Puts the parts of keys together in one buffer for all: nearly all keys have been seen before.
fn one_buffer(each: &mut impl FnMut(&[u8])) -> impl FnMut(&[&[u8]]) {
    let mut key = Key::with_capacity(256);
    move |parts| {
        key.clear();
        for part in parts {
            key.extend_from_slice(part);
        }
        each(&key);
    }
}

fn each_word(text: &str, tag: &[u8], one: &mut impl FnMut(&[&[u8]])) {
    for word in words(text) {
        one(&layout::word(&word, tag));
    }
}
