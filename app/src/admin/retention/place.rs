//! Placing a hold: on the list one comes from, or on one that is typed.

use super::{api::PlaceHold, text};
use crate::{
    admin::panel::use_chosen,
    routes,
    ui::form::{Field, FormProblem, FormState, SelectField, SubmitButton},
};
use daybook_domain::log::{LogKind, LogScope};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn PlacePanel(action: ServerAction<PlaceHold>) -> impl IntoView {
    let state = FormState::of(action);
    let (log, query) = (use_chosen("log"), use_chosen("query"));
    let scopes = std::iter::once(LogScope::All).chain(LogKind::ALL.iter().copied().map(LogScope::One));
    let options: Vec<_> = scopes
        .map(|scope| (scope.slug(), scope.title().to_owned()))
        .collect();
    let chosen = log.get_untracked().unwrap_or_else(|| LogScope::All.slug());
    let typed = query.get_untracked().unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="place-hold-title">
            <h2 class="panel__title" id="place-hold-title">{text::PLACE}</h2>
            <p class="panel__lead">{text::PLACE_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    <Field state prefix="hold" name="name" first=true label="Name" hint=text::NAME_HINT autocomplete="off" maxlength=80/>
                    <Field state prefix="hold" name="reason" label=text::REASON hint=text::REASON_HINT autocomplete="off" maxlength=500/>
                    <SelectField state prefix="hold" name="log" label=text::LOG options value=chosen/>
                    <Field
                        state
                        prefix="hold"
                        name="query"
                        optional=true
                        label=text::QUERY
                        hint=text::QUERY_HINT
                        autocomplete="off"
                        value=typed.trim_start_matches('?').to_owned()
                    />
                    <FormProblem state fields=&["name", "reason", "log", "query"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::PLACE_BUTTON pending=text::PLACING/>
                        <a class="button" href=routes::RETENTION data-noscroll="">{text::CANCEL}</a>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
