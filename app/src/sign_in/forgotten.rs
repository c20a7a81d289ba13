//! Asking for a link to choose a new password.

use super::{api::offers_reset, entry::Entry, text};
use crate::{
    routes,
    ui::form::{Field, FormState, SubmitButton},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ForgottenPage() -> impl IntoView {
    let offered = Resource::new_blocking(|| (), |()| offers_reset());
    view! {
        <Title text=text::NEW_PASSWORD/>
        <Suspense>
            {move || Suspend::new(async move {
                if offered.await.unwrap_or(false) {
                    view! { <Ask/> }.into_any()
                } else {
                    view! { <Entry title=text::NEW_PASSWORD lead=text::FORGOTTEN>{back()}</Entry> }.into_any()
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Ask() -> impl IntoView {
    let state = FormState::plain();
    view! {
        <Entry title=text::NEW_PASSWORD lead=text::NEW_PASSWORD_LEAD>
            <form class="form" method="post" action=routes::FORGOTTEN>
                <Field state name="email" first=true label="Email" kind="email" autocomplete="username" maxlength=254/>
                <div class="form__actions">
                    <SubmitButton state label=text::SEND_LINK pending=text::SEND_LINK/>
                </div>
            </form>
            {back()}
        </Entry>
    }
    .into_any()
}

fn back() -> AnyView {
    view! { <p class="entry__foot"><a class="row-link" href=routes::SIGN_IN>{text::BACK_TO_SIGN_IN}</a></p> }
        .into_any()
}
