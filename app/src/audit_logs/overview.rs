//! What is known of a list as a whole. Asked for when the list changes, not when a row opens or a page is turned.

use super::{api, state::ListState};
use daybook_domain::{
    facet::{Facet, Overview},
    log::{FilterField, LogScope},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// An overview with the log it is of: while another one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overviewed {
    pub scope: LogScope,
    /// `None` where the server had no answer: the list does without.
    pub overview: Option<Overview>,
}

/// Read inside of a `Transition` only, and through [`known`].
pub type Overviews = Resource<Overviewed>;

impl Overviewed {
    pub fn facets(&self) -> &[Facet] {
        self.overview
            .as_ref()
            .map(|overview| overview.facets.as_slice())
            .unwrap_or_default()
    }

    pub fn facet(&self, field: FilterField) -> Option<&Facet> {
        self.facets().iter().find(|facet| facet.field == field)
    }
}

/// A part of an overview. What didn't change isn't drawn again, and keeps the focus.
///
/// It reads nothing but the resource, and neither may whatever else reads that: a memo or effect that also reads the
/// address finds out first that the resource is out of date, which makes the resource believe that it is not, and it
/// is never asked for again (`reactive_graph` 0.2: `update_if_necessary` of an `AsyncDerived`).
pub fn known<T>(
    overview: Overviews,
    part: impl Fn(&Overviewed) -> T + Send + Sync + 'static,
) -> Memo<Option<T>>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| overview.with(|overview| overview.as_ref().map(&part)))
}

/// Asks for it. Made at the route.
pub fn ask(state: ListState) -> Overviews {
    Resource::new(
        move || state.counted(),
        |wanted| async move {
            let Some((scope, query)) = wanted else {
                return Overviewed {
                    scope: LogScope::All,
                    overview: None,
                };
            };
            Overviewed {
                scope,
                overview: api::overview(scope, query).await.ok(),
            }
        },
    )
}
