//! Retentions and holds, as they are checked against the log.

use super::{holds, policies, records::RetentionRecord};
use crate::{
    Error, Result,
    drift::{
        Sayings,
        family::{Family, Life, Moment, Stored, Visitor},
    },
};
use async_trait::async_trait;
use daybook_domain::{about::About, catalogue::OwnType, event::Event, log::LogKind, time::Timestamp};
use serde_json::Value;

pub(crate) struct Keeping;

#[async_trait]
impl Family for Keeping {
    fn lives(&self) -> Vec<Life> {
        vec![
            Life::new("retention", &[], &[]),
            Life::new("legal_hold", &["placed"], &["released"]),
        ]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let policies = policies::all(moment.db, moment.workspace).await?;
        for log in LogKind::ALL.iter().copied() {
            let policy = policies.iter().find(|policy| policy.log == log.name());
            let record = RetentionRecord::new(log, policy, moment.now);
            let first = serde_json::to_value(RetentionRecord::new(log, None, moment.now));
            let stored = Stored::of(About::new("retention", log.name()), log.title(), 0, Ok(record))?;
            to.thing(stored.from(first.map_err(Error::damaged)?))?;
        }
        for hold in holds::all(moment.db, moment.workspace).await? {
            let thing = About::new("legal_hold", hold.id);
            let stored = Stored::of(thing, &hold.name, hold.placed_at, Ok(holds::told(&hold)))?;
            to.thing(stored.beside("name_key", hold.name_key.as_str(), hold.name.to_lowercase()))?;
        }
        Ok(())
    }

    /// Who doesn't want to wait has every retention hold at once.
    fn overhear(&self, event: &Event, said: &mut Sayings) {
        if event.body.event_type == OwnType::PurgeRequested.name() {
            take_effect(said, |_| true);
        }
    }

    /// What was to hold later does when that time has come.
    fn by_now(&self, said: &mut Sayings, now: Timestamp) {
        take_effect(said, |from| from <= now);
    }
}

fn take_effect(said: &mut Sayings, does: impl Fn(Timestamp) -> bool) {
    for of in said.of_kind("retention") {
        let from = of.properties.get("from").map(|from| from.value.clone());
        let from = from.and_then(|from| serde_json::from_value(from).ok());
        if from.is_some_and(&does) {
            for property in ["from", "until_then"] {
                if let Some(of) = of.properties.get_mut(property) {
                    of.value = Value::Null;
                }
            }
        }
    }
}
