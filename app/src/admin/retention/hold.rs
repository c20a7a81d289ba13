//! The legal holds, each with the question before it is released.

use super::{api::ReleaseHold, release_path, text};
use crate::{
    account::when::When,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, Weight},
        number::count_of,
    },
};
use daybook_domain::retention::Hold;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn HoldList(
    holds: Vec<Hold>,
    action: ServerAction<ReleaseHold>,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let none = holds.is_empty();
    let rows = holds
        .into_iter()
        .map(|hold| view! { <HoldRow hold action chosen/> })
        .collect_view();
    let table = view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::HOLDS>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">{text::COVERS}</th>
                        <th scope="col" class="plain-table__number">{text::RECORDS}</th>
                        <th scope="col">{text::PLACED}</th>
                        <th scope="col"><span class="visually-hidden">{text::RELEASE}</span></th>
                    </tr>
                </thead>
                {rows}
            </table>
        </div>
    };
    view! {
        <section class="part" aria-labelledby="holds-title">
            <h2 class="part__title" id="holds-title">{text::HOLDS}</h2>
            <p class="part__lead">{if none { text::NO_HOLDS } else { text::HOLDS_LEAD }}</p>
            {(!none).then_some(table)}
        </section>
    }
    .into_any()
}

#[component]
fn HoldRow(hold: Hold, action: ServerAction<ReleaseHold>, chosen: Memo<Option<String>>) -> impl IntoView {
    let id = hold.id;
    let open = Memo::new(move |_| chosen.with(|chosen| chosen.as_deref() == Some(id.to_string().as_str())));
    let toggle_to = move || {
        if open.get() {
            routes::RETENTION.to_owned()
        } else {
            release_path(id)
        }
    };
    let covers = match &hold.query {
        None => view! { <strong>{text::UNREADABLE}</strong> }.into_any(),
        Some(query) => {
            let narrowed = query.to_query_string();
            let narrowed = form_urlencoded::parse(narrowed.trim_start_matches('?').as_bytes())
                .map(|(name, value)| format!("{name}: {value}"))
                .collect::<Vec<_>>()
                .join(" · ");
            view! {
                <a class="row-link" href=routes::exactly(hold.log, query)>{hold.log.title()}</a>
                <br/>
                <small class="quiet"><bdi>{narrowed}</bdi></small>
            }
            .into_any()
        }
    };
    let name = StoredValue::new(hold.name.clone());
    view! {
        <tbody class="plain-table__group" class:plain-table__group--open=move || open.get()>
            <tr class="plain-table__row">
                <th scope="row"><bdi>{hold.name}</bdi><br/><small class="quiet"><bdi>{hold.reason}</bdi></small></th>
                <td data-label=text::COVERS>{covers}</td>
                <td data-label=text::RECORDS class="plain-table__number">{count_of(hold.records)}</td>
                <td data-label=text::PLACED><When at=hold.placed/> <span class="quiet">" by " <bdi>{hold.placed_by}</bdi></span></td>
                <td class="plain-table__action">
                    <a class="row-link" href=toggle_to data-noscroll="">
                        {move || if open.get() { text::CLOSE } else { text::RELEASE }}
                        <span class="visually-hidden">" " {name.get_value()}</span>
                    </a>
                </td>
            </tr>
            <Show when=move || open.get()>
                <tr class="plain-table__detail">
                    <td colspan="5"><ReleaseForm id=id.to_string() name=name.get_value() action/></td>
                </tr>
            </Show>
        </tbody>
    }
    .into_any()
}

#[component]
fn ReleaseForm(id: String, name: String, action: ServerAction<ReleaseHold>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <div class="manage">
            <p class="confirm__question">{text::release_question(&name)}</p>
            <ActionForm action>
                <input type="hidden" name="id" value=id/>
                <div class="form__actions">
                    <SubmitButton state label=text::RELEASE_BUTTON pending=text::RELEASING weight=Weight::Danger about=name/>
                    <a class="button" href=routes::RETENTION data-noscroll="">{text::CANCEL}</a>
                </div>
                <FormProblem state/>
            </ActionForm>
        </div>
    }
}
