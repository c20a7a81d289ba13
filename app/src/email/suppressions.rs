//! The addresses that are not to be mailed, and why.

use super::{
    api::{REMOVED, SuppressAddress, UnsuppressAddress, list_suppressions},
    cells::or_nothing,
    text,
};
use crate::{
    account::when::When,
    flash::use_flash,
    routes,
    ui::{
        form::{Field, FormProblem, FormState, SubmitButton, Weight, successes},
        list::{ListSearch, Listed, NothingMatches, OneOf, Pager, use_asked},
        page_head::back_link,
        ready::ready,
    },
    viewer::lacking,
};
use daybook_domain::{
    email::{REASON, Suppression, SuppressionFilters, SuppressionPage},
    object::ObjectQuery,
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[component]
pub fn SuppressionsPage() -> impl IntoView {
    let (add, remove) = (ServerAction::new(), ServerAction::new());
    let (added, removed) = (successes(add), successes(remove));
    let asked = use_asked(SuppressionFilters);
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let listed = Resource::new(
        move || (asked.get(), added.get(), removed.get()),
        |(asked, ..)| Listed::read(asked, list_suppressions),
    );
    let may_change = lacking(&[Permission::SettingsManage]).is_none();
    let removal = may_change.then(|| Removal {
        action: remove,
        state: FormState::of(remove),
    });
    let pending = RwSignal::new(false);
    view! {
        <Title text=text::SUPPRESSIONS/>
        <header class="page-head">
            {back_link(routes::DELIVERY_HISTORY, text::HISTORY, Permission::EmailHistoryView)}
            <h1>{text::SUPPRESSIONS}</h1>
            <p class="page-head__about">{text::SUPPRESSIONS_ABOUT}</p>
        </header>
        {may_change.then(|| view! { <PutBack action=add/> })}
        <ListSearch action=routes::SUPPRESSIONS label=text::SEARCH_ADDRESSES query/>
        <div class="progress" class:progress--on=pending></div>
        <Transition set_pending=pending.write_only()>
            {move || listed.get().map(|listed| {
                ready(move || listed.shown(|query, page| list(query, page, removal)))
            })}
        </Transition>
        {removal.map(|removal| view! { <FormProblem state=removal.state/> })}
        {may_change.then(|| view! { <Add action=add added/> })}
    }
    .into_any()
}

/// How addresses are taken off the list.
#[derive(Clone, Copy)]
struct Removal {
    action: ServerAction<UnsuppressAddress>,
    state: FormState,
}

fn list(query: &ObjectQuery, page: SuppressionPage, removal: Option<Removal>) -> AnyView {
    let is_empty = page.rows.is_empty();
    if is_empty && !query.is_narrowed() && query.cursor.is_none() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NO_SUPPRESSIONS}</h2>
                <p>{text::NO_SUPPRESSIONS_ADVICE}</p>
            </div>
        }
        .into_any();
    }
    let link = |cursor| routes::suppressions(&query.at(cursor));
    let (before, after) = (page.before.map(Some).map(link), page.after.map(Some).map(link));
    let reasons = page.reasons.into_iter();
    let reasons = reasons.map(|(reason, count)| (reason.name(), reason.title(), count));
    let table = if is_empty {
        view! { <NothingMatches all=routes::SUPPRESSIONS.to_owned()/> }.into_any()
    } else {
        table(page.rows, removal)
    };
    view! {
        <div class="suppressions">
            <OneOf link=routes::suppressions query=query.clone() filter=REASON label=text::REASON parts=reasons.collect()/>
            {table}
            <Pager before after/>
        </div>
    }
    .into_any()
}

fn table(suppressions: Vec<Suppression>, removal: Option<Removal>) -> AnyView {
    let rows = suppressions.into_iter().map(|one| row(one, removal));
    let action = removal.map(|_| {
        view! { <th scope="col"><span class="visually-hidden">{text::REMOVE}</span></th> }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::SUPPRESSIONS>
                <thead>
                    <tr>
                        <th scope="col">{text::ADDRESS}</th>
                        <th scope="col">{text::REASON}</th>
                        <th scope="col">{text::ORIGIN}</th>
                        <th scope="col">{text::NOTE}</th>
                        <th scope="col">{text::SINCE}</th>
                        <th scope="col">{text::MESSAGE}</th>
                        {action}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(one: Suppression, removal: Option<Removal>) -> AnyView {
    let note = one.note.map(|note| view! { <bdi>{note}</bdi> }.into_any());
    let message = one
        .message
        .map(|id| view! { <a class="link" href=routes::email(id)>{text::SEE_MESSAGE}</a> }.into_any());
    let remove = removal.map(|Removal { action, state }| {
        let address = one.address.clone();
        view! {
            <td class="plain-table__action">
                <ActionForm action>
                    <input type="hidden" name="address" value=address.clone()/>
                    <SubmitButton state label=text::REMOVE pending=text::REMOVING weight=Weight::Plain about=address/>
                </ActionForm>
            </td>
        }
    });
    view! {
        <tr class="plain-table__row">
            <th scope="row"><bdi>{one.address}</bdi></th>
            <td data-label=text::REASON>{one.reason.title()}</td>
            <td data-label=text::ORIGIN><bdi>{one.origin}</bdi></td>
            <td data-label=text::NOTE>{or_nothing(note)}</td>
            <td data-label=text::SINCE><When at=one.since/></td>
            <td data-label=text::MESSAGE>{or_nothing(message)}</td>
            {remove}
        </tr>
    }
    .into_any()
}

/// Beside the message that an address was taken off the list: the way back onto it.
#[component]
fn PutBack(action: ServerAction<SuppressAddress>) -> impl IntoView {
    let (flash, state) = (use_flash(), FormState::of(action));
    let removed = Memo::new(move |_| flash.with(|flash| Some(flash.as_ref()?.value(REMOVED)?.to_owned())));
    move || {
        removed.get().map(|address| {
            view! {
                <div class="suppressions__back">
                    <ActionForm action>
                        <input type="hidden" name="address" value=address.clone()/>
                        <input type="hidden" name="note" value=text::PUT_BACK_NOTE/>
                        <SubmitButton state label=text::PUT_BACK pending=text::ADDING weight=Weight::Plain about=address/>
                    </ActionForm>
                </div>
            }
        })
    }
}

#[component]
fn Add(action: ServerAction<SuppressAddress>, added: Memo<usize>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="part" aria-labelledby="suppress-title">
            <h2 class="part__title" id="suppress-title">{text::ADD}</h2>
            <p class="part__lead">{text::ADD_ABOUT}</p>
            <ActionForm action>
                <div class="form">
                    // Empty again once what was typed is on the list.
                    <For each=move || [added.get()] key=|turn| *turn let:_turn>
                        <Field state prefix="suppress" name="address" kind="email" label=text::ADDRESS autocomplete="off" maxlength=254/>
                        <Field state prefix="suppress" name="note" label=text::NOTE hint=text::NOTE_HINT autocomplete="off" maxlength=500 optional=true/>
                    </For>
                    <FormProblem state fields=&["address", "note"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::ADD_ADDRESS pending=text::ADDING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
