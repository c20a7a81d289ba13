//! An API key used from a new network.

use super::{Around, Finding, Rule, Subject};
use crate::monitoring::{memory::Memory, places::network};
use daybook_domain::event::{ActorKind, Event};
use serde::{Deserialize, Serialize};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// Most networks that are remembered of a key; the ones that were not used for longest go.
const MOST: usize = 50;

pub(super) struct NewNetwork {
    pub days: u32,
}

/// Networks with when they were last used.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    since: i64,
    networks: Vec<(String, i64)>,
}

impl Rule for NewNetwork {
    fn names(&self, event: &Event, _: &Around) -> Option<Vec<String>> {
        let by_key = event.body.actor.kind == ActorKind::ApiKey && event.body.ip.is_some();
        by_key.then(|| vec![Subject::actor(&event.body.actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, _: &Around) -> Vec<Finding> {
        let Some(ip) = event.body.ip else {
            return Vec::new();
        };
        let subject = Subject::actor(&event.body.actor);
        let (network, at) = (network(ip), event.body.occurred_at.micros());
        let first = Known {
            since: at,
            networks: Vec::new(),
        };
        let mut known: Known = memory.get(&subject.key).unwrap_or(first);
        let is_settled = at - known.since >= i64::from(self.days) * DAY && !known.networks.is_empty();
        if let Some((_, last)) = known.networks.iter_mut().find(|(of, _)| *of == network) {
            if at - *last >= DAY {
                *last = at;
                memory.set(&subject.key, &known, at);
            }
            return Vec::new();
        }
        if known.networks.len() >= MOST {
            known.networks.sort_by_key(|(_, last)| *last);
            known.networks.remove(0);
        }
        known.networks.push((network.clone(), at));
        memory.set(&subject.key, &known, at);
        if !is_settled {
            return Vec::new();
        }
        let summary = format!(
            "API key “{}” is used from {ip}, in a new network, {network}",
            subject.name
        );
        vec![Finding::new(event, subject, summary)]
    }

    fn remembers_days(&self) -> i64 {
        400
    }
}
