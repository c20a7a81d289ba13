//! The lines that can't be imported, each with its reason.

use super::text;
use crate::routes;
use daybook_domain::object::Import;
use leptos::prelude::*;

pub fn problems(import: &Import) -> Option<AnyView> {
    if import.problems.is_empty() {
        return None;
    }
    let shown = import.problems.len();
    let more = (import.counts.bad > shown as u64)
        .then(|| view! { <p class="quiet">{text::more_problems(shown, import.counts.bad)}</p> });
    let rows = import.problems.iter().map(|problem| {
        let column = problem
            .column
            .clone()
            .map(|column| view! { <strong>{column}</strong> ": " });
        view! {
            <tr class="plain-table__row">
                <th scope="row">{problem.line}</th>
                <td data-label=text::REASON dir="auto">{column} {problem.reason.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let file = routes::import_problems(import.kind, import.id);
    let view = view! {
        <h2 class="import__title">{text::PROBLEMS}</h2>
        <p><a class="link" href=file rel="external" download>{text::DOWNLOAD}</a></p>
        <div class="plain-table__frame">
            <table class="plain-table import__problems" aria-label=text::PROBLEMS>
                <thead>
                    <tr>
                        <th scope="col">{text::LINE}</th>
                        <th scope="col">{text::REASON}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    };
    Some(view.into_any())
}
