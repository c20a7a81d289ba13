//! What a query means: the reference that every store's answer is tested against.

use super::{Expr, Term, Value, field::Field, words};
use crate::{
    catalogue::OWN_SOURCE,
    event::{Actor, Event, NamedRef, Target},
};
use serde_json::Value as Json;
use std::net::IpAddr;

impl Expr {
    /// Whether a record is one of those asked for.
    pub fn matches(&self, event: &Event) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(event)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(event)),
            Self::Not(inner) => !inner.matches(event),
            Self::Term(term) => term.matches(event),
        }
    }
}

impl Term {
    fn matches(&self, event: &Event) -> bool {
        let mut found = false;
        each_part(event, &mut |field, part| {
            let asked = self.field.as_ref().is_none_or(|asked| *asked == field);
            found = found || (asked && self.value.fits(&part, self.field.is_none()));
        });
        found
    }
}

/// One value of a record, and how it is compared.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// As a whole, in any case.
    Whole(&'a str),
    /// By its words.
    Words(&'a str),
    Ip(IpAddr),
    /// There, and not compared with anything.
    There,
}

impl Value {
    /// `anywhere`: for a term without a field, which looks for words in whatever it finds.
    fn fits(&self, part: &Part<'_>, anywhere: bool) -> bool {
        match (self, part) {
            (Self::Present, _) => true,
            (Self::Text { text, prefix }, Part::Whole(whole)) if !anywhere => {
                let (whole, text) = (whole.to_lowercase(), text.to_lowercase());
                if *prefix {
                    whole.starts_with(&text)
                } else {
                    whole == text
                }
            }
            (Self::Text { text, prefix }, Part::Whole(whole) | Part::Words(whole)) => {
                holds(whole, text, *prefix)
            }
            (Self::Text { text, prefix }, Part::Ip(ip)) => {
                let ip = ip.to_canonical().to_string();
                if anywhere {
                    holds(&ip, text, *prefix)
                } else {
                    ip == *text
                }
            }
            (Self::Range { from, to }, Part::Words(text)) => {
                let read = |end: &Option<String>| end.as_ref().and_then(|end| end.parse::<f64>().ok());
                text.trim().parse::<f64>().is_ok_and(|number| {
                    read(from).is_none_or(|from| from <= number) && read(to).is_none_or(|to| number <= to)
                })
            }
            (Self::Range { from, to }, Part::Ip(ip)) => {
                let ip = ip.to_canonical();
                let read = |end: &Option<String>| end.as_ref().and_then(|end| end.parse::<IpAddr>().ok());
                let same = |end: &IpAddr| end.is_ipv4() == ip.is_ipv4();
                read(from).is_none_or(|from| same(&from) && from <= ip)
                    && read(to).is_none_or(|to| same(&to) && ip <= to)
            }
            (Self::Network { address, bits }, Part::Ip(ip)) => in_network(*ip, *address, *bits),
            (_, Part::There) | (Self::Range { .. } | Self::Network { .. }, _) => false,
        }
    }
}

/// Whether the words of `asked` follow one another in `text`; the last may be the beginning of a word.
fn holds(text: &str, asked: &str, prefix: bool) -> bool {
    let (text, asked): (Vec<_>, Vec<_>) = (words(text).collect(), words(asked).collect());
    let Some((last, before)) = asked.split_last() else {
        return false;
    };
    text.windows(asked.len()).any(|window| {
        let (end, begin) = window
            .split_last()
            .map_or(("", window), |(end, begin)| (end.as_str(), begin));
        begin == before
            && if prefix {
                end.starts_with(last.as_str())
            } else {
                end == last
            }
    })
}

fn in_network(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    let shifted = |number: u128, width: u8| {
        number
            .checked_shr(u32::from(width.saturating_sub(bits)))
            .unwrap_or(0)
    };
    match (ip.to_canonical(), network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            shifted(u32::from(ip).into(), 32) == shifted(u32::from(network).into(), 32)
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => shifted(ip.into(), 128) == shifted(network.into(), 128),
        _ => false,
    }
}

/// Every value of a record that can be searched for, with the field it is found by.
pub fn each_part(event: &Event, each: &mut dyn FnMut(Field, Part<'_>)) {
    let body = &event.body;
    let mut whole = |field, text: Option<&str>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            each(field, Part::Whole(text));
        }
    };
    whole(Field::Log, Some(body.log.name()));
    whole(Field::Action, Some(body.action.name()));
    whole(Field::Type, Some(&body.event_type));
    whole(Field::Category, body.category.as_deref());
    whole(Field::Section, body.section.as_deref());
    whole(Field::Outcome, Some(body.outcome.name()));
    whole(Field::Portal, body.portal.map(crate::event::Portal::name));
    whole(Field::Source, Some(&body.source));
    whole(Field::Login, body.login_source.as_deref());
    whole(Field::Request, body.correlation_id.as_deref());
    whole(Field::ActorKind, Some(body.actor.kind.name()));
    for (field, text) in [(Field::Summary, &body.summary), (Field::Reason, &body.reason)] {
        if let Some(text) = text {
            each(field, Part::Words(text));
        }
    }
    actor(&Field::Actor, &body.actor, each);
    if let Some(impersonator) = &body.impersonator {
        actor(&Field::Impersonator, impersonator, each);
    }
    for target in &body.targets {
        self::target(target, each);
    }
    for (field, named) in [
        (Field::Company, &body.company),
        (Field::Contact, &body.contact),
        (Field::Conversation, &body.conversation),
        (Field::Brand, &body.brand),
    ] {
        if let Some(named) = named {
            self::named(&field, named, each);
        }
    }
    if let Some(ip) = body.ip {
        each(Field::Ip, Part::Ip(ip));
    }
    for change in &body.changes {
        each(Field::Property, Part::Words(&change.property));
        texts(&change.before, &mut |text| each(Field::Before, Part::Words(text)));
        texts(&change.after, &mut |text| each(Field::After, Part::Words(text)));
    }
    // What somebody looked for answers to no search: else each would find itself.
    let is_reading = body.source == OWN_SOURCE && body.event_type.starts_with("audit_logs.");
    for (key, value) in &body.metadata {
        if is_reading && key == "query" {
            each(Field::Metadata(key.clone()), Part::There);
        } else {
            metadata(key.clone(), value, each);
        }
    }
}

fn id_and_name(field: &Field, id: Option<&str>, name: Option<&str>, each: &mut dyn FnMut(Field, Part<'_>)) {
    if let Some(id) = id {
        each(field.clone(), Part::Whole(id));
    }
    if let Some(name) = name {
        each(field.clone(), Part::Words(name));
    }
}

fn actor(field: &Field, actor: &Actor, each: &mut dyn FnMut(Field, Part<'_>)) {
    id_and_name(field, actor.id.as_deref(), actor.name.as_deref(), each);
    if let Some(email) = &actor.email {
        each(field.clone(), Part::Whole(email));
    }
}

fn target(target: &Target, each: &mut dyn FnMut(Field, Part<'_>)) {
    id_and_name(&Field::Target, target.id.as_deref(), target.name.as_deref(), each);
}

fn named(field: &Field, named: &NamedRef, each: &mut dyn FnMut(Field, Part<'_>)) {
    id_and_name(field, named.id.as_deref(), named.name.as_deref(), each);
}

/// The texts in a value: strings, numbers, truth values, wherever they are; names of properties too.
fn texts(value: &Json, each: &mut dyn FnMut(&str)) {
    match value {
        Json::Null => {}
        Json::String(text) => each(text),
        Json::Bool(_) | Json::Number(_) => each(&value.to_string()),
        Json::Array(values) => values.iter().for_each(|value| texts(value, each)),
        Json::Object(object) => {
            for (key, value) in object {
                each(key);
                texts(value, each);
            }
        }
    }
}

fn metadata(path: String, value: &Json, each: &mut dyn FnMut(Field, Part<'_>)) {
    match value {
        Json::Object(object) => {
            for (key, value) in object {
                metadata(format!("{path}.{key}"), value, each);
            }
        }
        Json::Array(values) => values
            .iter()
            .for_each(|value| metadata(path.clone(), value, each)),
        value => texts(value, &mut |text| {
            each(Field::Metadata(path.clone()), Part::Words(text));
        }),
    }
}
