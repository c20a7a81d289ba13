//! One control per filter: a choice where the values are few and known, else a text with suggestions.

use super::{chips::value_title, control_id, facet_list::facet_list, placeholder};
use crate::{
    audit_logs::{
        overview::{Overviews, known},
        state::ListState,
        text::at_least,
    },
    viewer::use_naming,
};
use daybook_domain::{facet::Facet, log::FilterField};
use leptos::prelude::*;

/// A list to choose from that is longer than this is no help.
const MOST_CHOICES: usize = 80;

#[component]
pub fn Field(state: ListState, field: FilterField, overview: Overviews) -> impl IntoView {
    let values = Memo::new(move |_| state.query.with(|query| query.values(field).to_vec()));
    let facet = known(overview, move |known| known.facet(field).cloned());
    let known = Memo::new(move |_| facet.get().flatten());
    let choice = Memo::new(move |_| {
        let few = |facet: &Facet| !facet.more && facet.values.len() <= MOST_CHOICES;
        !matches!(field, FilterField::Actor | FilterField::Ip)
            && known.with(|known| known.as_ref().is_some_and(few))
    });
    let control = move || {
        if choice.get() {
            view! { <Choice field values known/> }.into_any()
        } else {
            view! { <Text field values known/> }.into_any()
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=control_id(field.name())>{use_naming().filter(field)}</label>
            {control}
            {facet_list(state, field, known)}
        </div>
    }
    .into_any()
}

/// The values with what a person reads for each and how many records it has. Those without any are left out, unless
/// they are chosen.
fn offered(known: Option<&Facet>, chosen: &[String]) -> Vec<(String, String, String)> {
    let Some(facet) = known else {
        return Vec::new();
    };
    let offered = facet
        .values
        .iter()
        .filter(|known| known.count > 0 || chosen.contains(&known.value));
    offered
        .map(|known| {
            (
                known.value.clone(),
                known.label.clone(),
                at_least(known.count, facet.exact),
            )
        })
        .collect()
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
fn Choice(field: FilterField, values: Memo<Vec<String>>, known: Memo<Option<Facet>>) -> impl IntoView {
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
        let known = known.with(|known| offered(known.as_ref(), &values));
        let unknown = chosen
            .clone()
            .filter(|chosen| known.iter().all(|(value, ..)| value != chosen));
        let unknown = unknown.map(|value| (value_title(field, &value, &[]), value));
        let listed = known
            .into_iter()
            .filter(|(value, ..)| values.len() < 2 || !values.contains(value));
        let listed = listed.map(|(value, label, count)| (format!("{label} ({count})"), value));
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
fn Text(field: FilterField, values: Memo<Vec<String>>, known: Memo<Option<Facet>>) -> impl IntoView {
    let list = format!("{}-values", control_id(field.name()));
    let suggestions = move || {
        let known = known.with(|known| offered(known.as_ref(), &[]));
        let suggestions = known.into_iter().map(|(_, label, count)| {
            view! { <option value=label>{format!("{count} records")}</option> }
        });
        suggestions.collect_view()
    };
    let named = Memo::new(move |_| {
        let value = values.with(|values| {
            if values.len() == 1 {
                values.first().cloned()
            } else {
                None
            }
        })?;
        known.with(|known| {
            let mut known = known.as_ref()?.values.iter();
            let known = known.find(|known| known.value == value && known.label != value)?;
            Some((value.clone(), known.label.clone()))
        })
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
