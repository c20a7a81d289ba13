//! One type of event that Daybook emits: what it means, what it carries, what it looks like.

use super::text;
use crate::{
    routes,
    ui::{badge::ActionBadge, copy::Snippet, number::counted},
};
use daybook_domain::{
    catalogue::{Entry, Field, SeenType},
    log::{FilterField, LogScope},
    query::LogQuery,
};
use leptos::prelude::*;

#[component]
pub fn EventType(entry: Entry) -> impl IntoView {
    let Entry {
        event_type,
        title,
        log,
        sections,
        action,
        meaning,
        fields,
        since,
        example,
        seen,
    } = entry;
    let anchor = event_type.clone();
    let records = match seen {
        Some(seen) => view! { <Records seen/> }.into_any(),
        None => view! { <span class="nothing">{text::NO_RECORDS}</span> }.into_any(),
    };
    view! {
        <article class="event-type" id=anchor>
            <header class="event-type__head">
                <h3 class="event-type__title">{title}</h3>
                <a class="event-type__name mono" href=routes::event_type(&event_type)>{event_type.clone()}</a>
                <ActionBadge action/>
                <span class="event-type__records">{records}</span>
            </header>
            <p class="event-type__meaning">{prose(&meaning)}</p>
            <Fields fields/>
            <details class="event-type__example">
                <summary>{text::EXAMPLE} <span class="visually-hidden">" of " {event_type.clone()}</span></summary>
                <Snippet text=example/>
            </details>
            <p class="event-type__facts">{text::facts(log, &sections, &since)}</p>
        </article>
    }
    .into_any()
}

#[component]
fn Fields(fields: Vec<Field<String>>) -> impl IntoView {
    if fields.is_empty() {
        return view! { <p class="event-type__bare">{text::ONLY_COMMON}</p> }.into_any();
    }
    let rows = fields.into_iter().map(|field| {
        let notes = text::notes(&field);
        view! {
            <div class="fields__field">
                <dt><code>{field.path}</code></dt>
                <dd>{prose(&field.description)} {notes.map(|notes| view! { " " <span class="fields__note">{notes}</span> })}</dd>
            </div>
        }
    });
    view! { <dl class="fields">{rows.collect_view()}</dl> }.into_any()
}

/// How many records there are, as the way to them.
#[component]
pub fn Records(seen: SeenType) -> impl IntoView {
    let scope = match seen.logs.as_slice() {
        [(log, _)] => LogScope::One(*log),
        _ => LogScope::All,
    };
    let query = LogQuery::default().narrowed(FilterField::EventType, &seen.event_type);
    view! {
        <a class="event-type__link" href=routes::log(scope, &query)>
            {counted(seen.count, "record", "records")}
            <span class="visually-hidden">" of " {seen.event_type}</span>
        </a>
    }
}

/// Words in backticks as code.
fn prose(text: &str) -> impl IntoView + use<> {
    let parts = text.split('`').enumerate().map(|(at, part)| {
        let part = part.to_owned();
        if at % 2 == 1 {
            view! { <code>{part}</code> }.into_any()
        } else {
            part.into_any()
        }
    });
    parts.collect_view()
}
