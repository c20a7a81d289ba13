//! A value of a thing, as a person reads it.

use super::{conditions, text};
use crate::{routes, viewer::use_viewer};
use daybook_domain::{
    id::ObjectId,
    object::{Names, Property, Shape},
};
use leptos::prelude::*;
use serde_json::Value;

/// The value of a property; a dash where it has none. `names` are those of what it refers to.
pub fn value(property: &'static Property, value: Option<&Value>, names: &Names) -> AnyView {
    let texts = property.texts(value);
    if texts.is_empty() {
        return view! { <span class="quiet">{text::NONE}</span> }.into_any();
    }
    match property.shape {
        Shape::One(_) | Shape::Many(_) => {
            let things = texts.into_iter().map(|id| reference(property, &id, names));
            view! { <ul class="values">{things.collect_view()}</ul> }.into_any()
        }
        Shape::Words | Shape::Networks => {
            let words = texts
                .into_iter()
                .map(|word| view! { <li class="values__word"><bdi>{word}</bdi></li> });
            view! { <ul class="values">{words.collect_view()}</ul> }.into_any()
        }
        Shape::Choices(_) => {
            let words = texts.into_iter().map(|word| {
                let title = property.title_of(&word).map_or(word.clone(), str::to_owned);
                view! { <li class="values__word">{title}</li> }
            });
            view! { <ul class="values">{words.collect_view()}</ul> }.into_any()
        }
        Shape::Custom => custom(value),
        Shape::Url => {
            let address = texts.concat();
            view! { <a class="link" href=address.clone() rel="noopener noreferrer external">{address.clone()}</a> }.into_any()
        }
        Shape::Picture => {
            view! { <img class="values__picture" src=texts.concat() alt=property.title/> }.into_any()
        }
        Shape::Query => view! { <code class="values__text">{texts.concat()}</code> }.into_any(),
        Shape::Conditions => conditions::shown(&texts.concat()),
        Shape::Lines(_) => view! { <p class="values__text" dir="auto">{texts.concat()}</p> }.into_any(),
        Shape::Choice(_) | Shape::Flag => {
            let word = texts.concat();
            property
                .title_of(&word)
                .map_or(word.clone(), str::to_owned)
                .into_any()
        }
        Shape::Phone | Shape::Host | Shape::Colour | Shape::Plain(_) | Shape::Number(..) => {
            view! { <bdi class="values__short">{texts.concat()}</bdi> }.into_any()
        }
        Shape::Text(_) | Shape::Email | Shape::Sender => view! { <bdi>{texts.concat()}</bdi> }.into_any(),
    }
}

/// Each with its name: a text as it is, anything else as JSON.
fn custom(value: Option<&Value>) -> AnyView {
    let each = value.and_then(Value::as_object).into_iter().flatten();
    let each = each.map(|(name, value)| {
        let said = match value {
            Value::String(text) => {
                view! { <span class="values__text" dir="auto">{text.clone()}</span> }.into_any()
            }
            Value::Array(_) | Value::Object(_) => {
                let json = serde_json::to_string_pretty(value).unwrap_or_default();
                view! { <code class="values__text values__json">{json}</code> }.into_any()
            }
            plain => view! { <code>{plain.to_string()}</code> }.into_any(),
        };
        view! { <li><bdi>{name.clone()}</bdi> ": " {said}</li> }
    });
    view! { <ul class="values values--lines">{each.collect_view()}</ul> }.into_any()
}

fn reference(property: &Property, id: &str, names: &Names) -> AnyView {
    let thing = property.refers_to().zip(id.parse::<ObjectId>().ok());
    match thing.and_then(|(kind, id)| Some((kind, id, names.get(&id)?.clone()))) {
        // Nobody is led where they may not go.
        Some((kind, _, name)) if !use_viewer().is_some_and(|viewer| viewer.may(kind.spec().see)) => {
            view! { <li><bdi>{name}</bdi></li> }.into_any()
        }
        Some((kind, id, name)) => {
            view! { <li><a class="link" href=routes::thing(kind, id)><bdi>{name}</bdi></a></li> }.into_any()
        }
        None => view! { <li class="quiet">{id.to_owned()}</li> }.into_any(),
    }
}
