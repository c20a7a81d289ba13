//! The same in numbers: by day, week or month, and of the most active.

use super::{
    text,
    view::{Address, number},
};
use crate::{routes, ui::number::thousands, viewer::lacking};
use daybook_domain::{
    analytics::{Ranked, Usage, UsageQuery, Whose},
    id::ObjectId,
    object::ObjectKind,
    query::LogQuery,
};
use leptos::prelude::*;

/// The numbers behind the charts.
pub fn by_time(usage: &Usage) -> AnyView {
    let of_contact = matches!(usage.query.whose, Whose::Contact(_));
    let mut heads = vec![usage.by.title(), text::ACTIVITIES];
    if !of_contact {
        heads.extend([text::USERS, text::COMPANIES, text::NEW, text::RETURNING]);
    }
    let rows = usage.bars.iter().map(|bar| {
        let figures = bar.figures;
        let mut cells = vec![number(figures.activities, || usage.query.records(bar.span))];
        if !of_contact {
            let rest = [
                figures.users,
                figures.companies,
                figures.new_users,
                figures.returning(),
            ];
            cells.extend(rest.map(|count| thousands(count).into_any()));
        }
        row(bar.label.clone().into_any(), cells, &heads)
    });
    let rows = rows.collect_view();
    view! {
        <details class="usage__table">
            <summary class="link-button">{text::AS_A_TABLE}</summary>
            {table(text::AS_A_TABLE, &heads, rows.into_any())}
        </details>
    }
    .into_any()
}

fn row(first: AnyView, cells: Vec<AnyView>, heads: &[&'static str]) -> AnyView {
    let cells = cells.into_iter().zip(heads.iter().skip(1).copied());
    let cells =
        cells.map(|(cell, head)| view! { <td data-label=head class="plain-table__number">{cell}</td> });
    view! { <tr class="plain-table__row"><th scope="row">{first}</th> {cells.collect_view()}</tr> }.into_any()
}

fn table(label: &'static str, heads: &[&'static str], rows: AnyView) -> AnyView {
    let heads = heads.iter().enumerate().map(|(at, head)| {
        view! { <th scope="col" class:plain-table__number=at != 0>{*head}</th> }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=label>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody class="plain-table__group">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Companies, contacts and event types. A page of one has no list of itself.
pub fn most_active(usage: &Usage, address: &Address) -> AnyView {
    let query = &usage.query;
    let companies = |one: &Ranked| query.of_company(usage.span, &one.key);
    let contacts = |one: &Ranked| query.of_contact(usage.span, &one.key);
    let types = |one: &Ranked| query.of_event_type(usage.span, &one.key);
    let is_all = query.whose == Whose::All;
    let only_company = |one: &Ranked| only(is_all, query, address, Whose::Company(vec![one.key.clone()]));
    let only_contact = |one: &Ranked| only(is_all, query, address, Whose::Contact(vec![one.key.clone()]));
    let of_contact = matches!(query.whose, Whose::Contact(_));
    let page = |kind| move |one: &Ranked| page_of(kind, one.thing);
    view! {
        <div class="activity__tables">
            {is_all.then(|| ranked(
                text::TOP_COMPANIES, text::COMPANY, &usage.companies, &companies, &page(ObjectKind::Company), &only_company,
            ))}
            {(!of_contact).then(|| ranked(
                text::TOP_CONTACTS, text::CONTACT, &usage.contacts, &contacts, &page(ObjectKind::Contact), &only_contact,
            ))}
            {ranked(text::TOP_EVENT_TYPES, text::EVENT_TYPE, &usage.event_types, &types, &|_| None, &|_| None)}
        </div>
    }
    .into_any()
}

/// The figures of one alone.
fn only(is_all: bool, query: &UsageQuery, address: &Address, whose: Whose) -> Option<String> {
    is_all.then(|| {
        address(&UsageQuery {
            whose,
            ..query.clone()
        })
    })
}

/// The page of a thing, where the directory has it and the viewer may see that.
fn page_of(kind: ObjectKind, thing: Option<ObjectId>) -> Option<String> {
    let may = lacking(&[kind.spec().see]).is_none();
    thing.filter(|_| may).map(|id| routes::thing(kind, id))
}

fn ranked(
    title: &'static str,
    what: &'static str,
    all: &[Ranked],
    list: &dyn Fn(&Ranked) -> LogQuery,
    page: &dyn Fn(&Ranked) -> Option<String>,
    only: &dyn Fn(&Ranked) -> Option<String>,
) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let heads = [what, text::ACTIVITIES];
    let rows = all.iter().map(|one| {
        let name = one.name.clone();
        let name = match page(one) {
            Some(href) => view! { <a class="row-link" href=href><bdi>{name}</bdi></a> }.into_any(),
            None => view! { <bdi>{name}</bdi> }.into_any(),
        };
        let only = only(one).map(|href| {
            let about = format!(": {}", one.name);
            view! { " " <a class="link usage__only" href=href>{text::ONLY} <span class="visually-hidden">{about}</span></a> }
        });
        let first = view! { {name} {only} }.into_any();
        row(first, vec![number(one.activities, || list(one))], &heads)
    });
    let rows = rows.collect_view();
    view! {
        <section class="part">
            <h2 class="part__title">{title}</h2>
            {table(title, &heads, rows.into_any())}
        </section>
    }
    .into_any()
}
