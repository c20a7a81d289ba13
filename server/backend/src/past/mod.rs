//! Roles, users and settings as they were at a moment (R18), and the way back to values of then ([`restore`]). What the log
//! knows of them and what is stored is what the check for drift compares, too.

mod restore;
#[cfg(test)]
mod tests;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    drift::{
        self,
        family::{Life, Stored},
    },
    local_time::Reader,
    reading::ReadLogs,
    record::OWN_SOURCE,
    retention::RecordRetention,
    settings::GeneralSettings,
    store::moment,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    compare::{History, Moment, Point},
    event::Event,
    page::EventRow,
    past::{PastState, PropertyThen, SubjectGranted, ValueThen},
    permission::ViewAuditLogs,
    ports,
    time::{Clock, Timestamp},
    viewer::{Granted, Viewer},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt, sync::Arc};

/// Records of one subject that are read; what it was before the oldest of them isn't told apart.
const READ: usize = 20_000;
/// The word for how long a log keeps its records.
const RETENTION: &str = "retention";
/// Records offered to choose a moment from.
const OFFERED: usize = 200;

/// The past states of the installation. Cheap to clone.
#[derive(Clone)]
pub struct PastStates {
    db: Db,
    logs: ReadLogs,
    accounts: Accounts,
    settings: GeneralSettings,
    retention: RecordRetention,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for PastStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PastStates")
    }
}

impl PastStates {
    pub fn new(
        db: Db,
        logs: ReadLogs,
        accounts: Accounts,
        settings: GeneralSettings,
        retention: RecordRetention,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            db,
            logs,
            accounts,
            settings,
            retention,
            clock,
        }
    }

    async fn then(
        &self,
        who: &SubjectGranted,
        reads: &Granted<ViewAuditLogs>,
        point: Point,
    ) -> Result<PastState> {
        let reader = Reader::of(who.viewer().zone(), self.clock.now());
        let about = who.subject().about(who.workspace());
        let (mut events, more) = self.logs.history(reads, &reader, &about, READ).await?;
        // Others may send what looks like ours.
        events.retain(|event| event.body.source == OWN_SOURCE);
        let (life, stored) = drift::look_up(&self.db, who.workspace(), reader.now(), &about).await?;
        if stored.is_none() && events.is_empty() {
            return Err(Told::NotFound.into());
        }
        let (moment, records) = moment(point, &events, &reader)?;
        let last = events.last().and_then(|event| event.body.target());
        let name = match &stored {
            Some(stored) => stored.name.clone(),
            None => last.map(|target| target.label().to_owned()).unwrap_or_default(),
        };
        let row = |event: &Event| EventRow::new(event, reader.local(event.body.occurred_at));
        Ok(PastState {
            subject: who.subject(),
            name,
            then: rebuilt(&life, &events, records, &moment, stored.as_ref()),
            is_here: stored.is_some(),
            seen: stored.as_ref().map(seen).transpose()?.unwrap_or_default(),
            moment,
            history: events.iter().rev().take(OFFERED).map(row).collect(),
            more: more || events.len() > OFFERED,
            zone: reader.zone_name().to_owned(),
        })
    }
}

/// Stands for the values of now: whoever saw others saw another one.
fn seen(stored: &Stored) -> Result<String> {
    let now = serde_json::to_vec(&stored.record).map_err(Error::damaged)?;
    Ok(hex::encode(&Sha256::digest(now)[..8]))
}

/// What the first `records` of its records make it, oldest first; `None` where it wasn't there.
fn rebuilt(
    life: &Life,
    events: &[Event],
    records: usize,
    moment: &Moment,
    stored: Option<&Stored>,
) -> Option<Vec<PropertyThen>> {
    let (until, since) = events.split_at_checked(records)?;
    let is_told = |events: &[Event], verbs| events.iter().any(|event| life.is_told_by(event, verbs));
    let is_whole = is_told(events, life.made);
    let began = stored.and_then(|stored| Timestamp::from_micros(stored.created_at));
    let not_yet = began.is_some_and(|began| !is_whole && moment.at.utc < began);
    if is_told(until, life.ended) || is_told(since, life.made) || not_yet {
        return None;
    }
    let history = History::of(events);
    let now = stored
        .and_then(|stored| stored.record.clone())
        .unwrap_or_default();
    let first = stored.and_then(|stored| stored.from.as_ref());
    let spoken: BTreeSet<&str> = history.properties().collect();
    let all: BTreeSet<&str> = spoken
        .iter()
        .copied()
        .chain(now.keys().map(String::as_str))
        .collect();
    let lines = all.into_iter().map(|property| {
        let then = if let Some(changed_since) = history.secret_since(property, records) {
            ValueThen::Secret { changed_since }
        } else if spoken.contains(property) {
            ValueThen::Known(history.at(property, records).clone())
        } else if let Some(first) = first.and_then(|first| first.get(property)) {
            ValueThen::Known(first.clone())
        } else if is_whole {
            ValueThen::Known(Value::Null)
        } else {
            ValueThen::Unknown
        };
        PropertyThen {
            property: property.to_owned(),
            then,
            now: now.get(property).cloned().unwrap_or_default(),
        }
    });
    let mut lines: Vec<_> = lines.collect();
    lines.retain(|line| line.then != ValueThen::Known(Value::Null) || !line.now.is_null());
    if life.kind == RETENTION {
        taken_effect(&mut lines, moment.at.utc);
    }
    Some(lines)
}

/// What was to hold later held once that time had come, without a record of it.
fn taken_effect(lines: &mut Vec<PropertyThen>, at: Timestamp) {
    let from = lines.iter().find(|line| line.property == "from");
    let from = from.and_then(|line| match &line.then {
        ValueThen::Known(from) => serde_json::from_value::<Timestamp>(from.clone()).ok(),
        _ => None,
    });
    if from.is_some_and(|from| from <= at) {
        for line in lines.iter_mut().filter(|line| line.property != "days") {
            line.then = ValueThen::Known(Value::Null);
        }
        lines.retain(|line| line.property == "days" || !line.now.is_null());
    }
}

/// The values of then that are wanted back, by property.
fn wanted(state: &PastState, properties: &[String]) -> daybook_domain::Result<Map<String, Value>> {
    let then = state.then.as_ref().ok_or(Told::NotFound)?;
    let value = |property: &String| {
        let invalid = |reason: &str| Told::invalid(property.as_str(), reason);
        if !state.subject.gives_back(property) {
            return Err(invalid("This can't be restored."));
        }
        let line = then.iter().find(|line| line.property == *property);
        match line.map(|line| &line.then) {
            Some(ValueThen::Known(value)) => Ok((property.clone(), value.clone())),
            None => Ok((property.clone(), Value::Null)),
            Some(_) => Err(invalid("The log doesn't say what this was.")),
        }
    };
    properties.iter().map(value).collect()
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::PastStates for PastStates {
    async fn state_then(
        &self,
        who: &SubjectGranted,
        reader: &Granted<ViewAuditLogs>,
        point: Point,
    ) -> daybook_domain::Result<PastState> {
        self.then(who, reader, point).await.map_err(outside(who.viewer()))
    }

    async fn restore_state(
        &self,
        who: &SubjectGranted,
        reader: &Granted<ViewAuditLogs>,
        point: Point,
        seen: &str,
        properties: &[String],
    ) -> daybook_domain::Result<()> {
        let state = self
            .then(who, reader, point)
            .await
            .map_err(outside(who.viewer()))?;
        if !state.is_here {
            return Err(Told::NotFound);
        }
        if state.seen != seen {
            let reason = "This was changed meanwhile. Look at what it is now, and restore again.";
            return Err(Told::conflict(reason));
        }
        let wanted = wanted(&state, properties)?;
        self.restore(who.viewer(), state.subject, &wanted).await
    }
}
