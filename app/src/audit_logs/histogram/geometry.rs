//! What the bars of a histogram measure, and which of them is meant. Nothing of pages in here.

use crate::{audit_logs::text::records, ui::number::thousands};
use daybook_domain::{
    facet::{Bar, Count, Histogram},
    time::Timestamp,
};

/// The height of the highest bar.
pub const HEIGHT: u64 = 100;
/// A bar that holds anything is seen.
const LEAST: u64 = 3;

/// The heights of the bars, in their order.
pub fn heights(bars: &[Bar]) -> Vec<u64> {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
    let height = |count: u64| match count {
        0 => 0,
        _ => u64::try_from(u128::from(count) * u128::from(HEIGHT) / u128::from(most))
            .unwrap_or(HEIGHT)
            .max(LEAST),
    };
    bars.iter().map(|bar| height(bar.count)).collect()
}

/// The bar at a distance from the left edge of all of them; the nearest where it is outside.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a hundred bars, and the cast of a float holds at the ends"
)]
pub fn bar_at(x: f64, width: f64, bars: usize) -> usize {
    let at = (x / width.max(1.0) * bars as f64) as usize;
    at.min(bars.saturating_sub(1))
}

/// Some bars side by side, from where the choice began to where it got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    pub from: usize,
    pub to: usize,
}

impl Picked {
    pub fn holds(self, bar: usize) -> bool {
        (self.from.min(self.to)..=self.from.max(self.to)).contains(&bar)
    }

    pub fn is_range(self) -> bool {
        self.from != self.to
    }

    /// The picked ones of the bars.
    fn of(self, bars: &[Bar]) -> &[Bar] {
        let end = self.from.max(self.to) + 1;
        bars.get(self.from.min(self.to)..end.min(bars.len()))
            .unwrap_or_default()
    }

    /// Their time together.
    pub fn span(self, bars: &[Bar]) -> Option<(Timestamp, Timestamp)> {
        let bars = self.of(bars);
        Some((bars.first()?.from, bars.last()?.to))
    }

    /// What a person reads: the time, and how many records it holds.
    pub fn words(self, histogram: &Histogram) -> String {
        let bars = self.of(&histogram.bars);
        let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
            return String::new();
        };
        let count = bars.iter().map(|bar| bar.count).sum();
        let count = records(if histogram.exact {
            Count::Exactly(count)
        } else {
            Count::AtMost(count)
        });
        if self.is_range() {
            format!("{} to {}: {}", first.label, last.label, count)
        } else {
            format!("{}: {}", first.label, count)
        }
    }
}

/// The time of all bars, and as much again before and after.
pub fn wider(bars: &[Bar]) -> Option<(Timestamp, Timestamp)> {
    let (from, to) = (bars.first()?.from, bars.last()?.to);
    let span = to.micros().saturating_sub(from.micros());
    Some((from.plus_micros(-span), to.plus_micros(span)))
}

/// What the scale is: the highest bar.
pub fn peak(bars: &[Bar]) -> String {
    thousands(bars.iter().map(|bar| bar.count).max().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(counts: &[u64]) -> Histogram {
        let hour = |at: usize| {
            let start: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
            start.plus_seconds(3600 * i64::try_from(at).unwrap())
        };
        let bar = |(at, count): (usize, &u64)| Bar {
            from: hour(at),
            to: hour(at + 1),
            label: format!("hour {at}"),
            count: *count,
        };
        Histogram {
            bars: counts.iter().enumerate().map(bar).collect(),
            unit: "hour".into(),
            exact: true,
        }
    }

    #[test]
    fn the_highest_bar_fills_the_height_and_few_are_seen() {
        assert_eq!(heights(&histogram(&[0, 1, 500, 1000]).bars), [0, 3, 50, 100]);
        assert_eq!(heights(&histogram(&[0, 0]).bars), [0, 0]);
        assert_eq!(heights(&histogram(&[u64::MAX]).bars), [100]);
        assert_eq!(peak(&histogram(&[7, 1200]).bars), "1,200");
    }

    #[test]
    fn the_pointer_is_always_on_a_bar() {
        let at = |x| bar_at(x, 200.0, 10);
        assert_eq!([at(0.0), at(19.9), at(20.0), at(199.9)], [0, 0, 1, 9]);
        assert_eq!([at(-30.0), at(1e9)], [0, 9]);
        assert_eq!(bar_at(5.0, 0.0, 0), 0);
    }

    #[test]
    fn a_range_is_the_same_in_both_directions() {
        let histogram = histogram(&[1, 20, 300, 4000]);
        for picked in [Picked { from: 1, to: 2 }, Picked { from: 2, to: 1 }] {
            assert_eq!(picked.words(&histogram), "hour 1 to hour 2: 320 records");
            let (from, to) = picked.span(&histogram.bars).unwrap();
            assert_eq!((from, to), (histogram.bars[1].from, histogram.bars[2].to));
            assert!(picked.holds(1) && picked.holds(2) && !picked.holds(0) && !picked.holds(3));
        }
        let one = Picked { from: 3, to: 3 };
        assert_eq!(one.words(&histogram), "hour 3: 4,000 records");
        // Of an older histogram that had more bars.
        let gone = Picked { from: 9, to: 9 };
        assert_eq!(gone.span(&histogram.bars), None);
    }

    #[test]
    fn a_wider_range_is_three_times_as_long() {
        let (from, to) = wider(&histogram(&[1, 1]).bars).unwrap();
        assert_eq!(from.to_string(), "2026-11-21T22:00:00.000000Z");
        assert_eq!(to.to_string(), "2026-11-22T04:00:00.000000Z");
    }
}
