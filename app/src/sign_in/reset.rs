//! Choosing a new password by a link.

use super::{api::show_reset, entry::Entry, text};
use crate::{
    routes,
    ui::{
        form::{Field, FormState, SubmitButton},
        problem::Problem,
    },
};
use daybook_domain::{Error, account::Invitation};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn ResetPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let shown = Resource::new_blocking(move || token.get(), show_reset);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(whose) => view! { <Choose whose token=token.get_untracked()/> }.into_any(),
                    Err(error) if *error.kind() == Error::NotFound => view! { <Gone/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Choose(whose: Invitation, token: String) -> impl IntoView {
    let state = FormState::plain();
    view! {
        <Title text=text::NEW_PASSWORD/>
        <Entry title=text::NEW_PASSWORD lead=text::choose_for(&whose.name)>
            <form class="form" method="post" action=routes::reset(&token)>
                // For password managers, which otherwise wouldn't know whose password this is.
                <input class="visually-hidden" type="email" name="email" value=whose.email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                <Field
                    state
                    name="password"
                    first=true
                    label=text::CHOOSE_PASSWORD
                    kind="password"
                    hint=text::PASSWORD_HINT
                    autocomplete="new-password"
                />
                <div class="form__actions">
                    <SubmitButton state label=text::SET_PASSWORD pending=text::SET_PASSWORD/>
                </div>
            </form>
        </Entry>
    }
    .into_any()
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Title text=text::RESET_GONE/>
        <Entry title=text::RESET_GONE lead=text::RESET_GONE_LEAD>
            <p class="entry__foot"><a class="row-link" href=routes::FORGOTTEN>{text::ASK_AGAIN}</a></p>
        </Entry>
    }
    .into_any()
}
