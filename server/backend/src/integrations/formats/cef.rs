//! ArcSight's Common Event Format, version 0: one line for an event, with the keys and lengths of its extension dictionary.
//!
//! It has no place for a whole record: six texts of one's own, and no lists. What an analyst filters by is in standard keys,
//! the rest is told in short, and `request` is the record's permanent address. Values are cut to what the dictionary allows,
//! since collectors drop fields that are longer.

use super::{
    Origin, PRODUCT, VERSION,
    about::{Severity, headline, is_person, told, who},
    text::{cut, one_line},
};
use daybook_domain::{
    event::{Change, Event, EventBody, NamedRef, Portal, Target},
    time::Timestamp,
};
use serde_json::Value;
use std::{fmt::Write, net::IpAddr};

/// Longest of the header's fields.
const MAX_CLASS: usize = 1023;
const MAX_NAME: usize = 512;
/// Longest of most texts, of the texts of one's own, and of those texts' labels.
const MAX_TEXT: usize = 1023;
const MAX_CUSTOM: usize = 4000;

/// An event as a line, without its end.
pub(crate) fn line(event: &Event, origin: &Origin<'_>) -> String {
    let body = &event.body;
    let severity = match Severity::of(body) {
        Severity::Routine => 3,
        Severity::Notable => 5,
        Severity::Failure => 7,
    };
    let mut line = format!(
        "CEF:0|{PRODUCT}|{PRODUCT}|{}|{}|{}|{severity}|",
        header(VERSION, 31),
        header(&body.event_type, MAX_CLASS),
        header(&headline(body), MAX_NAME),
    );
    for (index, field) in fields(event, origin).iter().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        field.write(&mut line);
    }
    line
}

/// A field of the extension. Its text isn't escaped yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub key: &'static str,
    pub text: String,
}

impl Field {
    fn write(&self, line: &mut String) {
        line.push_str(self.key);
        line.push('=');
        for c in self.text.chars() {
            match c {
                '\\' | '=' => line.extend(['\\', c]),
                '\n' => line.push_str("\\n"),
                '\r' => line.push_str("\\r"),
                c => line.push(c),
            }
        }
    }
}

/// What is told of an event, in its order. Nothing is told twice and nothing is empty.
pub(super) fn fields(event: &Event, origin: &Origin<'_>) -> Vec<Field> {
    let body = &event.body;
    let (actor, target) = (&body.actor, body.target().filter(|target| is_person(target)));
    let mut told = Told(Vec::new());
    told.add("rt", 20, Some(&millis(body.occurred_at)));
    told.add("deviceCustomDate1", 20, Some(&millis(event.recorded_at)));
    told.add("deviceCustomDate1Label", MAX_TEXT, Some("Recorded at"));
    told.add("externalId", 40, Some(&event.id.to_string()));
    told.add("cn1", 20, Some(&event.sequence.to_string()));
    told.add("cn1Label", MAX_TEXT, Some("Sequence"));
    told.add("cat", MAX_TEXT, Some(body.log.name()));
    told.add("act", 63, Some(body.action.name()));
    told.add("outcome", 63, Some(body.outcome.name()));
    told.add("reason", MAX_TEXT, body.reason.as_deref());
    told.add("msg", MAX_TEXT, Some(&headline(body)));
    told.add("suser", MAX_TEXT, Some(&who_by_address(body)));
    told.add("suid", MAX_TEXT, actor.id.as_deref());
    told.add("spriv", MAX_TEXT, Some(actor.kind.title()));
    told.add("duser", MAX_TEXT, target.map(Target::label));
    told.add("duid", MAX_TEXT, target.and_then(|target| target.id.as_deref()));
    match body.ip {
        // `src` is an IPv4 address in version 0 of the format; the dictionary keeps the second custom one for this.
        Some(IpAddr::V4(ip)) => told.add("src", 16, Some(&ip.to_string())),
        Some(IpAddr::V6(ip)) => {
            told.add("c6a2", 40, Some(&ip.to_string()));
            told.add("c6a2Label", MAX_TEXT, Some("Source IPv6 Address"));
        }
        None => {}
    }
    told.add("requestClientApplication", MAX_TEXT, body.user_agent.as_deref());
    told.add("request", MAX_TEXT, origin.link(event).as_deref());
    told.add("dvchost", 100, Some(origin.host));
    told.add("sourceServiceName", MAX_TEXT, Some(&body.source));
    let portal = body.portal.map(Portal::title);
    told.add("destinationServiceName", MAX_TEXT, portal);
    told.custom("cs1", "cs1Label", "Workspace", origin.workspace);
    let impersonator = body.impersonator.as_ref().map(|_| who(body));
    told.custom(
        "cs2",
        "cs2Label",
        "Impersonation",
        &impersonator.unwrap_or_default(),
    );
    told.custom("cs3", "cs3Label", "Targets", &targets(body));
    let company = body.company.as_ref().map(NamedRef::label);
    told.custom("cs4", "cs4Label", "Company", company.unwrap_or_default());
    told.custom("cs5", "cs5Label", "Changes", &changes(&body.changes));
    let correlation = body.correlation_id.as_deref();
    told.custom("cs6", "cs6Label", "Correlation", correlation.unwrap_or_default());
    let section = body.section.as_deref().or(body.category.as_deref());
    told.flexible("flexString1", "flexString1Label", "Section", section);
    let login = body.login_source.as_deref();
    told.flexible("flexString2", "flexString2Label", "Source of login", login);
    told.0
}

struct Told(Vec<Field>);

impl Told {
    fn add(&mut self, key: &'static str, most: usize, text: Option<&str>) {
        let Some(text) = told(text) else { return };
        // Lines may end in a value, all else that can't be printed may not be there.
        let printed = |c: char| {
            if c.is_control() && !matches!(c, '\n' | '\r') {
                ' '
            } else {
                c
            }
        };
        let text: String = cut(text, most).chars().map(printed).collect();
        self.0.push(Field { key, text });
    }

    fn custom(&mut self, key: &'static str, label: &'static str, name: &str, text: &str) {
        if told(Some(text)).is_some() {
            self.add(key, MAX_CUSTOM, Some(text));
            self.add(label, MAX_TEXT, Some(name));
        }
    }

    fn flexible(&mut self, key: &'static str, label: &'static str, name: &str, text: Option<&str>) {
        if told(text).is_some() {
            self.add(key, MAX_TEXT, text);
            self.add(label, 128, Some(name));
        }
    }
}

/// The dictionary puts addresses where the name of a user is.
fn who_by_address(body: &EventBody) -> String {
    body.actor
        .email
        .clone()
        .filter(|email| !email.is_empty())
        .unwrap_or_else(|| body.actor.label())
}

fn targets(body: &EventBody) -> String {
    let target = |target: &Target| {
        let id = target.id.as_deref().filter(|id| *id != target.label());
        let id = id.map(|id| format!(" ({id})")).unwrap_or_default();
        format!("{}: {}{id}", target.kind, target.label())
    };
    body.targets.iter().map(target).collect::<Vec<_>>().join("; ")
}

fn changes(changes: &[Change]) -> String {
    let mut told = String::new();
    for change in changes {
        if !told.is_empty() {
            told.push_str("; ");
        }
        // Writing to a text doesn't fail.
        let _ = if change.secret {
            write!(told, "{}: (secret)", change.property)
        } else {
            write!(
                told,
                "{}: {} → {}",
                change.property,
                value(&change.before),
                value(&change.after)
            )
        };
    }
    told
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A field of the header, which can't hold the end of a line.
fn header(text: &str, most: usize) -> String {
    let mut escaped = String::new();
    for c in cut(&one_line(text), most).chars() {
        if matches!(c, '|' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Milliseconds of the Unix epoch.
fn millis(at: Timestamp) -> String {
    at.micros().div_euclid(1000).to_string()
}
