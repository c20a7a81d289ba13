//! What the viewer keeps of lists: known before anything is drawn, so that columns don't change before one's eyes.

use super::api::kept_now;
use crate::{context::ServerContext, viewer::use_viewer};
use daybook_domain::{
    log::{Column, LogScope},
    permission::Permission,
    query::LogQuery,
    view::{Density, OwnLists},
};
use leptos::{prelude::*, task::spawn_local};

/// `None` until it is known, and for viewers who have no use for it.
#[derive(Debug, Clone, Copy)]
pub struct Kept(RwSignal<Option<OwnLists>>);

/// Called once, in the app. The browser gets it with the page.
pub fn provide_kept() {
    let of_request = || use_context::<ServerContext>().and_then(|context| context.lists);
    let kept = Kept(RwSignal::new(SharedValue::new(of_request).into_inner()));
    provide_context(kept);
    let wanted = use_viewer().is_some_and(|viewer| viewer.may(Permission::AuditLogsView));
    // Not every page brings it: one of an error doesn't.
    Effect::new(move || {
        if wanted && kept.0.with_untracked(Option::is_none) {
            kept.refresh();
        }
    });
}

pub fn use_kept() -> Kept {
    use_context().unwrap_or_else(|| Kept(RwSignal::new(None)))
}

/// Whether a log opens with a view, so that all of it needs to be asked for.
pub fn opens_first(log: LogScope) -> bool {
    use_context::<Kept>().is_some_and(|kept| kept.first_of(log).is_some())
}

impl Kept {
    pub fn read<T>(self, part: impl FnOnce(&OwnLists) -> T) -> T {
        self.0.with(|lists| match lists {
            Some(lists) => part(lists),
            None => part(&OwnLists::default()),
        })
    }

    /// What a log opens with. Not tracked: it matters to who arrives.
    pub fn first_of(self, log: LogScope) -> Option<LogQuery> {
        self.0
            .with_untracked(|lists| lists.as_ref()?.first_of(log).cloned())
    }

    /// The address, then the user, then the area, then the log say which columns.
    pub fn columns(self, log: LogScope, query: &LogQuery) -> Vec<Column> {
        if query.columns.is_empty() {
            self.read(|lists| lists.columns_of(log, query))
        } else {
            query.columns.clone()
        }
    }

    pub fn is_compact(self, log: LogScope) -> bool {
        self.read(|lists| lists.settings_of(log).density == Density::Compact)
    }

    /// Asks again.
    pub fn refresh(self) {
        spawn_local(async move {
            // Without an answer the page goes on with what it knows.
            if let Ok(now) = kept_now().await {
                self.0.try_set(Some(now));
            }
        });
    }

    /// Asks again whenever one of these has done something.
    pub fn refresh_after<const N: usize>(self, successes: [Memo<usize>; N]) {
        Effect::new(move |before: Option<usize>| {
            let now = successes.iter().map(Get::get).sum();
            if before.is_some_and(|before| before != now) {
                self.refresh();
            }
            now
        });
    }
}
