//! The forms that make and change a thing.

use super::{
    api::{CreateObject, UpdateObject, object_choices, show_object},
    fields::{Fields, asked_of},
    state::use_kind,
    text,
    variants::{Variants, fixed_variant, use_variant},
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
    let variant = use_variant(kind);
    let action = ServerAction::<CreateObject>::new();
    let choices = Resource::new(
        move || kind.get(),
        |kind| async move { Some((kind?, object_choices(kind?).await)) },
    );
    view! {
        <Suspense>
            {move || {
                let variant = variant.get();
                Suspend::new(async move {
                    match choices.await {
                        Some((kind, Ok(choices))) => new_part(kind, variant, choices, action),
                        Some((_, Err(error))) => view! { <Problem error/> }.into_any(),
                        None => view! { <NotFound/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// The form; before it, where there are several variants, the question which one it is.
fn new_part(
    kind: ObjectKind,
    variant: Option<String>,
    choices: Vec<Choices>,
    action: ServerAction<CreateObject>,
) -> AnyView {
    let chosen = variant.is_some() || kind.spec().variant.is_none();
    let rest = if chosen {
        new_form(kind, variant, choices, action)
    } else {
        view! { <Variants kind/> }.into_any()
    };
    view! {
        <Title text=text::new(kind)/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=kind.spec().path>{text::plural(kind)}</a></p>
            <h1>{text::new(kind)}</h1>
        </header>
        {rest}
    }
    .into_any()
}

fn new_form(
    kind: ObjectKind,
    variant: Option<String>,
    choices: Vec<Choices>,
    action: ServerAction<CreateObject>,
) -> AnyView {
    let state = FormState::of::<CreateObject>(action);
    let names = names_of(kind, variant.as_deref());
    let fixed = variant
        .as_deref()
        .map(|variant| fixed_variant(kind, variant, Some(routes::new_thing(kind))));
    view! {
        <ActionForm action>
            <input type="hidden" name="kind" value=kind.name()/>
            <div class="form thing-form">
                {fixed}
                <Fields state kind variant values=Values::new() names=Names::new() choices/>
                <FormProblem state fields=names/>
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
    let variant = kind.spec().variant_of(&values).map(str::to_owned);
    let known = names_of(kind, variant.as_deref());
    let fixed = variant
        .as_deref()
        .map(|variant| fixed_variant(kind, variant, None));
    let again = move || async move { show_object(kind, id).await.ok() };
    let meanwhile = meanwhile(state, thing, again, routes::edit_thing(kind, id));
    view! {
        <ActionForm action>
            <input type="hidden" name="kind" value=kind.name()/>
            <input type="hidden" name="id" value=id.to_string()/>
            <div class="form thing-form">
                {meanwhile}
                {fixed}
                <Fields state kind variant values names choices/>
                <FormProblem state fields=known/>
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
fn names_of(kind: ObjectKind, variant: Option<&str>) -> Vec<&'static str> {
    asked_of(kind, variant).map(|property| property.name).collect()
}
