//! An agent's day in words: every stretch of it, every conversation, every time over capacity.

use super::{LossBadge, cells::conversation_link, text};
use crate::{routes, ui::number::span};
use daybook_domain::{
    time::{LocalTime, Timestamp},
    work_session::day::{AgentDay, Part, Span, State},
};
use leptos::prelude::*;

/// The end of a stretch: the day's own end has a name.
fn end(day: &AgentDay, at: &LocalTime) -> AnyView {
    let is = |moment: Timestamp| at.utc == moment;
    if is(day.to) {
        view! { <span class="number">"24:00:00"</span> }.into_any()
    } else if is(day.until) {
        view! { <span class="number">"Now"</span> }.into_any()
    } else {
        view! { <time datetime=at.utc.to_string()>{at.time.clone()}</time> }.into_any()
    }
}

fn row(day: &AgentDay, part: &Part<Span>) -> AnyView {
    let from = &part.from;
    let what = match part.span.state {
        State::Lost => view! { <LossBadge/> }.into_any(),
        state => view! { <span>{state.title()}</span> }.into_any(),
    };
    let what = match part.span.record {
        Some(record) => view! { <a class="way-in" href=routes::event(record)>{what}</a> }.into_any(),
        None => what,
    };
    let reason = part.span.reason.clone();
    view! {
        <tr>
            <td><time datetime=from.utc.to_string()>{from.time.clone()}</time></td>
            <td>{end(day, &part.to)}</td>
            <td><span class="number">{span(part.span.micros())}</span></td>
            <td>{what} {reason.map(|reason| view! { <small class="sub" dir="auto">{reason}</small> })}</td>
        </tr>
    }
    .into_any()
}

/// The stretches of the day, oldest first.
pub fn timeline(day: &AgentDay) -> AnyView {
    let rows = day.parts.iter().map(|part| row(day, part)).collect_view();
    view! {
        <section class="list day__list">
            <table class="day__table">
                <caption>{text::TIMELINE}</caption>
                {head(["From", "To", "For", "What"])}
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn head<const N: usize>(columns: [&'static str; N]) -> AnyView {
    let columns = columns.map(|column| view! { <th scope="col">{column}</th> });
    view! { <thead><tr>{columns.into_iter().collect_view()}</tr></thead> }.into_any()
}

/// The conversations the agent was given, each with its record and its own log.
pub fn conversations(day: &AgentDay, tz: Option<&String>) -> Option<AnyView> {
    let rows = day.assigned.iter().map(|assigned| {
        let at = assigned.at.clone();
        view! {
            <tr>
                <td>
                    <a class="way-in" href=routes::event(assigned.record)><time datetime=at.utc.to_string()>{at.time}</time></a>
                </td>
                <td>{conversation_link(&assigned.conversation, tz.cloned())}</td>
            </tr>
        }
    });
    (!day.assigned.is_empty()).then(|| {
        view! {
            <section class="list day__list">
                <table class="day__table">
                    <caption>{text::CONVERSATIONS}</caption>
                    {head(["At", "Conversation"])}
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any()
    })
}

/// When the agent held more than they may.
pub fn over_capacity(day: &AgentDay, tz: Option<&String>) -> Option<AnyView> {
    let rows = day.over.iter().map(|part| {
        let conversation = part.span.conversation.as_ref();
        let conversation = conversation.map(|conversation| conversation_link(conversation, tz.cloned()));
        let from = part.from.clone();
        view! {
            <tr>
                <td><time datetime=from.utc.to_string()>{from.time}</time></td>
                <td>{end(day, &part.to)}</td>
                <td><span class="number">{span(part.span.to.micros() - part.span.from.micros())}</span></td>
                <td>{conversation}</td>
            </tr>
        }
    });
    (!day.over.is_empty()).then(|| {
        view! {
            <section class="list day__list">
                <table class="day__table">
                    <caption>{text::OVER}</caption>
                    {head(["From", "To", "For", "Because of"])}
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any()
    })
}
