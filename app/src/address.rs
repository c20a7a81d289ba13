//! The address of the page one is on.

use leptos::prelude::*;
use leptos_router::{hooks::use_params_map, location::Location};
use std::str::FromStr;

/// Path and query, to try again or to come back to.
pub fn here(location: &Location) -> String {
    let search = location.search.get_untracked();
    let search = search.trim_start_matches('?');
    let path = location.pathname.get_untracked();
    if search.is_empty() {
        path
    } else {
        format!("{path}?{search}")
    }
}

/// What `name` has in the query. For values that may hold `%`: the router's query map decodes twice.
pub fn parameter(location: &Location, name: &str) -> Option<String> {
    location.search.with_untracked(|search| decoded(search, name))
}

fn decoded(search: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(search.trim_start_matches('?').as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The id that stands in the path under a name. While the page is being left, the one it was about: the address is
/// another page's then.
pub fn use_id<T>(name: &'static str) -> Memo<Option<T>>
where
    T: FromStr + Copy + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |before: Option<&Option<T>>| {
        let named = params.with(|params| params.get(name));
        named.map_or_else(|| before.copied().flatten(), |id| id.parse().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_parameter_is_decoded_once() {
        let search = "?a=1&next=%2Faudit-logs%2Factivity%3Factor%3DA%2526B%2Bc";
        assert_eq!(
            decoded(search, "next").as_deref(),
            Some("/audit-logs/activity?actor=A%26B+c")
        );
        assert_eq!(decoded(search, "other"), None);
    }
}
