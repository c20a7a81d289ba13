//! The head of a user's pages: who it is, and the tabs.

use super::text;
use crate::{
    admin::users::row::Status,
    routes::{self, UserTab},
    viewer::use_viewer,
};
use daybook_domain::{account::UserStatus, id::UserId, permission::Permission};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Head(
    id: UserId,
    tab: UserTab,
    name: String,
    /// For those who manage users.
    status: Option<UserStatus>,
    gone: bool,
    /// Whether it is the one who looks.
    is_viewer: bool,
) -> impl IntoView {
    let viewer = use_viewer();
    let may = |permission: Permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let link = |of: UserTab| {
        let current = (tab == of).then_some("page");
        let href = routes::user_tab(id, of);
        view! { <li><a class="tabs__tab" href=href aria-current=current>{text::tab(of)}</a></li> }
    };
    let overview = (may(Permission::UsersManage) && !gone).then(|| link(UserTab::Overview));
    let log = may(Permission::AuditLogsView).then(|| {
        let past = may(Permission::UsersManage).then(|| link(UserTab::Past));
        view! { {link(UserTab::Activity)} {link(UserTab::AuditLog)} {past} }
    });
    let back = if may(Permission::UsersManage) {
        (routes::USERS.to_owned(), text::USERS)
    } else {
        (routes::AUDIT_LOGS.to_owned(), text::AUDIT_LOGS)
    };
    let appear =
        (may(Permission::Impersonate) && status == Some(UserStatus::Active) && !is_viewer).then(|| {
            view! { <a class="button" href=routes::impersonate(id)>{text::APPEAR}</a> }
        });
    let badge = status.map(|status| view! { <Status status/> });
    let gone = gone.then(|| view! { <span class="badge badge--delete">{text::DELETED}</span> });
    view! {
        <Title text=format!("{name} · {}", text::tab(tab))/>
        <header class="page-head page-head--split">
            <div>
                <p class="page-head__back"><a class="row-link" href=back.0>{back.1}</a></p>
                <h1 class="thing__name"><bdi>{name.clone()}</bdi> " " {badge} {gone}</h1>
            </div>
            <div class="page-head__actions">{appear}</div>
        </header>
        <nav class="tabs" aria-label=text::pages_of(&name)>
            <ul class="tabs__list">{overview} {log}</ul>
        </nav>
    }
    .into_any()
}
