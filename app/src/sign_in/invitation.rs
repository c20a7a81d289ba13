//! Taking up an invitation.

use super::{api::show_invitation, entry::Entry, text};
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
pub fn InvitationPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let invitation = Resource::new_blocking(move || token.get(), show_invitation);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match invitation.await {
                    Ok(invitation) => view! { <Accept invitation token=token.get_untracked()/> }.into_any(),
                    Err(error) if *error.kind() == Error::NotFound => view! { <Gone/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Accept(invitation: Invitation, token: String) -> impl IntoView {
    let state = FormState::plain();
    let Invitation {
        name,
        email,
        workspace,
        expires,
    } = invitation;
    let title = text::welcome(&workspace);
    view! {
        <Title text=title.clone()/>
        <Entry title=title lead=text::invited_as(&name)>
            <dl class="entry__facts">
                <dt>"Email"</dt>
                <dd>{email.clone()}</dd>
                <dt>"Link works until"</dt>
                <dd>
                    <time datetime=expires.utc.to_string()>{expires.date} " " {expires.time} " UTC"</time>
                </dd>
            </dl>
            <form class="form" method="post" action=format!("/invite/{token}")>
                // For password managers, which otherwise wouldn't know whose password this is.
                <input class="visually-hidden" type="email" name="email" value=email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
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
                    <SubmitButton state label=text::ACCEPT pending=text::ACCEPT/>
                </div>
            </form>
        </Entry>
    }
    .into_any()
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Title text=text::GONE/>
        <Entry title=text::GONE lead=text::GONE_LEAD>
            <p class="entry__foot"><a class="row-link" href=routes::SIGN_IN>{text::TO_SIGN_IN}</a></p>
        </Entry>
    }
    .into_any()
}
