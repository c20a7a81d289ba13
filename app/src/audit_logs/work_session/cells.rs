//! The cells of the columns that work sessions have for themselves.

use super::{LossBadge, text};
use crate::{
    audit_logs::{
        cells::{nothing, way_in},
        record::links::quoted,
        state::Place,
    },
    routes,
    ui::number::span,
};
use daybook_domain::{
    event::NamedRef,
    log::{FilterField, LogKind, LogScope},
    page::EventRow,
    query::LogQuery,
    work_session::{Happened, Status, WorkNote},
};
use leptos::prelude::*;

/// Whose session it is, and the way to their day.
pub fn agent(work: &WorkNote, row: &EventRow, place: &Place) -> AnyView {
    let Some(agent) = &work.agent else {
        return nothing();
    };
    let name = view! { <bdi>{agent.label.clone()}</bdi> }.into_any();
    let day = row.occurred.day.to_string();
    let href = routes::agent_day(&agent.key, Some(&day), place.query.tz.as_deref());
    view! {
        <span class="who">{way_in(place, FilterField::Agent, &agent.key, name)}</span>
        <small class="sub">
            <a class="way-in" href=href title=text::day_of(&agent.label)>
                {text::DAY} <span class="visually-hidden">" of " {agent.label.clone()}</span>
            </a>
        </small>
    }
    .into_any()
}

/// What happened and why, with the mark of a likely connection loss.
pub fn happened(work: &WorkNote, row: &EventRow, place: &Place) -> AnyView {
    let words = text::happened(work.happened).map_or_else(|| row.summary.clone(), str::to_owned);
    let words = view! { <span dir="auto">{words}</span> }.into_any();
    let reason = row.reason.clone();
    view! {
        {way_in(place, FilterField::EventType, &row.event_type, words)}
        {work.likely_connection_loss.then(|| view! { " " <LossBadge/> })}
        {reason.map(|reason| view! { <small class="sub" dir="auto">{reason}</small> })}
    }
    .into_any()
}

fn status_words(status: Option<&Status>) -> AnyView {
    match status {
        Some(Status(words)) => view! { <bdi>{words.clone()}</bdi> }.into_any(),
        None => view! { <span class="nothing">{text::SIGNED_OUT}</span> }.into_any(),
    }
}

/// Before and after.
pub fn status(work: &WorkNote) -> AnyView {
    let Some(change) = &work.status else {
        return nothing();
    };
    view! {
        <span class="from-to">
            {status_words(change.before.as_ref())}
            <span class="from-to__arrow"><span aria-hidden="true">" → "</span><span class="visually-hidden">" to "</span></span>
            <strong>{status_words(change.after.as_ref())}</strong>
        </span>
    }
    .into_any()
}

/// How long a session that ended had lasted.
pub fn signed_in(work: &WorkNote) -> AnyView {
    match work
        .signed_in_seconds
        .and_then(|seconds| i64::try_from(seconds).ok())
    {
        Some(seconds) => {
            view! { <span class="number">{span(seconds.saturating_mul(1_000_000))}</span> }.into_any()
        }
        None => nothing(),
    }
}

/// How many conversations of how many, and the one that made the difference.
pub fn capacity(work: &WorkNote, place: &Place) -> AnyView {
    let words = match (work.held, work.capacity, work.capacity_before) {
        (_, Some(after), Some(before)) => format!("{before} → {after}"),
        (Some(held), Some(most), None) => format!("{held} of {most}"),
        (Some(held), None, _) => format!("{held} held"),
        (None, Some(most), None) => format!("Up to {most}"),
        (None, None, _) => return nothing(),
    };
    let crossed = matches!(work.happened, Happened::OverCapacity | Happened::WithinCapacity);
    let by = work.conversation.as_ref().filter(|_| crossed).map(|conversation| {
        view! { <small class="sub"><span class="visually-hidden">"with "</span>{conversation_link(conversation, place.query.tz.clone())}</small> }
    });
    view! { <span class="number">{words}</span> {by} }.into_any()
}

/// A conversation as the way to its own log.
pub fn conversation_link(conversation: &NamedRef, tz: Option<String>) -> AnyView {
    let name = conversation.label().to_owned();
    let Some(id) = conversation.id.as_deref().filter(|id| !id.is_empty()) else {
        return view! { <bdi>{name}</bdi> }.into_any();
    };
    let query = LogQuery {
        tz,
        ..LogQuery::default()
    };
    let of_it = query.searching(&quoted("conversation", id));
    let href = routes::log(LogScope::One(LogKind::Conversation), &of_it);
    view! { <a class="way-in" href=href title=text::conversation(&name)><bdi>{name.clone()}</bdi></a> }
        .into_any()
}
