//! Storing what things are to be: compared with what they were ([`prepared`]), made into what is to be written ([`ready`]),
//! stored and recorded. One thing or many at once go the same way; many cost few statements more than one.

mod prepared;
mod ready;

pub(super) use prepared::{Prepared, Touched};
pub(super) use ready::{Beginning, Ready};

use super::{circles, found_by::FoundBy, holders::LookedFor, records::Telling, rows};
use crate::{Result, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    object::{ObjectKind, ObjectStatus, Values},
    viewer::Viewer,
};
use daybook_entity::object;

/// What a thing is at a moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub status: ObjectStatus,
    pub values: Values,
}

impl State {
    pub(super) fn of(row: &object::Model) -> Result<Self> {
        Ok(Self {
            status: rows::status(row)?,
            values: rows::values(row)?,
        })
    }

    pub(super) fn found_by(&self, kind: ObjectKind) -> FoundBy {
        FoundBy::of(kind, self.status, &self.values)
    }
}

/// What a thing is to be.
#[derive(Debug)]
pub(super) struct Intended {
    /// As it is stored; `None` for one that is to be made.
    pub row: Option<object::Model>,
    pub after: State,
    /// How the record tells of it, where the usual words would say too little.
    pub told: Option<Telling>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    Created,
    Changed,
    /// Nothing differed: nothing was stored.
    Same,
}

pub(super) type Saved = Result<(object::Model, Became), Told>;

/// Stores and records, in the order given. What can't be, because another thing has its name, email or external id, or
/// because it would lead back to itself, is refused by itself: whoever wants all or nothing fails the transaction.
pub(super) async fn save(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    intended: Vec<Intended>,
) -> Result<Vec<Saved>> {
    circles::one_at_a_time(tx.db(), who.workspace(), kind).await?;
    let prepared = Prepared::of(tx.db(), who, kind, intended, LookedFor::default()).await?;
    let begin = Beginning::next(tx, who.workspace(), kind).await?;
    let ready = prepared.make(who, tx.ids(), begin).await?;
    let (saved, _) = ready.store(tx).await?;
    Ok(saved)
}
