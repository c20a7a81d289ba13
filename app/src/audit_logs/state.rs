//! The state of a list: all of it from the URL, and the links that lead to its other states.

use crate::routes;
use daybook_domain::{
    log::{FilterField, LogScope},
    query::{LogQuery, QueryProblem},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// Read from the URL; changed only by going to another one.
#[derive(Debug, Clone, Copy)]
pub struct ListState {
    /// `None` where the address names no log.
    pub known: Memo<Option<LogScope>>,
    /// The readable part of the query.
    pub query: Memo<LogQuery>,
    /// The parts that can't be read.
    pub problems: Memo<Vec<QueryProblem>>,
}

impl ListState {
    pub fn from_url() -> Self {
        let params = use_params_map();
        let search = use_location().search;
        let known = Memo::new(move |_| LogScope::from_slug(&params.read().get("log").unwrap_or_default()));
        let parsed = Memo::new(move |_| search.with(|search| read(search)));
        Self {
            known,
            query: Memo::new(move |_| parsed.with(|(query, _)| query.clone())),
            problems: Memo::new(move |_| parsed.with(|(_, problems)| problems.clone())),
        }
    }

    pub fn scope(&self) -> LogScope {
        self.known.get().unwrap_or(LogScope::All)
    }

    /// The address without the empty parameters that a form sends where no script tidies it: the one to share.
    pub fn tidy_address(&self) -> Option<String> {
        let has_empty = use_location()
            .search
            .with_untracked(|search| search.split('&').any(|pair| pair.ends_with('=')));
        let readable = self.problems.with_untracked(Vec::is_empty);
        let scope = self.known.get_untracked().filter(|_| has_empty && readable)?;
        Some(self.query.with_untracked(|query| routes::log(scope, query)))
    }

    /// What decides which records are listed: everything but the opened ones.
    pub fn listed(&self) -> Option<(LogScope, LogQuery)> {
        let scope = self.known.get()?;
        let query = self.query.with(|query| LogQuery {
            open: Vec::new(),
            ..query.clone()
        });
        self.problems.with(Vec::is_empty).then_some((scope, query))
    }
}

/// The query with its unreadable parameters left out, and those.
fn read(search: &str) -> (LogQuery, Vec<QueryProblem>) {
    match LogQuery::parse(search) {
        Ok(query) => (query, Vec::new()),
        Err(problems) => {
            let readable = form_urlencoded::parse(search.trim_start_matches('?').as_bytes())
                .filter(|(name, _)| problems.iter().all(|problem| problem.field != *name));
            (LogQuery::from_pairs(readable).unwrap_or_default(), problems)
        }
    }
}

/// One page of a list, fixed: what the links in its rows start from.
#[derive(Debug, Clone)]
pub struct Place {
    pub scope: LogScope,
    pub query: LogQuery,
}

impl Place {
    /// The list narrowed to one value, on the log it is shown in where that log has the filter.
    pub fn narrowed(&self, field: FilterField, value: impl Into<String>) -> Option<String> {
        let value = value.into();
        let fits = !value.is_empty() && value.chars().count() <= 200;
        (fits && narrows(self.scope, field))
            .then(|| routes::log(self.scope, &self.query.narrowed(field, value)))
    }
}

/// Whether a value of `field` is a way into the list: the log's own filters, and what every record carries.
fn narrows(scope: LogScope, field: FilterField) -> bool {
    use FilterField as F;
    scope.spec().filters.contains(&field)
        || matches!(field, F::Actor | F::Action | F::Section | F::Ip | F::Brand)
}

/// What of a query still means something in another log: time, zone, and the filters that log has too.
pub fn carried(query: &LogQuery, to: LogScope) -> LogQuery {
    let mut carried = query.at(None);
    carried.filters.retain(|field, _| narrows(to, *field));
    carried
}

/// The query without one value of a filter.
pub fn without_value(query: &LogQuery, field: FilterField, value: &str) -> LogQuery {
    let mut rest = query.at(None);
    if let Some(values) = rest.filters.get_mut(&field) {
        values.retain(|other| other != value);
        if values.is_empty() {
            rest.filters.remove(&field);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::log::LogKind;

    #[test]
    fn what_can_be_read_is_kept() {
        let (query, problems) = read("?actor=mara&from=yesterday&cursor=x");
        assert_eq!(query.to_query_string(), "?actor=mara");
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn one_of_two_values_can_be_dropped() {
        let query = LogQuery::parse("category=A&category=B&actor=mara").unwrap_or_default();
        let rest = without_value(&query, FilterField::Category, "A");
        assert_eq!(rest.to_query_string(), "?category=B&actor=mara");
        assert_eq!(
            without_value(&rest, FilterField::Category, "B").to_query_string(),
            "?actor=mara"
        );
    }

    #[test]
    fn another_log_keeps_the_filters_it_has() {
        let query = LogQuery::parse("category=A&webhook=w1&from=-7d&tz=UTC").unwrap_or_default();
        let webhooks = carried(&query, LogScope::One(LogKind::WebhookFailure));
        assert_eq!(webhooks.to_query_string(), "?from=-7d&webhook=w1&tz=UTC");
    }
}
