//! The tables of a summary. Each number leads to the records it counts.

use super::text;
use crate::{
    audit_logs::{searching, text::at_least},
    routes,
    ui::number::thousands,
};
use daybook_domain::{
    activity::{ActivityQuery, ActivitySummary, Other, SignIns},
    event::{Action, Outcome},
    facet::Facet,
    log::{FilterField, LogScope},
    query::LogQuery,
    time::LocalTime,
};
use leptos::prelude::*;

fn all(query: &LogQuery) -> String {
    routes::log(LogScope::All, query)
}

/// A line of a table: what it is, where it leads, and what stands beside it.
struct Line {
    label: String,
    href: String,
    cells: Vec<AnyView>,
}

/// Nothing where there are no lines.
fn table(
    id: &'static str,
    title: &'static str,
    heads: &[&'static str],
    lines: Vec<Line>,
    note: Option<String>,
) -> AnyView {
    if lines.is_empty() {
        return ().into_any();
    }
    let others = heads.iter().skip(1).copied().collect::<Vec<_>>();
    let rows = lines.into_iter().map(|line| {
        let cells = line.cells.into_iter().zip(others.clone());
        let cells =
            cells.map(|(cell, head)| view! { <td data-label=head class="plain-table__number">{cell}</td> });
        view! {
            <tr class="plain-table__row">
                <th scope="row"><a class="row-link" href=line.href><bdi>{line.label}</bdi></a></th>
                {cells.collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = heads.iter().enumerate().map(|(at, head)| {
        view! { <th scope="col" class:plain-table__number=at != 0>{*head}</th> }
    });
    view! {
        <section class="part" aria-labelledby=id>
            <h2 class="part__title" id=id>{title}</h2>
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby=id>
                    <thead><tr>{heads.collect_view()}</tr></thead>
                    <tbody class="plain-table__group">{rows}</tbody>
                </table>
                {note.map(|note| view! { <p class="plain-table__foot">{note}</p> })}
            </div>
        </section>
    }
    .into_any()
}

fn number(count: u64) -> AnyView {
    thousands(count).into_any()
}

/// What was done, by section and by kind of act.
pub fn facets(summary: &ActivitySummary, list: &LogQuery) -> AnyView {
    let lines = |facet: &Facet| {
        let values = facet.values.iter().map(|value| Line {
            label: value.label.clone(),
            href: all(&list.narrowed(facet.field, value.value.as_str())),
            cells: vec![at_least(value.count, facet.exact).into_any()],
        });
        values.collect::<Vec<_>>()
    };
    let one = |field, id, title| {
        let facet = summary.facet(field)?;
        let note = (!facet.exact).then(|| text::OF_THE_NEWEST.to_owned());
        Some(table(id, title, &[text::WHAT, text::RECORDS], lines(facet), note))
    };
    view! {
        {one(FilterField::Section, "sections-title", text::SECTIONS)}
        {one(FilterField::Action, "actions-title", text::ACTIONS)}
    }
    .into_any()
}

fn moment(at: &LocalTime) -> AnyView {
    let (utc, shown) = (at.utc.to_string(), format!("{} {}", at.date, at.time));
    view! { <time datetime=utc>{shown}</time> }.into_any()
}

/// From where they did it.
pub fn places(summary: &ActivitySummary, list: &LogQuery) -> AnyView {
    let lines = summary.places.iter().map(|place| Line {
        label: place.ip.clone(),
        href: all(&list.narrowed(FilterField::Ip, place.ip.as_str())),
        cells: vec![number(place.records), moment(&place.first), moment(&place.last)],
    });
    let note = summary.more_places.then(|| text::MORE_PLACES.to_owned());
    let heads = [text::ADDRESS, text::RECORDS, text::FIRST, text::LAST];
    table("places-title", text::PLACES, &heads, lines.collect(), note)
}

/// Who appeared as them, and as whom they appeared.
pub fn impersonation(summary: &ActivitySummary, query: &ActivityQuery) -> AnyView {
    let lines = |others: &[Other], list: &dyn Fn(&Other) -> LogQuery| {
        let lines = others.iter().map(|other| Line {
            label: other.label.clone(),
            href: all(&list(other)),
            cells: vec![number(other.records)],
        });
        lines.collect::<Vec<_>>()
    };
    let heads = [text::WHO, text::RECORDS];
    let by = |other: &Other| searching(&query.list(), "impersonator", &other.key);
    let others = |other: &Other| {
        let as_them = query.period().narrowed(FilterField::Actor, other.key.as_str());
        searching(&as_them, "impersonator", &query.actor)
    };
    view! {
        {table("by-title", text::IMPERSONATED_BY, &heads, lines(&summary.impersonated_by, &by), None)}
        {table("others-title", text::IMPERSONATED, &heads, lines(&summary.impersonated, &others), None)}
    }
    .into_any()
}

pub fn sign_ins(sign_ins: &SignIns, list: &LogQuery) -> AnyView {
    let list = list.narrowed(FilterField::Action, Action::Login.name());
    let of = |outcome: Outcome, count: u64| {
        let href = all(&list.narrowed(FilterField::Outcome, outcome.name()));
        view! { <a class="row-link" href=href>{thousands(count)}</a> }.into_any()
    };
    let latest = match &sign_ins.last {
        Some(at) => moment(at),
        None => text::NONE.into_any(),
    };
    let items = [
        (text::SIGN_INS, of(Outcome::Success, sign_ins.succeeded)),
        (text::FAILED, of(Outcome::Failure, sign_ins.failed)),
        (text::LAST_SIGN_IN, latest),
    ];
    let items = items.map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! { <dl class="day__totals">{items.into_iter().collect_view()}</dl> }.into_any()
}
