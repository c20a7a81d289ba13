//! What somebody else has changed while a form was open: shown above what was typed, so that whoever saves again has seen
//! it.

use super::{
    api::{UpdateObject, show_object},
    text,
    values::value,
};
use crate::{routes, ui::form::FormState};
use daybook_domain::{
    Error,
    object::{Names, Object, Property, Values},
};
use leptos::prelude::*;
use serde_json::Value;

/// Where the last try was refused because the thing isn't what was opened: what it is now. From then on the form changes
/// that.
#[component]
pub fn Meanwhile(
    state: FormState,
    opened: Object,
    action: ServerAction<UpdateObject>,
    version: RwSignal<i32>,
) -> impl IntoView {
    let (kind, id) = (opened.kind, opened.id);
    let tries = Memo::new(move |before: Option<&usize>| {
        let refused = action.value().with(
            |value| matches!(value, Some(Err(error)) if matches!(error.kind(), Error::Conflict { .. })),
        );
        before.copied().unwrap_or_default() + usize::from(refused)
    });
    // Not a resource: those are made with the page, and this is asked for only then.
    let look = Action::new(move |(): &()| async move { show_object(kind, id).await.ok() });
    let now = Signal::derive(move || look.value().get().flatten());
    Effect::new(move || {
        if tries.get() > 0 {
            look.dispatch(());
        }
    });
    Effect::new(move || {
        if let Some(now) = now.get() {
            version.set(now.version);
        }
    });
    // Without JavaScript the page came back with the thing as it is and what was typed.
    let typed = differences(kind.spec().properties, &opened.values, |property| {
        let typed = state.typed(property.name)?;
        let texts: Vec<_> = if property.is_set() {
            typed.lines().map(str::to_owned).collect()
        } else {
            vec![typed]
        };
        property.read(&texts).ok()
    });
    let returned = state.returned().then(|| notice(&opened, typed));
    let opened = StoredValue::new(opened);
    let told = move || {
        let now = now.get()?;
        let changed = opened.with_value(|opened| {
            differences(kind.spec().properties, &now.values, |property| {
                Some(opened.values.get(property.name).cloned())
            })
        });
        Some(notice(&now, changed))
    };
    view! { {returned} {told} }.into_any()
}

/// The properties whose value is another than `other` says; those it doesn't know are left out.
fn differences(
    properties: &'static [Property],
    values: &Values,
    other: impl Fn(&'static Property) -> Option<Option<Value>>,
) -> Vec<&'static Property> {
    let differs = |property: &&'static Property| {
        other(property).is_some_and(|other| other.as_ref() != values.get(property.name))
    };
    properties.iter().filter(differs).collect()
}

fn notice(now: &Object, changed: Vec<&'static Property>) -> AnyView {
    let row = |property: &'static Property, values: &Values, names: &Names| {
        let shown = value(property, values.get(property.name), names);
        view! { <div class="thing-facts__row"><dt>{property.title}</dt><dd>{shown}</dd></div> }
    };
    let rows: Vec<_> = changed
        .into_iter()
        .map(|property| row(property, &now.values, &now.names))
        .collect();
    let edit = routes::edit_thing(now.kind, now.id);
    view! {
        <div class="notice notice--problem" role="alert">
            <h2 class="notice__title">{text::MEANWHILE}</h2>
            <p>{text::MEANWHILE_ADVICE} " " <a class="link" href=edit rel="external">{text::BEGIN_AGAIN}</a></p>
            <dl class="thing-facts">{rows}</dl>
        </div>
    }
    .into_any()
}
