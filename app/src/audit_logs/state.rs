//! The state of a list: all of it from the URL, and the links that lead to its other states.

use super::{search::Mistake, views::use_kept};
use crate::routes;
use daybook_domain::{
    about::About,
    log::{Column, FilterField, LogScope},
    query::{LogQuery, QueryProblem},
    search::Expr,
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
    /// What can't be read of the text that is searched for.
    pub mistake: Memo<Option<Mistake>>,
}

impl ListState {
    pub fn from_url() -> Self {
        let params = use_params_map();
        let search = use_location().search;
        let known = Memo::new(move |_| LogScope::from_slug(&params.read().get("log").unwrap_or_default()));
        let parsed = Memo::new(move |_| search.with(|search| read(search)));
        Self::new(known, parsed)
    }

    /// A thing's own log: of all logs or of one, what is about it.
    pub fn of_thing(about: Memo<Option<About>>, log: LogScope) -> Self {
        let search = use_location().search;
        let known = Memo::new(move |_| about.with(|about| about.is_some().then_some(log)));
        let parsed = Memo::new(move |_| {
            let (query, problems) = search.with(|search| read(search));
            let about = about.get();
            (LogQuery { about, ..query }, problems)
        });
        Self::new(known, parsed)
    }

    fn new(known: Memo<Option<LogScope>>, parsed: Memo<(LogQuery, Vec<QueryProblem>)>) -> Self {
        let query = Memo::new(move |_| parsed.with(|(query, _)| query.clone()));
        let q = Memo::new(move |_| query.with(|query| query.q.clone()));
        Self {
            known,
            query,
            mistake: Memo::new(move |_| q.with(|q| Mistake::find(q.as_deref()?))),
            problems: Memo::new(move |_| parsed.with(|(_, problems)| problems.clone())),
        }
    }

    pub fn scope(&self) -> LogScope {
        self.known.get().unwrap_or(LogScope::All)
    }

    /// Whether there is a list to show: nothing in the address is beyond understanding.
    pub fn is_readable(&self) -> bool {
        self.problems.with(Vec::is_empty) && self.mistake.with(Option::is_none)
    }

    /// The address without what a form sends where no script tidies it, empty parameters and one for every column:
    /// the one to share.
    pub fn tidy_address(&self) -> Option<String> {
        let untidy = use_location().search.with_untracked(|search| {
            let pairs = || search.trim_start_matches('?').split('&');
            pairs().any(|pair| pair.ends_with('='))
                || pairs().filter(|pair| pair.starts_with("columns=")).count() > 1
        });
        let readable = self.problems.with_untracked(Vec::is_empty);
        let scope = self.known.get_untracked().filter(|_| untidy && readable)?;
        Some(self.query.with_untracked(|query| routes::log(scope, query)))
    }

    /// What decides which records are listed: everything but the opened ones. And whether it can be asked for.
    pub fn listed(&self) -> Option<(LogScope, LogQuery, bool)> {
        let scope = self.known.get()?;
        let query = self.query.with(|query| LogQuery {
            open: Vec::new(),
            ..query.clone()
        });
        Some((scope, query, self.is_readable()))
    }

    /// What decides the counts: neither page nor columns, and no text that can't be read.
    pub fn counted(&self) -> Option<(LogScope, LogQuery)> {
        let scope = self.known.get()?;
        let mut query = self.query.with(|query| query.at(None));
        query.columns.clear();
        if self.mistake.with(Option::is_some) {
            query.q = None;
        }
        Some((scope, query))
    }

    /// Whether it is one thing's own log.
    pub fn is_of_thing(&self) -> bool {
        self.query.with(|query| query.about.is_some())
    }

    /// The address of this list from its first page, changed.
    pub fn href(&self, change: impl FnOnce(&mut LogQuery)) -> String {
        let mut query = self.query.with(|query| query.at(None));
        change(&mut query);
        routes::log(self.scope(), &query)
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
    /// The columns to show, in their order.
    pub fn columns(&self) -> Vec<Column> {
        use_kept().columns(self.scope, &self.query)
    }

    /// The list narrowed by one more term.
    pub fn searched(&self, term: &str) -> String {
        let q = match (self.query.q.as_deref(), self.query.expr()) {
            (Some(q), Ok(Some(Expr::Any(_)))) => format!("({q}) {term}"),
            (Some(q), Ok(Some(_))) => format!("{q} {term}"),
            _ => term.to_owned(),
        };
        routes::log(self.scope, &self.query.searching(&q))
    }

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
        || matches!(
            field,
            F::Actor | F::Action | F::Section | F::Ip | F::Brand | F::Company | F::Portal
        )
}

/// What of a query still means something in another log: text, time, zone, and the filters that log has too.
pub fn carried(query: &LogQuery, to: LogScope) -> LogQuery {
    let mut carried = query.at(None);
    carried.columns.clear();
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

/// The query with a value of a filter added to the others, or without it where it is one of them.
pub fn with_value_toggled(query: &LogQuery, field: FilterField, value: &str) -> LogQuery {
    if query.values(field).iter().any(|chosen| chosen == value) {
        return without_value(query, field, value);
    }
    let mut more = query.at(None);
    let values = more.filters.entry(field).or_default();
    values.push(value.to_owned());
    values.sort();
    more
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::log::LogKind;

    #[test]
    fn a_value_is_added_to_the_others_and_taken_away_again() {
        let query = LogQuery::parse("category=B&cursor=&q=x").unwrap_or_default();
        let both = with_value_toggled(&query, FilterField::Category, "A");
        assert_eq!(both.to_query_string(), "?q=x&category=A&category=B");
        let one = with_value_toggled(&both, FilterField::Category, "A");
        assert_eq!(one, query);
    }

    #[test]
    fn a_term_narrows_the_whole_text() {
        let place = |q: &str| Place {
            scope: LogScope::All,
            query: LogQuery::default().searching(q),
        };
        let searched = |q| place(q).searched("property:Role");
        assert_eq!(searched(""), "/audit-logs/all?q=property%3ARole");
        assert_eq!(searched("a b"), "/audit-logs/all?q=a+b+property%3ARole");
        assert_eq!(
            searched("a OR b"),
            "/audit-logs/all?q=%28a+OR+b%29+property%3ARole"
        );
        assert_eq!(searched("(a"), "/audit-logs/all?q=property%3ARole");
    }

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
        let query = LogQuery::parse("category=A&webhook=w1&from=-7d&tz=UTC&columns=ip").unwrap_or_default();
        // Neither the category nor the columns, which are those of the log before.
        let webhooks = carried(&query, LogScope::One(LogKind::WebhookFailure));
        assert_eq!(webhooks.to_query_string(), "?from=-7d&webhook=w1&tz=UTC");
    }
}
