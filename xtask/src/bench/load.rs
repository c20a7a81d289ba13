//! Sending events and reading the page, as fast as the server lets us.

use super::{
    http::{Connection, request},
    server::next_number,
};
use crate::problem::problem;
use anyhow::{Result, anyhow};
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

/// Stands in the template where each event's own number comes.
const NUMBER: &str = "################";

/// How events are sent.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub clients: usize,
    /// Events in one request.
    pub batch: usize,
    pub duration: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct Ingested {
    pub events: usize,
    pub per_second: f64,
    /// Of requests, in milliseconds.
    pub latency: Percentiles,
    /// Requests that were told to come again later.
    pub deferred: usize,
}

/// In milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub worst: f64,
}

impl Percentiles {
    pub fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        let at = |share: usize| {
            let index = (durations.len() * share).div_ceil(100).saturating_sub(1);
            durations
                .get(index)
                .map_or(f64::NAN, |duration| duration.as_secs_f64() * 1000.0)
        };
        Self {
            p50: at(50),
            p95: at(95),
            p99: at(99),
            worst: at(100),
        }
    }
}

/// Each client sends for the whole duration, one request after the other.
pub fn ingest(address: &str, key: &str, load: Load) -> Result<Ingested> {
    let template = Template::new(key, load.batch);
    let begin = Instant::now();
    let results = thread::scope(|scope| {
        let clients = (0..load.clients).map(|_| scope.spawn(|| one_client(address, &template, load)));
        let clients = clients.collect::<Vec<_>>();
        let joined = clients.into_iter().map(|client| {
            client
                .join()
                .unwrap_or_else(|_| Err(anyhow!("a client panicked")))
        });
        joined.collect::<Result<Vec<_>>>()
    })?;
    let elapsed = begin.elapsed();
    let requests = results.iter().map(|client| client.durations.len()).sum::<usize>();
    let events = requests * load.batch;
    let deferred = results.iter().map(|client| client.deferred).sum();
    let durations = results.into_iter().flat_map(|client| client.durations).collect();
    Ok(Ingested {
        events,
        per_second: per_second(events, elapsed),
        latency: Percentiles::of(durations),
        deferred,
    })
}

#[expect(clippy::cast_precision_loss, reason = "no run counts 2^52 events")]
pub fn per_second(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64()
}

#[derive(Debug, Default)]
struct Client {
    durations: Vec<Duration>,
    deferred: usize,
}

fn one_client(address: &str, template: &Template, load: Load) -> Result<Client> {
    let mut connection = Connection::open(address)?;
    let mut bytes = template.bytes.clone();
    let accepted = format!("\"accepted\":{}", load.batch);
    let mut client = Client::default();
    let end = Instant::now() + load.duration;
    while Instant::now() < end {
        template.number(&mut bytes);
        let begin = Instant::now();
        let answer = connection.send(&bytes)?;
        match answer.status {
            200 if answer.text().replace(' ', "").contains(&accepted) => {
                client.durations.push(begin.elapsed());
            }
            429 | 503 => {
                client.deferred += 1;
                let wait = answer
                    .header("retry-after")
                    .and_then(|wait| wait.parse().ok())
                    .unwrap_or(1);
                thread::sleep(Duration::from_secs(wait));
            }
            status => {
                return Err(problem(
                    format!("the server answered {status}: {}", answer.text()),
                    "Events as in contract.md §2 are sent; has the API changed?",
                ));
            }
        }
    }
    Ok(client)
}

/// A request with places for numbers, so that making the next one costs next to nothing.
struct Template {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Template {
    fn new(key: &str, batch: usize) -> Self {
        let events = (0..batch).map(event).collect::<Vec<_>>();
        let body = if batch == 1 {
            events[0].to_string()
        } else {
            serde_json::Value::from(events).to_string()
        };
        let headers = format!("authorization: Bearer {key}\r\ncontent-type: application/json\r\n");
        let bytes = request("POST", "/api/v2/events", &headers, body.as_bytes());
        let windows = bytes.windows(NUMBER.len()).enumerate();
        let places = windows
            .filter(|(_, window)| *window == NUMBER.as_bytes())
            .map(|(at, _)| at)
            .collect();
        Self { bytes, places }
    }

    fn number(&self, bytes: &mut [u8]) {
        for &place in &self.places {
            bytes[place..place + NUMBER.len()].copy_from_slice(format!("{:016x}", next_number()).as_bytes());
        }
    }
}

/// A change of a setting, of the size that real ones have.
fn event(index: usize) -> serde_json::Value {
    let person = index % 40;
    let role = index % 12;
    json!({
        "id": format!("bench-{NUMBER}"),
        "event_type": "role.updated",
        "log": "activity",
        "action": "update",
        "category": "Administration",
        "section": "Role",
        "summary": format!("Agent {person} changed the role Team {role}"),
        "outcome": "success",
        "actor": {
            "kind": "user",
            "id": format!("agent-{person}"),
            "name": format!("Agent {person}"),
            "email": format!("agent{person}@northdesk.example"),
        },
        "targets": [{ "kind": "role", "id": format!("role-{role}"), "name": format!("Team {role}") }],
        "ip": format!("203.0.113.{}", index % 250),
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
        "portal": "admin",
        "changes": [
            { "property": "Board access", "before": ["Billing"], "after": ["Billing", "Dispatch"] },
            { "property": "Description", "before": format!("Team {role}"), "after": format!("Team {role}, nights") },
        ],
    })
}

/// The page's latency over one connection, in sequence, after a warm-up; and how many rows it had.
pub fn page(
    connection: &mut Connection,
    path: &str,
    cookies: &str,
    samples: usize,
) -> Result<(Percentiles, usize)> {
    let mut durations = Vec::with_capacity(samples);
    let mut rows = 0;
    for sample in 0..samples + 50 {
        let begin = Instant::now();
        let answer = connection.get(path, cookies)?;
        let duration = begin.elapsed();
        if answer.status != 200 {
            return Err(problem(
                format!("{path} was answered {}", answer.status),
                "Is the person signed in, and may they see it?",
            ));
        }
        if sample >= 50 {
            durations.push(duration);
        }
        if sample == 0 {
            rows = answer.text().matches("<tbody").count();
        }
    }
    Ok((Percentiles::of(durations), rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_list() {
        let durations = (1..=100).rev().map(Duration::from_millis).collect();
        let Percentiles { p50, p95, p99, .. } = Percentiles::of(durations);
        assert_eq!(format!("{p50:.0} {p95:.0} {p99:.0}"), "50 95 99");
    }

    #[test]
    fn every_event_of_every_request_has_its_own_number() {
        let template = Template::new("key", 3);
        assert_eq!(template.places.len(), 3);
        let mut bytes = template.bytes.clone();
        template.number(&mut bytes);
        let first = bytes.clone();
        template.number(&mut bytes);
        assert!(!bytes.windows(4).any(|window| window == b"####"));
        assert_ne!(first, bytes);
        assert_eq!(first.len(), bytes.len());
    }
}
