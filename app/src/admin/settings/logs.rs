//! The logs beyond the core ones, each with the button that switches it on or off.

use super::{api::SwitchLog, text};
use crate::{
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, Weight},
        number::thousands,
    },
};
use daybook_domain::{log::LogScope, query::LogQuery, settings::LogTab};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn LogTabs(logs: Vec<LogTab>, action: ServerAction<SwitchLog>) -> impl IntoView {
    let state = FormState::of(action);
    let rows = logs
        .into_iter()
        .map(|tab| view! { <LogRow tab action state/> })
        .collect_view();
    view! {
        <section class="part" aria-labelledby="logs-title">
            <h2 class="part__title" id="logs-title">{text::LOGS}</h2>
            <p class="part__lead">{text::LOGS_LEAD}</p>
            <FormProblem state/>
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby="logs-title">
                    <thead>
                        <tr>
                            <th scope="col">{text::LOG}</th>
                            <th scope="col" class="plain-table__number">{text::RECORDS}</th>
                            <th scope="col">{text::TAB}</th>
                            <th scope="col"><span class="visually-hidden">{text::ACTION}</span></th>
                        </tr>
                    </thead>
                    <tbody class="plain-table__group">{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn LogRow(tab: LogTab, action: ServerAction<SwitchLog>, state: FormState) -> impl IntoView {
    let when = text::tab(&tab);
    let LogTab {
        log,
        records,
        switched_on,
    } = tab;
    let list = routes::exactly(LogScope::One(log), &LogQuery::default());
    let label = if switched_on {
        text::SWITCH_OFF
    } else {
        text::SWITCH_ON
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row"><a class="row-link" href=list>{log.title()}</a></th>
            <td data-label=text::RECORDS class="plain-table__number">{thousands(records)}</td>
            <td data-label=text::TAB>{when}</td>
            <td class="plain-table__action">
                <ActionForm action>
                    <input type="hidden" name="log" value=log.name()/>
                    <input type="hidden" name="on" value=(!switched_on).to_string()/>
                    <SubmitButton state label pending=label weight=Weight::Plain about=log.title()/>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}
