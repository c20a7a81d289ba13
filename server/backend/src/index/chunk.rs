//! 1,024 records in columns: when each happened, and the values it is filtered by.
//!
//! A chunk stands for itself: its values are numbered within it, so that chunks are put into larger segments as they
//! are.

use super::bytes::{put, put_bytes, put_len, take_bytes, take_len, take_some};
use bytes::Bytes;
use daybook_domain::{event::EventBody, log::FilterField};
use std::ops::Range;

/// Records of a chunk; the last of the log may have fewer.
pub const RECORDS: usize = 1024;
/// The same, to reckon with sequences.
pub const SEQUENCES: i64 = 1024;
/// The same, as numbers of records.
pub const NUMBERS: u32 = 1024;

/// The time of a record that is gone.
pub const GONE: i64 = i64::MIN;

/// When the records of a chunk happened: 8 bytes each, little endian, microseconds. Nothing where all are gone.
pub fn write_times(times: &[i64]) -> Vec<u8> {
    if times.iter().all(|time| *time == GONE) {
        return Vec::new();
    }
    times.iter().flat_map(|time| time.to_le_bytes()).collect()
}

/// The time of a record, by its number in the chunk.
pub fn time(times: &[u8], number: usize) -> Option<i64> {
    let bytes = times.get(number * 8..number * 8 + 8)?;
    Some(i64::from_le_bytes(bytes.try_into().ok()?))
}

/// The values of a chunk's records, as they are collected.
#[derive(Debug, Default)]
pub struct Values {
    records: usize,
    fields: foldhash::HashMap<FilterField, Column>,
}

#[derive(Debug, Default)]
struct Column {
    numbers: foldhash::HashMap<String, u16>,
    /// By record: the number of its value from 1, or 0. May end before the last record.
    of: Vec<u16>,
}

impl Values {
    /// The next record.
    pub fn add(&mut self, body: &EventBody) {
        crate::values::each_value(body, &mut |field, value, _| {
            if !crate::values::is_counted(field) {
                return;
            }
            let column = self.fields.entry(field).or_default();
            let next = u16::try_from(column.numbers.len() + 1).unwrap_or(u16::MAX);
            let number = match column.numbers.get(value) {
                Some(number) => *number,
                None => *column.numbers.entry(value.to_owned()).or_insert(next),
            };
            column.of.resize(self.records, 0);
            column.of.push(number);
        });
        self.records += 1;
    }

    /// A record without values.
    pub fn skip(&mut self) {
        self.records += 1;
    }

    /// Per field: its name, its values, and by record the number of its value, in one byte or two.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in FilterField::ALL {
            let Some(column) = self.fields.get(field) else {
                continue;
            };
            put_bytes(&mut bytes, field.name().as_bytes());
            let mut values: Vec<_> = column.numbers.iter().collect();
            values.sort_unstable_by_key(|(_, number)| **number);
            put_len(&mut bytes, values.len());
            for (value, _) in &values {
                put_bytes(&mut bytes, value.as_bytes());
            }
            put_len(&mut bytes, column.of.len());
            for number in &column.of {
                let [low, high] = number.to_le_bytes();
                bytes.push(low);
                if values.len() > usize::from(u8::MAX) {
                    bytes.push(high);
                }
            }
        }
        bytes
    }
}

/// The written values of a chunk, ready to be counted.
#[derive(Debug, Default)]
pub struct Columns {
    bytes: Bytes,
    fields: Vec<Written>,
}

/// One field: where its parts are in the bytes.
#[derive(Debug)]
struct Written {
    field: FilterField,
    values: Vec<Range<u32>>,
    of: Range<usize>,
}

impl Written {
    /// Two bytes per record in place of one.
    fn is_wide(&self) -> bool {
        self.values.len() > usize::from(u8::MAX)
    }
}

impl Columns {
    /// Reads what [`Values::write`] wrote. What can't be read ends it.
    pub fn read(bytes: Bytes) -> Self {
        let mut fields = Vec::new();
        let mut rest: &[u8] = &bytes;
        while !rest.is_empty() {
            let Some(written) = read_field(&mut rest, bytes.len()) else {
                break;
            };
            fields.push(written);
        }
        Self { bytes, fields }
    }

    /// Bytes it takes in memory, about.
    pub fn size(&self) -> usize {
        let values: usize = self.fields.iter().map(|field| field.values.len()).sum();
        self.bytes.len() + values * size_of::<Range<u32>>() + self.fields.len() * size_of::<Written>()
    }

    /// Calls `each` with the place of a field, every value of it that some of the records have, and how many.
    pub fn count(&self, records: &[u32], fields: &[FilterField], each: &mut dyn FnMut(usize, &str, u64)) {
        let mut counts = Vec::new();
        for written in &self.fields {
            let Some(place) = fields.iter().position(|field| *field == written.field) else {
                continue;
            };
            counts.clear();
            counts.resize(written.values.len() + 1, 0_u64);
            let of = self.bytes.get(written.of.clone()).unwrap_or_default();
            let wide = written.is_wide();
            for record in records {
                let at = *record as usize;
                let number = if wide {
                    let pair = of.get(at * 2..at * 2 + 2);
                    pair.and_then(|pair| pair.try_into().ok())
                        .map_or(0, u16::from_le_bytes)
                } else {
                    of.get(at).copied().map_or(0, u16::from)
                };
                if let Some(count) = counts.get_mut(usize::from(number)) {
                    *count += 1;
                }
            }
            for (value, count) in written.values.iter().zip(counts.iter().skip(1)) {
                if *count == 0 {
                    continue;
                }
                let value = self.bytes.get(value.start as usize..value.end as usize);
                if let Some(value) = value.and_then(|value| std::str::from_utf8(value).ok()) {
                    each(place, value, *count);
                }
            }
        }
    }
}

/// `end` is where the bytes end, counted from the chunk's first.
fn read_field(rest: &mut &[u8], end: usize) -> Option<Written> {
    let field = FilterField::from_name(std::str::from_utf8(take_bytes(rest)?).ok()?)?;
    let count = take_len(rest)?;
    let mut values = Vec::with_capacity(count.min(RECORDS));
    for _ in 0..count {
        let length = take_len(rest)?;
        let begin = end - rest.len();
        take_some(rest, length)?;
        values.push(u32::try_from(begin).ok()?..u32::try_from(begin + length).ok()?);
    }
    let mut written = Written {
        field,
        values,
        of: 0..0,
    };
    let length = take_len(rest)?.checked_mul(if written.is_wide() { 2 } else { 1 })?;
    let begin = end - rest.len();
    take_some(rest, length)?;
    written.of = begin..begin + length;
    Some(written)
}

/// Where a chunk's records lie in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: i64,
    /// Inclusive.
    pub last: i64,
}

impl Span {
    /// Of no record: neither before nor after anything.
    const NEVER: Self = Self {
        first: i64::MAX,
        last: i64::MIN,
    };

    pub fn of(times: &[i64]) -> Self {
        let there = || times.iter().copied().filter(|time| *time != GONE);
        Self {
            first: there().min().unwrap_or(Self::NEVER.first),
            last: there().max().unwrap_or(Self::NEVER.last),
        }
    }

    pub fn with(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    pub(super) fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.first.to_le_bytes());
        put(
            bytes,
            if self == Self::NEVER {
                0
            } else {
                self.last.abs_diff(self.first)
            },
        );
    }

    pub(super) fn read(bytes: &mut &[u8]) -> Option<Self> {
        let first = i64::from_le_bytes(take_some(bytes, 8)?.try_into().ok()?);
        let last = first.checked_add_unsigned(super::bytes::take(bytes)?)?;
        Some(if first == Self::NEVER.first {
            Self::NEVER
        } else {
            Self { first, last }
        })
    }
}
