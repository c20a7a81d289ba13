//! Before and after, per property.

use super::{
    diff::{self, Difference, Line, Plain},
    words::Piece,
};
use crate::{audit_logs::text, ui::number::counted};
use daybook_domain::event::Change;
use leptos::prelude::*;

/// More members that stayed than this are counted, not listed.
const MOST_KEPT: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let rows = changes.iter().flat_map(|change| {
        let name = change.property.clone();
        diff::lines(change).into_iter().map(move |line| row(&name, &line))
    });
    view! {
        <section class="record__part">
            <h2 class="record__title">"What changed"</h2>
            <div class="changes-box">
                <table class="changes">
                    <caption class="visually-hidden">"Values before and after"</caption>
                    <thead>
                        <tr><th scope="col">"Property"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(name: &str, line: &Line) -> impl IntoView + use<> {
    let steps = line.path.iter().enumerate().map(|(at, step)| {
        view! { {(at > 0).then_some(" › ")} <span>{step.clone()}</span> }
    });
    view! {
        <tr>
            <th scope="row" class="changes__property" title=name.to_owned()><bdi>{steps.collect_view()}</bdi></th>
            <td data-label="Before">{side(&line.difference, Side::Before)}</td>
            <td data-label="After">{side(&line.difference, Side::After)}</td>
        </tr>
    }
}

fn side(difference: &Difference, side: Side) -> AnyView {
    let before = side == Side::Before;
    match difference {
        Difference::Secret => {
            let word = if before { "hidden" } else { "changed" };
            view! { <span class="badge badge--neutral">{word}</span> }.into_any()
        }
        Difference::Members { kept, removed, added, was_set, is_set } => {
            let (mine, set) = if before { (removed, *was_set) } else { (added, *is_set) };
            members(kept, mine, set, side)
        }
        Difference::Text(pieces) => {
            view! { <div class="changes__text" dir="auto">{pieces.iter().map(|piece| shown(piece, side)).collect_view()}</div> }.into_any()
        }
        Difference::Values { before: old, after: new, delta } => {
            let delta = delta.clone().filter(|_| !before).map(|delta| view! { " " <span class="changes__delta">{delta}</span> });
            let value = plain(if before { old } else { new }, side);
            view! { {value} {delta} }.into_any()
        }
    }
}

fn quiet(word: &'static str) -> AnyView {
    view! { <span class="nothing">{word}</span> }.into_any()
}

/// A text as gone or as new, each on its side.
fn marked(text: String, side: Side) -> AnyView {
    match side {
        Side::Before => view! { <del dir="auto">{text}</del> }.into_any(),
        Side::After => view! { <ins dir="auto">{text}</ins> }.into_any(),
    }
}

fn shown(piece: &Piece, side: Side) -> Option<AnyView> {
    match (piece, side) {
        (Piece::Same(text), _) => Some(view! { <span>{text.clone()}</span> }.into_any()),
        (Piece::Removed(text), Side::Before) | (Piece::Added(text), Side::After) => {
            Some(marked(text.clone(), side))
        }
        _ => None,
    }
}

fn members(kept: &[String], mine: &[String], set: bool, side: Side) -> AnyView {
    if kept.is_empty() && mine.is_empty() {
        return quiet(if set { text::EMPTY } else { text::NOT_SET });
    }
    let listed = if kept.len() > MOST_KEPT { &kept[..0] } else { kept };
    let rest = u64::try_from(kept.len() - listed.len()).unwrap_or_default();
    view! {
        <ul class="members">
            {mine.iter().map(|member| view! { <li>{marked(member.clone(), side)}</li> }).collect_view()}
            {listed.iter().map(|member| view! { <li dir="auto">{member.clone()}</li> }).collect_view()}
            {(rest > 0).then(|| view! { <li class="nothing">{counted(rest, "unchanged", "unchanged")}</li> })}
        </ul>
    }
    .into_any()
}

fn plain(value: &Plain, side: Side) -> AnyView {
    match value {
        Plain::NotSet => quiet(text::NOT_SET),
        Plain::Empty => quiet(text::EMPTY),
        Plain::Text(text) => marked(text.clone(), side),
        Plain::List(items) => {
            let items = items
                .iter()
                .map(|item| view! { <li>{marked(item.clone(), side)}</li> });
            view! { <ol class="members members--ordered">{items.collect_view()}</ol> }.into_any()
        }
        Plain::Properties(properties) => {
            let lines = properties.iter().map(|(name, value)| {
                view! { <li><span class="changes__name">{name.clone()} ": "</span> {marked(value.clone(), side)}</li> }
            });
            view! { <ul class="properties">{lines.collect_view()}</ul> }.into_any()
        }
    }
}
