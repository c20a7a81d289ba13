//! The logs, each with the form that changes its retention.

use super::{
    api::{SetRetention, show_retention},
    edit_path, text,
};
use crate::{
    account::when::When,
    past::text::PAST,
    routes,
    ui::{
        form::{Field, FormProblem, FormState, SubmitButton, meanwhile},
        number::thousands,
    },
    viewer::{lacking, use_format},
};
use daybook_domain::{
    log::{LogKind, LogScope},
    past::Subject,
    permission::Permission,
    query::LogQuery,
    retention::LogRetention,
    seen::Seen,
};
use leptos::{form::ActionForm, prelude::*};

/// Usual times, in days.
const USUAL: [(&str, &str); 7] = [
    ("30", "a month"),
    ("90", "three months"),
    ("180", "half a year"),
    ("365", "a year"),
    ("730", "two years"),
    ("2555", "seven years"),
    ("3650", "ten years"),
];

#[component]
pub fn LogList(
    logs: Vec<LogRetention>,
    action: ServerAction<SetRetention>,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let rows = logs
        .into_iter()
        .map(|log| view! { <LogRow log action chosen/> })
        .collect_view();
    let usual = USUAL
        .map(|(days, name)| view! { <option value=days>{name}</option> })
        .collect_view();
    view! {
        <datalist id="usual-days">{usual}</datalist>
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::LOGS>
                <thead>
                    <tr>
                        <th scope="col">{text::LOG}</th>
                        <th scope="col" class="plain-table__number">{text::RECORDS}</th>
                        <th scope="col">{text::OLDEST}</th>
                        <th scope="col">{text::KEPT}</th>
                        <th scope="col"><span class="visually-hidden">{text::CHANGE}</span></th>
                    </tr>
                </thead>
                {rows}
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn LogRow(
    log: LogRetention,
    action: ServerAction<SetRetention>,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let LogRetention {
        log,
        records,
        oldest,
        days,
        next,
        seen,
    } = log;
    let seen = StoredValue::new(seen);
    let open = Memo::new(move |_| chosen.with(|chosen| chosen.as_deref() == Some(log.name())));
    let toggle_to = move || {
        if open.get() {
            routes::RETENTION.to_owned()
        } else {
            edit_path(log)
        }
    };
    let kept = text::kept(days);
    let wanted = next.as_ref().map_or(days, |(next, _)| *next);
    let oldest = match oldest {
        Some(at) => view! { <When at/> }.into_any(),
        None => view! { <span class="quiet">{text::NONE}</span> }.into_any(),
    };
    let next = next.map(|(days, from)| {
        let when = format!("{}, {}", from.date, use_format().minutes(from.clock));
        view! { <br/><span class="badge badge--delete">{text::next(days, &when)}</span> }
    });
    let list = routes::exactly(LogScope::One(log), &LogQuery::default());
    view! {
        <tbody class="plain-table__group" class:plain-table__group--open=move || open.get() id=format!("log-{}", log.name())>
            <tr class="plain-table__row">
                <th scope="row"><a class="row-link" href=list>{log.title()}</a></th>
                <td data-label=text::RECORDS class="plain-table__number">{thousands(records)}</td>
                <td data-label=text::OLDEST>{oldest}</td>
                <td data-label=text::KEPT>{kept} {next}</td>
                <td class="plain-table__action">
                    <a class="row-link" href=toggle_to data-noscroll="">
                        {move || if open.get() { text::CLOSE } else { text::CHANGE }}
                        <span class="visually-hidden">" " {log.title()}</span>
                    </a>
                </td>
            </tr>
            <Show when=move || open.get()>
                <tr class="plain-table__detail">
                    <td colspan="5"><LogForm log wanted seen=seen.get_value() action/></td>
                </tr>
            </Show>
        </tbody>
    }
    .into_any()
}

#[component]
fn LogForm(
    log: LogKind,
    wanted: Option<u32>,
    seen: Seen,
    action: ServerAction<SetRetention>,
) -> impl IntoView {
    let state = FormState::of(action);
    let past = lacking(&[Permission::AuditLogsView]).is_none().then(|| {
        let past = routes::past(&Subject::Retention(log), None);
        view! { <a class="row-link" href=past>{PAST}</a> }
    });
    let again = move || async move {
        let logs = show_retention().await.ok()?.logs;
        logs.into_iter().find(|of| of.log == log).map(|of| of.seen)
    };
    let meanwhile = meanwhile(state, seen, again, edit_path(log));
    view! {
        <div class="manage">
            <ActionForm action>
                <input type="hidden" name="log" value=log.name()/>
                <div class="form">
                    {meanwhile}
                    <Field
                        state
                        prefix="retention"
                        name="days"
                        first=true
                        optional=true
                        label=text::DAYS
                        hint=text::DAYS_HINT
                        list="usual-days"
                        autocomplete="off"
                        maxlength=6
                        value=wanted.map(|days| days.to_string()).unwrap_or_default()
                    />
                    <FormProblem state fields=&["days"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                        <a class="button" href=routes::RETENTION data-noscroll="">{text::CANCEL}</a>
                        {past}
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}
