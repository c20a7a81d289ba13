//! Which rows match a query.
//!
//! Each part of a query, a filter or a word, is a set of numbers ([`super::postings`]); what matches is what all of them
//! share. How many that are, and how they spread over the values of other filters, is known from the sets alone. A word
//! that very many words begin with isn't read whole: its rows are asked for it, and what is counted is the least.

use super::{
    Collection,
    entries::searched,
    postings::{Numbers, WORD, with_values, with_word},
};
use crate::{Error, Result, rows::contains};
use daybook_domain::facet::Count;
use futures::future::try_join_all;
use sea_orm::{Condition, ConnectionTrait, DbBackend, sea_query::IntoColumnRef};
use std::{collections::BTreeSet, sync::Arc};

/// Rows that are read of the words that begin with one that is looked for.
const WORDS: u64 = 20_000;

/// Words that are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sought<'t> {
    pub text: &'t str,
    /// Whether each is a whole one, and not the beginning of one.
    pub whole: bool,
}

/// One part of a query.
#[derive(Debug, Clone)]
struct Part {
    /// The property it is about; `None` for a word.
    property: Option<&'static str>,
    numbers: Arc<Numbers>,
    /// The word, where there are more rows than `numbers` has.
    more: Option<String>,
}

/// A query, understood.
#[derive(Debug, Clone)]
pub(crate) struct Matching {
    pub of: Collection,
    parts: Vec<Part>,
}

impl Matching {
    /// Rows that have one of the values of each filter, and all words of a text.
    pub(crate) async fn of(
        db: &impl ConnectionTrait,
        of: Collection,
        filters: Vec<(&'static str, Vec<String>)>,
        sought: Option<Sought<'_>>,
    ) -> Result<Self> {
        let filters = filters.into_iter().map(async |(property, values)| {
            let numbers = with_values(db, of, property, &values).await?;
            Ok::<_, Error>(Part {
                property: Some(property),
                numbers: Arc::new(numbers),
                more: None,
            })
        });
        let whole = sought.is_some_and(|sought| sought.whole);
        let words: BTreeSet<_> = sought.iter().flat_map(|sought| searched(sought.text)).collect();
        // Signs alone are in no name.
        let nothing = sought.is_some() && words.is_empty();
        let words = words.into_iter().map(async |word| {
            let (numbers, all) = if whole {
                (
                    with_values(db, of, WORD, std::slice::from_ref(&word)).await?,
                    true,
                )
            } else {
                with_word(db, of, &word, WORDS).await?
            };
            Ok::<_, Error>(Part {
                property: None,
                numbers: Arc::new(numbers),
                more: (!all).then_some(word),
            })
        });
        let (mut parts, words) = futures::try_join!(try_join_all(filters), try_join_all(words))?;
        parts.extend(words);
        parts.extend(nothing.then(|| Part {
            property: None,
            numbers: Arc::default(),
            more: None,
        }));
        Ok(Self { of, parts })
    }

    /// Only those of some numbers, which are known by themselves.
    pub(crate) fn only(&mut self, numbers: Numbers) {
        self.parts.push(Part {
            property: None,
            numbers: Arc::new(numbers),
            more: None,
        });
    }

    /// As if the query had no filter of this property.
    pub(crate) fn without(&self, property: &str) -> Self {
        let mut rest = self.clone();
        rest.parts.retain(|part| part.property != Some(property));
        rest
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether [`Self::known`] are all.
    pub(crate) fn is_all_known(&self) -> bool {
        self.parts.iter().all(|part| part.more.is_none())
    }

    /// Rows that match: all of them, where no word has more. Of a query with parts.
    pub(crate) fn known(&self) -> Numbers {
        shared(self.parts.iter())
    }

    /// All that may match, where anything rules some out; what [`Self::asked`] says holds for those that do.
    pub(crate) fn among(&self) -> Option<Numbers> {
        let mut whole = self.parts.iter().filter(|part| part.more.is_none()).peekable();
        whole.peek()?;
        Some(shared(whole))
    }

    /// What is still to be asked of each row, in whose column its words stand ([`super::entries::FoundBy::words`]).
    pub(crate) fn asked(&self, backend: DbBackend, column: &(impl IntoColumnRef + Clone)) -> Condition {
        let words = self.parts.iter().filter_map(|part| part.more.as_deref());
        words
            .map(|word| contains(backend, column.clone(), &format!(" {word}")))
            .fold(Condition::all(), Condition::add)
    }

    /// How many match, of a query with parts.
    pub(crate) fn count(&self) -> Count {
        let known = self.known().len();
        if self.is_all_known() {
            Count::Exactly(known)
        } else {
            Count::AtLeast(known)
        }
    }
}

fn shared<'p>(parts: impl Iterator<Item = &'p Part>) -> Numbers {
    let mut sets: Vec<_> = parts.map(|part| &part.numbers).collect();
    sets.sort_by_key(|numbers| numbers.len());
    let mut sets = sets.into_iter();
    let first = sets
        .next()
        .map(|numbers| Numbers::clone(numbers))
        .unwrap_or_default();
    sets.fold(first, |shared, numbers| shared & &**numbers)
}
