//! Setting an integration back to a time: first how much that is, then the button.

use super::{
    api::{RewindIntegration, recorded_since},
    text,
};
use crate::{
    error::AppError,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, Weight},
        problem::Problem,
    },
    viewer::use_viewer,
};
use daybook_domain::{Error, id::ObjectId};
use leptos::{form::ActionForm, prelude::*};

/// The parameter with the time.
pub const SINCE: &str = "rewind";

/// How many records it would be held against: nothing where nobody has asked.
pub type Counted = Option<(String, Result<u64, AppError>)>;

pub async fn count(id: ObjectId, since: Option<String>) -> Counted {
    let since = since.filter(|since| !since.is_empty())?;
    let counted = match since.parse() {
        Ok(bound) => recorded_since(id, bound).await,
        Err(_) => Err(Error::invalid(SINCE, text::NOT_A_TIME).into()),
    };
    Some((since, counted))
}

/// `behind` is how many records it hasn't been held against yet: a time after them leaves some out.
pub fn part(id: ObjectId, behind: u64, counted: Counted, action: ServerAction<RewindIntegration>) -> AnyView {
    let is_open = counted.is_some();
    let chosen = counted.as_ref().map(|(since, _)| since.clone());
    let counted = counted.map(|(since, counted)| answer(id, behind, since, counted, action));
    let here = format!("{}#{SINCE}", routes::integration(id));
    // The reader's clock is meant.
    let zone = use_viewer().map(|viewer| viewer.zone).unwrap_or_default();
    view! {
        <details class="integration-rewind" id=SINCE open=is_open>
            <summary class="link-button">{text::REWIND}</summary>
            <p>{text::REWIND_ABOUT}</p>
            <form class="integration-rewind__form" method="get" action=here>
                <label class="field__label" for="rewind-since">{text::REWIND_SINCE}</label>
                <input class="input" type="datetime-local" id="rewind-since" name=SINCE value=chosen required aria-describedby="rewind-zone"/>
                <span class="quiet" id="rewind-zone">{zone}</span>
                <button type="submit" class="button">{text::REWIND_COUNT}</button>
            </form>
            {counted}
        </details>
    }
    .into_any()
}

fn answer(
    id: ObjectId,
    behind: u64,
    since: String,
    counted: Result<u64, AppError>,
    action: ServerAction<RewindIntegration>,
) -> AnyView {
    let records = match counted {
        Ok(0) if behind == 0 => return view! { <p role="status">{text::REWIND_NONE}</p> }.into_any(),
        Ok(records) => records,
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    let state = FormState::of(action);
    let left_out = behind.saturating_sub(records);
    let (label, weight) = if left_out == 0 {
        (text::rewind(records), Weight::Primary)
    } else {
        (text::leave_out(left_out), Weight::Danger)
    };
    let warning = (left_out > 0).then(|| view! { " " <strong>{text::left_out(left_out)}</strong> });
    view! {
        <p role="status">{text::recorded(records, &since.replace('T', " "))} {warning}</p>
        <ActionForm action>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="since" value=since/>
            <SubmitButton state label pending=text::REWINDING weight/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}
