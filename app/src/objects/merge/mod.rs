//! Two things that are one: which other, what is kept of each, and what becomes of the one that goes.

mod candidates;
mod form;
mod text;

use super::{
    api::{MergeObjects, show_object, show_pair},
    frame::{Head, Tab},
    state::use_thing,
};
use crate::{
    error::AppError,
    pages::NotFound,
    ui::{form::conflicts, problem::Problem},
};
use candidates::Candidates;
use daybook_domain::{
    Error,
    id::ObjectId,
    object::{Object, Pair},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// What the page is about, by how far one has got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Step {
    /// The other is still to be chosen.
    Choosing(Box<Object>),
    Comparing(Box<Pair>),
}

#[component]
pub fn MergeOfThing() -> impl IntoView {
    let (thing, query) = (use_thing(), use_query_map());
    let merge = ServerAction::<MergeObjects>::new();
    let with = Memo::new(move |_| {
        query
            .read()
            .get("with")
            .and_then(|id| id.parse::<ObjectId>().ok())
    });
    // What somebody else has changed is shown before it is merged.
    let refused = conflicts(merge);
    let asked = Resource::new(
        move || (thing.get(), with.get(), refused.get()),
        |(thing, with, _)| async move {
            let (kind, id) = thing?;
            Some(match with {
                Some(with) => show_pair(kind, id, with)
                    .await
                    .map(|pair| Step::Comparing(Box::new(pair))),
                None => show_object(kind, id)
                    .await
                    .map(|thing| Step::Choosing(Box::new(thing))),
            })
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move { Some(whole(asked.await?, merge)) })}
        </Suspense>
    }
    .into_any()
}

fn whole(asked: Result<Step, AppError>, merge: ServerAction<MergeObjects>) -> AnyView {
    let (thing, part) = match asked {
        Ok(Step::Choosing(thing)) => (*thing.clone(), view! { <Candidates thing=*thing/> }.into_any()),
        Ok(Step::Comparing(pair)) => (pair.stays.clone(), form::form(*pair, merge)),
        Err(error) if *error.kind() == Error::NotFound => return view! { <NotFound/> }.into_any(),
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    let (kind, id, name, status) = (thing.kind, thing.id, thing.name().to_owned(), Some(thing.status));
    view! { <Head kind id name status tab=Tab::Merge/> {part} }.into_any()
}
