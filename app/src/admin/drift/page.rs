//! The page of the drift check.

use super::{
    api::{CheckDrift, show_drift},
    text,
};
use crate::{
    account::when::When,
    audit_logs::record::readable,
    routes,
    ui::{
        at_work::{AtWork, ask_again_while},
        form::{FormProblem, FormState, SubmitButton, successes},
        problem::Problem,
        ready::ready,
    },
    viewer::{use_naming, use_viewer},
};
use daybook_domain::{
    drift::{Difference, Drift, DriftCheck, DriftReport, DriftState},
    object::ObjectKind,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use serde_json::Value;

#[component]
pub fn DriftPage() -> impl IntoView {
    let check = ServerAction::<CheckDrift>::new();
    let begun = successes(check);
    let last = Resource::new(move || begun.get(), |_| show_drift());
    ask_again_while(last, |last| {
        let state = last.as_ref().ok().and_then(|last| Some(&last.as_ref()?.state));
        matches!(state, Some(DriftState::Running { .. }))
    });
    view! {
        <Title text=text::TITLE/>
        <header class="page-head">
            <h1>{text::TITLE}</h1>
            <p class="page-head__about">{text::LEAD}</p>
        </header>
        <Transition>
            {move || last.get().map(|last| ready(move || match last {
                Ok(last) => whole(last, check),
                Err(error) => view! { <Problem error/> }.into_any(),
            }))}
        </Transition>
    }
    .into_any()
}

fn whole(last: Option<DriftCheck>, check: ServerAction<CheckDrift>) -> AnyView {
    let Some(DriftCheck { by, began, state }) = last else {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NEVER}</h2>
                <p>{text::NEVER_ABOUT}</p>
                {begin(check, text::CHECK)}
            </div>
        }
        .into_any();
    };
    let outcome = match state {
        DriftState::Running { done, of } => view! {
            <AtWork
                label=text::AT_WORK
                done
                of
                said=text::progress(done, of)
                here=routes::DRIFT.to_owned()
                look_again=text::LOOK_AGAIN
            />
        }
        .into_any(),
        DriftState::Failed => view! {
            <p class="notice notice--problem" role="status">{text::FAILED}</p>
            {begin(check, text::CHECK_AGAIN)}
        }
        .into_any(),
        DriftState::Finished { report, found, at } => {
            let outcome = outcome(&report, found);
            view! {
                {outcome}
                <p class="quiet">{text::ENDED} " " <When at/></p>
                {begin(check, text::CHECK_AGAIN)}
            }
            .into_any()
        }
    };
    view! {
        <section class="part drift" aria-labelledby="drift-title">
            <h2 class="part__title" id="drift-title">{text::LAST}</h2>
            <p class="quiet">{text::BEGUN_BY} " " <bdi>{by}</bdi> ", " <When at=began/></p>
            {outcome}
        </section>
    }
    .into_any()
}

fn begin(check: ServerAction<CheckDrift>, label: &'static str) -> AnyView {
    let state = FormState::of::<CheckDrift>(check);
    view! {
        <ActionForm action=check>
            <SubmitButton state label pending=text::CHECKING/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

fn outcome(report: &DriftReport, found: u64) -> AnyView {
    let partly = (report.partly > 0).then(|| view! { <p>{text::partly(report.partly)}</p> });
    let compared = view! { <p>{text::compared(report)}</p> {partly} };
    if found == 0 {
        return view! { <p class="notice" role="status"><strong>{text::NONE}</strong></p> {compared} }
            .into_any();
    }
    let rows = report.drifts.iter().map(row);
    let rows = rows.collect_view();
    let first = (found > report.drifts.len() as u64).then(|| view! { <p>{text::first()}</p> });
    view! {
        <p class="notice notice--problem" role="status"><strong>{text::found(found)}</strong> " " {text::ADVICE}</p>
        {compared}
        {first}
        <div class="plain-table__frame">
            <table class="plain-table" aria-labelledby="drift-title">
                <thead>
                    <tr>
                        <th scope="col">{text::THING}</th>
                        <th scope="col">{text::PROPERTY}</th>
                        <th scope="col">{text::STORED}</th>
                        <th scope="col">{text::LOGGED}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(drift: &Drift) -> AnyView {
    let Drift {
        thing,
        name,
        difference,
    } = drift;
    let kind = ObjectKind::from_name(&thing.kind);
    let may_see = |permission| use_viewer().is_some_and(|viewer| viewer.may(permission));
    // What isn't stored has a page, too: with what it was at the end.
    let page = routes::page_of(thing).filter(|(_, permission)| may_see(*permission));
    let named = match page {
        Some((href, _)) => view! { <a class="link" href=href><bdi>{name.clone()}</bdi></a> }.into_any(),
        None => view! { <bdi>{name.clone()}</bdi> }.into_any(),
    };
    let kind_title = use_naming().says(&readable(&thing.kind)).into_owned();
    let (property, stored, logged) = match difference {
        Difference::NotStored => (None, text::NOT_STORED.to_owned(), text::IS_THERE.to_owned()),
        Difference::NotLogged => (None, text::IS_THERE.to_owned(), text::NOT_LOGGED.to_owned()),
        Difference::Unreadable => (None, text::UNREADABLE.to_owned(), text::IS_THERE.to_owned()),
        Difference::Beside { what, stored, due } => {
            (Some(what.clone()), shown(stored), text::should_be(&shown(due)))
        }
        Difference::Property {
            property,
            stored,
            logged,
        } => {
            let title = kind.and_then(|kind| kind.spec().property(property));
            (
                Some(title.map_or_else(|| readable(property), |property| property.title.to_owned())),
                shown(stored),
                shown(logged),
            )
        }
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row">{named} <span class="quiet">" " {kind_title}</span></th>
            <td data-label=text::PROPERTY>{property}</td>
            <td data-label=text::STORED><bdi>{stored}</bdi></td>
            <td data-label=text::LOGGED><bdi>{logged}</bdi></td>
        </tr>
    }
    .into_any()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => text::NOTHING.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(members) => members.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
