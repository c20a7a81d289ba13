//! The list of integrations: how each does, above what can be searched and changed; what there is to choose from where there
//! are none yet.

use super::{
    KIND,
    api::list_health,
    health::{Behind, State},
    text,
};
use crate::{
    account::when::When,
    error::AppError,
    objects::{Variants, things_page},
    routes,
    ui::problem::Problem,
};
use daybook_domain::integration::StreamHealth;
use leptos::prelude::*;

#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let all = Resource::new(|| (), |()| list_health());
    things_page(ViewFn::from(move || above(all)), Some(none_yet.into()))
}

fn above(all: Resource<Result<Vec<StreamHealth>, AppError>>) -> AnyView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match all.await {
                    Ok(all) if all.is_empty() => ().into_any(),
                    Ok(all) => health_of(all),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn health_of(all: Vec<StreamHealth>) -> AnyView {
    let each = all.into_iter().map(|health| {
        let (state, of_type) = (health.state, health.of_type.title());
        let (href, name) = (routes::integration(health.integration), health.name.clone());
        let last = match health.last_sent.clone() {
            Some(at) => view! { <When at/> }.into_any(),
            None => text::NOTHING_SENT.into_any(),
        };
        view! {
            <li class="integration-cards__card">
                <p class="integration-cards__head">
                    <a class="link integration-cards__name" href=href><bdi>{name}</bdi></a>
                    <State state/>
                </p>
                <p class="quiet">{of_type}</p>
                <p><Behind health/></p>
                <p class="quiet">{text::LAST_SENT} ": " {last}</p>
            </li>
        }
    });
    view! {
        <section class="integration-cards" aria-label=text::HEALTH_OF_ALL>
            <ul class="integration-cards__list">{each.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn none_yet() -> AnyView {
    view! {
        <div class="notice">
            <h2 class="notice__title">{text::NONE_YET}</h2>
            <p>{text::NONE_YET_ADVICE}</p>
        </div>
        <Variants kind=KIND/>
    }
    .into_any()
}
