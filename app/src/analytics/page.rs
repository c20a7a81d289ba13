//! The pages: one for each of what is counted.

use super::{
    api::show_usage,
    text,
    view::{Address, whole},
};
use crate::{
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        list::{Chip, ChipList},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    analytics::{Usage, UsageQuery, UsageType, Whose},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn PortalUsagePage() -> impl IntoView {
    usage_page(UsageType::General)
}

#[component]
pub fn CoursesUsagePage() -> impl IntoView {
    usage_page(UsageType::Courses)
}

#[component]
pub fn FilesUsagePage() -> impl IntoView {
    usage_page(UsageType::Files)
}

fn usage_page(of: UsageType) -> AnyView {
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| UsageQuery::parse(of, search)));
    let usage = Resource::new(
        move || asked.get(),
        |asked| async move {
            match asked {
                Ok(query) => show_usage(query).await,
                Err(error) => Err(AppError::new(error)),
            }
        },
    );
    view! {
        <Transition>
            {move || usage.get().map(|found| match found {
                Ok(usage) => shown(&usage),
                // Courses, where there are none.
                Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                Err(error) => view! { {head(of)} <Problem error/> }.into_any(),
            })}
        </Transition>
    }
    .into_any()
}

fn head(of: UsageType) -> AnyView {
    view! {
        <Title text=format!("{} · {}", text::tab(of), text::TITLE)/>
        <header class="page-head">
            <h1>{text::TITLE}</h1>
            <p class="page-head__about">{text::lead(of)}</p>
        </header>
    }
    .into_any()
}

fn shown(usage: &Usage) -> AnyView {
    let address: Address = Box::new(routes::usage);
    view! {
        {head(usage.query.of)}
        {whole(usage, &address, Some(chips(usage)))}
    }
    .into_any()
}

/// Whom it is narrowed to.
fn chips(usage: &Usage) -> AnyView {
    let label = match usage.query.whose {
        Whose::All => return ().into_any(),
        Whose::Company(_) => text::COMPANY,
        Whose::Contact(_) => text::CONTACT,
    };
    let all = routes::usage(&UsageQuery {
        whose: Whose::All,
        ..usage.query.clone()
    });
    let chips = usage.names.iter().map(|name| Chip {
        label: label.to_owned(),
        value: name.clone(),
        without: all.clone(),
    });
    view! { <ChipList chips=chips.collect() clear=all.clone()/> }.into_any()
}
