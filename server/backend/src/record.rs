//! How a change becomes a record: one mechanism for all of them. The caller says what kind of thing changed and
//! hands over the thing before and after; what differs is found by comparing, and who, from where and in which
//! request comes from the viewer. What the event is called, and in which log, category and section it stands, comes
//! from the catalogue: what isn't in there can't be emitted.

mod parts;
#[cfg(test)]
mod tests;

use crate::{Result, error::Error, writer::WriteTx};
pub use daybook_domain::catalogue::OWN_SOURCE;
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    diff,
    event::{Change, EventBody, MAX_TEXT_CHARS, Outcome, Portal, Step, Target},
    seen::{Seen, Tag},
    time::Timestamp,
    viewer::Viewer,
};
use serde::Serialize;
use serde_json::{Map, Value};

/// A thing whose changes are recorded. Its serialised form is what is compared: every field is a property.
pub trait Recorded: Serialize {
    /// `role`; the event types are `role.created`, `role.updated`, … as far as the catalogue has them.
    fn kind(&self) -> &'static str;
    fn id(&self) -> String;
    fn name(&self) -> String;

    fn target(&self) -> Target {
        Target::new(self.kind(), self.id(), self.name())
    }

    /// Says whose log the record belongs to, beside that of the thing itself.
    fn place(&self, _body: &mut EventBody) {}

    /// What it belongs to and doesn't any more once it is `after`: a further target, so that the record stands in the log
    /// of that, too.
    fn leaves(&self, _after: &Self) -> Option<Target> {
        None
    }
}

/// Before and after of one thing, and what was done to it.
#[derive(Debug)]
pub struct Done<'a, T> {
    pub before: Option<&'a T>,
    pub after: Option<&'a T>,
    /// Overrides what before and after say (created, updated, deleted) with a better word: `deactivated`.
    pub verb: Option<&'static str>,
    /// The sentence, where the one made of verb and name would say too little.
    pub summary: Option<String>,
    /// What else there is to say of it.
    pub metadata: Map<String, Value>,
}

impl<'a, T: Recorded> Done<'a, T> {
    pub fn created(after: &'a T) -> Self {
        Self {
            before: None,
            after: Some(after),
            verb: None,
            summary: None,
            metadata: Map::new(),
        }
    }

    pub fn updated(before: &'a T, after: &'a T) -> Self {
        Self {
            before: Some(before),
            after: Some(after),
            verb: None,
            summary: None,
            metadata: Map::new(),
        }
    }

    pub fn deleted(before: &'a T) -> Self {
        Self {
            before: Some(before),
            after: None,
            verb: None,
            summary: None,
            metadata: Map::new(),
        }
    }

    #[must_use]
    pub fn called(mut self, past: &'static str) -> Self {
        self.verb = Some(past);
        self
    }

    /// The sentence a person reads, in place of the one made of verb and name.
    #[must_use]
    pub fn saying(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }

    fn verb(&self) -> &'static str {
        self.verb.unwrap_or(match (self.before, self.after) {
            (None, _) => "created",
            (Some(_), Some(_)) => "updated",
            (Some(_), None) => "deleted",
        })
    }
}

/// Records what `who` did to a thing, in the transaction that does it. Nothing is recorded where nothing differs and
/// no verb was given: saving a form unchanged is not a change. What is too large for one record becomes several.
///
/// # Errors
/// Where the thing can't be serialised or the catalogue has no such event, mistakes of ours.
pub fn record<T: Recorded>(tx: &mut WriteTx, who: &Viewer, done: &Done<'_, T>) -> Result<()> {
    for part in told(tx.now(), who, done)? {
        tx.record(who.workspace(), part);
    }
    Ok(())
}

/// What [`record`] records, where that is made beside the transaction.
///
/// # Errors
/// As there.
pub(crate) fn told<T: Recorded>(now: Timestamp, who: &Viewer, done: &Done<'_, T>) -> Result<Vec<EventBody>> {
    let value = |thing: Option<&T>| {
        thing
            .map_or(Ok(Value::Null), serde_json::to_value)
            .map_err(Error::damaged)
    };
    let changes = diff::compare(&value(done.before)?, &value(done.after)?);
    if changes.is_empty() && done.verb.is_none() {
        return Ok(Vec::new());
    }
    let Some(thing) = done.after.or(done.before) else {
        return Ok(Vec::new());
    };
    let past = done.verb();
    let event_type = OwnType::of(thing.kind(), past)
        .ok_or_else(|| Error::damaged(format!("{}.{past} isn't in the event catalogue", thing.kind())))?;
    let mut body = begun(event_type, who, now);
    let sentence = done
        .summary
        .clone()
        .unwrap_or_else(|| summary(event_type, past, &thing.name(), &changes));
    body.summary = Some(sentence.chars().take(MAX_TEXT_CHARS).collect());
    body.targets = vec![thing.target()];
    if let (Some(before), Some(after)) = (done.before, done.after) {
        body.targets.extend(before.leaves(after));
    }
    body.metadata.extend(done.metadata.clone());
    thing.place(&mut body);
    parts::of(&body, changes)
}

/// What is shown of a thing to somebody who may change it.
///
/// # Errors
/// Where the thing can't be serialised, a mistake of ours.
pub fn seen<T: Recorded>(thing: &T) -> Result<Seen> {
    Seen::of(thing).map_err(Error::damaged)
}

/// Refuses a change by somebody who hasn't seen the thing as it is.
///
/// # Errors
/// `Conflict` where it is another by now.
pub fn has_seen<T: Recorded>(tag: &Tag, now: &T) -> Result<()> {
    if seen(now)?.since(tag).is_empty() {
        return Ok(());
    }
    Err(Told::conflict(format!(
        "“{}” was changed while you edited it. What you typed is still here: compare it with what it is now, and save \
         again.",
        now.name()
    ))
    .into())
}

fn summary(event_type: OwnType, past: &str, name: &str, changes: &[Change]) -> String {
    let section = event_type.row().sections.first().copied();
    let section = within_a_sentence(section.unwrap_or_default());
    match (past, changes) {
        ("updated", [only]) => format!(
            "Changed {} of {section} “{name}”",
            only.property.replace('_', " ")
        ),
        ("updated", many) => format!("Changed {} properties of {section} “{name}”", many.len()),
        _ => {
            let mut letters = past.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{} {section} “{name}”", letters.as_str())
        }
    }
}

/// `Role` becomes `role`; `API key` stays.
pub(crate) fn within_a_sentence(section: &str) -> String {
    let mut letters = section.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => section.to_owned(),
    }
}

/// An event of the product's own, with the viewer's identity and request filled in, and what the catalogue knows.
pub fn own_event(event_type: OwnType, who: &Viewer, tx: &WriteTx) -> EventBody {
    begun(event_type, who, tx.now())
}

fn begun(event_type: OwnType, who: &Viewer, now: Timestamp) -> EventBody {
    let request = who.request();
    let mut body = event_type.begin(who.actor(), now);
    body.impersonator = who.impersonator();
    OWN_SOURCE.clone_into(&mut body.source);
    body.ip = request.ip;
    body.user_agent.clone_from(&request.user_agent);
    body.portal = request.portal.or(Some(Portal::Admin));
    body.correlation_id = Some(request.correlation_id.clone()).filter(|id| !id.is_empty());
    body
}

/// A sign-in, sign-out or refusal: an event with an outcome and its trace.
pub fn access_event(
    event_type: OwnType,
    who: &Viewer,
    tx: &WriteTx,
    outcome: Result<(), String>,
    steps: Vec<Step>,
) -> EventBody {
    let mut body = own_event(event_type, who, tx);
    body.outcome = if outcome.is_ok() {
        Outcome::Success
    } else {
        Outcome::Failure
    };
    body.reason = outcome.err();
    body.steps = steps;
    body
}
