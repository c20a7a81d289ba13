//! What a query asks of the dictionary.

use super::keys::{self, Key};
use daybook_domain::search::{Expr, Field, Kind, Term, Value, words};
use std::ops::Range;

/// Which records to take, in terms of keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Plan {
    Nothing,
    Key(Key),
    /// All keys of a range.
    Keys(Range<Key>),
    /// Those keys of a range that are words of the field.
    Words(Range<Key>, Field),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    /// No more than these: the keys don't tell in which order words follow one another.
    AtMost(Box<Plan>),
}

impl Plan {
    pub fn of(expr: &Expr) -> Self {
        match expr {
            Expr::All(parts) => Self::All(parts.iter().map(Self::of).collect()),
            Expr::Any(parts) => Self::Any(parts.iter().map(Self::of).collect()),
            Expr::Not(inner) => Self::Not(Box::new(Self::of(inner))),
            Expr::Term(term) => of_term(term),
        }
    }
}

fn of_term(term: &Term) -> Plan {
    let Some(field) = &term.field else {
        return match &term.value {
            Value::Text { text, prefix } => of_words(text, *prefix, None),
            _ => Plan::Nothing,
        };
    };
    match (&term.value, field.kind()) {
        (Value::Present, _) => Plan::Key(keys::present(field)),
        (Value::Text { text, .. }, Kind::Ip) => {
            text.parse().map_or(Plan::Nothing, |ip| Plan::Key(keys::ip(ip)))
        }
        (Value::Text { text, prefix }, Kind::Choice(_) | Kind::Keyword) => of_whole(text, *prefix, field),
        (Value::Text { text, prefix }, Kind::Name) => Plan::Any(vec![
            of_whole(text, *prefix, field),
            of_words(text, *prefix, Some(field)),
        ]),
        (Value::Text { text, prefix }, Kind::Text) => of_words(text, *prefix, Some(field)),
        (Value::Range { from, to }, Kind::Ip) => {
            Plan::Keys(keys::ips(read(from.as_deref()), read(to.as_deref())))
        }
        (Value::Range { from, to }, _) => {
            Plan::Keys(keys::numbers(read(from.as_deref()), read(to.as_deref()), field))
        }
        (Value::Network { address, bits }, Kind::Ip) => Plan::Keys(keys::network(*address, *bits)),
        (Value::Network { .. }, _) => Plan::Nothing,
    }
}

fn read<T: std::str::FromStr>(end: Option<&str>) -> Option<T> {
    end?.parse().ok()
}

fn of_whole(text: &str, prefix: bool, field: &Field) -> Plan {
    if prefix {
        Plan::Keys(keys::wholes_from(text, field))
    } else {
        Plan::Key(keys::whole(text, field))
    }
}

fn of_words(text: &str, prefix: bool, field: Option<&Field>) -> Plan {
    let all: Vec<_> = words(text).collect();
    let Some(last) = all.len().checked_sub(1) else {
        return Plan::Nothing;
    };
    let mut parts: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(at, word)| match (field, prefix && at == last) {
            (None, false) => Plan::Keys(keys::word_anywhere(word)),
            (None, true) => Plan::Keys(keys::words_from(word)),
            (Some(field), false) => Plan::Key(keys::word(word, field)),
            (Some(field), true) => Plan::Words(keys::words_from(word), field.clone()),
        })
        .collect();
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(end) => {
            parts.push(end);
            Plan::AtMost(Box::new(Plan::All(parts)))
        }
        None => Plan::Nothing,
    }
}
