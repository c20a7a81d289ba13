//! One record, whole: what changed, how it came about, and under which circumstances. The same in an opened row and
//! at the record's permanent address.

pub mod changes;
mod context;
mod cross_reference;
pub mod diff;
pub mod json;
pub mod links;
mod seen;
mod trace;
pub mod words;

pub use diff::{plain_words as words_of, readable};
pub use links::searching;

use super::{state::Place, work_session::loss_note};
use crate::ui::icon::Icon;
use changes::Changes;
use context::Context;
use cross_reference::CrossReference;
use daybook_domain::{
    event::Outcome,
    log::Column,
    page::{EventDetail, sentence},
};
use json::JsonTree;
use leptos::prelude::*;
use links::Links;
use serde_json::Value;
use trace::Trace;

#[component]
pub fn Record(
    detail: EventDetail,
    place: Place,
    /// At its permanent address, where a link to it would lead nowhere new.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let body = detail.event.body.clone();
    let failure = (body.outcome == Outcome::Failure).then(|| {
        let reason = body.reason.clone().unwrap_or_else(|| "The source gave no reason.".to_owned());
        view! { <p class="record__failure">{Icon::Failure.view()} <strong>"Failed."</strong> " " <span dir="auto">{reason}</span></p> }
    });
    // Its page has it for a title, most rows for a cell.
    let told = alone || place.columns().contains(&Column::Summary);
    let sentence =
        (!told).then(|| view! { <p class="record__sentence" dir="auto">{sentence(&detail.event)}</p> });
    let bare = body.changes.is_empty() && body.steps.is_empty() && body.metadata.is_empty();
    let metadata = (!body.metadata.is_empty()).then(|| Value::Object(body.metadata.clone()));
    let whole = serde_json::to_value(&detail.event).unwrap_or_default();
    view! {
        <div class="record">
            <div class="record__main">
                {sentence}
                {failure}
                {loss_note(&body)}
                {(!body.changes.is_empty()).then(|| view! { <Changes changes=body.changes.clone()/> })}
                {(!body.steps.is_empty()).then(|| view! { <Trace steps=body.steps.clone()/> })}
                <CrossReference body=body.clone()/>
                {metadata.map(|value| view! {
                    <section class="record__part">
                        <h2 class="record__title">"Metadata"</h2>
                        <JsonTree value/>
                    </section>
                })}
                {bare.then(|| view! { <p class="record__bare">"The source sent no properties, steps or metadata with this record."</p> })}
                <details class="record__whole">
                    <summary>"Whole record"</summary>
                    <JsonTree value=whole/>
                </details>
                <Links event=detail.event.clone() day=detail.occurred.day.to_string() place=place.clone() alone/>
            </div>
            <Context detail place/>
        </div>
    }
    .into_any()
}
