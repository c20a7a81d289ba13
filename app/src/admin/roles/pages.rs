//! The pages of one role beside what it may: its log, and what it was.

use super::{api::show_role, text};
use crate::{
    admin::past::PastOf,
    audit_logs::{ThingLog, api::trace},
    error::AppError,
    pages::{Forbidden, NotFound},
    past::text::PAST,
    routes::{self, RoleTab},
    ui::{
        page_head::{TabLink, back_link, tabs},
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    about::About,
    id::RoleId,
    past::{PastState, Subject},
    permission::Permission,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// What it takes. What the log says of a role is the log's to show.
fn needs(tab: RoleTab) -> &'static [Permission] {
    match tab {
        RoleTab::Permissions => &[Permission::RolesManage],
        RoleTab::AuditLog => &[Permission::AuditLogsView],
        RoleTab::Past => &[Permission::RolesManage, Permission::AuditLogsView],
    }
}

const TABS: [(RoleTab, &str); 3] = [
    (RoleTab::Permissions, text::PERMISSIONS),
    (RoleTab::AuditLog, text::AUDIT_LOG),
    (RoleTab::Past, PAST),
];

/// The head of a role's pages.
pub fn head(id: RoleId, name: String, lead: Option<&'static str>, gone: bool, tab: RoleTab) -> AnyView {
    let shown = TABS.into_iter().filter(|(of, _)| {
        let there = !gone || *of != RoleTab::Permissions;
        there && lacking(needs(*of)).is_none()
    });
    let links = shown.map(|(of, title)| TabLink {
        title,
        href: routes::role_tab(id, of),
        current: of == tab,
    });
    let tabs = tabs(text::pages_of(&name), links);
    let badge = gone.then(|| view! { " " <span class="badge badge--delete">{text::DELETED}</span> });
    let lead = lead.map(|lead| view! { <p class="page-head__about">{lead}</p> });
    view! {
        <Title text=name.clone()/>
        <header class="page-head">
            {back_link(routes::ROLES, text::BACK, Permission::RolesManage)}
            <h1 class="thing__name"><bdi>{name}</bdi> {badge}</h1>
            {lead}
        </header>
        {tabs}
    }
    .into_any()
}

#[component]
pub fn RoleTabPage() -> impl IntoView {
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let id = params.get("id")?.parse::<RoleId>().ok()?;
            Some((id, RoleTab::from_name(&params.get("tab")?)?))
        })
    });
    move || {
        let Some((id, tab)) = asked.get() else {
            return view! { <NotFound/> }.into_any();
        };
        if let Some(permission) = lacking(needs(tab)) {
            return view! { <Forbidden permission/> }.into_any();
        }
        match tab {
            RoleTab::Past => {
                view! { <PastOf subject=Signal::stored(Some(Subject::Role(id))) head=past_head/> }.into_any()
            }
            _ => view! { <LogOfRole id/> }.into_any(),
        }
    }
}

fn past_head(state: &PastState) -> AnyView {
    match state.subject {
        Subject::Role(id) => head(id, state.name.clone(), None, !state.is_here, RoleTab::Past),
        _ => ().into_any(),
    }
}

/// What there is to say of a role, for who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    name: String,
    gone: bool,
}

async fn know(id: RoleId) -> Result<Option<Known>, AppError> {
    let manages = lacking(&[Permission::RolesManage]).is_none();
    if manages {
        match show_role(id).await {
            Ok(role) => {
                return Ok(Some(Known {
                    name: role.name,
                    gone: false,
                }));
            }
            Err(error) if *error.kind() == Error::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let told = trace(About::new("role", id)).await?;
    Ok(told.map(|told| Known {
        name: told.name,
        gone: told.deleted.is_some(),
    }))
}

#[component]
fn LogOfRole(id: RoleId) -> impl IntoView {
    let known = Resource::new(|| (), move |()| know(id));
    let about = Memo::new(move |_| Some(About::new("role", id)));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match known.await {
                    Ok(Some(known)) => head(id, known.name, None, known.gone, RoleTab::AuditLog),
                    Ok(None) => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
        <ThingLog about/>
    }
    .into_any()
}
