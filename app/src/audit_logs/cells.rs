//! One function from a column to its cell. A value that the list can be narrowed to is a link that does it.

use super::{state::Place, text, work_session};
use crate::{
    ui::{
        badge::{ActionBadge, OutcomeBadge},
        icon::Icon,
    },
    viewer::use_naming,
};
use daybook_domain::{
    event::{Actor, ActorKind, NamedRef, Outcome, Target},
    log::{Column, FilterField},
    page::EventRow,
    search::{Field, Term, Value},
    time::LocalTime,
    work_session::WorkNote,
};
use leptos::prelude::*;

/// The content of the cell of `column`.
pub fn cell(column: Column, row: &EventRow, place: &Place) -> AnyView {
    match column {
        Column::Time => view! { <Time at=row.occurred.clone()/> }.into_any(),
        Column::Actor => who(row, place),
        Column::Action => {
            let badge = view! { <ActionBadge action=row.action/> };
            way_in(place, FilterField::Action, row.action.name(), badge.into_any())
        }
        Column::EventType => {
            let name = view! { <Mono text=row.event_type.clone()/> };
            way_in(place, FilterField::EventType, &row.event_type, name.into_any())
        }
        Column::Category => value(place, FilterField::Category, row.category.as_deref()),
        Column::Section => value(place, FilterField::Section, row.section.as_deref()),
        Column::Target => target(row),
        Column::Summary => summary(row, place),
        Column::Outcome => view! {
            <OutcomeBadge outcome=row.outcome/>
            {row.reason.clone().map(|reason| view! { <small class="sub" dir="auto">{reason}</small> })}
        }
        .into_any(),
        Column::Property => properties(row, place),
        Column::Company => value(
            place,
            FilterField::Company,
            row.company.as_ref().map(NamedRef::label),
        ),
        Column::Brand => value(place, FilterField::Brand, row.brand.as_ref().map(NamedRef::label)),
        Column::Portal => match row.portal {
            Some(portal) => way_in(
                place,
                FilterField::Portal,
                portal.name(),
                view! { {portal.title()} }.into_any(),
            ),
            None => nothing(),
        },
        Column::LoginSource => value(place, FilterField::LoginSource, row.login_source.as_deref()),
        Column::Ip => match row.ip {
            Some(ip) => {
                let ip = ip.to_string();
                let shown = view! { <Mono text=ip.clone()/> }.into_any();
                way_in(place, FilterField::Ip, &ip, shown)
            }
            None => nothing(),
        },
        Column::Agent | Column::Happened | Column::Status | Column::SignedIn | Column::Capacity => {
            match &row.work {
                Some(work) => of_session(column, work, row, place),
                None => nothing(),
            }
        }
    }
}

fn of_session(column: Column, work: &WorkNote, row: &EventRow, place: &Place) -> AnyView {
    match column {
        Column::Agent => work_session::agent(work, row, place),
        Column::Happened => work_session::happened(work, row, place),
        Column::Status => work_session::status(work),
        Column::SignedIn => work_session::signed_in(work),
        _ => work_session::capacity(work, place),
    }
}

pub fn nothing() -> AnyView {
    view! { <span class="nothing">{text::NO_ADDRESS}</span> }.into_any()
}

fn value(place: &Place, field: FilterField, value: Option<&str>) -> AnyView {
    match value.filter(|value| !value.is_empty()) {
        Some(value) => way_in(
            place,
            field,
            value,
            view! { <bdi>{use_naming().value(field, value).to_owned()}</bdi> }.into_any(),
        ),
        None => nothing(),
    }
}

/// `shown` as a link to the list narrowed to `value`, where there is such a list.
pub fn way_in(place: &Place, field: FilterField, value: &str, shown: AnyView) -> AnyView {
    match place.narrowed(field, value) {
        Some(href) => view! { <a class="way-in" href=href title=text::only(field)>{shown}</a> }.into_any(),
        None => shown,
    }
}

/// Local time, with UTC to the millisecond on demand.
#[component]
pub fn Time(at: LocalTime) -> impl IntoView {
    let utc = at.utc.to_string();
    let title = utc
        .get(..23)
        .map(|millis| format!("{} UTC", millis.replace('T', " ")))
        .unwrap_or_default();
    view! {
        <time class="time" datetime=utc title=title>
            <span class="time__date">{at.date}</span>
            " "
            <span class="time__clock">{at.time}</span>
        </time>
        <small class="sub">{at.ago}</small>
    }
}

fn who(row: &EventRow, place: &Place) -> AnyView {
    let actor = actor_link(&row.actor, place);
    let Some(impersonator) = &row.impersonator else {
        return view! {
            <span class="who">{actor}</span>
            <small class="sub" dir="auto">{about_actor(&row.actor)}</small>
        }
        .into_any();
    };
    view! {
        <span class="who">{actor_link(impersonator, place)} <span class="who__as">" as "</span> {actor}</span>
        <small class="sub" dir="auto">
            {Icon::Mask.view()} "Impersonating"
            {impersonator.email.clone().map(|email| format!(" · {email}"))}
        </small>
    }
    .into_any()
}

/// The name of an actor, with a mark where it is no person (R4).
pub fn actor_link(actor: &Actor, place: &Place) -> AnyView {
    let icon = match actor.kind {
        ActorKind::System => Some(Icon::Gear),
        ActorKind::ApiKey => Some(Icon::Key),
        ActorKind::User | ActorKind::Contact => actor.automation.map(|_| Icon::Gear),
    };
    let name = view! { {icon.map(Icon::view)} <bdi>{actor.label()}</bdi> }.into_any();
    way_in(place, FilterField::Actor, &actor.key(), name)
}

/// The line under a name: the address of a person, the kind of anything else.
pub fn about_actor(actor: &Actor) -> String {
    if let Some(automation) = actor.automation {
        return format!("{} · automation", automation.title());
    }
    match actor.kind {
        // Where there is no name, the address already stands in its place.
        ActorKind::User => actor
            .email
            .clone()
            .filter(|email| *email != actor.label())
            .unwrap_or_default(),
        ActorKind::Contact => match &actor.email {
            Some(email) => format!("Contact · {email}"),
            None => "Contact".to_owned(),
        },
        kind => kind.title().to_owned(),
    }
}

/// What kind of thing it is, as a person reads it.
pub fn kind_of(target: &Target) -> String {
    let readable = super::record::diff::readable(&target.kind);
    use_naming().says(&readable).into_owned()
}

fn target(row: &EventRow) -> AnyView {
    match &row.target {
        Some(target) => view! {
            <bdi>{target.label().to_owned()}</bdi>
            <small class="sub">{kind_of(target)}</small>
        }
        .into_any(),
        None => nothing(),
    }
}

/// So many properties are named, one on a line.
const PROPERTIES: usize = 2;

/// The first properties that changed, each a search for it, and how many more there are.
fn properties(row: &EventRow, place: &Place) -> AnyView {
    if row.properties.is_empty() {
        return nothing();
    }
    let shown = row.properties.len().min(PROPERTIES);
    let names = row.properties.iter().take(shown).map(|name| {
        let term = Term {
            field: Some(Field::Property),
            value: Value::Text {
                text: name.clone(),
                prefix: false,
            },
        };
        let href = place.searched(&term.to_string());
        view! { <li><a class="way-in" href=href title=text::only_property(name)><bdi>{name.clone()}</bdi></a></li> }
    });
    let names = names.collect_view();
    let more = row.change_count.saturating_sub(shown);
    let more = (more > 0).then(|| view! { <small class="sub">{format!("and {more} more")}</small> });
    view! { <ul class="properties">{names}</ul> {more} }.into_any()
}

/// The sentence. A failure says so here where the log has no column for it, and where not everything in it failed.
fn summary(row: &EventRow, place: &Place) -> AnyView {
    let spec = place.scope.spec();
    let told = place.columns().contains(&Column::Outcome) || !spec.filters.contains(&FilterField::Outcome);
    let failed = row.outcome == Outcome::Failure && !told;
    let reason = row
        .reason
        .clone()
        .filter(|reason| failed && !row.summary.contains(reason.as_str()));
    view! {
        <span class="summary" dir="auto">
            {failed.then(|| view! { <OutcomeBadge outcome=row.outcome/> " " })}
            {row.summary.clone()}
        </span>
        {reason.map(|reason| view! { <small class="sub" dir="auto">{reason}</small> })}
    }
    .into_any()
}

/// A name of programs.
#[component]
pub fn Mono(text: String) -> impl IntoView {
    view! { <span class="mono">{text}</span> }
}
