//! An administrator signs in from a new country, or with a new device.

use super::{Around, Finding, Rule, Subject, is_sign_in};
use crate::monitoring::memory::Memory;
use daybook_domain::{
    catalogue::OWN_SOURCE,
    event::{Actor, ActorKind, Event, Portal},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most devices and countries that are remembered of somebody.
const MOST: usize = 50;

pub(super) struct NewPlace;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    devices: BTreeSet<String>,
    countries: BTreeSet<String>,
}

/// Whether who signs in may do much. Of other systems that is only known by the door.
fn is_administrator(event: &Event, around: &Around) -> bool {
    let Actor { kind, id, email, .. } = &event.body.actor;
    let known = [id, email].into_iter().flatten();
    *kind == ActorKind::User
        && (known
            .map(|of| of.to_lowercase())
            .any(|of| around.administrators.contains(&of))
            || (event.body.source != OWN_SOURCE && event.body.portal == Some(Portal::Admin)))
}

/// A browser and the system it runs on, without versions: those change every month.
pub(super) fn device(user_agent: &str) -> String {
    // In this order: every one of them claims to be the ones after it.
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [&str; 7] = [
        "iPhone", "iPad", "Android", "Windows", "CrOS", "Mac OS X", "Linux",
    ];
    let browser = BROWSERS.iter().find(|(mark, _)| user_agent.contains(mark));
    let system = SYSTEMS.iter().find(|mark| user_agent.contains(**mark));
    match (browser, system) {
        (Some((_, browser)), Some(system)) => format!("{browser} on {system}"),
        // `curl/8.5`, `python-requests/2.31`: the name is what stays.
        _ => user_agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect(),
    }
}

impl Rule for NewPlace {
    fn names(&self, event: &Event, around: &Around) -> Option<Vec<String>> {
        let looks = is_sign_in(event) && is_administrator(event, around);
        looks.then(|| vec![Subject::actor(&event.body.actor).key])
    }

    fn look(&self, event: &Event, memory: &mut Memory, around: &Around) -> Vec<Finding> {
        let subject = Subject::actor(&event.body.actor);
        let before: Option<Known> = memory.get(&subject.key);
        let is_first = before.is_none();
        let mut known = before.unwrap_or_default();
        let country = around.place(event.body.ip).and_then(|place| place.country);
        let device = event.body.user_agent.as_deref().map(device);
        let mut new = Vec::new();
        if let Some(country) = country
            && known.countries.len() < MOST
            && known.countries.insert(country.clone())
            // Where countries have only been told since there is a database, the first is no news.
            && known.countries.len() > 1
        {
            new.push(format!("from {country}"));
        }
        if let Some(device) = device
            && known.devices.len() < MOST
            && known.devices.insert(device.clone())
            && known.devices.len() > 1
        {
            new.push(format!("with {device}"));
        }
        memory.set(&subject.key, &known, event.body.occurred_at.micros());
        if is_first || new.is_empty() {
            return Vec::new();
        }
        let summary = format!(
            "{} signed in {} for the first time",
            subject.name,
            new.join(" and ")
        );
        vec![Finding::new(event, subject, summary)]
    }

    fn remembers_days(&self) -> i64 {
        400
    }
}
