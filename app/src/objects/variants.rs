//! Which variant a thing is, where its kind has several: it is chosen first, and stays what it is.

use super::{fields::sent_as, text};
use crate::routes;
use daybook_domain::object::ObjectKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The variant that the address names, where there is such a one.
pub fn use_variant(kind: Memo<Option<ObjectKind>>) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| {
        let spec = kind.get()?.spec();
        let chosen = query.with(|query| query.get_str(spec.variant?).map(str::to_owned))?;
        let known = spec.variants().iter().any(|(variant, _)| *variant == chosen);
        known.then_some(chosen)
    })
}

/// All there are, each with what it is for, and the way to its form.
#[component]
pub fn Variants(kind: ObjectKind) -> impl IntoView {
    let spec = kind.spec();
    let cards = spec.variants().iter().map(|(variant, title)| {
        view! {
            <li class="variants__card">
                <h3 class="variants__title">
                    <a class="variants__link" href=routes::new_variant(kind, variant)>{*title}</a>
                </h3>
                <p>{spec.about_variant(variant)}</p>
            </li>
        }
    });
    view! {
        <section class="variants">
            <h2 class="variants__question">{text::WHICH_VARIANT}</h2>
            <ul class="variants__cards">{cards.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What a form says of the variant, and sends along; `another` is where it can still be chosen.
pub fn fixed_variant(kind: ObjectKind, variant: &str, another: Option<String>) -> AnyView {
    let spec = kind.spec();
    let Some(property) = spec.variant.and_then(|name| spec.property(name)) else {
        return ().into_any();
    };
    let title = property
        .title_of(variant)
        .map_or(variant.to_owned(), str::to_owned);
    let another = another.map(|href| view! { <a class="link" href=href>{text::ANOTHER_VARIANT}</a> });
    view! {
        <input type="hidden" name=sent_as(property.name) value=variant.to_owned()/>
        <p class="variants__fixed">
            <strong>{title}</strong> " " <span class="quiet">{spec.about_variant(variant)}</span> " " {another}
        </p>
    }
    .into_any()
}
