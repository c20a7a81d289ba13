//! The first administrator of an empty database.

use super::{api::needs_setup, entry::Entry, text};
use crate::{
    routes,
    ui::{
        form::{Field, FormState, SubmitButton},
        problem::Problem,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SetupPage() -> impl IntoView {
    let setup = Resource::new_blocking(|| (), |()| needs_setup());
    view! {
        <Title text=text::SETUP/>
        <Suspense>
            {move || Suspend::new(async move {
                match setup.await {
                    Ok(true) => view! { <SetupForm/> }.into_any(),
                    Ok(false) => {
                        routes::go(routes::SIGN_IN);
                        ().into_any()
                    }
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn SetupForm() -> impl IntoView {
    let state = FormState::plain();
    view! {
        <Entry title=text::SETUP lead=text::SETUP_LEAD>
            <form class="form" method="post" action=routes::SETUP>
                <Field
                    state
                    name="workspace"
                    first=true
                    label="Workspace"
                    hint=text::WORKSPACE_HINT
                    autocomplete="organization"
                    maxlength=100
                />
                <Field state name="name" label="Your name" hint=text::NAME_HINT autocomplete="name" maxlength=200/>
                <Field state name="email" label="Email" kind="email" autocomplete="username" maxlength=254/>
                <Field
                    state
                    name="password"
                    label="Password"
                    kind="password"
                    hint=text::PASSWORD_HINT
                    autocomplete="new-password"
                />
                <div class="form__actions">
                    <SubmitButton state label=text::CREATE_ADMINISTRATOR pending=text::CREATE_ADMINISTRATOR/>
                </div>
            </form>
        </Entry>
    }
    .into_any()
}
