//! What is asked of the figures, as it stands in an address.

use super::{Grain, MAX_KEY_CHARS, Span, UsageType, counted::term};
use crate::{
    query::LogQuery,
    search::{Expr, Field, Value},
    time::TimeBound,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most keys that one company or contact is looked for under.
const MAX_KEYS: usize = 50;
/// The days shown where none are named.
const DAYS: u64 = 28;
/// Most days, weeks or months side by side.
const MAX_BARS: u64 = 186;
/// Most days of a period: twenty years.
const MAX_DAYS: i64 = 20 * 366;

/// Whose figures: everybody's, or those of one company or contact, by the keys that records have it under.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Whose {
    #[default]
    All,
    Company(Vec<String>),
    Contact(Vec<String>),
}

impl Whose {
    pub fn keys(&self) -> &[String] {
        match self {
            Self::All => &[],
            Self::Company(keys) | Self::Contact(keys) => keys,
        }
    }

    /// The parameter of an address, where there is one.
    fn parameter(&self) -> &'static str {
        match self {
            Self::All => "",
            Self::Company(_) => "company",
            Self::Contact(_) => "contact",
        }
    }
}

/// Which figures, of which days of the workspace's zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UsageQuery {
    pub of: UsageType,
    /// The last four weeks where neither is named. Moments are their days.
    pub from: Option<TimeBound>,
    pub to: Option<TimeBound>,
    /// Days, weeks or months; what fits the period where it isn't said, or would be too many.
    pub by: Option<Grain>,
    pub whose: Whose,
}

impl UsageQuery {
    pub fn new(of: UsageType) -> Self {
        Self {
            of,
            from: None,
            to: None,
            by: None,
            whose: Whose::All,
        }
    }

    /// Reads the part of an address after `?`. What is empty is left out, and what is unknown left alone.
    ///
    /// # Errors
    /// `Invalid` with the parameter and what is wrong with it.
    pub fn parse(of: UsageType, query: &str) -> crate::Result<Self> {
        let mut asked = Self::new(of);
        let (mut companies, mut contacts) = (Vec::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let bound = || value.parse().map_err(|error| wrong(&name, value, &error));
            match name.as_ref() {
                "from" => asked.from = Some(bound()?),
                "to" => asked.to = Some(bound()?),
                "by" => {
                    let by = Grain::from_name(value);
                    asked.by = Some(by.ok_or_else(|| wrong("by", value, &"is not day, week or month"))?);
                }
                "company" if companies.len() < MAX_KEYS => companies.push(cut(value)),
                "contact" if contacts.len() < MAX_KEYS => contacts.push(cut(value)),
                _ => {}
            }
        }
        asked.whose = match (companies.is_empty(), contacts.is_empty()) {
            (_, false) => Whose::Contact(contacts),
            (false, true) => Whose::Company(companies),
            (true, true) => Whose::All,
        };
        Ok(asked)
    }

    /// With a leading `?`, or empty. The same is asked by the same address.
    pub fn to_query_string(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.to_pairs() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        if query.is_empty() {
            query
        } else {
            format!("?{query}")
        }
    }

    /// The parameters in their order.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.from.map(|from| ("from", from.to_string())));
        pairs.extend(self.to.map(|to| ("to", to.to_string())));
        pairs.extend(self.by.map(|by| ("by", by.name().to_owned())));
        let keys = self.whose.keys().iter();
        pairs.extend(keys.map(|key| (self.whose.parameter(), key.clone())));
        pairs
    }

    /// The period, and what it is shown by. `day` is the day of a bound, `today` that of now.
    ///
    /// # Errors
    /// `Invalid` for one that ends before it begins, or is longer than twenty years.
    pub fn period(
        &self,
        today: NaiveDate,
        day: impl Fn(TimeBound) -> NaiveDate,
    ) -> crate::Result<(super::Period, Grain)> {
        let to = self.to.map_or(today, &day);
        let from = match self.from {
            Some(from) => day(from),
            None => super::Period::days_to(to, DAYS).from,
        };
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(crate::Error::invalid("to", "is before the first day"));
        }
        if days > MAX_DAYS {
            return Err(crate::Error::invalid(
                "from",
                "is more than twenty years before the last day",
            ));
        }
        let period = super::Period { from, to };
        let fitting = match days {
            ..=62 => Grain::Day,
            63..=366 => Grain::Week,
            _ => Grain::Month,
        };
        let by = self.by.filter(|by| period.whole(*by).count(*by) <= MAX_BARS);
        let by = by.unwrap_or(fitting);
        Ok((period.whole(by), by))
    }

    /// The records that are counted in a time.
    pub fn records(&self, span: Span) -> LogQuery {
        self.list(span, None)
    }

    /// Those of one company.
    pub fn of_company(&self, span: Span, key: &str) -> LogQuery {
        self.list(span, Some((Field::Company, key)))
    }

    /// Those of one contact.
    pub fn of_contact(&self, span: Span, key: &str) -> LogQuery {
        self.list(span, Some((Field::Actor, key)))
    }

    /// Those of one event type.
    pub fn of_event_type(&self, span: Span, event_type: &str) -> LogQuery {
        self.list(span, Some((Field::Type, event_type)))
    }

    fn list(&self, span: Span, only: Option<(Field, &str)>) -> LogQuery {
        let mut all = match self.of.expr() {
            Expr::All(all) => all,
            one => vec![one],
        };
        let is = |field: Field, text: &str| {
            let text = text.to_owned();
            term(field, Value::Text { text, prefix: false })
        };
        let field = match self.whose {
            Whose::Contact(_) => Field::Actor,
            _ => Field::Company,
        };
        let mut keys: Vec<_> = self
            .whose
            .keys()
            .iter()
            .map(|key| is(field.clone(), key))
            .collect();
        match keys.len() {
            0 => {}
            1 => all.append(&mut keys),
            _ => all.push(Expr::Any(keys)),
        }
        all.extend(only.map(|(field, text)| is(field, text)));
        LogQuery {
            q: Some(Expr::All(all).to_string()),
            from: Some(TimeBound::At(span.from)),
            to: Some(TimeBound::At(span.to)),
            ..LogQuery::default()
        }
    }
}

fn wrong(name: &str, value: &str, why: &dyn std::fmt::Display) -> crate::Error {
    let value: String = value.chars().take(60).collect();
    crate::Error::invalid(name, format!("“{value}” {why}"))
}

fn cut(key: &str) -> String {
    key.chars().take(MAX_KEY_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search;

    fn day(bound: TimeBound) -> NaiveDate {
        match bound {
            TimeBound::Day(day) => day,
            other => panic!("{other}"),
        }
    }

    fn period(query: &str) -> crate::Result<(String, Grain)> {
        let asked = UsageQuery::parse(UsageType::General, query)?;
        let today = "2026-11-22".parse().unwrap();
        let (period, by) = asked.period(today, day)?;
        Ok((format!("{} {}", period.from, period.to), by))
    }

    #[test]
    fn a_query_survives_its_address() {
        let address = "?from=2026-10-01&to=-1d&by=week&company=c+1&company=%26";
        let asked = UsageQuery::parse(UsageType::Files, address).unwrap();
        assert_eq!(asked.whose, Whose::Company(vec!["c 1".into(), "&".into()]));
        assert_eq!(asked.to_query_string(), address);
        let plain = UsageQuery::parse(UsageType::Files, "?by=&utm_source=x").unwrap();
        assert_eq!(plain.to_query_string(), "");
        for wrong in ["from=yesterday", "by=year"] {
            assert!(UsageQuery::parse(UsageType::Files, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_period_is_of_whole_parts_and_not_too_many() {
        let of = |query| period(query).unwrap();
        assert_eq!(of(""), ("2026-10-26 2026-11-22".to_owned(), Grain::Day));
        assert_eq!(
            of("from=2026-11-04&to=2026-11-10&by=week"),
            ("2026-11-02 2026-11-15".to_owned(), Grain::Week)
        );
        assert_eq!(of("from=2020-01-01&by=day").1, Grain::Month);
        assert_eq!(of("from=2026-06-01").1, Grain::Week);
        assert!(period("from=2026-11-23").is_err() && period("from=1900-01-01").is_err());
    }

    #[test]
    fn the_records_of_a_number_are_asked_for_in_the_query_language() {
        let mut asked = UsageQuery::new(UsageType::General);
        asked.whose = Whose::Company(vec!["c1".into(), "h-1".into()]);
        let span = Span {
            from: "2026-11-01T00:00:00Z".parse().unwrap(),
            to: "2026-12-01T00:00:00Z".parse().unwrap(),
        };
        let list = asked.of_contact(span, "ann \"x\"");
        let q = list.q.clone().unwrap();
        assert_eq!(
            q,
            r#"portal:customer actor.kind:contact -impersonator:* (company:c1 OR company:h-1) actor:"ann \"x\"""#
        );
        assert!(search::parse(&q).is_ok());
        assert_eq!(list.from, Some(TimeBound::At(span.from)));
    }
}
