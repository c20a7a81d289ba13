//! Sending everything again that was given up since a time: first how many, then the button.

use super::{
    api::{RecoverMessages, recoverable},
    text,
};
use crate::{
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton},
        problem::Problem,
    },
};
use daybook_domain::{id::ObjectId, object::ObjectQuery};
use leptos::{form::ActionForm, prelude::*};

/// The parameter with the time.
pub const SINCE: &str = "recover";

#[component]
pub fn Recover(
    endpoint: ObjectId,
    /// What was chosen, as the address has it.
    since: Option<String>,
    action: ServerAction<RecoverMessages>,
) -> impl IntoView {
    let chosen = since.clone().unwrap_or_else(|| "-24h".to_owned());
    let options = text::SINCE.map(|(value, title)| {
        view! { <option value=value selected=value == chosen>{title}</option> }
    });
    let is_open = since.is_some();
    let counted = since.map(|since| view! { <Counted endpoint since action/> });
    let action = routes::deliveries(endpoint, &ObjectQuery::default());
    view! {
        <details class="webhook-recover" open=is_open>
            <summary class="link-button">{text::RECOVER}</summary>
            <p>{text::RECOVER_ABOUT}</p>
            <form class="webhook-recover__form" method="get" action=action>
                <label class="field__label" for="recover-since">{text::RECOVER_SINCE}</label>
                <select class="input" id="recover-since" name=SINCE>{options.collect_view()}</select>
                <button type="submit" class="button">{text::RECOVER_COUNT}</button>
            </form>
            {counted}
        </details>
    }
    .into_any()
}

#[component]
fn Counted(endpoint: ObjectId, since: String, action: ServerAction<RecoverMessages>) -> impl IntoView {
    let typed = since.clone();
    let counted = Resource::new(
        move || typed.clone(),
        move |since| async move {
            let since = since
                .parse()
                .map_err(|_| daybook_domain::Error::invalid("since", "This is not a time such as -24h."))?;
            recoverable(endpoint, since).await
        },
    );
    let since = StoredValue::new(since);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match counted.await {
                    Ok(0) => view! { <p role="status">{text::RECOVER_NONE}</p> }.into_any(),
                    Ok(messages) => {
                        let state = FormState::of(action);
                        let since = since.get_value();
                        view! {
                            <p role="status">{text::recoverable(messages, &since)}</p>
                            <ActionForm action>
                                <input type="hidden" name="endpoint" value=endpoint.to_string()/>
                                <input type="hidden" name="since" value=since/>
                                <SubmitButton state label=text::recover(messages) pending=text::RECOVERING/>
                                <FormProblem state/>
                            </ActionForm>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}
