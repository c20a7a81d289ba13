//! The second half of a sign-in: the code.

use super::{entry::Entry, text};
use crate::{
    address::parameter,
    routes,
    ui::form::{Field, FormState, SubmitButton},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn CodePage() -> impl IntoView {
    let state = FormState::plain();
    let next = parameter(&use_location(), "next").unwrap_or_default();
    view! {
        <Title text=text::CODE_TITLE/>
        <Entry title=text::CODE_TITLE lead=text::CODE_LEAD>
            <form class="form" method="post" action=routes::SIGN_IN_CODE>
                <input type="hidden" name="next" value=next/>
                <Field state name="code" first=true label=text::CODE hint=text::CODE_HINT autocomplete="one-time-code" maxlength=40/>
                <div class="form__actions">
                    <SubmitButton state label=text::SIGN_IN pending=text::SIGN_IN/>
                </div>
            </form>
            <p class="entry__foot"><a class="row-link" href=routes::SIGN_IN>{text::BACK_TO_SIGN_IN}</a></p>
        </Entry>
    }
    .into_any()
}
