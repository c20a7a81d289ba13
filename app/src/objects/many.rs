//! One change of many things: those ticked in a list, or all that match.

use super::{
    api::{DeleteObjects, SwitchObjects, UpdateObjects, choose_objects, object_choices},
    fields::field,
    state::ThingsState,
    text,
};
use crate::{
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        form::{Confirm, FormProblem, FormState, SubmitButton, Weight},
        problem::Problem,
    },
};
use daybook_domain::{
    id::ObjectId,
    object::{
        Choices, Chosen, ManyChoice, ManyWay, Names, ObjectKind, ObjectQuery, ObjectStatus, Property,
        unreadable,
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

type Actions = (
    ServerAction<UpdateObjects>,
    ServerAction<SwitchObjects>,
    ServerAction<DeleteObjects>,
);

#[component]
pub fn ManyPage() -> impl IntoView {
    let (state, parameters) = (ThingsState::from_url(), use_query_map());
    let ids = Memo::new(move |_| {
        let ids = parameters.with(|parameters| parameters.get_all("id").unwrap_or_default());
        ids.iter()
            .filter_map(|id| id.parse().ok())
            .collect::<Vec<ObjectId>>()
    });
    let all = Memo::new(move |_| parameters.with(|parameters| parameters.get("all").is_some()));
    let actions: Actions = (ServerAction::new(), ServerAction::new(), ServerAction::new());
    let asked = Resource::new(
        move || {
            (
                state.kind.get(),
                ids.get(),
                all.get(),
                state.query.get(),
                state.problems.get(),
            )
        },
        |(kind, ids, all, query, problems)| async move {
            let kind = kind?;
            if !problems.is_empty() {
                return Some(Err(AppError::from(unreadable(problems))));
            }
            let choice = if all {
                ManyChoice::All(query)
            } else {
                ManyChoice::Some(ids)
            };
            Some(
                match (choose_objects(kind, choice).await, object_choices(kind).await) {
                    (Ok(chosen), Ok(choices)) => Ok((kind, chosen, choices)),
                    (Err(error), _) | (_, Err(error)) => Err(error),
                },
            )
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match asked.await {
                    Some(Ok((kind, chosen, choices))) => whole(kind, chosen, &choices, actions),
                    Some(Err(error)) => view! { <Problem error/> }.into_any(),
                    None => view! { <NotFound/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn whole(kind: ObjectKind, chosen: Chosen, choices: &[Choices], actions: Actions) -> AnyView {
    let count = chosen.things.len();
    let title = text::change_many(kind, count);
    let back = routes::things(kind, &ObjectQuery::default());
    if count == 0 || chosen.more {
        let said = if chosen.more {
            text::too_many()
        } else {
            text::NONE_CHOSEN.to_owned()
        };
        return view! {
            <Title text=title.clone()/>
            <header class="page-head"><h1>{title}</h1></header>
            <p class="notice">{said}</p>
            <p><a class="button" href=back>{text::plural(kind)}</a></p>
        }
        .into_any();
    }
    let ids: Vec<_> = chosen.things.iter().map(|(id, _)| *id).collect();
    let names = chosen.things.into_iter().map(|(id, name)| {
        view! { <li><a class="link" href=routes::thing(kind, id)><bdi>{name}</bdi></a></li> }
    });
    let (update, switch, delete) = actions;
    let names = names.collect_view();
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=back>{text::plural(kind)}</a></p>
            <h1>{title}</h1>
            <p class="page-head__about">{text::MANY_ABOUT}</p>
        </header>
        <details class="many__chosen" open=count <= 10>
            <summary>{text::chosen(kind, count)}</summary>
            <ul class="values many__names">{names}</ul>
        </details>
        {change_form(kind, &ids, choices, update)}
        {ends(kind, &ids, switch, delete)}
    }
    .into_any()
}

fn change_form(
    kind: ObjectKind,
    ids: &[ObjectId],
    choices: &[Choices],
    update: ServerAction<UpdateObjects>,
) -> AnyView {
    let state = FormState::of::<UpdateObjects>(update);
    let shared = || kind.spec().shared();
    let fields: Vec<_> = shared().map(|property| one(state, property, choices)).collect();
    let known: Vec<_> = shared().map(|property| property.name).collect();
    let (about, label) = (which(kind, ids), text::change_these(kind, ids.len()));
    view! {
        <ActionForm action=update>
            {about}
            <div class="form thing-form many__form">
                {fields}
                <FormProblem state fields=known/>
                <div class="form__actions">
                    <SubmitButton state label pending=text::SAVING/>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// How a property is changed, and to what.
fn one(state: FormState, property: &'static Property, choices: &[Choices]) -> AnyView {
    let (id, name) = (format!("way-{}", property.name), text::way_of(property.name));
    let chosen = state.typed(&name).and_then(|way| ManyWay::from_name(&way));
    let ways = ManyWay::of(property).map(|way| {
        view! { <option value=way.name() selected=chosen == Some(way)>{way.title()}</option> }
    });
    let ways = ways.collect_view();
    let value = field(state, property, Vec::new(), &Names::new(), choices);
    view! {
        <fieldset class="many__property">
            <legend>{property.title}</legend>
            <label class="visually-hidden" for=id.clone()>{text::how_changed(property.title)}</label>
            <select class="input many__way" id=id name=name>
                <option value="">{text::LEAVE}</option>
                {ways}
            </select>
            <div class="many__value">{value}</div>
        </fieldset>
    }
    .into_any()
}

/// Out of use, into use again, and away for good.
fn ends(
    kind: ObjectKind,
    ids: &[ObjectId],
    switch: ServerAction<SwitchObjects>,
    delete: ServerAction<DeleteObjects>,
) -> AnyView {
    let count = ids.len();
    let to = |status: ObjectStatus, label: &'static str, question: String, said: String, weight: Weight| {
        let (state, about) = (FormState::of::<SwitchObjects>(switch), which(kind, ids));
        view! {
            <Confirm label question>
                <ActionForm action=switch>
                    {about}
                    <input type="hidden" name="status" value=status.name()/>
                    <SubmitButton state label=said pending=text::SAVING weight/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        }
    };
    let (state, about) = (FormState::of::<DeleteObjects>(delete), which(kind, ids));
    let pair = match *ids {
        [one, other] => Some(
            view! { <a class="button" href=routes::merge_with(kind, one, other)>{text::MERGE_THESE}</a> },
        ),
        _ => None,
    };
    view! {
        <div class="thing__ends">
            {pair}
            {to(
                ObjectStatus::Deactivated,
                text::DEACTIVATE,
                text::deactivate_many_question(kind, count),
                text::deactivate_many(kind, count),
                Weight::Danger,
            )}
            {to(
                ObjectStatus::Active,
                text::REACTIVATE_ALL,
                text::reactivate_many_question(kind, count),
                text::reactivate_many(kind, count),
                Weight::Danger,
            )}
            <Confirm label=text::DELETE question=text::delete_many_question(kind, count)>
                <ActionForm action=delete>
                    {about}
                    <SubmitButton state label=text::delete_many(kind, count) pending=text::DELETING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        </div>
    }
    .into_any()
}

/// What a form is about.
fn which(kind: ObjectKind, ids: &[ObjectId]) -> AnyView {
    let ids = ids
        .iter()
        .map(|id| view! { <input type="hidden" name="ids[]" value=id.to_string()/> });
    view! { <input type="hidden" name="kind" value=kind.name()/> {ids.collect_view()} }.into_any()
}
