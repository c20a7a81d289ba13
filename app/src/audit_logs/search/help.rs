//! The query language in examples, each a link that searches for it.

use crate::audit_logs::state::ListState;
use leptos::prelude::*;

const EXAMPLES: [(&str, &str); 8] = [
    (
        "action:update section:\"Board access\"",
        "Both; a value with a space stands in quotation marks",
    ),
    ("action:delete OR action:revoke", "One or the other"),
    (
        "outcome:failure -action:login",
        "Not this one; NOT does the same as “-”",
    ),
    ("action:(login OR logout) portal:admin", "One of several values"),
    (
        "after:dispatch*",
        "Words that begin like this, in what was changed to",
    ),
    (
        "property:Role before:Member",
        "A changed property, and words of what was there before",
    ),
    ("ip:203.0.113.0/24", "An address, a network or a range: a..b"),
    (
        "metadata.rememberMe:false",
        "A property of the metadata, by its path",
    ),
];

#[component]
pub fn Help(state: ListState) -> impl IntoView {
    let examples = EXAMPLES.map(|(text, what)| {
        let href = move || state.href(|query| query.q = Some(text.to_owned()));
        view! {
            <div>
                <dt><a class="link mono" href=href data-noscroll>{text}</a></dt>
                <dd>{what}</dd>
            </div>
        }
    });
    view! {
        <details class="search__help">
            <summary class="link-button">"Query language"</summary>
            <p>"Words are searched for in the whole record. " <code>"field:value"</code> " looks in one field."</p>
            <dl class="examples">{examples}</dl>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::EXAMPLES;
    use daybook_domain::search::parse;

    #[test]
    fn every_example_can_be_read() {
        for (text, _) in EXAMPLES {
            assert!(matches!(parse(text), Ok(Some(_))), "{text}");
        }
    }
}
