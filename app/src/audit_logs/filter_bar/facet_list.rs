//! The values of a filter as links, with how many records each has: the most frequent in sight, the rest on demand.

use super::chips::value_title;
use crate::{
    audit_logs::{
        state::{ListState, with_value_toggled},
        text,
    },
    routes,
    ui::icon::Icon,
};
use daybook_domain::{facet::Facet, log::FilterField};
use leptos::prelude::*;

/// So many values are in sight.
const TOP: usize = 6;
/// So many are drawn; the field above finds the others.
const MOST: usize = 20;
/// The length of the longest bar.
const FULL: u64 = 100;

/// A value as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    value: String,
    label: String,
    /// `None` where it isn't known.
    count: Option<String>,
    bar: u64,
    chosen: bool,
}

/// The values to draw, those in sight and the rest. Values nobody has are left out, unless they are chosen.
fn shown(facet: &Facet, chosen: &[String]) -> (Vec<Shown>, Vec<Shown>) {
    let most = facet.values.iter().map(|value| value.count).max();
    let most = u128::from(most.unwrap_or_default().max(1));
    let unknown = chosen
        .iter()
        .filter(|chosen| facet.values.iter().all(|known| known.value != **chosen));
    let unknown = unknown.map(|value| Shown {
        value: value.clone(),
        label: value_title(facet.field, value, &[]),
        count: None,
        bar: 0,
        chosen: true,
    });
    let known = facet.values.iter().enumerate().filter(|(place, known)| {
        let is_chosen = chosen.contains(&known.value);
        is_chosen || (known.count > 0 && *place < MOST)
    });
    let known = known.map(|(_, known)| Shown {
        value: known.value.clone(),
        label: known.label.clone(),
        count: Some(text::at_least(known.count, facet.exact)),
        bar: u64::try_from(u128::from(known.count) * u128::from(FULL) / most).unwrap_or(FULL),
        chosen: chosen.contains(&known.value),
    });
    let mut top: Vec<_> = unknown.chain(known).collect();
    // Where they stand they stay, chosen or not: the focus stays with them.
    let rest = top.split_off(top.len().min(TOP));
    (top, rest)
}

/// The lists of a filter; nothing where its values aren't known.
pub fn facet_list(state: ListState, field: FilterField, facet: Memo<Option<Facet>>) -> AnyView {
    let lists = Memo::new(move |_| {
        facet.with(|facet| {
            let facet = facet.as_ref()?;
            Some(state.query.with(|query| shown(facet, query.values(field))))
        })
    });
    let top = Memo::new(move |_| lists.with(|lists| lists.clone().unwrap_or_default().0));
    let rest = Memo::new(move |_| lists.with(|lists| lists.clone().unwrap_or_default().1));
    let has_rest = Memo::new(move |_| rest.with(|rest| !rest.is_empty()));
    let open = Memo::new(move |_| rest.with(|rest| rest.iter().any(|shown| shown.chosen)));
    view! {
        <div class="facet">
            {list(state, field, top)}
            {move || has_rest.get().then(|| view! {
                <details class="facet__rest" open=open.get_untracked()>
                    <summary class="link-button">{move || format!("{} more", rest.with(Vec::len))}</summary>
                    {list(state, field, rest)}
                </details>
            })}
        </div>
    }
    .into_any()
}

fn list(state: ListState, field: FilterField, values: Memo<Vec<Shown>>) -> AnyView {
    view! {
        <ul class="facet__values">
            <For each=move || values.get() key=|shown| shown.value.clone() let(shown)>
                {value(state, field, shown.value, values)}
            </For>
        </ul>
    }
    .into_any()
}

fn value(state: ListState, field: FilterField, name: String, values: Memo<Vec<Shown>>) -> AnyView {
    let name = StoredValue::new(name);
    let shown = Memo::new(move |_| {
        let shown = values.with(|values| {
            let mut values = values.iter();
            values
                .find(|shown| name.with_value(|name| shown.value == *name))
                .cloned()
        });
        shown.unwrap_or_else(|| Shown {
            value: name.get_value(),
            label: name.get_value(),
            count: None,
            bar: 0,
            chosen: false,
        })
    });
    let href = move || {
        let query = state
            .query
            .with(|query| name.with_value(|name| with_value_toggled(query, field, name)));
        routes::log(state.scope(), &query)
    };
    let chosen = Memo::new(move |_| shown.with(|shown| shown.chosen));
    view! {
        <li>
            <a class="facet__value" href=href aria-current=move || chosen.get().then_some("true") data-noscroll>
                <bdi class="facet__label">{move || shown.with(|shown| shown.label.clone())}</bdi>
                {move || chosen.get().then(|| Icon::Close.view())}
                " "
                <span class="count">{move || shown.with(|shown| shown.count.clone())}</span>
                <svg class="facet__bar" viewBox=format!("0 0 {FULL} 1") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect width=move || shown.with(|shown| shown.bar) height="1"/>
                </svg>
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::facet::FacetValue;

    fn facet(counts: &[u64]) -> Facet {
        let value = |(at, count): (usize, &u64)| FacetValue {
            value: format!("v{at}"),
            label: format!("Value {at}"),
            count: *count,
        };
        Facet {
            field: FilterField::Category,
            values: counts.iter().enumerate().map(value).collect(),
            more: false,
            exact: false,
        }
    }

    fn values(shown: &[Shown]) -> Vec<&str> {
        shown.iter().map(|shown| shown.value.as_str()).collect()
    }

    #[test]
    fn the_most_frequent_are_in_sight() {
        let (top, rest) = shown(&facet(&[80, 40, 9, 8, 7, 6, 5, 4]), &[]);
        assert_eq!(values(&top), ["v0", "v1", "v2", "v3", "v4", "v5"]);
        assert_eq!(values(&rest), ["v6", "v7"]);
        assert_eq!((top[0].bar, top[1].bar), (100, 50));
        assert_eq!(top[0].count.as_deref(), Some("80+"));
    }

    #[test]
    fn of_many_only_the_first_are_drawn_and_what_is_chosen() {
        let counts: Vec<u64> = (1..=50).rev().collect();
        let (top, rest) = shown(&facet(&counts), &["v40".to_owned()]);
        assert_eq!(top.len() + rest.len(), MOST + 1);
        assert!(rest.last().is_some_and(|last| last.value == "v40" && last.chosen));
    }

    #[test]
    fn what_nobody_has_is_shown_only_where_it_is_chosen() {
        let mut facet = facet(&[3, 0, 0]);
        facet.exact = true;
        let (top, rest) = shown(&facet, &["v2".to_owned(), "gone".to_owned()]);
        assert_eq!(values(&top), ["gone", "v0", "v2"]);
        assert!(top[0].chosen && !top[1].chosen && top[2].chosen);
        assert_eq!(
            (top[0].count.as_deref(), top[2].count.as_deref()),
            (None, Some("0"))
        );
        assert_eq!(rest, []);
    }
}
