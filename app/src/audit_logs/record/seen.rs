//! A thing as the log compares it, shown to somebody who is about to change it.

use super::{readable, words_of};
use crate::ui::form::Shown;
use daybook_domain::seen::Seen;
use leptos::prelude::*;
use serde_json::Value;

const NOT_SET: &str = "Not set";

impl Shown for Seen {
    fn seen(&self) -> Seen {
        self.clone()
    }

    fn property(&self, name: &str) -> Option<(String, AnyView)> {
        let word = |value: &Value| view! { <li class="values__word"><bdi>{words_of(value)}</bdi></li> };
        let value = match self.value(name) {
            Some(Value::Array(values)) if !values.is_empty() => {
                let words = values.iter().map(word).collect_view();
                view! { <ul class="values">{words}</ul> }.into_any()
            }
            None | Some(Value::Array(_)) => view! { <span class="quiet">{NOT_SET}</span> }.into_any(),
            Some(value) => view! { <bdi>{words_of(value)}</bdi> }.into_any(),
        };
        Some((readable(name), value))
    }
}
