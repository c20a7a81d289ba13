//! The questions of a thing: one per property, by what it may hold.

use super::{conditions::ConditionsField, text};
use crate::ui::form::{CheckboxGroup, Choice, Field, FormState, LinesField, SelectField};
use daybook_domain::object::{Choices, MAX_PICTURE_CHARS, Names, ObjectKind, Property, Shape, Values};
use leptos::prelude::*;

/// Longest query of the query language, in characters.
const QUERY_CHARS: u16 = 4096;

/// How a property's texts are sent: a list, which may be empty.
pub fn sent_as(property: &str) -> String {
    format!("values[{property}][]")
}

/// The properties that a form asks for: those that the variant has, which itself is chosen before.
pub fn asked_of(kind: ObjectKind, variant: Option<&str>) -> impl Iterator<Item = &'static Property> {
    let spec = kind.spec();
    let asked = move |property: &&Property| property.fits(variant) && spec.variant != Some(property.name);
    spec.properties.iter().filter(asked)
}

#[component]
pub fn Fields(
    state: FormState,
    kind: ObjectKind,
    /// Which one it is, where there are several: only what it has is asked for.
    variant: Option<String>,
    values: Values,
    /// Of everything the values refer to.
    names: Names,
    choices: Vec<Choices>,
) -> impl IntoView {
    let asked = asked_of(kind, variant.as_deref());
    let fields = asked.map(|property| {
        let texts = property.texts(values.get(property.name));
        field(state, property, texts, &names, &choices)
    });
    fields.collect_view()
}

pub fn field(
    state: FormState,
    property: &'static Property,
    texts: Vec<String>,
    names: &Names,
    choices: &[Choices],
) -> AnyView {
    let name = property.name;
    let hint = property.hint.unwrap_or_default();
    let optional = !property.required;
    let sent_as = sent_as(property.name);
    match property.shape {
        Shape::Lines(most) => lines(state, property, texts.concat(), most),
        Shape::Picture => lines(state, property, texts.concat(), MAX_PICTURE_CHARS),
        Shape::Conditions => {
            let value = texts.concat();
            view! { <ConditionsField state name label=property.title sent_as value optional/> }.into_any()
        }
        Shape::Query => lines(state, property, texts.concat(), QUERY_CHARS),
        Shape::Custom => lines(state, property, texts.join("\n"), u16::MAX),
        Shape::Words | Shape::Networks => {
            let value = texts.join(", ");
            view! { <Field state name label=property.title hint sent_as value optional autocomplete="off"/> }
                .into_any()
        }
        Shape::Flag => {
            let checked = state
                .typed(name)
                .map_or(!texts.is_empty(), |typed| typed.contains("true"));
            let choice = Choice {
                value: "true".to_owned(),
                title: "Yes".to_owned(),
                explanation: None,
                checked,
            };
            view! { <CheckboxGroup name legend=property.title choices=vec![choice] sent_as or_none=true/> }
                .into_any()
        }
        Shape::Choice(words) => {
            let options = words
                .iter()
                .map(|(word, title)| ((*word).to_owned(), (*title).to_owned()));
            select(state, property, texts.concat(), options.collect())
        }
        Shape::Choices(words) => {
            let options = words
                .iter()
                .map(|(word, title)| ((*word).to_owned(), (*title).to_owned()));
            boxes(state, property, &texts, options.collect())
        }
        Shape::One(kind) => {
            let (options, more) = things(kind, &texts, names, choices);
            if more {
                one_of_many(state, property, &texts, names, options)
            } else {
                select(state, property, texts.concat(), options)
            }
        }
        Shape::Many(kind) => {
            let (options, more) = things(kind, &texts, names, choices);
            let none = options
                .is_empty()
                .then(|| view! { <NoneToChoose property kind/> });
            let boxes = (!options.is_empty()).then(|| boxes(state, property, &texts, options));
            let others = more.then(|| view! { <OtherByName property/> });
            view! { {none} {boxes} {others} }.into_any()
        }
        Shape::Text(_)
        | Shape::Email
        | Shape::Sender
        | Shape::Phone
        | Shape::Url
        | Shape::Host
        | Shape::Colour
        | Shape::Plain(_)
        | Shape::Number(..) => {
            let kind = match property.shape {
                Shape::Email | Shape::Sender => "email",
                Shape::Phone => "tel",
                Shape::Url => "url",
                _ => "text",
            };
            let maxlength = match property.shape {
                Shape::Text(most) | Shape::Plain(most) => most,
                Shape::Colour => 7,
                _ => 500,
            };
            view! {
                <Field
                    state
                    name
                    label=property.title
                    hint
                    kind
                    sent_as
                    value=texts.concat()
                    optional
                    autocomplete="off"
                    maxlength
                />
            }
            .into_any()
        }
    }
}

fn lines(state: FormState, property: &'static Property, value: String, maxlength: u16) -> AnyView {
    view! {
        <LinesField
            state
            name=property.name
            label=property.title
            hint=property.hint.unwrap_or_default()
            sent_as=sent_as(property.name)
            value
            optional=!property.required
            maxlength
        />
    }
    .into_any()
}

fn select(
    state: FormState,
    property: &'static Property,
    value: String,
    options: Vec<(String, String)>,
) -> AnyView {
    view! {
        <SelectField
            state
            name=property.name
            label=property.title
            hint=property.hint.unwrap_or_default()
            options
            value
            placeholder=if property.required { text::CHOOSE } else { text::NOTHING }
            optional=!property.required
            sent_as=sent_as(property.name)
        />
    }
    .into_any()
}

fn boxes(
    state: FormState,
    property: &'static Property,
    texts: &[String],
    options: Vec<(String, String)>,
) -> AnyView {
    let typed: Option<Vec<String>> = state
        .typed(property.name)
        .map(|typed| typed.lines().map(str::to_owned).collect());
    let ticked = typed.as_deref().unwrap_or(texts);
    let choices = options.into_iter().map(|(value, title)| Choice {
        checked: ticked.contains(&value),
        value,
        title,
        explanation: None,
    });
    let choices: Vec<_> = choices.collect();
    let problem = state.problem(property.name);
    view! {
        <CheckboxGroup
            name=property.name
            legend=property.title
            choices
            sent_as=sent_as(property.name)
            or_none=true
            problem
        />
    }
    .into_any()
}

/// What can be chosen of a kind, with what is chosen already, and whether there is more.
fn things(
    kind: ObjectKind,
    chosen: &[String],
    names: &Names,
    choices: &[Choices],
) -> (Vec<(String, String)>, bool) {
    let offered = choices.iter().find(|offered| offered.kind == kind);
    let mut options: Vec<_> = offered
        .iter()
        .flat_map(|offered| &offered.things)
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    for id in chosen {
        // Deactivated, or beyond the first.
        if !options.iter().any(|(option, _)| option == id) {
            let name = id.parse().ok().and_then(|id| names.get(&id).cloned());
            options.push((id.clone(), name.unwrap_or_else(|| id.clone())));
        }
    }
    (options, offered.is_some_and(|offered| offered.more))
}

/// One of more than can be listed: by its name, of which the first are offered.
fn one_of_many(
    state: FormState,
    property: &'static Property,
    texts: &[String],
    names: &Names,
    options: Vec<(String, String)>,
) -> AnyView {
    let name_of = |id: &String| id.parse().ok().and_then(|id| names.get(&id).cloned());
    let value = texts.first().map(|id| name_of(id).unwrap_or_else(|| id.clone()));
    let list: &'static str = property.name;
    let options = options
        .into_iter()
        .map(|(_, name)| view! { <option value=name></option> });
    view! {
        <Field
            state
            name=property.name
            label=property.title
            hint=property.hint.unwrap_or_default()
            sent_as=sent_as(property.name)
            value=value.unwrap_or_default()
            optional=!property.required
            autocomplete="off"
            list
        />
        <datalist id=list>{options.collect_view()}</datalist>
    }
    .into_any()
}

/// One more than can be ticked, by its name.
#[component]
fn OtherByName(property: &'static Property) -> impl IntoView {
    let id = format!("other-{}", property.name);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{text::other(property.title)}</label>
            <input class="input" id=id name=sent_as(property.name) autocomplete="off"/>
        </div>
    }
}

/// There is nothing yet that the property could refer to.
#[component]
fn NoneToChoose(property: &'static Property, kind: ObjectKind) -> impl IntoView {
    view! {
        <div class="field">
            <p class="field__label">{property.title}</p>
            <p class="field__hint">{text::none_yet(kind)} "."</p>
        </div>
    }
}
