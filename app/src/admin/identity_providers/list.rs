//! The list of identity providers.

use super::{NEW_PATH, api::list_providers, text};
use crate::{admin::panel::own_history, routes, ui::problem::Problem};
use daybook_domain::identity::IdentityProvider;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn IdentityProvidersPage() -> impl IntoView {
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <div class="page-head__actions">
                {own_history(text::SECTIONS, None)}
                <a class="button button--primary" href=NEW_PATH>{text::NEW}</a>
            </div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                match providers.await {
                    Ok(providers) if providers.is_empty() => view! { <p class="quiet">{text::NONE}</p> }.into_any(),
                    Ok(providers) => table(providers),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn table(providers: Vec<IdentityProvider>) -> AnyView {
    let rows = providers.into_iter().map(|provider| {
        let state = if provider.enabled {
            text::OFFERED
        } else {
            text::NOT_OFFERED
        };
        view! {
            <tr class="plain-table__row">
                <th scope="row">
                    <a class="row-link" href=routes::identity_provider(provider.id)><bdi>{provider.name}</bdi></a>
                </th>
                <td data-label=text::ISSUER class="plain-table__long">{provider.issuer}</td>
                <td data-label=text::STATE>{state}</td>
                <td data-label=text::USERS class="plain-table__number">{provider.users}</td>
            </tr>
        }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TITLE>
                <thead>
                    <tr>
                        <th scope="col">{text::NAME}</th>
                        <th scope="col">{text::ISSUER}</th>
                        <th scope="col">{text::STATE}</th>
                        <th scope="col" class="plain-table__number">{text::USERS}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
