//! The state of a log page, all of it, as it stands in the URL (contract.md §3). One struct for server, browser,
//! links and forms.

use crate::{
    about::{About, KnownAs},
    cursor::Cursor,
    event::{Action, Outcome, Portal},
    id::EventId,
    log::{Area, Column, FilterField, LogScope},
    search::{self, Expr, SyntaxProblem},
    time::TimeBound,
    work_session::Routing,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest value of one filter, in characters.
pub const MAX_VALUE_CHARS: usize = 200;
/// Most values of one filter.
pub const MAX_VALUES: usize = 50;
/// Most records open at once.
const MAX_OPEN: usize = 50;

/// What a list is narrowed to and which page of it is shown. Empty means: newest page of everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogQuery {
    /// The thing whose own log this is.
    pub about: Option<About>,
    /// Text in the query language, as typed: a mistake in it is shown where it stands, so it is kept. Not empty.
    pub q: Option<String>,
    /// Inclusive.
    pub from: Option<TimeBound>,
    /// Exclusive; a whole day is included.
    pub to: Option<TimeBound>,
    /// Values of one field are alternatives; fields narrow each other. No entry is empty.
    pub filters: BTreeMap<FilterField, Vec<String>>,
    /// The expanded records.
    pub open: Vec<EventId>,
    pub cursor: Option<Cursor>,
    /// The columns to show, in their order; empty for the viewer's own choice or the log's.
    pub columns: Vec<Column>,
    /// IANA zone to show times in, where it isn't the viewer's own.
    pub tz: Option<String>,
}

/// A part of a URL that can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("“{value}” in {field} {reason}")]
pub struct QueryProblem {
    /// The URL parameter.
    pub field: String,
    /// What stood there, cut to a readable length.
    pub value: String,
    /// Goes on after the value: "is not …".
    pub reason: String,
}

impl LogQuery {
    /// Reads URL parameters in any order. Empty values are no values (forms send them), unknown parameters are
    /// left alone (links collect them).
    ///
    /// # Errors
    /// Every part that can't be understood.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, Vec<QueryProblem>> {
        let mut query = Self::default();
        let mut problems = Vec::new();
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref().trim());
            if value.is_empty() {
                continue;
            }
            if let Err(reason) = query.set(name, value) {
                let value = value.chars().take(60).collect();
                problems.push(QueryProblem {
                    field: name.to_owned(),
                    value,
                    reason,
                });
            }
        }
        for values in query.filters.values_mut() {
            values.sort();
            values.dedup();
        }
        if problems.is_empty() {
            Ok(query)
        } else {
            Err(problems)
        }
    }

    /// [`Self::from_pairs`] on the part of a URL after `?`.
    ///
    /// # Errors
    /// Every part that can't be understood.
    pub fn parse(query_string: &str) -> Result<Self, Vec<QueryProblem>> {
        Self::from_pairs(form_urlencoded::parse(
            query_string.trim_start_matches('?').as_bytes(),
        ))
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "about" => self.about = Some(value.parse()?),
            // One more byte than the language takes, so that the parser says what is wrong.
            "q" => self.q = Some(first_bytes(value, search::MAX_BYTES + 1).to_owned()),
            "from" => self.from = Some(value.parse().map_err(|e| format!("{e}"))?),
            "to" => self.to = Some(value.parse().map_err(|e| format!("{e}"))?),
            "cursor" => self.cursor = Some(value.parse().map_err(|e| format!("{e}"))?),
            "open" => {
                let id = value
                    .parse()
                    .map_err(|_| "is not the id of a record".to_owned())?;
                if self.open.len() >= MAX_OPEN {
                    return Err(format!(
                        "is one more than the {MAX_OPEN} records that can be open at once"
                    ));
                }
                if !self.open.contains(&id) {
                    self.open.push(id);
                }
            }
            "columns" => {
                for name in value.split(',') {
                    let column = Column::from_name(name.trim())
                        .ok_or_else(|| format!("is not one of {}", Column::names().join(", ")))?;
                    if !self.columns.contains(&column) {
                        self.columns.push(column);
                    }
                }
            }
            "tz" => {
                let fits = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
                if value.len() > 64 || !value.chars().all(fits) {
                    return Err("is not the name of a time zone such as Europe/Berlin".to_owned());
                }
                self.tz = Some(value.to_owned());
            }
            _ => {
                if let Some(field) = FilterField::from_name(name) {
                    self.add_filter(field, value)?;
                }
            }
        }
        Ok(())
    }

    fn add_filter(&mut self, field: FilterField, value: &str) -> Result<(), String> {
        let choices = field.words();
        if !choices.is_empty() && !choices.contains(&value) {
            return Err(format!("is not one of {}", choices.join(", ")));
        }
        if value.chars().count() > MAX_VALUE_CHARS {
            return Err(format!("is longer than {MAX_VALUE_CHARS} characters"));
        }
        let values = self.filters.entry(field).or_default();
        if values.len() >= MAX_VALUES {
            return Err(format!(
                "is one more than the {MAX_VALUES} values a filter can hold"
            ));
        }
        values.push(value.to_owned());
        Ok(())
    }

    /// The parameters in a fixed order: the same state is the same URL.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.about.as_ref().map(|about| ("about", about.to_string())));
        pairs.extend(self.q.clone().map(|q| ("q", q)));
        pairs.extend(self.from.map(|from| ("from", from.to_string())));
        pairs.extend(self.to.map(|to| ("to", to.to_string())));
        for (field, values) in &self.filters {
            pairs.extend(values.iter().map(|value| (field.name(), value.clone())));
        }
        if !self.columns.is_empty() {
            let names: Vec<_> = self.columns.iter().map(|column| column.name()).collect();
            pairs.push(("columns", names.join(",")));
        }
        pairs.extend(self.tz.clone().map(|tz| ("tz", tz)));
        pairs.extend(self.cursor.map(|cursor| ("cursor", cursor.to_string())));
        pairs.extend(self.open.iter().map(|id| ("open", id.to_string())));
        pairs
    }

    /// With a leading `?`, or empty.
    pub fn to_query_string(&self) -> String {
        let pairs = self.to_pairs();
        if pairs.is_empty() {
            return String::new();
        }
        let mut serializer = form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(pairs);
        format!("?{}", serializer.finish())
    }

    /// Whether anything narrows the list, beside whose log it is.
    pub fn is_narrowed(&self) -> bool {
        self.q.is_some() || self.from.is_some() || self.to.is_some() || !self.filters.is_empty()
    }

    /// What the text and the thing whose log it is ask of a log; `None` where there is neither. `known` is what else the
    /// thing is known by.
    ///
    /// # Errors
    /// Where the text goes wrong, and what was expected there.
    pub fn whole_expr(&self, scope: LogScope, known: &KnownAs) -> Result<Option<Expr>, SyntaxProblem> {
        let about = self.about.as_ref().map(|about| about.expr(scope, known));
        Ok(match (about, self.expr()?) {
            (Some(about), Some(text)) => Some(Expr::All(vec![about, text])),
            (about, text) => about.or(text),
        })
    }

    /// What the text asks for; `None` where there is no text.
    ///
    /// # Errors
    /// Where the text goes wrong, and what was expected there.
    pub fn expr(&self) -> Result<Option<Expr>, SyntaxProblem> {
        self.q.as_deref().map_or(Ok(None), search::parse)
    }

    /// The values chosen for a field.
    pub fn values(&self, field: FilterField) -> &[String] {
        self.filters.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The same list at another page; what was open there isn't here.
    #[must_use]
    pub fn at(&self, cursor: Option<Cursor>) -> Self {
        Self {
            cursor,
            open: Vec::new(),
            ..self.clone()
        }
    }

    /// The list narrowed to one value of a field, from its first page.
    #[must_use]
    pub fn narrowed(&self, field: FilterField, value: impl Into<String>) -> Self {
        let mut query = self.at(None);
        query.filters.insert(field, vec![value.into()]);
        query
    }

    /// The list without one field's filter, from its first page.
    #[must_use]
    pub fn without(&self, field: FilterField) -> Self {
        let mut query = self.at(None);
        query.filters.remove(&field);
        query
    }

    /// The list without limits of time, from its first page.
    #[must_use]
    pub fn any_time(&self) -> Self {
        Self {
            from: None,
            to: None,
            ..self.at(None)
        }
    }

    /// The list of another text, from its first page.
    #[must_use]
    pub fn searching(&self, q: &str) -> Self {
        let q = q.trim();
        Self {
            q: (!q.is_empty()).then(|| q.to_owned()),
            ..self.at(None)
        }
    }

    /// Everything of the thing's log or of all, with the same columns in the same zone.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self {
            about: self.about.clone(),
            columns: self.columns.clone(),
            tz: self.tz.clone(),
            ..Self::default()
        }
    }

    pub fn is_open(&self, id: EventId) -> bool {
        self.open.contains(&id)
    }

    /// The same page with one record opened or closed.
    #[must_use]
    pub fn toggled(&self, id: EventId) -> Self {
        let mut query = self.clone();
        if query.is_open(id) {
            query.open.retain(|open| *open != id);
        } else {
            query.open.push(id);
        }
        query
    }
}

impl FilterField {
    /// The words that its values are taken from; none where any text will do.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Action => Action::names(),
            Self::Outcome => Outcome::names(),
            Self::Portal => Portal::names(),
            Self::Area => Area::names(),
            Self::Routing => Routing::names(),
            _ => Vec::new(),
        }
    }
}

/// The longest beginning of at most so many bytes.
fn first_bytes(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cursor::Direction,
        time::{Timestamp, Unit},
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn any_bound() -> impl Strategy<Value = TimeBound> {
        prop_oneof![
            (-62_135_596_800_i64..253_402_300_799)
                .prop_map(|s| TimeBound::At(Timestamp::from_micros(s * 1_000_000).unwrap())),
            any::<u32>().prop_map(|count| TimeBound::Ago {
                count,
                unit: Unit::Day
            }),
            (1_i32..9999, 1_u32..=365)
                .prop_map(|(y, d)| TimeBound::Day(chrono::NaiveDate::from_yo_opt(y, d).unwrap())),
        ]
    }

    fn any_query() -> impl Strategy<Value = LogQuery> {
        let texts = prop::collection::btree_set("[^\\s]([ -~äß\u{5d0}\u{1f600}]{0,20}[^\\s])?", 1..4);
        let fields = prop_oneof![
            Just(FilterField::Category),
            Just(FilterField::EventType),
            Just(FilterField::Actor),
            Just(FilterField::Brand),
            Just(FilterField::Ip),
        ];
        let filters = prop::collection::btree_map(fields, texts, 0..4);
        let cursor =
            (Timestamp::MIN.micros()..Timestamp::MAX.micros(), any::<i64>()).prop_map(|(m, sequence)| {
                Cursor {
                    direction: Direction::Older,
                    occurred_at: Timestamp::from_micros(m).unwrap(),
                    sequence,
                }
            });
        let open = prop::collection::btree_set(any::<u128>(), 0..4);
        (
            prop::option::of(any_bound()),
            prop::option::of(any_bound()),
            filters,
            open,
            prop::option::of(cursor),
            prop::option::of("[A-Z][a-z]{2,8}/[A-Z][a-z_]{2,12}"),
            prop::option::of("[^\\s]([ -~äß]{0,20}[^\\s])?"),
            prop::sample::subsequence(Column::ALL, 0..Column::ALL.len()),
            prop::option::of("[a-z]{1,8}:[a-f0-9:-]{1,36}"),
        )
            .prop_map(
                |(from, to, filters, open, cursor, tz, q, columns, about)| LogQuery {
                    about: about.map(|about| about.parse().unwrap()),
                    q,
                    columns,
                    from,
                    to,
                    filters: filters
                        .into_iter()
                        .map(|(f, v)| (f, v.into_iter().collect()))
                        .collect(),
                    open: open.into_iter().map(|id| EventId(Uuid::from_u128(id))).collect(),
                    cursor,
                    tz,
                },
            )
    }

    proptest! {
        #[test]
        fn a_query_survives_its_url(query in any_query()) {
            prop_assert_eq!(LogQuery::parse(&query.to_query_string()), Ok(query));
        }

        #[test]
        fn the_url_is_canonical(query in any_query()) {
            let url = query.to_query_string();
            prop_assert_eq!(LogQuery::parse(&url).unwrap().to_query_string(), url);
        }

        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = LogQuery::parse(&text);
        }
    }

    #[test]
    fn empty_and_unknown_parameters_are_left_alone() {
        assert_eq!(
            LogQuery::parse("?category=&from=&utm_source=mail"),
            Ok(LogQuery::default())
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_said_to_be() {
        let query = LogQuery::from_pairs([("q", "ä".repeat(10_000))]).unwrap();
        assert!(query.q.as_ref().is_some_and(|q| q.len() <= search::MAX_BYTES + 1));
        assert!(query.expr().is_err());
    }

    #[test]
    fn problems_name_the_parameter_and_what_stood_there() {
        let problems =
            LogQuery::parse("cursor=AAAA&from=yesterday&action=explode&outcome=success").unwrap_err();
        let fields: Vec<_> = problems
            .iter()
            .map(|p| (p.field.as_str(), p.value.as_str()))
            .collect();
        assert_eq!(
            fields,
            [("cursor", "AAAA"), ("from", "yesterday"), ("action", "explode")]
        );
        assert!(
            problems[2]
                .to_string()
                .starts_with("“explode” in action is not one of create, read, update")
        );
    }

    #[test]
    fn opening_keeps_the_page_and_filtering_leaves_it() {
        let id = EventId(Uuid::from_u128(7));
        let query = LogQuery::parse("category=Roles").unwrap().toggled(id);
        assert!(query.is_open(id));
        assert!(!query.toggled(id).is_open(id));
        let narrowed = query.narrowed(FilterField::Actor, "mara");
        assert!(!narrowed.is_open(id));
        assert_eq!(narrowed.to_query_string(), "?category=Roles&actor=mara");
        assert_eq!(narrowed.cleared(), LogQuery::default());
    }

    #[test]
    fn a_things_own_log_stays_its_own() {
        let query = LogQuery::parse("about=company:c1&q=phone&action=update").unwrap();
        let nothing = KnownAs::default();
        assert!(
            matches!(query.whole_expr(LogScope::All, &nothing), Ok(Some(Expr::All(parts))) if parts.len() == 2)
        );
        assert_eq!(query.cleared().to_query_string(), "?about=company%3Ac1");
        assert!(!query.cleared().is_narrowed());
        assert!(
            query
                .cleared()
                .whole_expr(LogScope::All, &nothing)
                .unwrap()
                .is_some()
        );
        let problems = LogQuery::parse("about=company").unwrap_err();
        assert_eq!(problems[0].field, "about");
    }
}
