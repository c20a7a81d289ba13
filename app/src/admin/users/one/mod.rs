//! One user's pages: who they are, what they did, and their log. The tab is part of the address.
//!
//! Who manages users sees all of it; who may only read the log sees what the log knows of them. Of a user who is gone the
//! log knows what they were.

mod actions;
mod activity;
mod counts;
mod edit;
mod gone;
mod head;
mod manage;
mod overview;
mod text;

use super::api::{role_choices, show_user};
use crate::{
    admin::past::PastOf,
    audit_logs::{ThingLog, api::trace},
    error::AppError,
    pages::{Forbidden, NotFound},
    routes::{self, UserTab},
    ui::problem::Problem,
    viewer::{lacking, use_viewer},
};
use actions::UserActions;
use daybook_domain::{
    about::About,
    account::UserDetail,
    activity::Deletion,
    id::{RoleId, UserId},
    past::{PastState, Subject},
    permission::Permission,
};
use gone::Gone;
use head::Head;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use overview::Overview;
use serde::{Deserialize, Serialize};

/// What there is to know of somebody, for who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    name: String,
    /// For those who manage users.
    detail: Option<UserDetail>,
    deleted: Option<Deletion>,
}

#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<UserId>().ok()));
    let tab = Memo::new(move |_| params.with(|params| params.get("tab")));
    move || match (id.get(), tab.get()) {
        (Some(id), None) => {
            let manages = use_viewer().is_some_and(|viewer| viewer.may(Permission::UsersManage));
            let first = if manages {
                UserTab::Overview
            } else {
                UserTab::Activity
            };
            routes::go(&routes::user_tab(id, first));
            ().into_any()
        }
        (Some(id), Some(name)) => match UserTab::from_name(&name) {
            Some(tab) => tab_of(id, tab),
            None => view! { <NotFound/> }.into_any(),
        },
        (None, _) => view! { <NotFound/> }.into_any(),
    }
}

fn tab_of(id: UserId, tab: UserTab) -> AnyView {
    if let Some(permission) = lacking(needs(tab)) {
        return view! { <Forbidden permission/> }.into_any();
    }
    if tab == UserTab::Past {
        let subject = Signal::stored(Some(Subject::User(id)));
        return view! { <PastOf subject head=past_head/> }.into_any();
    }
    let actions = UserActions::new();
    let changes = actions.changes();
    let known = Resource::new(move || changes.get(), move |_| know(id));
    let roles = (tab == UserTab::Overview).then(|| Resource::new(|| (), |()| role_choices()));
    let summary = (tab == UserTab::Activity).then(|| activity::ask(id));
    let page = view! {
        <Transition>
            {move || Suspend::new(async move {
                let known = known.await;
                let summary = match summary {
                    Some(summary) => Some(summary.await),
                    None => None,
                };
                let roles = match roles {
                    Some(roles) => roles.await,
                    None => Ok(Vec::new()),
                };
                let all = match (known, roles) {
                    (Ok(known), Ok(roles)) => Ok(known.map(|known| (known, roles))),
                    (Err(error), _) | (_, Err(error)) => Err(error),
                };
                match all {
                    Ok(Some((known, roles))) => whole(id, tab, known, roles, actions, summary),
                    Ok(None) => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    };
    let log = (tab == UserTab::AuditLog).then(|| {
        let about = Memo::new(move |_| Some(About::new("user", id)));
        view! { <ThingLog about/> }
    });
    view! { {page} {log} }.into_any()
}

/// What it takes.
fn needs(tab: UserTab) -> &'static [Permission] {
    match tab {
        UserTab::Overview => &[Permission::UsersManage],
        UserTab::Activity | UserTab::AuditLog => &[Permission::AuditLogsView],
        UserTab::Past => &[Permission::UsersManage, Permission::AuditLogsView],
    }
}

fn past_head(state: &PastState) -> AnyView {
    match state.subject {
        Subject::User(id) => view! {
            <Head id tab=UserTab::Past name=state.name.clone() status=None gone=!state.is_here is_viewer=false/>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// The head, and what belongs to the tab and needs nothing else.
fn whole(
    id: UserId,
    tab: UserTab,
    known: Known,
    roles: Vec<(RoleId, String)>,
    actions: UserActions,
    summary: Option<activity::Found>,
) -> AnyView {
    let Known {
        name,
        detail,
        deleted,
    } = known;
    let status = detail.as_ref().map(|detail| detail.user.status);
    let email = detail.as_ref().map(|detail| detail.user.email.clone());
    let is_viewer = use_viewer().is_some_and(|viewer| Some(viewer.email) == email);
    let page = detail
        .filter(|_| tab == UserTab::Overview)
        .map(|detail| view! { <Overview detail roles actions is_viewer/> });
    view! {
        <Head id tab name=name.clone() status gone=deleted.is_some() is_viewer/>
        {deleted.map(|deleted| view! { <Gone name deleted/> })}
        {page}
        {summary.map(|summary| activity::shown(id, summary))}
    }
    .into_any()
}

async fn know(id: UserId) -> Result<Option<Known>, AppError> {
    let may = |permission| use_viewer().is_some_and(|viewer| viewer.may(permission));
    let (manages, reads) = (may(Permission::UsersManage), may(Permission::AuditLogsView));
    if manages && let Some(detail) = show_user(id).await? {
        return Ok(Some(Known {
            name: detail.user.name.clone(),
            detail: Some(detail),
            deleted: None,
        }));
    }
    let trace = if reads {
        trace(About::new("user", id)).await?
    } else {
        None
    };
    Ok(trace.map(|trace| Known {
        name: trace.name,
        detail: None,
        deleted: trace.deleted,
    }))
}
