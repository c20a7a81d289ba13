//! Signing in.

use super::{
    api::{needs_setup, offers_reset},
    entry::Entry,
    text,
};
use crate::{
    address::parameter,
    routes,
    ui::{
        form::{Field, FormState, SubmitButton},
        problem::Problem,
    },
    viewer::use_viewer,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn SignInPage() -> impl IntoView {
    let next = parameter(&use_location(), "next").unwrap_or_default();
    if use_viewer().is_some() {
        // Whoever is signed in already goes home: `next` is followed by the server alone, which checks it.
        routes::go(routes::HOME);
        return ().into_any();
    }
    let setup = Resource::new_blocking(|| (), |()| needs_setup());
    let offered = Resource::new_blocking(|| (), |()| offers_reset());
    view! {
        <Title text=text::SIGN_IN/>
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    match setup.await {
                        Ok(false) => view! { <SignInForm next offers_reset=offered.await.unwrap_or(false)/> }.into_any(),
                        Ok(true) => {
                            routes::go(routes::SETUP);
                            ().into_any()
                        }
                        Err(error) => view! { <Problem error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

#[component]
fn SignInForm(
    next: String,
    /// Whether a link to choose a new password can be asked for.
    offers_reset: bool,
) -> impl IntoView {
    let state = FormState::said_above();
    let forgotten = if offers_reset {
        view! { <a class="row-link" href=routes::FORGOTTEN>{text::FORGOTTEN_LINK}</a> }.into_any()
    } else {
        text::FORGOTTEN.into_any()
    };
    view! {
        <Entry title=text::SIGN_IN lead=text::SIGN_IN_LEAD>
            <form class="form" method="post" action=routes::SIGN_IN>
                <input type="hidden" name="next" value=next/>
                <Field state name="email" first=true label="Email" kind="email" autocomplete="username" maxlength=254/>
                <Field state name="password" label="Password" kind="password" autocomplete="current-password"/>
                <div class="form__actions">
                    <SubmitButton state label=text::SIGN_IN pending=text::SIGN_IN/>
                </div>
            </form>
            <p class="entry__foot">{forgotten}</p>
        </Entry>
    }
    .into_any()
}
