//! The forms that make and change a thing.

use super::{
    api::{CreateObject, UpdateObject, object_choices, show_object},
    fields::Fields,
    state::use_kind,
    text,
};
use crate::{
    pages::NotFound,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, meanwhile},
        problem::Problem,
    },
};
use daybook_domain::object::{Choices, Names, Object, ObjectKind, Values};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

/// The page of a thing to be made.
#[component]
pub fn NewThingPage() -> impl IntoView {
    let kind = use_kind();
    let action = ServerAction::<CreateObject>::new();
    let choices = Resource::new(
        move || kind.get(),
        |kind| async move { Some((kind?, object_choices(kind?).await)) },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match choices.await {
                    Some((kind, Ok(choices))) => view! { <NewForm kind choices action/> }.into_any(),
                    Some((_, Err(error))) => view! { <Problem error/> }.into_any(),
                    None => view! { <NotFound/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn NewForm(kind: ObjectKind, choices: Vec<Choices>, action: ServerAction<CreateObject>) -> impl IntoView {
    let state = FormState::of::<CreateObject>(action);
    view! {
        <Title text=text::new(kind)/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=kind.spec().path>{text::plural(kind)}</a></p>
            <h1>{text::new(kind)}</h1>
        </header>
        <ActionForm action>
            <input type="hidden" name="kind" value=kind.name()/>
            <div class="form thing-form">
                <Fields state kind values=Values::new() names=Names::new() choices/>
                <FormProblem state fields=names_of(kind)/>
                <div class="form__actions">
                    <SubmitButton state label=text::create(kind) pending=text::CREATING/>
                    <a class="button" href=kind.spec().path>{text::CANCEL}</a>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
pub fn EditPart(thing: Object, choices: Vec<Choices>, action: ServerAction<UpdateObject>) -> impl IntoView {
    let state = FormState::of::<UpdateObject>(action);
    let (kind, id) = (thing.kind, thing.id);
    let (values, names) = (thing.values.clone(), thing.names.clone());
    let again = move || async move { show_object(kind, id).await.ok() };
    let meanwhile = meanwhile(state, thing, again, routes::edit_thing(kind, id));
    view! {
        <ActionForm action>
            <input type="hidden" name="kind" value=kind.name()/>
            <input type="hidden" name="id" value=id.to_string()/>
            <div class="form thing-form">
                {meanwhile}
                <Fields state kind values names choices/>
                <FormProblem state fields=names_of(kind)/>
                <div class="form__actions">
                    <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    <a class="button" href=routes::thing(kind, id)>{text::CANCEL}</a>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// The fields that show what is wrong with them.
fn names_of(kind: ObjectKind) -> Vec<&'static str> {
    kind.spec()
        .properties
        .iter()
        .map(|property| property.name)
        .collect()
}
