//! One try: what went out, what came back, how long it took.

use super::text;
use crate::{account::when::When, ui::number::span};
use daybook_domain::webhook::{Attempt, GotResponse, SentRequest};
use leptos::prelude::*;

#[component]
pub fn AttemptPart(
    attempt: Attempt,
    /// Shown unfolded.
    open: bool,
) -> impl IntoView {
    let title = text::attempt(attempt.number, attempt.cause);
    let micros = i64::try_from(attempt.took_ms.saturating_mul(1000)).unwrap_or(i64::MAX);
    let outcome = match &attempt.failure {
        None => view! { <span class="badge badge--create">{text::OK}</span> }.into_any(),
        Some(failure) => view! { <span class="badge badge--delete">{failure.kind.title()}</span> }.into_any(),
    };
    let detail = attempt
        .failure
        .map(|failure| view! { <p class="webhook-attempt__why">{failure.detail}</p> });
    let status = attempt.response.as_ref().map(|response| {
        view! { <code>{response.status}</code> }
    });
    view! {
        <details class="webhook-attempt" open=open>
            <summary class="webhook-attempt__head">
                <span class="webhook-attempt__title">{title}</span>
                {outcome} {status}
                <span class="quiet"><When at=attempt.at/> ", " {span(micros)}</span>
            </summary>
            {detail}
            <div class="webhook-attempt__sides">
                {request(attempt.request)}
                {response(attempt.response)}
            </div>
        </details>
    }
    .into_any()
}

fn request(request: SentRequest) -> AnyView {
    let headers = request.headers.into_iter().map(|(name, value)| {
        let value = match value {
            Some(value) => view! { <bdi>{value}</bdi> }.into_any(),
            None => view! { <span class="quiet">{text::HIDDEN}</span> }.into_any(),
        };
        view! { <div class="webhook-headers__row"><dt>{name}</dt><dd>{value}</dd></div> }
    });
    view! {
        <section class="webhook-attempt__side">
            <h4>{text::REQUEST}</h4>
            <p class="webhook-attempt__line"><code>{request.method} " " {request.url}</code></p>
            <dl class="webhook-headers">{headers.collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn response(response: Option<GotResponse>) -> AnyView {
    let shown = match response {
        None => view! { <p class="quiet">{text::NO_RESPONSE}</p> }.into_any(),
        Some(response) => {
            let headers = response.headers.into_iter().map(|(name, value)| {
                view! { <div class="webhook-headers__row"><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> }
            });
            let body = (!response.body.is_empty()).then(|| {
                view! { <pre class="webhook-body" tabindex="0"><code>{response.body}</code></pre> }
            });
            let cut = response
                .is_cut
                .then(|| view! { <p class="quiet">{text::CUT}</p> });
            view! {
                <p class="webhook-attempt__line"><code>{response.status}</code></p>
                <dl class="webhook-headers">{headers.collect_view()}</dl>
                {body} {cut}
            }
            .into_any()
        }
    };
    view! { <section class="webhook-attempt__side"><h4>{text::RESPONSE}</h4> {shown}</section> }.into_any()
}
