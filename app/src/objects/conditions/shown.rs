//! Conditions as they are read.

use daybook_domain::object::conditions::{Comparison, Condition, Conditions, Group, Test};
use leptos::prelude::*;

/// An outline as nested lists. One that can't be read is shown as it is: an older release may have known other fields.
pub fn shown(outline: &str) -> AnyView {
    match outline.parse::<Conditions>() {
        Ok(Conditions(whole)) => view! { <div class="rule">{group(&whole)}</div> }.into_any(),
        Err(_) => view! { <pre class="values__text">{outline.to_owned()}</pre> }.into_any(),
    }
}

fn group(of: &Group) -> AnyView {
    let parts = of.of.iter().map(|condition| match condition {
        Condition::Group(inner) => view! { <li>{group(inner)}</li> }.into_any(),
        Condition::Test(test) => view! { <li>{line(test)}</li> }.into_any(),
    });
    view! {
        <p class="rule__join">{of.join.title()}</p>
        <ul class="rule__parts">{parts.collect_view()}</ul>
    }
    .into_any()
}

fn line(Test { field, is, value }: &Test) -> AnyView {
    let compared = Comparison::needs_value(*is).then(|| {
        let value = field.title_of(value).to_owned();
        view! { " " <bdi class="values__word">{value}</bdi> }
    });
    view! { {field.title} " " <span class="quiet">{is.title()}</span> {compared} }.into_any()
}
