//! What a rule would have found in the past. Nothing is stored, and no more is read than fits: the newest records of some days.

use super::{
    Monitoring,
    engine::{Watch, Watcher},
    follow::events,
    kept,
};
use crate::{Error, Result, store::place};
use daybook_domain::{
    Error as Told,
    id::EventId,
    monitoring::{PAST_DAYS, PAST_RECORDS, Params, QUIET_SECONDS, RuleId, Trial, TrialAlert},
    time::Timestamp,
    viewer::Viewer,
};
use std::collections::{HashMap, VecDeque};

/// Most alerts that are shown.
const EXAMPLES: usize = 5;

impl Monitoring {
    pub(super) async fn try_past(&self, who: &Viewer, id: RuleId) -> Result<Trial> {
        let Ok(_alone) = self.0.trials.try_acquire() else {
            let reason = "Another rule is being tried. Wait a moment, and try again.";
            return Err(Told::conflict(reason).into());
        };
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let row = kept::find(db, workspace, id).await?;
        let params: Params = serde_json::from_str(&row.params).map_err(Error::damaged)?;
        let around = self.around(workspace).await?;
        let mut watchers = [Watcher::of(id, &params, row.sigma.as_deref())?];
        let last = place::last_sequence(db, workspace).await?;
        let since = reader.now().plus_seconds(-i64::from(PAST_DAYS) * 86_400);
        let of_days = place::first_since(db, workspace, since).await?;
        let first = of_days.max(last + 1 - PAST_RECORDS);
        let mut past = Past::default();
        let mut after = first - 1;
        let mut watch = Watch::new(&mut watchers, &around);
        while after < last {
            let some = events(db, workspace, after, last).await?;
            let Some(end) = some.last() else { break };
            after = end.sequence;
            for event in &some {
                past.records += 1;
                past.since = Some(
                    past.since
                        .map_or(event.body.occurred_at, |since| since.min(event.body.occurred_at)),
                );
                for (_, finding) in watch.look(event) {
                    let shown = finding.records.contains(&event.sequence).then_some(event.id);
                    past.found(finding.subject.key, finding.at, finding.summary, shown);
                }
            }
            // Others are waiting, too.
            tokio::task::yield_now().await;
        }
        Ok(Trial {
            alerts: past.alerts,
            records: past.records,
            since: past.since.map(|since| reader.local(since)),
            is_cut: first > of_days,
            examples: past
                .examples
                .into_iter()
                .rev()
                .map(|(at, summary, event)| TrialAlert {
                    at: reader.local(at),
                    summary,
                    event,
                })
                .collect(),
        })
    }
}

#[derive(Debug, Default)]
struct Past {
    alerts: u64,
    records: u64,
    since: Option<Timestamp>,
    /// When something was last found of each subject.
    last: HashMap<String, Timestamp>,
    examples: VecDeque<(Timestamp, String, Option<EventId>)>,
}

impl Past {
    /// What is found soon after the same is of the same alert.
    fn found(&mut self, key: String, at: Timestamp, summary: String, event: Option<EventId>) {
        let before = self.last.insert(key, at);
        if before.is_some_and(|before| at.micros() - before.micros() < QUIET_SECONDS * 1_000_000) {
            return;
        }
        self.alerts += 1;
        self.examples.push_back((at, summary, event));
        if self.examples.len() > EXAMPLES {
            self.examples.pop_front();
        }
    }
}
