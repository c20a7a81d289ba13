//! Retentions and holds as the log compares them.

use crate::record::Recorded;
use daybook_domain::{log::LogKind, time::Timestamp};
use daybook_entity::retention_policy;
use serde::Serialize;

/// A log's retention. The thing is the log.
#[derive(Debug, Serialize)]
pub(super) struct RetentionRecord {
    #[serde(skip)]
    log: LogKind,
    days: Option<i32>,
    /// Absent where it holds already.
    from: Option<Timestamp>,
    /// For how many days until then.
    until_then: Option<i32>,
}

impl RetentionRecord {
    /// As it is at a moment; a log without a policy keeps its records for ever.
    pub fn new(log: LogKind, policy: Option<&retention_policy::Model>, now: Timestamp) -> Self {
        let from = policy.and_then(|policy| Timestamp::from_micros(policy.effective_at));
        let from = from.filter(|from| *from > now);
        Self {
            log,
            days: policy.and_then(|policy| policy.days),
            from,
            until_then: policy
                .filter(|_| from.is_some())
                .and_then(|policy| policy.days_before),
        }
    }
}

impl Recorded for RetentionRecord {
    fn kind(&self) -> &'static str {
        "retention"
    }

    fn id(&self) -> String {
        self.log.name().to_owned()
    }

    fn name(&self) -> String {
        self.log.title().to_owned()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct HoldRecord {
    #[serde(skip)]
    pub id: String,
    pub name: String,
    pub reason: String,
    /// The log's title.
    pub log: String,
    /// As in its address; empty for all records.
    pub query: String,
}

impl Recorded for HoldRecord {
    fn kind(&self) -> &'static str {
        "legal_hold"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}
