//! How an endpoint does, at a glance.

use super::text;
use crate::{
    account::when::When,
    ui::number::{count_of, span},
};
use daybook_domain::webhook::EndpointHealth;
use leptos::prelude::*;

#[component]
pub fn Health(health: EndpointHealth) -> impl IntoView {
    let attempts = health.went_well + health.went_wrong;
    let success = if attempts == 0 {
        text::QUIET.to_owned()
    } else {
        text::success(health.went_well, health.went_wrong)
    };
    let millis = |ms: u64| span(i64::try_from(ms.saturating_mul(1000)).unwrap_or(i64::MAX));
    let latency = health.median_ms.zip(health.p95_ms).map(|(median, p95)| {
        let latency = text::latency(&millis(median), &millis(p95));
        view! { <div class="webhook-health__fact"><dt>{text::LATENCY}</dt><dd>{latency}</dd></div> }
    });
    let since = health.failing_since.map(|at| {
        view! { <p class="webhook-health__alarm">"Every attempt fails; the first one did " <When at/> "."</p> }
    });
    let slow = health.slow_until.map(|at| {
        view! { <p class="quiet">"Slowed down until " <time datetime=at.utc.to_string()>{at.time}</time> "."</p> }
    });
    let paused = health.paused.map(|at| {
        view! { <p class="quiet">"Paused " <When at/> "."</p> }
    });
    view! {
        <section class="webhook-health" aria-label=text::HEALTH>
            <dl class="webhook-health__facts">
                <div class="webhook-health__fact"><dt>{text::SUCCESS}</dt><dd>{success}</dd></div>
                {latency}
                <div class="webhook-health__fact"><dt>{text::WAITING}</dt><dd>{count_of(health.waiting)}</dd></div>
            </dl>
            {since} {slow} {paused}
        </section>
    }
    .into_any()
}
