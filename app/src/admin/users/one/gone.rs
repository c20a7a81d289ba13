//! Of a user who was deleted: when, by whom, and what they were.

use super::text;
use crate::{audit_logs::record::readable, routes};
use daybook_domain::activity::Deletion;
use leptos::prelude::*;

#[component]
pub fn Gone(name: String, deleted: Deletion) -> impl IntoView {
    let Deletion {
        record,
        at,
        by,
        state,
    } = deleted;
    let facts = state.into_iter().map(|(property, value)| {
        view! { <div><dt>{readable(&property)}</dt><dd><bdi>{value}</bdi></dd></div> }
    });
    view! {
        <section class="part" aria-labelledby="gone-title">
            <h2 class="part__title" id="gone-title">{text::WHAT_THEY_WERE}</h2>
            <p class="part__lead">
                {text::deleted_on(&name)} " "
                <time datetime=at.utc.to_string()>{at.date} " " {at.time}</time>
                " by " <bdi>{by}</bdi> ". " {text::RECORDS_STAY} " "
                <a class="link" href=routes::event(record)>{text::ITS_RECORD}</a>
            </p>
            <dl class="facts">{facts.collect_view()}</dl>
        </section>
    }
    .into_any()
}
