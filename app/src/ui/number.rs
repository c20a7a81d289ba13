//! Numbers as people read them.

use crate::viewer::use_format;
use daybook_domain::facet::Count;

/// `1204331` as `1,204,331`, or as the viewer has it written.
pub fn thousands(number: u64) -> String {
    use_format().number(number)
}

/// A count, and that it isn't exact where it isn't: `10,000+`.
pub fn count_of(count: Count) -> String {
    match count {
        Count::Exactly(number) => thousands(number),
        Count::AtLeast(number) => format!("{}+", thousands(number)),
        Count::AtMost(number) => format!("up to {}", thousands(number)),
    }
}

/// A count with its noun: `1 record`, `1,204 records`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A size, coarse enough to take in at a glance: `812 B`, `1.2 kB`, `48 MB`.
pub fn bytes(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1000 => return format!("{bytes} B"),
        1000..1_000_000 => (1000, "kB"),
        _ => (1_000_000, "MB"),
    };
    let tenths = bytes / (unit / 10);
    if tenths < 100 {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", thousands(tenths / 10))
    }
}

/// A span of time, coarse enough to take in at a glance: `12 ms`, `1.2 s`, `2 min 3 s`, `4 h 10 min`, `3 d 2 h`.
pub fn span(micros: i64) -> String {
    let sign = if micros < 0 { "−" } else { "" };
    let micros = micros.unsigned_abs();
    let text = match micros {
        0..1000 => format!("{micros} µs"),
        1000..1_000_000 => format!("{} ms", micros / 1000),
        1_000_000..10_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        10_000_000..60_000_000 => format!("{} s", micros / 1_000_000),
        _ => {
            let seconds = micros / 1_000_000;
            let (whole, part, units) = match seconds {
                0..3600 => (seconds / 60, seconds % 60, ("min", "s")),
                3600..86_400 => (seconds / 3600, seconds / 60 % 60, ("h", "min")),
                _ => (seconds / 86_400, seconds / 3600 % 24, ("d", "h")),
            };
            if part == 0 {
                format!("{} {}", thousands(whole), units.0)
            } else {
                format!("{} {} {part} {}", thousands(whole), units.0, units.1)
            }
        }
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_noun() {
        assert_eq!(counted(1, "record", "records"), "1 record");
        assert_eq!(counted(0, "record", "records"), "0 records");
        assert_eq!(counted(1204, "record", "records"), "1,204 records");
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        let shown = [
            0,
            999,
            1000,
            1234,
            12_345,
            999_999,
            1_250_000,
            48_000_000,
            1_204_000_000,
        ]
        .map(bytes);
        let said = [
            "0 B", "999 B", "1.0 kB", "1.2 kB", "12 kB", "999 kB", "1.2 MB", "48 MB", "1,204 MB",
        ];
        assert_eq!(shown, said);
    }

    #[test]
    fn spans_read_as_people_say_them() {
        let shown = [
            0,
            999,
            12_345,
            1_250_000,
            59_999_999,
            60_000_000,
            123_000_000,
            15_000_000_000,
            266_400_000_000,
            -5000,
        ]
        .map(span);
        assert_eq!(
            shown,
            [
                "0 µs",
                "999 µs",
                "12 ms",
                "1.2 s",
                "59 s",
                "1 min",
                "2 min 3 s",
                "4 h 10 min",
                "3 d 2 h",
                "−5 ms"
            ]
        );
    }
}
