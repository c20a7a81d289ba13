//! How contacts come in: by a link that is mailed, or by their password.

use super::{api::show_portal_entry, contact::use_contact, frame::Head, text};
use crate::{
    address::parameter,
    routes,
    sign_in::text::{PROVIDERS, sign_in_with},
    ui::{
        form::{Field, FormState, SubmitButton, Weight},
        problem::Problem,
    },
};
use daybook_domain::{identity::OfferedProvider, portal::Entry};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn PortalSignInPage() -> impl IntoView {
    if use_contact().is_some() {
        routes::go(routes::PORTAL);
        return ().into_any();
    }
    let brand = parameter(&use_location(), "brand");
    let entry = Resource::new_blocking(move || brand.clone(), show_portal_entry);
    view! {
        <Title text=text::SIGN_IN/>
        <Suspense>
            {move || Suspend::new(async move {
                match entry.await {
                    Ok(entry) => forms(entry),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn forms(entry: Entry) -> AnyView {
    let Entry {
        look,
        sends_links,
        providers,
    } = entry;
    let state = FormState::said_above();
    let by_link = if sends_links {
        view! {
            <form class="form" method="post" action=routes::PORTAL_ASK_LINK>
                <Field state name="email" first=true label=text::EMAIL kind="email" autocomplete="username" maxlength=254 hint=text::LINK_HINT/>
                <div class="form__actions">
                    <SubmitButton state label=text::SEND_LINK pending=text::SEND_LINK/>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="entry__lead">{text::NO_LINKS}</p> }.into_any()
    };
    view! {
        <section class="entry customer-entry">
            <Head look/>
            <h1 class="entry__title">{text::SIGN_IN}</h1>
            <p class="entry__lead">{text::SIGN_IN_LEAD}</p>
            {by_providers(providers)}
            {by_link}
            <details class="customer-entry__password" open=!sends_links>
                <summary>{text::WITH_PASSWORD}</summary>
                <form class="form" method="post" action=routes::PORTAL_SIGN_IN>
                    <Field state name="email" prefix="password" label=text::EMAIL kind="email" autocomplete="username" maxlength=254/>
                    <Field state name="password" prefix="password" label=text::PASSWORD kind="password" autocomplete="current-password"/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SIGN_IN pending=text::SIGN_IN weight=Weight::Plain/>
                    </div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn by_providers(providers: Vec<OfferedProvider>) -> AnyView {
    if providers.is_empty() {
        return ().into_any();
    }
    let links = providers.into_iter().map(|provider| {
        // The server answers with the provider's address: no page of ours.
        let href = routes::portal_with(provider.id);
        view! { <li><a class="button" href=href rel="external"><bdi>{sign_in_with(&provider.name)}</bdi></a></li> }
    });
    view! {
        <ul class="entry__providers" aria-label=PROVIDERS>{links.collect_view()}</ul>
        <p class="entry__or">{text::OR}</p>
    }
    .into_any()
}
