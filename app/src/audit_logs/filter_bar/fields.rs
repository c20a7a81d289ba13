//! One control per filter: a choice where the values are few and known, else a text with suggestions.

use super::{control_id, placeholder};
use crate::{
    audit_logs::state::ListState,
    ui::number::{counted, thousands},
};
use daybook_domain::{
    facet::{Facet, FacetValue},
    log::FilterField,
};
use leptos::prelude::*;

/// A list to choose from that is longer than this is no help.
const MOST_CHOICES: usize = 80;

#[component]
pub fn Field(state: ListState, field: FilterField, facet: Option<Facet>) -> impl IntoView {
    let values = Memo::new(move |_| state.query.with(|query| query.values(field).to_vec()));
    let few = facet
        .as_ref()
        .is_some_and(|facet| !facet.more && facet.values.len() <= MOST_CHOICES);
    let known = facet.map(|facet| facet.values).unwrap_or_default();
    let choice = few && !matches!(field, FilterField::Actor | FilterField::Ip);
    let control = if choice {
        view! { <Choice field values known/> }.into_any()
    } else {
        view! { <Text field values known/> }.into_any()
    };
    view! {
        <div class="field">
            <label class="field__label" for=control_id(field.name())>{field.title()}</label>
            {control}
        </div>
    }
}

/// Several values, which only a link can choose, are carried along, and another one can be added to them.
#[component]
fn Carried(field: FilterField, values: Memo<Vec<String>>) -> impl IntoView {
    move || {
        let values = values.get();
        (values.len() > 1).then(|| {
            let inputs = values
                .into_iter()
                .map(|value| view! { <input type="hidden" name=field.name() value=value/> });
            inputs.collect_view()
        })
    }
}

#[component]
fn Choice(field: FilterField, values: Memo<Vec<String>>, known: Vec<FacetValue>) -> impl IntoView {
    let options = move || {
        let values = values.get();
        let any = match values.len() {
            0 | 1 => placeholder(field).to_owned(),
            several => format!("{several} chosen"),
        };
        let chosen = if values.len() == 1 {
            values.first().cloned()
        } else {
            None
        };
        let unknown = chosen
            .clone()
            .filter(|chosen| known.iter().all(|value| value.value != *chosen));
        let unknown = unknown.map(|value| (value.clone(), value));
        let listed = known
            .iter()
            .filter(|value| values.len() < 2 || !values.contains(&value.value));
        let listed = listed.map(|value| {
            (
                format!("{} ({})", value.label, thousands(value.count)),
                value.value.clone(),
            )
        });
        let options = unknown.into_iter().chain(listed).map(|(label, value)| {
            let selected = chosen.as_ref() == Some(&value);
            view! { <option value=value selected=selected prop:selected=selected>{label}</option> }
        });
        view! {
            <option value="">{any}</option>
            {options.collect_view()}
        }
    };
    view! {
        <Carried field values/>
        <select class="input" id=control_id(field.name()) name=field.name()>{options}</select>
    }
}

/// A value that stands for something with a name, such as the key of an actor, is carried along under that name;
/// what is typed takes its place.
#[component]
fn Text(field: FilterField, values: Memo<Vec<String>>, known: Vec<FacetValue>) -> impl IntoView {
    let list = format!("{}-values", control_id(field.name()));
    let suggestions = known.iter().map(|value| {
        let count = counted(value.count, "record", "records");
        view! { <option value=value.label.clone()>{count}</option> }
    });
    let suggestions = suggestions.collect_view();
    let named = Memo::new(move |_| {
        let value = values.with(|values| {
            if values.len() == 1 {
                values.first().cloned()
            } else {
                None
            }
        })?;
        let known = known
            .iter()
            .find(|known| known.value == value && known.label != value)?;
        Some((value, known.label.clone()))
    });
    let typed = move || {
        let plain = named.with(Option::is_none);
        values.with(|values| {
            if plain && values.len() == 1 {
                values[0].clone()
            } else {
                String::new()
            }
        })
    };
    let hint = move || match (named.get(), values.with(Vec::len)) {
        (Some((_, label)), _) => label,
        (None, 0 | 1) => placeholder(field).to_owned(),
        (None, several) => format!("{several} chosen"),
    };
    view! {
        <Carried field values/>
        {move || named.get().map(|(value, _)| view! {
            <input type="hidden" name=field.name() value=value data-replaceable="true"/>
        })}
        <input
            class="input"
            class:input--named=move || named.with(Option::is_some)
            type="text"
            id=control_id(field.name())
            name=field.name()
            list=list.clone()
            placeholder=hint
            maxlength="200"
            autocapitalize="off"
            spellcheck="false"
            value=typed
            prop:value=typed
        />
        <datalist id=list>{suggestions}</datalist>
    }
}
