//! Sending everything again that was given up since a time: first how many, then the button.

use super::{
    api::{RecoverMessages, recoverable},
    text,
};
use crate::{
    error::AppError,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton},
        problem::Problem,
    },
};
use daybook_domain::{Error, id::ObjectId, object::ObjectQuery};
use leptos::{form::ActionForm, prelude::*};

/// The parameter with the time.
pub const SINCE: &str = "recover";

/// How many would be sent again: nothing where nobody has asked.
pub type Counted = Option<(String, Result<u64, AppError>)>;

pub async fn count(endpoint: ObjectId, since: Option<String>) -> Counted {
    let since = since?;
    let counted = match since.parse() {
        Ok(bound) => recoverable(endpoint, bound).await,
        Err(_) => Err(Error::invalid(SINCE, "This is not a time such as -24h.").into()),
    };
    Some((since, counted))
}

pub fn part(endpoint: ObjectId, counted: Counted, action: ServerAction<RecoverMessages>) -> AnyView {
    let chosen = counted.as_ref().map_or("-24h", |(since, _)| since).to_owned();
    let options = text::SINCE.map(|(value, title)| {
        view! { <option value=value selected=value == chosen>{title}</option> }
    });
    let is_open = counted.is_some();
    let counted = counted.map(|(since, counted)| answer(endpoint, since, counted, action));
    let here = format!(
        "{}#{SINCE}",
        routes::deliveries(endpoint, &ObjectQuery::default())
    );
    view! {
        <details class="webhook-recover" id=SINCE open=is_open>
            <summary class="link-button">{text::RECOVER}</summary>
            <p>{text::RECOVER_ABOUT}</p>
            <form class="webhook-recover__form" method="get" action=here>
                <label class="field__label" for="recover-since">{text::RECOVER_SINCE}</label>
                <select class="input" id="recover-since" name=SINCE>{options.collect_view()}</select>
                <button type="submit" class="button">{text::RECOVER_COUNT}</button>
            </form>
            {counted}
        </details>
    }
    .into_any()
}

fn answer(
    endpoint: ObjectId,
    since: String,
    counted: Result<u64, AppError>,
    action: ServerAction<RecoverMessages>,
) -> AnyView {
    match counted {
        Ok(0) => view! { <p role="status">{text::RECOVER_NONE}</p> }.into_any(),
        Ok(messages) => {
            let state = FormState::of(action);
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
}
