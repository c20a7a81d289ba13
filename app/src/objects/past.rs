//! A thing as it was: a moment of its life beside now, and the way back to values of then.

use super::{
    api::{RestoreObject, show_object_then},
    frame::{Head, Tab},
    state::use_thing,
    table::Status,
    text,
    values::value,
};
use crate::{
    pages::NotFound,
    past::{self, Line, PastPage},
    routes,
    ui::{
        form::{FormState, conflicts, successes},
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    compare::{Moment, Point},
    object::{Object, ObjectKind, ObjectThen, STATUS, StateThen},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;

#[component]
pub fn PastOfThing() -> impl IntoView {
    let (thing, query) = (use_thing(), use_query_map());
    let restore = ServerAction::<RestoreObject>::new();
    // What somebody else has changed is shown before it is restored.
    let (restored, refused) = (successes(restore), conflicts(restore));
    let point = Memo::new(move |_| {
        let at = query.read().get("at").unwrap_or_default();
        at.parse::<Point>().unwrap_or_default()
    });
    let then = Resource::new(
        move || (thing.get(), point.get(), restored.get(), refused.get()),
        |(thing, point, ..)| async move {
            let (kind, id) = thing?;
            Some(show_object_then(kind, id, point).await)
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                Some(match then.await? {
                    Ok(then) => whole(then, restore),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Suspense>
    }
    .into_any()
}

fn whole(then: ObjectThen, restore: ServerAction<RestoreObject>) -> AnyView {
    let (kind, id) = (then.kind, then.id);
    let status = then.now.as_ref().map(|now| now.status);
    let (name, gone) = (then.name.clone(), status.is_none());
    let both = match (&then.then, then.now) {
        (None, _) => view! { <p class="notice">{past::text::NOT_THERE}</p> }.into_any(),
        (Some(_), None) => ().into_any(),
        (Some(was), Some(now)) => beside(&then.moment, was, now, restore),
    };
    let page = PastPage {
        address: Box::new(move |at: Option<&Point>| routes::thing_past(kind, id, at)),
        moment: then.moment,
        zone: then.zone,
        history: then.history,
        more: then.more,
        states: both,
    };
    view! {
        <Head kind id name status gone tab=Tab::Past/>
        {page.view()}
    }
    .into_any()
}

fn lines(was: &StateThen, now: &Object, kind: ObjectKind) -> Vec<Line> {
    let status = Line {
        property: STATUS.to_owned(),
        title: text::STATUS.to_owned(),
        then: view! { <Status status=was.status/> }.into_any(),
        now: Some(view! { <Status status=now.status/> }.into_any()),
        differs: now.status != was.status,
        gives_back: true,
    };
    let properties = kind.spec().properties.iter().filter_map(|property| {
        let (of_then, of_now) = (was.values.get(property.name), now.values.get(property.name));
        // What is empty at both moments says nothing.
        (of_then.is_some() || of_now.is_some()).then(|| Line {
            property: property.name.to_owned(),
            title: property.title.to_owned(),
            then: value(property, of_then, &was.names),
            now: Some(value(property, of_now, &now.names)),
            differs: of_now != of_then,
            gives_back: true,
        })
    });
    std::iter::once(status).chain(properties).collect()
}

/// Then and now side by side. Who may change the thing can tick what is to be as it was.
fn beside(moment: &Moment, was: &StateThen, now: Object, restore: ServerAction<RestoreObject>) -> AnyView {
    let lines = lines(was, &now, now.kind);
    let differs = lines.iter().any(|line| line.differs);
    if !differs || lacking(&[now.kind.spec().change]).is_some() {
        return past::beside(lines);
    }
    let state = FormState::of::<RestoreObject>(restore);
    let at = past::sent_as(moment);
    view! {
        <ActionForm action=restore>
            <input type="hidden" name="kind" value=now.kind.name()/>
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=now.version/>
            <input type="hidden" name="at" value=at/>
            {past::table(lines, state)}
        </ActionForm>
    }
    .into_any()
}
