//! What one user, program or contact did in a period, as counts (R38). It is a reading of the log and nothing else: each
//! number leads to the records it counts.

use crate::{
    event::Actor,
    facet::{Facet, Histogram},
    id::EventId,
    log::FilterField,
    query::LogQuery,
    time::{LocalTime, TimeBound, Unit},
};
use serde::{Deserialize, Serialize};

/// The period where none is named, in days back from now.
pub const DAYS: u32 = 30;
/// Most places, and most people somebody appeared as, that are listed.
pub const MOST: usize = 20;

/// Whose activity, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityQuery {
    /// [`Actor::key`].
    pub actor: String,
    /// As in [`LogQuery`]. Without both the last [`DAYS`] days.
    pub from: Option<TimeBound>,
    pub to: Option<TimeBound>,
    pub tz: Option<String>,
}

impl ActivityQuery {
    /// Reads period and zone from a list's address, whatever else stands there.
    pub fn of(actor: String, address: &LogQuery) -> Self {
        let named = address.from.is_some() || address.to.is_some();
        Self {
            actor,
            from: if named {
                address.from
            } else {
                Some(last_days(DAYS))
            },
            to: address.to,
            tz: address.tz.clone(),
        }
    }

    /// The records that are counted.
    pub fn list(&self) -> LogQuery {
        self.period().narrowed(FilterField::Actor, self.actor.as_str())
    }

    /// Everybody's records of the period.
    pub fn period(&self) -> LogQuery {
        LogQuery {
            from: self.from,
            to: self.to,
            tz: self.tz.clone(),
            ..LogQuery::default()
        }
    }
}

pub fn last_days(count: u32) -> TimeBound {
    TimeBound::Ago {
        count,
        unit: Unit::Day,
    }
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivitySummary {
    pub records: u64,
    /// By day in the reader's zone; coarser where the period is long. `None` where there is nothing.
    pub days: Option<Histogram>,
    /// By section and by action, commonest first.
    pub facets: Vec<Facet>,
    pub sign_ins: SignIns,
    /// Where they were, latest first; at most [`MOST`].
    pub places: Vec<Place>,
    pub more_places: bool,
    /// Who appeared as them, most often first; at most [`MOST`].
    pub impersonated_by: Vec<Other>,
    /// As whom they appeared.
    pub impersonated: Vec<Other>,
    /// IANA name of the zone the times are in.
    pub zone: String,
}

impl ActivitySummary {
    pub fn facet(&self, field: FilterField) -> Option<&Facet> {
        self.facets.iter().find(|facet| facet.field == field)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIns {
    pub succeeded: u64,
    pub failed: u64,
    /// The last that succeeded.
    pub last: Option<LocalTime>,
}

/// An address records came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub ip: String,
    pub records: u64,
    pub first: LocalTime,
    pub last: LocalTime,
}

/// Somebody on the other side of an impersonation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// [`Actor::key`].
    pub key: String,
    pub label: String,
    pub records: u64,
}

impl Other {
    pub fn new(actor: &Actor, records: u64) -> Self {
        Self {
            key: actor.key(),
            label: actor.label(),
            records,
        }
    }
}

/// A thing, as far as the log knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogTrace {
    pub name: String,
    pub deleted: Option<Deletion>,
}

/// How a thing went, and what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deletion {
    pub record: EventId,
    pub at: LocalTime,
    pub by: String,
    /// Property and value at the end, without secrets.
    pub state: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_that_of_the_address_or_the_last_days() {
        let of = |address: &str| {
            let query = ActivityQuery::of("u1".into(), &LogQuery::parse(address).unwrap());
            query.list().to_query_string()
        };
        assert_eq!(of(""), "?from=-30d&actor=u1");
        assert_eq!(of("from=-7d&q=x&actor=u2"), "?from=-7d&actor=u1");
        assert_eq!(
            of("to=2026-11-22&tz=Europe%2FBerlin"),
            "?to=2026-11-22&actor=u1&tz=Europe%2FBerlin"
        );
    }
}
