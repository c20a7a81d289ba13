//! One user's pages: who they are, what they did, and their log. The tab is part of the address.
//!
//! Who manages users sees all of it; who may only read the log sees what the log knows of them. Of a user who is gone the
//! log knows what they were.

mod activity;
mod counts;
mod gone;
mod head;
mod overview;
mod text;

use super::api::{show_user, trace_user};
use crate::{
    audit_logs::ThingLog,
    error::AppError,
    pages::{Forbidden, NotFound},
    routes::{self, UserTab},
    ui::problem::Problem,
    viewer::use_viewer,
};
use daybook_domain::{
    about::About, account::UserDetail, activity::Deletion, id::UserId, permission::Permission,
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
    let needed = match tab {
        UserTab::Overview => Permission::UsersManage,
        UserTab::Activity | UserTab::AuditLog => Permission::AuditLogsView,
    };
    if !use_viewer().is_some_and(|viewer| viewer.may(needed)) {
        return view! { <Forbidden permission=needed/> }.into_any();
    }
    let known = Resource::new(|| (), move |()| know(id));
    let summary = (tab == UserTab::Activity).then(|| activity::ask(id));
    let page = view! {
        <Transition>
            {move || Suspend::new(async move {
                let known = known.await;
                let summary = match summary {
                    Some(summary) => Some(summary.await),
                    None => None,
                };
                match known {
                    Ok(Some(known)) => whole(id, tab, known, summary),
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

/// The head, and what belongs to the tab and needs nothing else.
fn whole(id: UserId, tab: UserTab, known: Known, summary: Option<activity::Found>) -> AnyView {
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
        .map(|detail| view! { <Overview detail/> });
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
    let trace = if reads { trace_user(id).await? } else { None };
    Ok(trace.map(|trace| Known {
        name: trace.name,
        detail: None,
        deleted: trace.deleted,
    }))
}
