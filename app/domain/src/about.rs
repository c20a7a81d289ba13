//! The thing a list of records is narrowed to: the list is that thing's own audit log (R23, R25).

use crate::{
    event::Target,
    log::{LogKind, LogScope},
    search::{Expr, Field},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Longest kind and longest id, in characters.
const MAX_CHARS: usize = 200;

/// What a thing is known by beside its own id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownAs {
    /// The ids of things that became part of it.
    pub ids: Vec<String>,
    /// Its id in other systems, and those of the things that became part of it.
    pub external_ids: Vec<String>,
}

/// A thing, by the word and the id that stand in records (`targets[]`). As text: `company:0198…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct About {
    pub kind: String,
    pub id: String,
}

impl About {
    pub fn new(kind: impl Into<String>, id: impl fmt::Display) -> Self {
        Self {
            kind: kind.into(),
            id: id.to_string(),
        }
    }

    /// The thing of a target, where it has an id.
    pub fn target(target: &Target) -> Option<Self> {
        Some(Self::new(target.kind.as_str(), target.id.as_deref()?))
    }

    /// What asks for its records in a log: those that act on it, and what happens to all that belongs to it where it is a
    /// company, a contact, a conversation or a brand. In the log of its own sessions a person is also who acts.
    ///
    /// What became part of it is itself. Whoever sends records may know a thing by its id in their own system. That one is
    /// looked for only where it can mean nothing else: the same number may be a ticket's.
    pub fn expr(&self, scope: LogScope, known: &KnownAs) -> Expr {
        use Field as F;
        use LogKind::{ContactAuthentication, WorkSession};
        let (own, all): (&[F], &[F]) = match (self.kind.as_str(), scope) {
            ("company", _) => (&[F::Target], &[F::Company]),
            ("contact", LogScope::One(ContactAuthentication)) => (&[], &[F::Target, F::Contact, F::Actor]),
            ("contact", _) => (&[F::Target], &[F::Contact]),
            ("conversation", _) => (&[F::Target], &[F::Conversation]),
            ("brand", _) => (&[F::Target], &[F::Brand]),
            ("service_agent", LogScope::One(WorkSession)) => (&[], &[F::Target, F::Actor]),
            _ => (&[F::Target], &[]),
        };
        let is = |field: &Field, id: &str| Expr::is(field.clone(), id);
        let ids = std::iter::once(&self.id).chain(&known.ids);
        let by_own = ids.flat_map(|id| own.iter().chain(all).map(move |field| is(field, id)));
        let by_external = known.external_ids.iter();
        let by_external = by_external.flat_map(|id| all.iter().map(move |field| is(field, id)));
        Expr::any(by_own.chain(by_external).collect())
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

impl FromStr for About {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |part: &&str| !part.is_empty() && part.chars().count() <= MAX_CHARS;
        match text.split_once(':') {
            Some((kind, id)) if fits(&kind) && fits(&id) => Ok(Self::new(kind, id)),
            _ => Err("is not a kind of thing and an id with a colon between them".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_survives_its_text() {
        let about = About::new("user", "a:b");
        assert_eq!(about.to_string().parse(), Ok(about));
        assert!("user".parse::<About>().is_err() && ":x".parse::<About>().is_err());
    }
}
