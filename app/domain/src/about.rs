//! The thing a list of records is narrowed to: the list is that thing's own audit log (R23, R25).

use crate::{
    event::Target,
    search::{Expr, Field, Term, Value},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Longest kind and longest id, in characters.
const MAX_CHARS: usize = 200;

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

    /// What asks for its records: those that act on it, and what happens to all that belongs to it where it is a company,
    /// a contact, a conversation or a brand.
    pub fn expr(&self) -> Expr {
        let is = |field| {
            Expr::Term(Term {
                field: Some(field),
                value: Value::Text {
                    text: self.id.clone(),
                    prefix: false,
                },
            })
        };
        let whole = match self.kind.as_str() {
            "company" => Field::Company,
            "contact" => Field::Contact,
            "conversation" => Field::Conversation,
            "brand" => Field::Brand,
            _ => return is(Field::Target),
        };
        Expr::Any(vec![is(Field::Target), is(whole)])
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
