//! Parts of the heads of pages: the way back, and the tabs of what has several pages.

use crate::{routes, viewer::lacking};
use daybook_domain::permission::Permission;
use leptos::prelude::*;

const AUDIT_LOGS: &str = "Audit logs";

/// The way back to a list; to the audit logs for those who come from there, because the list isn't theirs to see.
pub fn back_link(list: &'static str, title: &'static str, needs: Permission) -> AnyView {
    let (href, title) = if lacking(&[needs]).is_none() {
        (list, title)
    } else {
        (routes::AUDIT_LOGS, AUDIT_LOGS)
    };
    view! { <p class="page-head__back"><a class="row-link" href=href>{title}</a></p> }.into_any()
}

/// One of several pages of the same thing.
#[derive(Debug, Clone)]
pub struct TabLink {
    pub title: &'static str,
    pub href: String,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// The pages of a thing, below its head.
pub fn tabs(label: String, links: impl IntoIterator<Item = TabLink>) -> AnyView {
    let links = links.into_iter().map(|link| {
        let current = link.current.then_some("page");
        view! { <li><a class="tabs__tab" href=link.href aria-current=current>{link.title}</a></li> }
    });
    let links = links.collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs__list">{links}</ul>
        </nav>
    }
    .into_any()
}
