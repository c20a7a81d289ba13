//! Who, when, from where, and what the record itself is called: the circumstances, as terms and values.

use crate::{
    audit_logs::{
        cells::{Mono, about_actor, actor_link, kind_of, way_in},
        state::Place,
    },
    routes,
    ui::{
        number::{span, thousands},
        user_agent,
    },
    viewer::use_naming,
};
use daybook_domain::{
    event::{Actor, EventBody, NamedRef},
    log::{FilterField, LogScope},
    page::EventDetail,
    query::LogQuery,
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
    let number = u64::try_from(detail.event.sequence)
        .map(thousands)
        .unwrap_or_default();
    items.push(("Record", mono(format!("#{number}"))));
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
    view! { <Mono text/> }.into_any()
}

fn text(text: String) -> AnyView {
    view! { <span dir="auto">{text}</span> }.into_any()
}

fn times(items: &mut Vec<Item>, detail: &EventDetail) {
    let (occurred, recorded) = (&detail.occurred, &detail.recorded);
    let shown = format!("{} {} {}", occurred.date, occurred.time, detail.zone);
    let utc = occurred.utc.to_string().replace('T', " ");
    items.push((
        "Happened",
        view! { {shown} <small class="sub mono">{utc}</small> }.into_any(),
    ));
    let day = (recorded.date != occurred.date).then(|| format!("{} ", recorded.date));
    let late = recorded.utc.micros().saturating_sub(occurred.utc.micros());
    let late = match late {
        ..=-1_000_000 => format!(", {} before", span(-late)),
        1_000_000.. => format!(", {} later", span(late)),
        _ => String::new(),
    };
    let shown = format!("{}{}{late}", day.unwrap_or_default(), recorded.time);
    items.push(("Recorded", text(shown)));
}

/// The id a thing has at its source, on demand: what is read is the name it had.
fn id_hint(id: Option<&String>) -> Option<String> {
    id.map(|id| format!("Id {id}"))
}

fn people(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    let person = |actor: &Actor| {
        view! {
            <span title=id_hint(actor.id.as_ref())>{actor_link(actor, place)}</span>
            <small class="sub" dir="auto">{about_actor(actor)}</small>
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
    let log = LogScope::One(body.log);
    if place.scope != log {
        let href = routes::enter(log, &LogQuery::default());
        let link = view! { <a class="way-in" href=href>{log.title()}</a> };
        items.push(("Log", link.into_any()));
    }
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
            let shown = use_naming().value(field, value).to_owned();
            items.push((term, way_in(place, field, value, text(shown))));
        }
    }
}

fn things(items: &mut Vec<Item>, body: &EventBody, place: &Place) {
    if !body.targets.is_empty() {
        let targets = body.targets.iter().map(|target| {
            view! {
                <li title=id_hint(target.id.as_ref())>
                    <bdi>{target.label().to_owned()}</bdi>
                    " "
                    <span class="facts__kind">{kind_of(target)}</span>
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
    let named =
        |of: &NamedRef| view! { <bdi title=id_hint(of.id.as_ref())>{of.label().to_owned()}</bdi> }.into_any();
    for (term, of) in [
        ("Company", &body.company),
        ("Contact", &body.contact),
        ("Conversation", &body.conversation),
    ] {
        items.extend(of.as_ref().map(|of| (term, named(of))));
    }
    if let Some(brand) = &body.brand {
        let shown = way_in(place, FilterField::Brand, brand.label(), named(brand));
        items.push(("Brand", shown));
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
        let shown = user_agent::label(agent).unwrap_or_else(|| agent.clone());
        items.push((
            "User agent",
            view! { <span dir="auto" title=agent.clone()>{shown}</span> }.into_any(),
        ));
    }
    items.extend(
        body.portal
            .map(|portal| ("Portal", text(portal.title().to_owned()))),
    );
    if !body.source.is_empty() {
        items.push(("Source", text(body.source.clone())));
    }
    items.extend(
        body.source_event_id
            .clone()
            .map(|id| ("Id at the source", mono(id))),
    );
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
