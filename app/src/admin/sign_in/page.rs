//! The page of the sign-in policy.

use super::{
    api::{SetPolicy, show_policy},
    text,
};
use crate::{
    admin::panel::own_history,
    routes,
    ui::{
        form::{Field, FormProblem, FormState, LinesField, SubmitButton, meanwhile, successes},
        problem::Problem,
    },
};
use daybook_domain::{past::Subject, seen::Seen, settings::SignInPolicy};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use std::net::IpAddr;

#[component]
pub fn SignInPolicyPage() -> impl IntoView {
    let set = ServerAction::<SetPolicy>::new();
    let saved = successes(set);
    let policy = Resource::new(move || saved.get(), |_| show_policy());
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <div class="page-head__actions">
                {own_history(text::SECTIONS, Some(Subject::SignInPolicy))}
            </div>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match policy.await {
                    Ok((policy, seen, ip)) => view! { <PolicyForm policy seen ip action=set/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn PolicyForm(
    policy: SignInPolicy,
    seen: Seen,
    ip: Option<IpAddr>,
    action: ServerAction<SetPolicy>,
) -> impl IntoView {
    let state = FormState::of(action);
    let again = || async { show_policy().await.ok().map(|(_, seen, _)| seen) };
    let meanwhile = meanwhile(state, seen, again, routes::SIGN_IN_POLICY.to_owned());
    let number = move |name, label, hint, value: u32| {
        view! { <Field state prefix="policy" name label hint value=value.to_string() autocomplete="off" maxlength=6/> }
    };
    view! {
        <ActionForm action>
            {meanwhile}
            <section class="part" aria-labelledby="sessions-title">
                <h2 class="part__title" id="sessions-title">{text::SESSIONS}</h2>
                <div class="form">
                    {number("idle_minutes", text::IDLE, text::IDLE_HINT, policy.idle_minutes)}
                    {number("longest_hours", text::LONGEST, text::LONGEST_HINT, policy.longest_hours)}
                </div>
            </section>
            <section class="part" aria-labelledby="passwords-title">
                <h2 class="part__title" id="passwords-title">{text::PASSWORDS}</h2>
                <div class="form">
                    {number("password_length", text::LENGTH, text::LENGTH_HINT, policy.password_length)}
                </div>
            </section>
            <section class="part" aria-labelledby="places-title">
                <h2 class="part__title" id="places-title">{text::PLACES}</h2>
                <p class="part__lead">{ip.map(text::your_address)}</p>
                <div class="form">
                    <LinesField
                        state
                        prefix="policy"
                        name="networks"
                        sent_as="networks"
                        label=text::NETWORKS
                        hint=text::NETWORKS_HINT
                        value=policy.networks.join("\n")
                        maxlength=8000
                        optional=true
                    />
                    <FormProblem state fields=&["idle_minutes", "longest_hours", "password_length", "networks"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    </div>
                </div>
            </section>
        </ActionForm>
    }
    .into_any()
}
