//! What the pages read from their address.

use daybook_domain::{
    id::ObjectId,
    object::{ObjectKind, ObjectQuery},
    query::QueryProblem,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// The kind whose pages these are. `None` where the address is none of a kind's.
pub fn use_kind() -> Memo<Option<ObjectKind>> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|path| kind_of(path)))
}

fn kind_of(path: &str) -> Option<ObjectKind> {
    let fits = |kind: &ObjectKind| {
        let rest = path.strip_prefix(kind.spec().path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ObjectKind::ALL.iter().copied().find(fits)
}

/// The thing the page is about.
pub fn use_thing() -> Memo<Option<(ObjectKind, ObjectId)>> {
    let (kind, params) = (use_kind(), use_params_map());
    Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        Some((kind.get()?, id.parse().ok()?))
    })
}

/// What a list shows: the readable part of the address, and the parts that can't be read.
#[derive(Debug, Clone, Copy)]
pub struct ThingsState {
    pub kind: Memo<Option<ObjectKind>>,
    pub query: Memo<ObjectQuery>,
    pub problems: Memo<Vec<QueryProblem>>,
}

impl ThingsState {
    pub fn from_url() -> Self {
        let (kind, search) = (use_kind(), use_location().search);
        let read = Memo::new(move |_| {
            let kind = kind.get()?;
            Some(search.with(|search| ObjectQuery::parse(kind.spec(), search)))
        });
        Self {
            kind,
            query: Memo::new(move |_| match read.get() {
                Some(Ok(query)) => query,
                _ => ObjectQuery::default(),
            }),
            problems: Memo::new(move |_| match read.get() {
                Some(Err(problems)) => problems,
                _ => Vec::new(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_the_kind() {
        assert_eq!(kind_of("/companies"), Some(ObjectKind::Company));
        assert_eq!(
            kind_of("/admin/service-types/x/overview"),
            Some(ObjectKind::ServiceType)
        );
        assert_eq!(kind_of("/admin/services"), None);
        assert_eq!(kind_of("/companies-old"), None);
    }
}
