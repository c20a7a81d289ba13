//! The filters that are set, each with the way to drop it.

use super::clear_link;
use crate::{
    audit_logs::{
        overview::{Overviews, known},
        state::{ListState, Place, without_value},
        text,
    },
    routes,
    ui::list::{Chip, ChipList},
    viewer::use_naming,
};
use daybook_domain::{
    event::{Action, Outcome, Portal},
    facet::Facet,
    log::{Area, FilterField, LogScope},
    query::LogQuery,
    work_session::Routing,
};
use leptos::prelude::*;

/// The chips of a list, in the order of the URL. `facets` know what the values are called.
pub fn active(place: &Place, facets: &[Facet]) -> Vec<Chip> {
    let Place { scope, query } = place;
    let link = |query: &LogQuery| routes::log(*scope, query);
    let mut chips = Vec::new();
    // On a page of its own nothing needs to be said.
    if let Some(about) = query
        .about
        .as_ref()
        .filter(|about| routes::own_log(about, LogScope::All).is_none())
    {
        let all = LogQuery {
            about: None,
            ..query.at(None)
        };
        chips.push(Chip {
            label: "Only about".to_owned(),
            value: format!(
                "{} {}",
                use_naming().says(&about.kind.replace('_', " ")),
                about.id
            ),
            without: link(&all),
        });
    }
    if let Some(q) = &query.q {
        chips.push(Chip {
            label: "Search".to_owned(),
            value: q.clone(),
            without: link(&query.searching("")),
        });
    }
    if let Some(from) = &query.from {
        let without = link(&LogQuery {
            from: None,
            ..query.at(None)
        });
        chips.push(Chip {
            label: "From".to_owned(),
            value: text::bound(from),
            without,
        });
    }
    if let Some(to) = &query.to {
        let without = link(&LogQuery {
            to: None,
            ..query.at(None)
        });
        chips.push(Chip {
            label: "Until".to_owned(),
            value: text::bound(to),
            without,
        });
    }
    for (field, values) in &query.filters {
        chips.extend(values.iter().map(|value| Chip {
            label: use_naming().filter(*field).to_owned(),
            value: value_title(*field, value, facets),
            without: link(&without_value(query, *field, value)),
        }));
    }
    chips
}

/// What a person reads for a value.
pub fn value_title(field: FilterField, value: &str, facets: &[Facet]) -> String {
    let known = match field {
        FilterField::Action => Action::from_name(value).map(Action::title),
        FilterField::Outcome => Outcome::from_name(value).map(Outcome::title),
        FilterField::Portal => Portal::from_name(value).map(Portal::title),
        FilterField::Area => Area::from_name(value).map(Area::title),
        FilterField::Routing => Routing::from_name(value).map(Routing::title),
        _ => facets
            .iter()
            .filter(|facet| facet.field == field)
            .flat_map(|facet| &facet.values)
            .find(|known| known.value == value)
            .map(|known| known.label.as_str()),
    };
    known
        .unwrap_or_else(|| use_naming().value(field, value))
        .to_owned()
}

#[component]
pub fn Chips(state: ListState, overview: Overviews) -> impl IntoView {
    let chips = move || {
        let facets = known(overview, |known| known.facets().to_vec());
        let chips = Memo::new(move |_| {
            let place = Place {
                scope: state.scope(),
                query: state.query.get(),
            };
            facets.with(|facets| Some(active(&place, facets.as_ref()?)))
        });
        move || {
            let chips = chips.get().filter(|chips| !chips.is_empty());
            chips.map(|chips| view! { <ChipList chips clear=Signal::derive(clear_link(state))/> })
        }
    };
    view! { <Transition>{chips()}</Transition> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        facet::FacetValue,
        log::{LogKind, LogScope},
    };

    #[test]
    fn each_chip_drops_itself_only() {
        let query = LogQuery::parse("from=-7d&action=login&action=logout&actor=u1").unwrap_or_default();
        let mara = FacetValue {
            value: "u1".into(),
            label: "Mara Okafor".into(),
            count: 3,
        };
        let facets = [Facet {
            field: FilterField::Actor,
            values: vec![mara],
            more: false,
            exact: true,
        }];
        let scope = LogScope::One(LogKind::Access);
        let chips = active(&Place { scope, query }, &facets);
        let shown: Vec<_> = chips
            .iter()
            .map(|chip| (chip.label.as_str(), chip.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("From", "7 days ago"),
                ("Event", "Sign-in"),
                ("Event", "Sign-out"),
                ("Performed by", "Mara Okafor")
            ]
        );
        assert_eq!(
            chips[1].without,
            "/audit-logs/access?from=-7d&action=logout&actor=u1"
        );
    }
}
