//! Signing in.

use super::{
    api::{needs_setup, offered_providers, offers_reset},
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
use daybook_domain::identity::OfferedProvider;
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
    let providers = Resource::new_blocking(|| (), |()| offered_providers());
    view! {
        <Title text=text::SIGN_IN/>
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    match setup.await {
                        Ok(false) => {
                            let offers_reset = offered.await.unwrap_or(false);
                            view! { <SignInForm next offers_reset providers=providers.await.unwrap_or_default()/> }.into_any()
                        }
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
    providers: Vec<OfferedProvider>,
) -> impl IntoView {
    let state = FormState::said_above();
    let forgotten = if offers_reset {
        view! { <a class="row-link" href=routes::FORGOTTEN>{text::FORGOTTEN_LINK}</a> }.into_any()
    } else {
        text::FORGOTTEN.into_any()
    };
    view! {
        <Entry title=text::SIGN_IN lead=text::SIGN_IN_LEAD>
            {by_providers(providers, &next)}
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

/// The ways in by which no password is typed here.
fn by_providers(providers: Vec<OfferedProvider>, next: &str) -> AnyView {
    if providers.is_empty() {
        return ().into_any();
    }
    let links = providers.into_iter().map(|provider| {
        let href = routes::sign_in_with(provider.id, next);
        // The server answers with the provider's address: no page of ours.
        view! { <li><a class="button" href=href rel="external"><bdi>{text::sign_in_with(&provider.name)}</bdi></a></li> }
    });
    view! {
        <ul class="entry__providers" aria-label=text::PROVIDERS>{links.collect_view()}</ul>
        <p class="entry__or">{text::OR_PASSWORD}</p>
    }
    .into_any()
}
