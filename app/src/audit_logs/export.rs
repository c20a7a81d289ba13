//! The way out of a list: everything that matches as a file. A link, so that the browser loads it; where JavaScript
//! runs, the page says how far it is and can end it.

use super::{
    api,
    state::{ListState, Place},
    text,
};
use crate::{
    routes,
    ui::{hydrated::use_hydrated, number::thousands},
    viewer::use_viewer,
};
use daybook_domain::{
    export::{ExportProgress, ExportState},
    permission::Permission,
};
use leptos::{prelude::*, task::spawn_local, web_sys::MouseEvent};
use std::time::Duration;
use uuid::Uuid;

/// The formats: how they are called in the address, and to whom each is of use.
const FORMATS: [(&str, &str, &str); 2] = [
    ("csv", "CSV", "for spreadsheets"),
    ("jsonl", "JSON lines", "for programs"),
];
const ASK_EVERY: Duration = Duration::from_millis(500);
/// Unanswered questions after which nobody is asked any more.
const PATIENCE: usize = 20;

/// The export that was begun last, and what is known of it.
#[derive(Debug, Clone, Copy)]
struct Going {
    job: Uuid,
    progress: Option<ExportProgress>,
}

pub fn export_menu(state: ListState) -> Option<AnyView> {
    let viewer = use_viewer()?;
    if !viewer.may(Permission::AuditLogsExport) {
        return None;
    }
    let going = RwSignal::new(None::<Going>);
    let hydrated = use_hydrated();
    let links = FORMATS.map(|(format, name, what_for)| {
        let place = move || Place {
            scope: state.scope(),
            query: state.query.get(),
        };
        let follow = move |event: MouseEvent| {
            if hydrated.get_untracked() {
                begin(&event, going);
            }
        };
        view! {
            <li>
                <a class="export__link" href=move || routes::export(&place().query, place().scope, format) download rel="external" on:click=follow>
                    <strong>{name}</strong> " " <span class="export__for">{what_for}</span>
                </a>
            </li>
        }
    });
    let hold = viewer.may(Permission::SettingsManage).then(|| {
        let address = move || {
            routes::hold(
                &state.scope().slug(),
                &state.query.with(|query| query.at(None).to_query_string()),
            )
        };
        view! { <p class="export__hold"><a class="export__link" href=address>{text::HOLD}</a></p> }
    });
    let menu = view! {
        <details class="menu export">
            <summary class="button">"Export"</summary>
            <div class="menu__panel">
                <p class="export__about">{text::EXPORT}</p>
                <ul>{links}</ul>
                {hold}
            </div>
        </details>
        {move || going.get().map(|known| told(known, going))}
    };
    Some(menu.into_any())
}

/// Gives the export a number, so that it can be asked for.
fn begin(event: &MouseEvent, going: RwSignal<Option<Going>>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlAnchorElement};
    let link = event
        .current_target()
        .and_then(|target| target.dyn_into::<HtmlAnchorElement>().ok());
    let (Some(link), Some(job)) = (link, random()) else {
        return;
    };
    let href = link.href();
    let href = href.split("&job=").next().unwrap_or(&href);
    link.set_href(&format!("{href}&job={job}"));
    if let Ok(Some(menu)) = link.closest("details") {
        // It stays open where it can't be closed, which harms nobody.
        let _ = menu.remove_attribute("open");
    }
    going.set(Some(Going { job, progress: None }));
    ask_later(job, going, 0);
}

/// A number nobody else has.
fn random() -> Option<Uuid> {
    window().crypto().ok()?.random_uuid().parse().ok()
}

fn ask_later(job: Uuid, going: RwSignal<Option<Going>>, unanswered: usize) {
    let ask = move || {
        spawn_local(async move {
            let answer = api::export_progress(job).await.ok();
            let is_this = going
                .try_get_untracked()
                .flatten()
                .is_some_and(|known| known.job == job);
            if !is_this {
                return;
            }
            let ended = answer.is_some_and(|progress| progress.state != ExportState::Running);
            let unanswered = if answer.is_some() { 0 } else { unanswered + 1 };
            if answer.is_some() {
                going.set(Some(Going {
                    job,
                    progress: answer,
                }));
            }
            if unanswered >= PATIENCE {
                going.set(None);
            } else if !ended {
                ask_later(job, going, unanswered);
            }
        });
    };
    set_timeout(ask, ASK_EVERY);
}

fn told(known: Going, going: RwSignal<Option<Going>>) -> AnyView {
    let Going { job, progress } = known;
    let state = progress.map_or(ExportState::Running, |progress| progress.state);
    let said = progress.map_or_else(|| text::EXPORT_BEGINS.to_owned(), |progress| sentence(&progress));
    let cancel = move |_| {
        spawn_local(async move {
            // Whether it ended is told by the next answer.
            let _ = api::cancel_export(job).await;
        });
    };
    let bar = progress.map(|progress| {
        let (done, all) = (
            progress.records.to_string(),
            progress.expected.number().max(1).to_string(),
        );
        view! { <progress class="export__bar" value=done max=all aria-label="Exported"></progress> }
    });
    let running = state == ExportState::Running;
    view! {
        <p class="export__state">
            <span role="status">{said}</span>
            {bar.filter(|_| running)}
            {if running {
                view! { <button type="button" class="link-button" on:click=cancel>"Cancel"</button> }.into_any()
            } else {
                view! { <button type="button" class="link-button" on:click=move |_| going.set(None)>"Dismiss"</button> }.into_any()
            }}
        </p>
    }
    .into_any()
}

/// How far an export is, as a sentence.
fn sentence(progress: &ExportProgress) -> String {
    let done = thousands(progress.records);
    let of = match progress.expected {
        daybook_domain::facet::Count::Exactly(all) => format!(" of {}", thousands(all)),
        _ => String::new(),
    };
    match progress.state {
        ExportState::Running => format!("Exporting: {done}{of} records"),
        ExportState::Finished => format!("Exported {done} records"),
        ExportState::BrokenOff => format!("Export ended after {done}{of} records"),
    }
}
