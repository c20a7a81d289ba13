//! What could come next where the caret stands: the names of fields, or the values of one.

use crate::audit_logs::text::at_least;
use daybook_domain::{
    event::{Action, ActorKind, Outcome, Portal},
    facet::Facet,
    log::{FilterField, LogKind},
    search::{Field, Kind, Term, Value},
};
use std::ops::Range;

/// More than this nobody reads through.
const MOST: usize = 40;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub label: String,
    pub about: String,
    /// What it puts into the text.
    insert: String,
}

/// What can be chosen, and what of the text it takes the place of, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    at: Range<usize>,
    pub offers: Vec<Offer>,
}

impl Completion {
    /// The text with an offer in it, and where the caret stands then.
    pub fn applied(&self, text: &str, offer: usize) -> Option<(String, usize)> {
        let insert = &self.offers.get(offer)?.insert;
        let (before, after) = (text.get(..self.at.start)?, text.get(self.at.end..)?);
        // The next term is a space away.
        let space = if after.is_empty() && !insert.ends_with([':', '.']) {
            " "
        } else {
            ""
        };
        let caret = before.len() + insert.len() + space.len();
        Some((format!("{before}{insert}{space}{after}"), caret))
    }
}

/// What can be offered for `text` with the caret at `caret`, in bytes. `facets` know values.
pub fn complete(text: &str, caret: usize, facets: &[Facet]) -> Option<Completion> {
    let (before, after) = (text.get(..caret)?, text.get(caret..)?);
    let word = word(before)?;
    let closes = word.quoted && after.starts_with('"');
    if !closes && after.starts_with(|c: char| !c.is_whitespace() && c != ')') {
        return None;
    }
    let typed = word.typed.to_lowercase();
    let offers = match &word.field {
        Some(field) => values(field, &typed, facets),
        None => names(&typed),
    };
    // What is typed in full needs no offer.
    let done = offers.len() == 1 && offers[0].insert == before[word.start..];
    (!offers.is_empty() && !done).then(|| Completion {
        at: word.start..caret + usize::from(closes),
        offers,
    })
}

/// The word before the caret.
struct Word {
    start: usize,
    /// Without the quotation mark before it.
    typed: String,
    quoted: bool,
    /// The field it is a value of.
    field: Option<Field>,
}

/// Follows the lexer of the query language, but forgives: what stands before the caret is rarely complete.
fn word(before: &str) -> Option<Word> {
    let (mut start, mut quoted, mut closed, mut escaped) = (0, false, false, false);
    let mut field = None;
    let mut groups: Vec<Option<Field>> = Vec::new();
    for (at, c) in before.char_indices() {
        if quoted {
            quoted = escaped || c != '"';
            closed = !quoted;
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => (start, quoted) = (at, true),
            '(' => {
                groups.push(field.take().or_else(|| groups.last().cloned().flatten()));
                (start, closed) = (at + 1, false);
            }
            ')' => {
                groups.pop();
                (start, field, closed) = (at + 1, None, true);
            }
            _ if c.is_whitespace() => (start, field, closed) = (at + c.len_utf8(), None, false),
            '-' if at == start && field.is_none() => start = at + 1,
            ':' if field.is_none() && !closed => {
                field = Field::from_name(&before[start..at]);
                start = if field.is_some() { at + 1 } else { start };
            }
            _ => {}
        }
    }
    let field = field.or_else(|| groups.pop().flatten());
    if closed || (quoted && field.is_none()) {
        return None;
    }
    Some(Word {
        start,
        typed: before[start..].trim_start_matches('"').to_owned(),
        quoted,
        field,
    })
}

fn names(typed: &str) -> Vec<Offer> {
    let metadata = Field::Metadata(String::new());
    let simple = Field::ALL
        .iter()
        .map(|field| (format!("{}:", field.name()), field));
    let all = simple.chain([(metadata.name(), &metadata)]);
    all.filter(|(name, _)| name.starts_with(typed))
        .map(|(name, field)| Offer {
            label: name.clone(),
            about: field.about().to_owned(),
            insert: name,
        })
        .collect()
}

fn values(field: &Field, typed: &str, facets: &[Facet]) -> Vec<Offer> {
    let mut known = known(field, facets);
    known.retain(|(value, about)| {
        value.to_lowercase().contains(typed) || about.to_lowercase().starts_with(typed)
    });
    known.sort_by_key(|(value, _)| !value.to_lowercase().starts_with(typed));
    known.truncate(MOST);
    let offer = |(value, about): (String, String)| Offer {
        insert: as_typed(&value),
        label: value,
        about,
    };
    known.into_iter().map(offer).collect()
}

/// In quotation marks where that is needed.
fn as_typed(value: &str) -> String {
    let value = Value::Text {
        text: value.to_owned(),
        prefix: false,
    };
    Term { field: None, value }.to_string()
}

/// The values of a field with what is known of each.
fn known(field: &Field, facets: &[Facet]) -> Vec<(String, String)> {
    if let Kind::Choice(choices) = field.kind() {
        let known = |name: &str| (name.to_owned(), title(field, name).unwrap_or_default().to_owned());
        return choices().into_iter().map(known).collect();
    }
    let filter = match field {
        Field::Type => FilterField::EventType,
        Field::Category => FilterField::Category,
        Field::Section => FilterField::Section,
        Field::Login => FilterField::LoginSource,
        Field::Brand => FilterField::Brand,
        Field::Company => FilterField::Company,
        Field::Actor | Field::Impersonator => FilterField::Actor,
        _ => return Vec::new(),
    };
    let facets = facets.iter().filter(|facet| facet.field == filter);
    let values = facets.flat_map(|facet| facet.values.iter().map(|value| (value, facet.exact)));
    // By name: the language knows people by their names too, and nobody their keys.
    values
        .map(|(value, exact)| (value.label.clone(), at_least(value.count, exact)))
        .collect()
}

fn title(field: &Field, name: &str) -> Option<&'static str> {
    match field {
        Field::Log => LogKind::from_name(name).map(LogKind::title),
        Field::Action => Action::from_name(name).map(Action::title),
        Field::ActorKind => ActorKind::from_name(name).map(ActorKind::title),
        Field::Portal => Portal::from_name(name).map(Portal::title),
        Field::Outcome => Outcome::from_name(name).map(Outcome::title),
        _ => None,
    }
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
