//! The filters that are set, each with the way to drop it.

use super::clear_link;
use crate::{
    audit_logs::{
        state::{ListState, Place, without_value},
        text,
    },
    routes,
    ui::icon::Icon,
};
use daybook_domain::{
    event::{Action, Outcome},
    log::FilterField,
    query::LogQuery,
};
use leptos::prelude::*;

/// One value that narrows the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: &'static str,
    pub value: String,
    /// The list without it.
    pub without: String,
}

/// The chips of a list, in the order of the URL.
pub fn active(place: &Place) -> Vec<Chip> {
    let Place { scope, query } = place;
    let link = |query: &LogQuery| routes::log(*scope, query);
    let mut chips = Vec::new();
    if let Some(from) = &query.from {
        let without = link(&LogQuery {
            from: None,
            ..query.at(None)
        });
        chips.push(Chip {
            label: "From",
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
            label: "Until",
            value: text::bound(to),
            without,
        });
    }
    for (field, values) in &query.filters {
        chips.extend(values.iter().map(|value| Chip {
            label: field.title(),
            value: value_title(*field, value),
            without: link(&without_value(query, *field, value)),
        }));
    }
    chips
}

/// What a person reads for a value.
pub fn value_title(field: FilterField, value: &str) -> String {
    match field {
        FilterField::Action => Action::from_name(value).map(Action::title),
        FilterField::Outcome => Outcome::from_name(value).map(Outcome::title),
        _ => None,
    }
    .map_or_else(|| value.to_owned(), str::to_owned)
}

#[component]
pub fn Chips(state: ListState) -> impl IntoView {
    let chips = Memo::new(move |_| {
        active(&Place {
            scope: state.scope(),
            query: state.query.get(),
        })
    });
    let clear = clear_link(state);
    view! {
        {move || (!chips.read().is_empty()).then(|| view! {
            <ul class="chips" aria-label="Active filters">
                {chips.get().into_iter().map(|chip| view! {
                    <li>
                        <a class="chip" href=chip.without data-noscroll>
                            <span class="visually-hidden">"Remove filter "</span>
                            <span class="chip__label">{chip.label}</span>
                            " "
                            <bdi class="chip__value">{chip.value}</bdi>
                            {Icon::Close.view()}
                        </a>
                    </li>
                }).collect_view()}
                <li><a class="chips__clear" href=clear data-noscroll>"Clear"</a></li>
            </ul>
        })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::log::{LogKind, LogScope};

    #[test]
    fn each_chip_drops_itself_only() {
        let query = LogQuery::parse("from=-7d&action=login&action=logout&actor=mara").unwrap_or_default();
        let chips = active(&Place {
            scope: LogScope::One(LogKind::Access),
            query,
        });
        let shown: Vec<_> = chips
            .iter()
            .map(|chip| (chip.label, chip.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("From", "7 days ago"),
                ("Event", "Sign-in"),
                ("Event", "Sign-out"),
                ("Performed by", "mara")
            ]
        );
        assert_eq!(
            chips[1].without,
            "/audit-logs/access?from=-7d&action=logout&actor=mara"
        );
    }
}
