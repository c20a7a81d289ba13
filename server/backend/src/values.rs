//! The values a record is filtered by: what stands in the parameters of contract.md §3. One place for the roll-ups,
//! the index and the counts, so that the three can't disagree.

use daybook_domain::{
    event::{EventBody, NamedRef},
    log::{Area, FilterField, LogKind},
    work_session::{Routing, agent_of},
};

/// Longest value that is counted, in characters; longer ones are found by search only.
const MAX_CHARS: usize = 200;

/// Calls `each` with every value of a record and what a person reads for it. A field has at most one; none is empty.
pub fn each_value(body: &EventBody, each: &mut dyn FnMut(FilterField, &str, &str)) {
    let mut value = |field, value: &str, label: &str| {
        let long = value.len() > MAX_CHARS && value.chars().count() > MAX_CHARS;
        if !value.is_empty() && !long {
            each(field, value, label);
        }
    };
    if let Some(area) = Area::of(body) {
        value(FilterField::Area, area.name(), area.title());
    }
    if let Some(agent) = agent_of(body) {
        value(FilterField::Agent, &agent.key, &agent.label);
    }
    if let Some(routing) = Routing::of(body) {
        value(FilterField::Routing, routing.name(), routing.title());
    }
    value(FilterField::EventType, &body.event_type, &body.event_type);
    value(FilterField::Action, body.action.name(), body.action.title());
    value(FilterField::Outcome, body.outcome.name(), body.outcome.title());
    value(FilterField::Actor, &body.actor.key(), &body.actor.label());
    if let Some(portal) = body.portal {
        value(FilterField::Portal, portal.name(), portal.title());
    }
    for (field, text) in [
        (FilterField::Category, body.category.as_deref()),
        (FilterField::Section, body.section.as_deref()),
        (FilterField::LoginSource, body.login_source.as_deref()),
        (FilterField::Brand, body.brand.as_ref().map(NamedRef::label)),
        (FilterField::Company, body.company.as_ref().map(NamedRef::label)),
    ] {
        if let Some(text) = text {
            value(field, text, text);
        }
    }
    let by_target = match body.log {
        LogKind::WebhookFailure => Some(FilterField::Webhook),
        LogKind::IntegrationFailure => Some(FilterField::Integration),
        _ => None,
    };
    if let (Some(field), Some(target)) = (by_target, body.target()) {
        value(field, target.label(), target.label());
    }
    if let Some(ip) = body.ip {
        let ip = ip.to_string();
        value(FilterField::Ip, &ip, &ip);
    }
}

/// Whether a field's values are few enough to be counted.
pub fn is_counted(field: FilterField) -> bool {
    field != FilterField::Ip
}
