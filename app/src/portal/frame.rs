//! The frame of the customer portal: the brand at the top, its pages, and who is signed in.

use super::{contact::use_contact, text};
use crate::{
    flash::{FlashMessage, provide_flash},
    routes,
};
use daybook_domain::portal::{ContactInfo, Look, PortalList};
use leptos::prelude::*;
use leptos_meta::Stylesheet;
use leptos_router::{components::Outlet, hooks::use_location};

/// The pages behind the sign-in. A browser that isn't signed in gets nothing but the way there.
#[component]
pub fn CustomerPortal() -> impl IntoView {
    let Some(contact) = use_contact() else {
        routes::go(routes::PORTAL_SIGN_IN);
        return ().into_any();
    };
    provide_flash();
    let ContactInfo {
        name, company, look, ..
    } = contact;
    view! {
        <a class="skip-link" href="#main" rel="external">{text::SKIP}</a>
        <div class="customer">
            <header class="customer__head">
                <Head look/>
                <p class="customer__who"><bdi>{name}</bdi> <small class="sub"><bdi>{company}</bdi></small></p>
                <form method="post" action=routes::PORTAL_SIGN_OUT>
                    <button type="submit" class="button">{text::SIGN_OUT}</button>
                </form>
            </header>
            <nav class="customer__pages" aria-label=text::PAGES>
                <ul>
                    {PortalList::ALL.iter().map(|&list| view! { <Tab href=routes::portal_list(list) title=list.title()/> }).collect_view()}
                    <Tab href=routes::PORTAL_EMAILS.to_owned() title=text::EMAILS/>
                    <Tab href=routes::PORTAL_ACCOUNT.to_owned() title=text::ACCOUNT/>
                </ul>
            </nav>
            <main class="main customer__main" id="main" tabindex="-1">
                <FlashMessage/>
                <Outlet/>
            </main>
        </div>
    }
    .into_any()
}

/// Under whose name the portal stands, in its colour.
#[component]
pub fn Head(look: Look) -> impl IntoView {
    let Look { name, colour, logo } = look;
    let colours =
        colour.map(|colour| view! { <Stylesheet id="customer-colours" href=routes::portal_look(&colour)/> });
    let logo = logo.map(|logo| view! { <img class="customer__logo" src=logo alt=""/> });
    view! {
        {colours}
        <p class="customer__brand">{logo} <bdi>{name}</bdi></p>
    }
}

#[component]
fn Tab(href: String, title: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let own = href.clone();
    let current = move || {
        path.with(|path| {
            let rest = path.strip_prefix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                .then_some("page")
        })
    };
    view! { <li><a class="customer__tab" href=href aria-current=current>{title}</a></li> }
}

/// The way to what is older, and back to the newest.
pub fn pager(list: &str, from: Option<&str>, older: Option<&str>) -> AnyView {
    let newest = from.map(|_| {
        let href = list.to_owned();
        view! { <a class="button" href=href>{text::NEWEST}</a> }
    });
    let older = older.map(|mark| {
        let href = routes::portal_from(list, mark);
        view! { <a class="button" href=href>{text::OLDER}</a> }
    });
    view! { <div class="customer__pager">{newest} {older}</div> }.into_any()
}
