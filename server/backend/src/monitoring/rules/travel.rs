//! Impossible travel: two sign-ins farther apart than anybody gets in the time between them.

use super::{Around, Finding, Rule, Subject, is_account, is_sign_in};
use crate::monitoring::memory::Memory;
use daybook_domain::event::Event;
use serde::{Deserialize, Serialize};

pub(super) struct Travel {
    /// Kilometres an hour.
    pub speed: u32,
    /// Kilometres.
    pub distance: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    at: i64,
    sequence: i64,
    latitude: f64,
    longitude: f64,
    called: String,
}

/// Kilometres along the surface of the earth (haversine).
pub(super) fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let [lat_a, lon_a, lat_b, lon_b] = [from.0, from.1, to.0, to.1].map(f64::to_radians);
    let (lat, lon) = ((lat_b - lat_a) / 2.0, (lon_b - lon_a) / 2.0);
    let part = lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * lon.sin().powi(2);
    2.0 * 6371.0 * part.sqrt().clamp(0.0, 1.0).asin()
}

impl Rule for Travel {
    fn names(&self, event: &Event, around: &Around) -> Option<Vec<String>> {
        let looks = around.places.is_some() && is_sign_in(event) && is_account(&event.body.actor);
        looks.then(|| vec![Subject::actor(&event.body.actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, around: &Around) -> Vec<Finding> {
        let place = around.place(event.body.ip);
        let Some((place, (latitude, longitude))) = place.and_then(|place| {
            let at = place.at?;
            Some((place, at))
        }) else {
            return Vec::new();
        };
        let subject = Subject::actor(&event.body.actor);
        let now = Seen {
            at: event.body.occurred_at.micros(),
            sequence: event.sequence,
            latitude,
            longitude,
            called: place.called(),
        };
        let before: Option<Seen> = memory.get(&subject.key);
        memory.set(&subject.key, &now, now.at);
        let Some(before) = before else { return Vec::new() };
        let way = kilometres((before.latitude, before.longitude), (latitude, longitude));
        #[expect(clippy::cast_precision_loss, reason = "hours of a human life")]
        let hours = ((now.at - before.at).unsigned_abs() as f64 / 3_600_000_000.0).max(1.0 / 60.0);
        if way < f64::from(self.distance) || way / hours < f64::from(self.speed) {
            return Vec::new();
        }
        let summary = format!(
            "{} signed in from {} and, {:.0} minutes later, from {}, {way:.0} km away",
            subject.name,
            before.called,
            hours * 60.0,
            now.called
        );
        vec![Finding::new(event, subject, summary).showing(vec![before.sequence, now.sequence])]
    }

    fn remembers_days(&self) -> i64 {
        30
    }
}
