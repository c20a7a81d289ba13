//! One view in the list: its link, who sees it, its place, and the row in which it is changed.

use super::{edit::EditView, page::Actions, text};
use crate::{
    audit_logs::report,
    routes,
    ui::form::{FormState, SubmitButton, Weight},
    viewer::lacking,
};
use daybook_domain::{
    permission::Permission,
    view::{SavedView, Shift},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn ViewRecord(
    view: SavedView,
    /// Whether there is another before it and after it to change places with.
    can_move: (bool, bool),
    /// Whether it is in the viewer's own menu.
    seen: bool,
    actions: Actions,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let (id, may_change) = (view.id, view.may_change);
    let open = Memo::new(move |_| {
        may_change && chosen.with(|chosen| chosen.as_deref() == Some(id.to_string().as_str()))
    });
    let name = StoredValue::new(view.name.clone());
    let toggle_to = move || {
        if open.get() {
            routes::SAVED_VIEWS.to_owned()
        } else {
            routes::edit_view(id)
        }
    };
    let toggle = may_change.then(|| {
        view! {
            <a class="row-link" href=toggle_to data-noscroll="">
                {move || if open.get() { text::CLOSE } else { text::CHANGE }}
                <span class="visually-hidden">" " {name.get_value()}</span>
            </a>
        }
    });
    let title = match &view.query {
        Some(query) => view! {
            <a class="row-link" href=routes::exactly(view.log, query)><bdi>{view.name.clone()}</bdi></a>
        }
        .into_any(),
        None => view! {
            <bdi>{view.name.clone()}</bdi> " " <span class="badge badge--failure">{text::BROKEN}</span>
            <p class="role__description">{text::BROKEN_LONG}</p>
        }
        .into_any(),
    };
    let first = view
        .is_default
        .then(|| view! { " " <span class="badge badge--neutral">{text::FIRST}</span> });
    let readers = match &view.shared_with {
        Some(role) => text::role(&role.name),
        None => text::NOBODY_ELSE.to_owned(),
    };
    let owner = (!view.mine).then(|| view! { " " <span class="quiet">{text::by(&view.owner)}</span> });
    let first_button = (seen && view.query.is_some()).then(|| first_form(&view, actions));
    // Records leave with a report.
    let may_send = seen && lacking(&[Permission::AuditLogsExport]).is_none();
    let report = may_send.then(|| {
        view! {
            <a class="row-link" href=routes::report(id)>
                {report::LINK} <span class="visually-hidden">" " {name.get_value()}</span>
            </a>
            " "
        }
    });
    let stored = StoredValue::new(view.clone());
    view! {
        <tbody class="plain-table__group" class:plain-table__group--open=move || open.get() id=format!("view-{id}")>
            <tr class="plain-table__row">
                <th scope="row" class="role__name">{title} {first}</th>
                <td data-label="Log">{view.log.title()}</td>
                <td data-label=text::WHO>{readers} {owner}</td>
                <td class="views-page__place">
                    {can_move.0.then(|| move_form(&view, Shift::Up, actions))}
                    {can_move.1.then(|| move_form(&view, Shift::Down, actions))}
                    {first_button}
                </td>
                <td class="plain-table__action">{report} {toggle}</td>
            </tr>
            <Show when=move || open.get()>
                <tr class="plain-table__detail">
                    <td colspan="5"><EditView view=stored.get_value() actions/></td>
                </tr>
            </Show>
        </tbody>
    }
    .into_any()
}

fn move_form(view: &SavedView, shift: Shift, actions: Actions) -> AnyView {
    let label = match shift {
        Shift::Up => text::UP,
        Shift::Down => text::DOWN,
    };
    let state = FormState::of(actions.shift);
    let (id, about) = (view.id.to_string(), view.name.clone());
    view! {
        <ActionForm action=actions.shift>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="shift" value=shift.name()/>
            <SubmitButton state label pending=text::MOVING weight=Weight::Plain about/>
        </ActionForm>
    }
    .into_any()
}

fn first_form(view: &SavedView, actions: Actions) -> AnyView {
    let state = FormState::of(actions.set_default);
    let (log, about) = (view.log.slug(), view.name.clone());
    let id = (!view.is_default).then(|| view.id.to_string());
    let label = if view.is_default {
        text::NOT_FIRST
    } else {
        text::OPEN_FIRST
    };
    view! {
        <ActionForm action=actions.set_default>
            <input type="hidden" name="log" value=log/>
            {id.map(|id| view! { <input type="hidden" name="view" value=id/> })}
            <SubmitButton state label pending=text::SAVING weight=Weight::Plain about/>
        </ActionForm>
    }
    .into_any()
}
