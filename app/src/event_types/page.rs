//! The page of the catalogue.

use super::{
    api::list_event_types,
    entry::EventType,
    others::Others,
    search::{SearchBox, use_search},
    text,
};
use crate::{error::AppError, routes, ui::problem::Problem};
use daybook_domain::catalogue::{Group, Listing};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

/// What was asked, with the answer: while the next one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Answered {
    q: String,
    listing: Result<Listing, AppError>,
}

#[component]
pub fn EventTypesPage() -> impl IntoView {
    let q = use_search();
    let answered = Resource::new(
        move || q.get(),
        |q| async move {
            let listing = list_event_types(q.clone()).await;
            Answered { q, listing }
        },
    );
    let pending = RwSignal::new(false);
    let found = move || {
        let answered = answered.get()?;
        let listing = answered.listing.ok()?;
        Some(text::found(&listing, &answered.q))
    };
    view! {
        <Title text=text::TITLE/>
        <header class="page-head">
            <h1>{text::TITLE}</h1>
            <p class="page-head__about">{text::LEAD}</p>
        </header>
        <SearchBox q/>
        <p class="event-types__found" role="status">
            <Transition>{found}</Transition>
        </p>
        <div class="event-types" aria-busy=move || pending.get().then_some("true")>
            <div class="progress" class:progress--on=pending></div>
            <Transition set_pending=pending.write_only()>
                {move || answered.get().map(|answered| match answered.listing {
                    Ok(listing) => view! { <Catalogue listing q=answered.q/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Catalogue(listing: Listing, q: String) -> impl IntoView {
    if listing.groups.is_empty() && listing.others.is_empty() && !q.is_empty() {
        return view! {
            <div class="notice">
                <h2 class="notice__title" dir="auto">{text::nothing_found(&q)}</h2>
                <p>{text::NOTHING_FOUND_LEAD}</p>
                <p><a class="button" href=routes::EVENT_TYPES>{text::ALL}</a></p>
            </div>
        }
        .into_any();
    }
    let narrowed = !q.is_empty();
    let (_, others_of) = listing.of;
    let common = (!listing.groups.is_empty()).then(|| {
        view! { <p class="event-types__common">{text::COMMON}</p> }
    });
    let groups = listing
        .groups
        .into_iter()
        .map(|group| view! { <Category group/> })
        .collect_view();
    // A search that others' types have no part in says nothing of them.
    let others = (!narrowed || !listing.others.is_empty())
        .then(|| view! { <Others others=listing.others of=others_of narrowed/> });
    view! { {common} {groups} {others} }.into_any()
}

#[component]
fn Category(group: Group) -> impl IntoView {
    let id = text::anchor(&group.category);
    let types = group
        .types
        .into_iter()
        .map(|entry| view! { <EventType entry/> })
        .collect_view();
    view! {
        <section class="event-types__group" aria-labelledby=id.clone()>
            <h2 class="event-types__title" id=id.clone()>{group.category}</h2>
            {types}
        </section>
    }
    .into_any()
}
