//! How an integration does: the word for it, and everything there is to know before something is done about it.

use super::text;
use crate::account::when::When;
use daybook_domain::integration::{StreamHealth, StreamState};
use leptos::prelude::*;

/// The state as a word. The colour says nothing more.
#[component]
pub fn State(state: StreamState) -> impl IntoView {
    let class = match state {
        StreamState::UpToDate => "badge badge--create",
        StreamState::CatchingUp => "badge badge--update",
        StreamState::Failing => "badge badge--failure",
        StreamState::Incomplete => "badge badge--signin",
        StreamState::Paused | StreamState::Off => "badge badge--neutral",
    };
    view! { <span class=class>{state.title()}</span> }
}

/// How far it is behind, and since when.
#[component]
pub fn Behind(health: StreamHealth) -> impl IntoView {
    if health.behind == 0 {
        return view! { <span class="quiet">{text::NOT_BEHIND}</span> }.into_any();
    }
    let oldest = health
        .oldest
        .map(|at| view! { ", " {text::OLDEST} " " <When at/> });
    view! { <span class="integration__number">{text::behind(health.behind)}</span> {oldest} }.into_any()
}

#[component]
pub fn Health(health: StreamHealth) -> impl IntoView {
    let state = health.state;
    let why = health.failure.clone().map(|failure| {
        view! { <p class="integration-health__why"><strong>{failure.kind.title()}</strong> ": " {failure.detail}</p> }
    });
    let reassurance = match state {
        StreamState::Failing => Some(text::FAILING),
        StreamState::Paused => Some(text::PAUSED_NOTICE),
        _ => None,
    };
    let reassurance = reassurance.map(|text| view! { <p class="quiet">{text}</p> });
    let since = health.failing_since.clone();
    let since = since.map(|at| fact(text::FAILING_SINCE, view! { <When at/> }.into_any()));
    let next = health.next.clone();
    let next = next.map(|at| fact(text::NEXT, view! { <When at/> }.into_any()));
    let last = match health.last_sent.clone() {
        Some(at) => view! { <When at/> }.into_any(),
        None => view! { <span class="quiet">{text::NOTHING_SENT}</span> }.into_any(),
    };
    let sent = text::sent(health.sent);
    view! {
        <section class="integration-health" aria-label=text::HEALTH>
            <dl class="integration-health__facts">
                {fact(text::STATE, view! { <State state/> }.into_any())}
                {fact(text::BEHIND, view! { <Behind health/> }.into_any())}
                {since} {next}
                {fact(text::LAST_SENT, last)}
                {fact(text::SENT, sent.into_any())}
            </dl>
            {why} {reassurance}
        </section>
    }
    .into_any()
}

fn fact(title: &'static str, said: AnyView) -> AnyView {
    view! { <div class="integration-health__fact"><dt>{title}</dt><dd>{said}</dd></div> }.into_any()
}
