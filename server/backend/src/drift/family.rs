//! What a family of things has to say for itself to be checked: how its life is told in the log, and what is stored of it,
//! in the form in which the log compares it.

use super::said::Sayings;
use crate::{Error, Result, record::Recorded};
use async_trait::async_trait;
use daybook_domain::{
    about::About, diff::holds_secret, drift::Drift, event::Event, id::WorkspaceId, log::LogKind,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde_json::{Map, Value};

/// As of when is read: everything in one transaction.
pub(crate) struct Moment<'a> {
    pub db: &'a DatabaseTransaction,
    pub workspace: WorkspaceId,
    pub now: Timestamp,
}

/// How the life of a kind of thing is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    /// The word in records.
    pub kind: &'static str,
    /// The log its records stand in.
    pub log: LogKind,
    /// The verbs that make one. None where it is there from the beginning.
    pub made: &'static [&'static str],
    pub ended: &'static [&'static str],
}

impl Life {
    pub fn new(kind: &'static str, made: &'static [&'static str], ended: &'static [&'static str]) -> Self {
        Self {
            kind,
            log: LogKind::Activity,
            made,
            ended,
        }
    }

    /// Whether a record of the kind has one of the verbs.
    pub fn is_told_by(&self, event: &Event, verbs: &[&str]) -> bool {
        let verb = event.body.event_type.strip_prefix(self.kind);
        let verb = verb.and_then(|rest| rest.strip_prefix('.'));
        verb.is_some_and(|verb| verbs.contains(&verb))
    }
}

/// A thing as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub thing: About,
    pub name: String,
    /// As the log compares it, without secrets; `None` where what is stored can't be read.
    pub record: Option<Map<String, Value>>,
    /// In microseconds.
    pub created_at: i64,
    /// Whether it is from before the log told of such things.
    pub is_older: bool,
    /// What was there before anything was said of it, by property. `None` for what a record of its own begins.
    pub from: Option<Map<String, Value>>,
    /// What is kept beside the values: what it is, as it is stored and as it should be. Only what differs.
    pub beside: Vec<(String, Value, Value)>,
}

impl Stored {
    /// `record` fails where what is stored is nothing that Daybook stores.
    pub fn of<T: Recorded>(thing: About, name: &str, created_at: i64, record: Result<T>) -> Result<Self> {
        let record = match record {
            Ok(record) => Some(plain(&record)?),
            Err(Error::Database(error)) => return Err(error.into()),
            Err(_) => None,
        };
        Ok(Self {
            thing,
            name: name.to_owned(),
            record,
            created_at,
            is_older: false,
            from: None,
            beside: Vec::new(),
        })
    }

    #[must_use]
    pub fn from(mut self, from: Value) -> Self {
        if let Value::Object(from) = from {
            self.from = Some(from);
        }
        self
    }

    /// With something that follows from its values.
    #[must_use]
    pub fn beside(mut self, what: &str, stored: impl Into<Value>, due: impl Into<Value>) -> Self {
        let (stored, due) = (stored.into(), due.into());
        if stored != due {
            self.beside.push((what.to_owned(), stored, due));
        }
        self
    }
}

/// What is compared, without secrets: of those nothing but that they change is ever said.
fn plain<T: Recorded>(record: &T) -> Result<Map<String, Value>> {
    match serde_json::to_value(record).map_err(Error::damaged)? {
        Value::Object(map) => Ok(map
            .into_iter()
            .filter(|(_, value)| !holds_secret(value))
            .collect()),
        _ => Err(Error::damaged("a record that is no object")),
    }
}

/// To whom what is stored is handed.
pub(crate) trait Visitor: Send {
    fn thing(&mut self, stored: Stored) -> Result<()>;
    /// Something that isn't as it should be and belongs to no thing.
    fn amiss(&mut self, drift: Drift);
}

#[async_trait]
pub(crate) trait Family: Send + Sync {
    fn lives(&self) -> Vec<Life>;

    /// Hands over everything that is stored.
    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()>;

    /// What a record of something else says of these: the name of what they refer to, say.
    fn overhear(&self, _event: &Event, _said: &mut Sayings) {}

    /// What comes to pass without a record.
    fn by_now(&self, _said: &mut Sayings, _now: Timestamp) {}
}
