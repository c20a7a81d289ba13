//! Keeping how a log is shown: its columns in their order, and how much room a line takes.

use super::{text, use_kept};
use crate::{
    audit_logs::state::ListState,
    error::AppError,
    ui::form::{FormProblem, FormState, SubmitButton, Weight, successes},
};
use daybook_domain::{
    log::{Column, LogScope},
    query::LogQuery,
    view::{Density, ListSettings},
};
use leptos::{form::ActionForm, prelude::*};
#[cfg(feature = "ssr")]
use {
    super::sent::{list, parsed},
    crate::{
        context::authorize,
        flash::{self, Flash},
        routes,
    },
    daybook_domain::permission::ViewAuditLogs,
};

/// Keeps how a log is shown. `columns` as in the address; `query` is the list to go back to.
#[server(prefix = "/_fn", endpoint = "views/keep_settings")]
pub async fn keep_settings(
    log: String,
    columns: String,
    density: Density,
    query: String,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/keep_settings").await?;
    let (log, query) = list(&log, &query)?;
    let columns = parsed(&[("columns", &columns)])?.columns;
    let settings = ListSettings { columns, density };
    let set = ports.views.set_list_settings(&who, log, settings).await;
    set.map_err(|error| flash::refused(error, &[], &routes::exactly(log, &query)))?;
    flash::done(
        &Flash::success(text::kept(log.title())),
        &routes::exactly(log, &query),
    );
    Ok(())
}

#[component]
pub fn KeepColumns(state: ListState, scope: LogScope, shown: Memo<Vec<Column>>) -> impl IntoView {
    let action = ServerAction::<KeepSettings>::new();
    let told = FormState::of(action);
    let kept = use_kept();
    kept.refresh_after([successes(action)]);
    let settings = Memo::new(move |_| kept.read(|lists| lists.settings_of(scope)));
    let names = move || {
        let names: Vec<_> = shown.with(|shown| shown.iter().map(|column| column.name()).collect());
        names.join(",")
    };
    let densities = Density::ALL.iter().map(|density| {
        let selected = move || settings.with(|settings| settings.density == *density);
        view! { <option value=density.name() selected=selected prop:selected=selected>{density.title()}</option> }
    });
    let densities = densities.collect_view();
    let has_own = move || settings.with(|settings| *settings != ListSettings::default());
    view! {
        <ActionForm action>
            <div class="columns__keep">
                <Place state scope/>
                <input type="hidden" name="columns" value=names/>
                <label class="columns__density">
                    <span>{text::DENSITY}</span>
                    <select class="input input--select" name="density">{densities}</select>
                </label>
                <SubmitButton state=told label=text::KEEP pending=text::SAVING weight=Weight::Plain/>
            </div>
        </ActionForm>
        <Show when=has_own>
            <ActionForm action>
                <Place state scope/>
                <input type="hidden" name="columns" value=""/>
                <input type="hidden" name="density" value=Density::Comfortable.name()/>
                <SubmitButton state=told label=text::FORGET pending=text::SAVING weight=Weight::Plain/>
            </ActionForm>
        </Show>
        <FormProblem state=told/>
    }
    .into_any()
}

/// Where the form is, to come back to.
#[component]
fn Place(state: ListState, scope: LogScope) -> impl IntoView {
    let query = move || state.query.with(LogQuery::to_query_string);
    view! {
        <input type="hidden" name="log" value=scope.slug()/>
        <input type="hidden" name="query" value=query/>
    }
}
