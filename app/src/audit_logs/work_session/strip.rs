//! An agent's day as one horizontal strip. It is a picture: the tables under it say the same in words.
//!
//! Places and widths are percentages in attributes, so that it is as wide as the page without a style of its own.

use super::text;
use crate::{ui::number::span, viewer::use_format};
use daybook_domain::{
    time::{LocalTime, Timestamp},
    work_session::day::{AgentDay, Over, Part, Span, State},
};
use leptos::prelude::*;

/// What is there is seen: in thousandths of a percent.
const LEAST: i64 = 250;
/// The whole strip, in the same unit.
const WHOLE: i64 = 100_000;
/// Hours between two that are named.
const NAMED: u32 = 3;
/// Hours between two that are named where there is little room.
const NAMED_ANYWAY: u32 = 6;

/// From time to place.
#[derive(Debug, Clone, Copy)]
struct Scale {
    from: i64,
    length: i64,
}

impl Scale {
    fn of(day: &AgentDay) -> Self {
        Self {
            from: day.from.micros(),
            length: (day.to.micros() - day.from.micros()).max(1),
        }
    }

    fn place(self, at: Timestamp) -> i64 {
        let since = i128::from(at.micros() - self.from) * i128::from(WHOLE) / i128::from(self.length);
        i64::try_from(since).unwrap_or(WHOLE).clamp(0, WHOLE)
    }

    fn x(self, at: Timestamp) -> String {
        percent(self.place(at))
    }

    /// Left edge and width.
    fn stretch(self, from: Timestamp, to: Timestamp) -> (String, String) {
        let (left, right) = (self.place(from), self.place(to));
        let width = (right - left).max(LEAST);
        (percent(left.min(WHOLE - width)), percent(width))
    }
}

fn percent(thousandths: i64) -> String {
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

fn clock(at: &LocalTime) -> String {
    use_format().minutes(at.clock)
}

pub fn strip(day: &AgentDay) -> AnyView {
    let scale = Scale::of(day);
    // Short ones among long ones come last, on top of them.
    let (short, long): (Vec<_>, Vec<_>) = day
        .parts
        .iter()
        .filter(|part| part.span.state != State::SignedOut)
        .partition(|part| part.span.state == State::Lost);
    let spans = long.into_iter().chain(short).map(|part| bar(scale, part));
    let over = day.over.iter().map(|part| over(scale, part));
    let marks = day.assigned.iter().map(|assigned| {
        let title = format!("{}, assigned {}", assigned.conversation.label(), clock(&assigned.at));
        view! { <circle class="strip__mark" cx=scale.x(assigned.at.utc) cy="82" r="3.5"><title>{title}</title></circle> }
    });
    let now = (day.until < day.to).then(|| {
        let x = scale.x(day.until);
        view! { <line class="strip__now" x1=x.clone() x2=x y1="18" y2="90"/> }
    });
    view! {
        <svg class="strip" role="img" aria-label=text::strip(&day.totals) width="100%" height="92" focusable="false">
            {hatch()}
            {hours(scale, day)}
            <rect class="strip__ground" x="0" y="24" width="100%" height="36"/>
            {spans.collect_view()}
            {over.collect_view()}
            {marks.collect_view()}
            {now}
        </svg>
    }
    .into_any()
}

/// Lines across: told from the other states without colour too.
fn hatch() -> AnyView {
    view! {
        <defs>
            <pattern id="strip-lost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="strip__hatch-ground" width="6" height="6"/>
                <rect class="strip__hatch-line" width="2.5" height="6"/>
            </pattern>
        </defs>
    }
    .into_any()
}

fn hours(scale: Scale, day: &AgentDay) -> AnyView {
    let lines = day.hours.iter().map(|hour| {
        let x = scale.x(hour.at);
        let named = (hour.hour % NAMED == 0).then(|| {
            let class = if hour.hour % NAMED_ANYWAY == 0 {
                "strip__hour"
            } else {
                "strip__hour strip__hour--more"
            };
            let anchor = if hour.at == day.from { "start" } else { "middle" };
            view! { <text class=class x=x.clone() y="11" text-anchor=anchor>{format!("{:02}:00", hour.hour)}</text> }
        });
        let class = if named.is_some() {
            "strip__line strip__line--named"
        } else {
            "strip__line"
        };
        view! { <line class=class x1=x.clone() x2=x y1="18" y2="90"/> {named} }
    });
    lines.collect_view().into_any()
}

fn bar(scale: Scale, part: &Part<Span>) -> AnyView {
    let (x, width) = scale.stretch(part.span.from, part.span.to);
    // Less than available is lower, too.
    let (y, height) = match part.span.state {
        State::Unavailable => ("42", "18"),
        _ => ("24", "36"),
    };
    let title = format!(
        "{}–{} {} ({})",
        clock(&part.from),
        clock(&part.to),
        text::state(&part.span),
        span(part.span.micros())
    );
    let fill = (part.span.state == State::Lost).then_some("url(#strip-lost)");
    view! { <rect class=text::class(part.span.state) x=x y=y width=width height=height fill=fill><title>{title}</title></rect> }
    .into_any()
}

fn over(scale: Scale, part: &Part<Over>) -> AnyView {
    let (x, width) = scale.stretch(part.span.from, part.span.to);
    let title = format!("{}–{} {}", clock(&part.from), clock(&part.to), text::OVER);
    view! { <rect class="strip__over" x=x y="64" width=width height="6"><title>{title}</title></rect> }
        .into_any()
}

/// What the strip's shapes mean.
pub fn key(day: &AgentDay) -> AnyView {
    let has = |state: State| day.parts.iter().any(|part| part.span.state == state);
    let state = |state: State| {
        let (y, height) = match state {
            State::Unavailable => ("7", "7"),
            _ => ("0", "14"),
        };
        let fill = (state == State::Lost).then_some("url(#strip-lost)");
        let shape = view! { <rect class=text::class(state) y=y width="14" height=height fill=fill/> };
        one_key(shape.into_any(), state.title())
    };
    let shown = [State::Available, State::Unavailable];
    let too = [State::Lost, State::Unknown]
        .into_iter()
        .filter(|state| has(*state));
    let states = shown.into_iter().chain(too).map(state).collect_view();
    let over = (!day.over.is_empty()).then(|| {
        let shape = view! { <rect class="strip__over" y="4" width="14" height="6"/> };
        one_key(shape.into_any(), text::OVER)
    });
    let marks = (!day.assigned.is_empty()).then(|| {
        let shape = view! { <circle class="strip__mark" cx="7" cy="7" r="3.5"/> };
        one_key(shape.into_any(), text::CONVERSATIONS)
    });
    view! { <ul class="strip-key" aria-label="Key">{states} {over} {marks}</ul> }.into_any()
}

fn one_key(shape: AnyView, words: &'static str) -> AnyView {
    view! {
        <li><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">{shape}</svg> {words}</li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_there_is_seen_and_stays_inside() {
        let scale = Scale {
            from: at("2026-11-20T00:00:00Z").micros(),
            length: 86_400_000_000,
        };
        assert_eq!(scale.x(at("2026-11-20T06:00:00Z")), "25.000%");
        let stretch = |from, to| scale.stretch(at(from), at(to));
        assert_eq!(
            stretch("2026-11-20T12:00:00Z", "2026-11-20T18:00:00Z"),
            ("50.000%".into(), "25.000%".into())
        );
        let short = stretch("2026-11-20T23:59:58Z", "2026-11-20T23:59:59Z");
        assert_eq!(short, ("99.750%".into(), "0.250%".into()));
        assert_eq!(scale.x(at("2026-12-20T06:00:00Z")), "100.000%");
        assert_eq!(scale.x(at("2026-11-19T06:00:00Z")), "0.000%");
    }
}
