//! One end of a range of time, as a date.

use crate::viewer::use_viewer;
use daybook_domain::time::TimeBound;
use leptos::prelude::*;

/// A bound that isn't a whole day is carried along unseen until a date replaces it.
#[component]
pub fn DateBound(
    id: String,
    name: &'static str,
    label: &'static str,
    #[prop(into)] bound: Signal<Option<TimeBound>>,
) -> impl IntoView {
    let day = move || match bound.get() {
        Some(day @ TimeBound::Day(_)) => day.to_string(),
        _ => String::new(),
    };
    let other = move || {
        let other = bound.get().filter(|bound| !matches!(bound, TimeBound::Day(_)));
        other.map(|bound| view! { <input type="hidden" name=name value=bound.to_string()/> })
    };
    // The reader's days are meant.
    let zone = use_viewer().map(|viewer| viewer.zone).unwrap_or_default();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            {other}
            <input class="input" type="date" id=id name=name title=format!("Days in {zone}") value=day prop:value=day/>
        </div>
    }
}
