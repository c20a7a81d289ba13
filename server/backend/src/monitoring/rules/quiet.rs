//! Logging stopped: a source goes quiet, or somebody sees to it that less is recorded or kept.

use super::{Around, Finding, Rule, Subject};
use crate::monitoring::memory::Memory;
use daybook_domain::{
    catalogue::{OWN_SOURCE, OwnType},
    event::{Action, Event, Outcome},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

const HOUR: i64 = 60 * 60 * 1_000_000;
/// So many records make a source one that is missed.
const SETTLED: u32 = 50;
/// Most sources that are remembered, each with a log it sends to.
const MOST: usize = 200;
/// When Daybook itself began: until then nobody could send anything.
const STARTED: &str = "~started";
/// How exactly it is remembered when a source last sent.
const GRAIN: i64 = 60 * 1_000_000;

pub(super) struct Stopped {
    pub hours: u32,
}

/// A source, as it sends to one log. It is about when records came, not when what they tell of happened.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Source {
    last: i64,
    sequence: i64,
    records: u32,
    /// The longest time it was quiet for, in microseconds.
    longest: i64,
    /// That it is quiet has been said.
    is_missed: bool,
}

impl Stopped {
    /// The act that has less recorded or kept, as a sentence.
    fn thinned(event: &Event) -> Option<String> {
        let body = &event.body;
        if body.outcome != Outcome::Success {
            return None;
        }
        let who = body.actor.label();
        let what = body.target().map_or("", |target| target.label());
        if body.source == OWN_SOURCE {
            let days = body.changes.iter().find(|change| change.property == "days");
            return match OwnType::from_name(&body.event_type)? {
                OwnType::RetentionUpdated => {
                    let days = days?;
                    let is_shorter = match (days.before.as_u64(), days.after.as_u64()) {
                        (before, Some(after)) => before.is_none_or(|before| after < before),
                        _ => false,
                    };
                    is_shorter.then(|| format!("{who} has records of “{what}” kept for a shorter time"))
                }
                OwnType::IntegrationPaused => Some(format!("{who} paused integration “{what}”")),
                OwnType::IntegrationDeactivated => Some(format!("{who} switched integration “{what}” off")),
                OwnType::DriftChecked => {
                    let differences = body.metadata.get("differences")?.as_u64()?;
                    (differences > 0)
                        .then(|| format!("{differences} things were changed without a record of it"))
                }
                _ => None,
            };
        }
        let named = [
            Some(&body.event_type),
            body.section.as_ref(),
            body.category.as_ref(),
        ];
        let mut named = named.into_iter().flatten().map(|text| text.to_lowercase());
        let is_audit = named.any(|text| text.contains("audit"));
        let ends = matches!(body.action, Action::Disable | Action::Delete);
        (is_audit && ends).then(|| format!("{who} switched auditing off, or deleted of it: {what}"))
    }
}

fn name(event: &Event) -> String {
    format!("{}\u{1f}{}", event.body.source, event.body.log)
}

impl Rule for Stopped {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let own = event.body.source == OWN_SOURCE;
        if own && event.body.event_type == OwnType::RecordingStarted.name() {
            return Some(vec![STARTED.to_owned()]);
        }
        if Self::thinned(event).is_some() {
            return Some(vec![name(event)]);
        }
        (!own).then(|| vec![name(event)])
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let at = event.recorded_at.micros();
        if event.body.source == OWN_SOURCE {
            if event.body.event_type == OwnType::RecordingStarted.name() {
                memory.set(STARTED, &at, at);
            }
        } else {
            let name = name(event);
            let before: Option<Source> = memory.get(&name);
            if before.is_some() || memory.len() < MOST {
                let mut source = before.unwrap_or_default();
                if source.last > 0 {
                    let started = memory.get(STARTED).unwrap_or(0);
                    source.longest = source.longest.max(at - source.last.max(started));
                }
                let is_due = at - source.last >= GRAIN || source.records < SETTLED || source.is_missed;
                source.records = source.records.saturating_add(1);
                (source.last, source.sequence, source.is_missed) = (at, event.sequence, false);
                if is_due {
                    memory.set(&name, &source, at);
                }
            }
        }
        let found = Self::thinned(event);
        let found = found.map(|summary| Finding::new(event, Subject::actor(&event.body.actor), summary));
        found.into_iter().collect()
    }

    fn has_clock(&self) -> bool {
        true
    }

    fn passes(&self, now: Timestamp, memory: &mut Memory) -> Vec<Finding> {
        let started = memory.get(STARTED).unwrap_or(0);
        let mut found = Vec::new();
        for (name, mut source) in memory.all::<Source>() {
            let Some((from, log)) = name.split_once('\u{1f}') else {
                continue;
            };
            let quiet = now.micros() - source.last.max(started);
            let allowed = (i64::from(self.hours) * HOUR).max(source.longest.saturating_mul(2));
            if source.is_missed || source.records < SETTLED || quiet < allowed {
                continue;
            }
            source.is_missed = true;
            memory.set(&name, &source, source.last);
            found.push(Finding {
                subject: Subject {
                    key: format!("source:{name}").replace('\u{1f}', "/"),
                    kind: "source".to_owned(),
                    id: None,
                    name: format!("{from} ({log})"),
                },
                summary: format!(
                    "“{from}” has sent nothing to the log {log} for {} hours",
                    quiet / HOUR
                ),
                at: now,
                records: vec![source.sequence],
            });
        }
        found
    }

    fn remembers_days(&self) -> i64 {
        120
    }
}
