//! Parts that pages of the Admin Center share: which panel is open, told by the address; the way to a thing's own log.

use crate::{routes, viewer::use_viewer};
use daybook_domain::{about::About, permission::Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The way to everything that is recorded of a thing, for those who may see it.
pub fn own_log_link(about: About) -> impl IntoView {
    let may = use_viewer().is_some_and(|viewer| viewer.may(Permission::AuditLogsView));
    may.then(|| view! { <p><a class="button" href=routes::log_about(about)>"Audit log"</a></p> })
}

/// Whether the address has `?name` or `?name=…`.
pub fn use_flag(name: &'static str) -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str(name).is_some()))
}

/// The value of `?name=…`.
pub fn use_chosen(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str(name).map(str::to_owned)))
}

/// Runs `forget` when another panel opens, so that it doesn't begin with what was wrong in the last one. Not on the
/// first: without JavaScript that one may be here to say what was wrong.
pub fn when_moved<T: PartialEq + Clone + Send + Sync + 'static>(panel: Memo<T>, forget: impl Fn() + 'static) {
    Effect::new(move |before: Option<T>| {
        let now = panel.get();
        if before.is_some_and(|before| before != now) {
            forget();
        }
        now
    });
}
