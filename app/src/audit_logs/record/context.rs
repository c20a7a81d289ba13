//! Who, when, from where, and what the record itself is called: the circumstances, as terms and values.

use super::diff::readable;
use crate::{
    audit_logs::{
        cells::{about_actor, actor_link, way_in},
        state::Place,
    },
    ui::{
        number::{span, thousands},
        user_agent,
    },
};
use daybook_domain::{
    event::{Actor, EventBody, NamedRef},
    log::FilterField,
    page::EventDetail,
    time::LocalTime,
};
use leptos::prelude::*;

type Item = (&'static str, AnyView);

#[component]
pub fn Context(detail: EventDetail, place: Place) -> impl IntoView {
    let mut items: Vec<Item> = Vec::new();
    times(&mut items, &detail);
    people(&mut items, &detail.event.body, &place);
    kind(&mut items, &detail.event.body, &place);
    things(&mut items, &detail.event.body, &place);
    request(&mut items, &detail.event.body, &place);
    items.push((
        "Record",
        mono(format!(
            "#{}",
            u64::try_from(detail.event.sequence)
                .map(thousands)
                .unwrap_or_default()
        )),
    ));
    items.push(("Id", mono(detail.event.id.to_string())));
    let items = items
        .into_iter()
        .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! {
        <section class="record__context">
            <h2 class="visually-hidden">"Context"</h2>
            <dl class="facts">{items.collect_view()}</dl>
        </section>
    }
}

fn mono(text: String) -> AnyView {
    view! { <span class="mono">{text}</span> }.into_any()
}

fn text(text: String) -> AnyView {
    view! { <span dir="auto">{text}</span> }.into_any()
}

fn local(at: &LocalTime, zone: &str) -> String {
    format!("{} {} {zone}", at.date, at.time)
}

fn times(items: &mut Vec<Item>, detail: &EventDetail) {
    let EventDetail {
        event,
        occurred,
        recorded,
        zone,
    } = detail;
    let utc = occurred.utc.to_string();
    let shown = local(occurred, zone);
    items.push((
        "Happened",
        view! { {shown} <small class="sub mono">{utc.replace('T', " ")}</small> }.into_any(),
    ));
    let late = event
        .recorded_at
        .micros()
        .saturating_sub(event.body.occurred_at.micros());
    let note = if late >= 0 {
        format!("{} later", span(late))
    } else {
        format!("{} before", span(-late))
    };
    items.push((
        "Recorded",
        view! { {local(recorded, zone)} <small class="sub">{note}</small> }.into_any(),
    ));
}

fn people(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    let person = |actor: &Actor| {
        let key = actor.id.clone().filter(|id| *id != actor.label());
        view! {
            {actor_link(actor, place)}
            <small class="sub" dir="auto">{about_actor(actor)}</small>
            {key.map(|key| view! { <small class="sub mono">{key}</small> })}
        }
        .into_any()
    };
    if let Some(impersonator) = &body.impersonator {
        items.push(("Really acted", person(impersonator)));
        items.push(("Appeared as", person(&body.actor)));
    } else {
        items.push(("Performed by", person(&body.actor)));
    }
}

fn kind(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    items.push((
        "Event type",
        way_in(
            place,
            FilterField::EventType,
            &body.event_type,
            mono(body.event_type.clone()),
        ),
    ));
    for (term, field, value) in [
        ("Category", FilterField::Category, &body.category),
        ("Section", FilterField::Section, &body.section),
    ] {
        if let Some(value) = value {
            items.push((term, way_in(place, field, value, text(value.clone()))));
        }
    }
}

fn things(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    if !body.targets.is_empty() {
        let targets = body.targets.iter().map(|target| {
            let id = target.id.clone().filter(|id| id != target.label());
            view! {
                <li>
                    <bdi>{target.label().to_owned()}</bdi>
                    <small class="sub">{readable(&target.kind)} {id.map(|id| view! { " " <span class="mono">{id}</span> })}</small>
                </li>
            }
        });
        let term = if body.targets.len() == 1 {
            "Target"
        } else {
            "Targets"
        };
        items.push((
            term,
            view! { <ul class="plain-list">{targets.collect_view()}</ul> }.into_any(),
        ));
    }
    let named = |of: &NamedRef| {
        let id = of.id.clone().filter(|id| id != of.label());
        view! { <bdi>{of.label().to_owned()}</bdi> {id.map(|id| view! { <small class="sub mono">{id}</small> })} }.into_any()
    };
    for (term, of) in [
        ("Company", &body.company),
        ("Contact", &body.contact),
        ("Conversation", &body.conversation),
    ] {
        items.extend(of.as_ref().map(|of| (term, named(of))));
    }
    if let Some(brand) = &body.brand {
        items.push((
            "Brand",
            way_in(place, FilterField::Brand, brand.label(), named(brand)),
        ));
    }
}

fn request(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    if let Some(ip) = body.ip {
        let ip = ip.to_string();
        items.push((
            "IP address",
            way_in(place, FilterField::Ip, &ip, mono(ip.clone())),
        ));
    }
    if let Some(agent) = &body.user_agent {
        let label = user_agent::label(agent);
        let known = label.is_some();
        let shown = label.unwrap_or_else(|| agent.clone());
        items.push((
            "User agent",
            view! { <span dir="auto">{shown}</span> {known.then(|| view! { <small class="sub sub--long">{agent.clone()}</small> })} }.into_any(),
        ));
    }
    items.extend(
        body.portal
            .map(|portal| ("Portal", text(portal.title().to_owned()))),
    );
    if !body.source.is_empty() {
        items.push(("Source", text(body.source.clone())));
    }
    items.extend(body.source_event_id.clone().map(|id| ("Source's id", mono(id))));
    if let Some(login) = &body.login_source {
        items.push((
            "Source of login",
            way_in(place, FilterField::LoginSource, login, text(login.clone())),
        ));
    }
    if let Some(auth) = &body.auth {
        items.extend(auth.method.clone().map(|method| ("Authentication", text(method))));
        items.extend(auth.id.clone().map(|id| ("Authentication id", mono(id))));
    }
    items.extend(body.correlation_id.clone().map(|id| ("Request", mono(id))));
}
