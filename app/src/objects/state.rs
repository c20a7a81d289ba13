//! What the pages read from their address.

use daybook_domain::{
    id::ObjectId,
    object::{ObjectKind, ObjectQuery},
    query::QueryProblem,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

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

/// The thing the page is about. While the page is being left, the thing it was about: the address is another page's then.
pub fn use_thing() -> Memo<Option<(ObjectKind, ObjectId)>> {
    let path = use_location().pathname;
    Memo::new(move |before: Option<&Option<_>>| {
        path.with(|path| match parts_of(path) {
            Some((kind, id)) => Some((kind, id.parse().ok()?)),
            None => before.copied().flatten(),
        })
    })
}

/// The kind an address is about, and what stands where the id of a thing does. `None` where nothing does.
fn parts_of(path: &str) -> Option<(ObjectKind, &str)> {
    let kind = kind_of(path)?;
    let id = path
        .strip_prefix(kind.spec().path)?
        .strip_prefix('/')?
        .split('/')
        .next()?;
    Some((kind, id))
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

    #[test]
    fn an_address_tells_the_thing() {
        let board = |id| Some((ObjectKind::Board, id));
        assert_eq!(parts_of("/admin/boards/0190a000/edit"), board("0190a000"));
        assert_eq!(parts_of("/admin/boards/0190a000"), board("0190a000"));
        assert_eq!(parts_of("/admin/boards"), None);
        assert_eq!(parts_of("/audit-logs/activity"), None);
    }
}
