//! Figures over time, as a picture: the table under it says the same in numbers.

use super::text;
use daybook_domain::analytics::{Figures, Usage};
use leptos::prelude::*;

const HEIGHT: u64 = 100;
/// A bar that holds anything is seen.
const LEAST: u64 = 2;
/// Bars are as wide as this, and the gap beside them is the rest of ten.
const WIDTH: usize = 8;
const STEP: usize = 10;

/// One of the figures.
type Of = fn(&Figures) -> u64;

pub fn charts(usage: &Usage) -> AnyView {
    let activities: Of = |figures| figures.activities;
    let users: Of = |figures| figures.users;
    view! {
        <div class="usage__charts">
            {chart(usage, text::ACTIVITIES, "activities", activities)}
            {chart(usage, text::USERS, "users", users)}
        </div>
    }
    .into_any()
}

fn chart(usage: &Usage, title: &'static str, noun: &'static str, of: Of) -> AnyView {
    let most = usage
        .bars
        .iter()
        .map(|bar| of(&bar.figures))
        .max()
        .unwrap_or_default();
    let bars = usage.bars.iter().enumerate().map(|(at, bar)| {
        let height = height(of(&bar.figures), most);
        let title = text::bar(&bar.label, bar.figures);
        view! {
            <rect class="usage__bar" x=at * STEP + 1 y=HEIGHT - height width=WIDTH height=height>
                <title>{title}</title>
            </rect>
        }
    });
    let label = text::chart(title, usage.by, &usage.label, noun, most);
    let of_bar = |bar: Option<&daybook_domain::analytics::UsageBar>| bar.map(|bar| bar.label.clone());
    view! {
        <figure class="usage__chart">
            <figcaption class="usage__caption">{title}</figcaption>
            <svg
                class="usage__picture"
                role="img"
                aria-label=label
                viewBox=format!("0 0 {} {HEIGHT}", usage.bars.len().max(1) * STEP)
                preserveAspectRatio="none"
                focusable="false"
            >
                {bars.collect_view()}
            </svg>
            <p class="histo__foot">
                <span>{of_bar(usage.bars.first())}</span>
                <span>{of_bar(usage.bars.last().filter(|_| usage.bars.len() > 1))}</span>
            </p>
        </figure>
    }
    .into_any()
}

fn height(count: u64, most: u64) -> u64 {
    match count {
        0 => 0,
        _ => u64::try_from(u128::from(count) * u128::from(HEIGHT) / u128::from(most.max(1)))
            .unwrap_or(HEIGHT)
            .max(LEAST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_few_are_seen() {
        let heights = [0, 1, 500, 1000].map(|count| height(count, 1000));
        assert_eq!(heights, [0, 2, 50, 100]);
        assert_eq!((height(u64::MAX, u64::MAX), height(0, 0)), (100, 0));
    }
}
