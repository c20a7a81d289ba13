//! The latest attempts of an integration: what was sent when, and what came of it.

use super::text;
use crate::{
    account::when::When,
    ui::number::{bytes, span, thousands},
};
use daybook_domain::{delivery::Failure, integration::StreamAttempt};
use leptos::prelude::*;

const COLUMNS: &str = "7";

pub fn attempts(attempts: Vec<StreamAttempt>) -> AnyView {
    if attempts.is_empty() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NO_ATTEMPTS}</h2>
                <p>{text::NO_ATTEMPTS_ADVICE}</p>
            </div>
        }
        .into_any();
    }
    let heads = [
        text::AT,
        text::CAUSE,
        text::EVENTS,
        text::RECORDS,
        text::SIZE,
        text::TOOK,
        text::OUTCOME,
    ];
    let heads = heads.map(|title| view! { <th scope="col">{title}</th> });
    let bodies = attempts.into_iter().map(attempt);
    view! {
        <section class="integration__part">
            <h2>{text::ATTEMPTS}</h2>
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::ATTEMPTS>
                    <thead><tr>{heads.collect_view()}</tr></thead>
                    {bodies.collect_view()}
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// What was sent, and in a row of its own what there is to say of how it ended.
fn attempt(attempt: StreamAttempt) -> AnyView {
    let micros = i64::try_from(attempt.took_ms.saturating_mul(1000)).unwrap_or(i64::MAX);
    let records = attempt.records.map_or(text::NONE.to_owned(), text::records);
    let outcome = outcome(attempt.failure.as_ref(), attempt.status);
    let detail = detail(attempt.failure, attempt.answer);
    view! {
        <tbody class="integration-attempt">
            <tr class="plain-table__row">
                <th scope="row"><When at=attempt.at/></th>
                <td data-label=text::CAUSE>{text::cause(attempt.cause)}</td>
                <td data-label=text::EVENTS>{thousands(attempt.events)}</td>
                <td data-label=text::RECORDS class="integration__number">{records}</td>
                <td data-label=text::SIZE class="integration__number">{bytes(attempt.bytes)}</td>
                <td data-label=text::TOOK class="integration__number">{span(micros)}</td>
                <td data-label=text::OUTCOME>{outcome}</td>
            </tr>
            {detail}
        </tbody>
    }
    .into_any()
}

fn outcome(failure: Option<&Failure>, status: Option<u16>) -> AnyView {
    let badge = match failure {
        None => view! { <span class="badge badge--create">{text::OK}</span> }.into_any(),
        Some(failure) => {
            view! { <span class="badge badge--failure">{failure.kind.title()}</span> }.into_any()
        }
    };
    let status = status.map(|status| view! { " " <code>{status}</code> });
    view! { {badge} {status} }.into_any()
}

fn detail(failure: Option<Failure>, answer: Option<String>) -> Option<AnyView> {
    let answer = answer.filter(|answer| !answer.is_empty());
    if failure.is_none() && answer.is_none() {
        return None;
    }
    let why = failure.map(|failure| view! { <p>{failure.detail}</p> });
    let answer = answer.map(|answer| {
        view! {
            <details>
                <summary class="link-button">{text::ANSWER}</summary>
                <pre class="integration-attempt__answer" tabindex="0"><code><bdi>{answer}</bdi></code></pre>
            </details>
        }
    });
    let detail = view! {
        <tr class="plain-table__detail integration-attempt__detail">
            <td colspan=COLUMNS>{why} {answer}</td>
        </tr>
    };
    Some(detail.into_any())
}
