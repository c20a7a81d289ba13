//! How far a long command has come, on standard error: a bar that is drawn over itself on a terminal, a line every
//! few seconds elsewhere.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

const REDRAW: Duration = Duration::from_millis(100);
const LINE: Duration = Duration::from_secs(5);
const WIDTH: usize = 24;

/// Work of which a part is done. `total` and `done` count what is worked through (events, or bytes of a file);
/// `events` is what the rate is told in.
#[derive(Debug)]
pub struct Progress {
    title: String,
    total: Option<u64>,
    is_terminal: bool,
    begin: Instant,
    shown: Option<Instant>,
    drawn: usize,
}

impl Progress {
    pub fn new(title: impl Into<String>, total: Option<u64>) -> Self {
        Self {
            title: title.into(),
            total: total.filter(|total| *total > 0),
            is_terminal: std::io::stderr().is_terminal(),
            begin: Instant::now(),
            shown: None,
            drawn: 0,
        }
    }

    /// Shows how far it is, unless it was shown a moment ago.
    pub fn at(&mut self, done: u64, events: u64) {
        let now = Instant::now();
        let pause = if self.is_terminal { REDRAW } else { LINE };
        if now.duration_since(self.shown.unwrap_or(self.begin)) < pause {
            return;
        }
        self.shown = Some(now);
        let line = line(
            &self.title,
            done,
            self.total,
            events,
            self.begin.elapsed(),
            self.is_terminal,
        );
        self.draw(&line);
    }

    /// Takes the bar away, so that what comes next stands on a line of its own.
    pub fn end(&mut self) {
        if self.drawn > 0 {
            self.draw("");
            // Standard error is where it would be told.
            let _closed = write!(std::io::stderr(), "\r");
        }
    }

    fn draw(&mut self, line: &str) {
        let mut out = std::io::stderr().lock();
        let _closed = if self.is_terminal {
            let length = line.chars().count();
            let rest = " ".repeat(self.drawn.saturating_sub(length));
            self.drawn = length;
            write!(out, "\r{line}{rest}").and_then(|()| out.flush())
        } else {
            writeln!(out, "{line}")
        };
    }
}

fn line(title: &str, done: u64, total: Option<u64>, events: u64, took: Duration, bar: bool) -> String {
    let rate = per_second(events, took);
    let counts = format!("{} events, {} per second", number(events), number(rate));
    let Some(total) = total else {
        return format!("{title}: {counts}");
    };
    let share = done.min(total).saturating_mul(100) / total;
    let left = match done {
        0 => String::new(),
        done => {
            let seconds = took.as_secs().saturating_mul(total.saturating_sub(done)) / done;
            format!(", {} left", span(seconds))
        }
    };
    if !bar {
        return format!("{title}: {share} %, {counts}{left}");
    }
    let full = usize::try_from(share).unwrap_or_default() * WIDTH / 100;
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH - full));
    format!("{title} {bar} {share:>3} %  {counts}{left}")
}

/// How many of something in a second.
pub fn per_second(count: u64, took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1000) / millis
}

/// `12,345,678`
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `42 s`, `3 min 05 s`, `2 h 10 min`
fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long() {
        let took = Duration::from_secs(10);
        assert_eq!(
            line("Importing a.ndjson", 250, Some(1000), 12_345, took, false),
            "Importing a.ndjson: 25 %, 12,345 events, 1,234 per second, 30 s left"
        );
        assert_eq!(
            line("Importing", 0, None, 0, Duration::ZERO, true),
            "Importing: 0 events, 0 per second"
        );
        assert!(line("x", 5, Some(10), 1, took, true).contains("████████████░░░░░░░░░░░░  50 %"));
    }

    #[test]
    fn numbers_and_spans_read_well() {
        assert_eq!(
            (number(0), number(999), number(1_000)),
            ("0".into(), "999".into(), "1,000".into())
        );
        assert_eq!(number(10_000_000), "10,000,000");
        assert_eq!(
            (span(59), span(185), span(7800)),
            ("59 s".into(), "3 min 05 s".into(), "2 h 10 min".into())
        );
    }
}
