//! The ways on from a record.

use crate::{audit_logs::state::Place, routes, ui::copy::CopyButton};
use daybook_domain::{
    catalogue::OWN_SOURCE,
    event::{ActorKind, Event},
    id::UserId,
    log::{FilterField, LogKind, LogScope},
    query::LogQuery,
    search::{Expr, Field, Term, Value},
    time::TimeBound,
    work_session::agent_of,
};
use leptos::prelude::*;

/// What happened "at the same time" is what happened within this many seconds before and after.
const AROUND_SECONDS: i64 = 300;

#[component]
pub fn Links(
    event: Event,
    /// Of the record, for the reader.
    day: String,
    place: Place,
    alone: bool,
) -> impl IntoView {
    let body = &event.body;
    let everywhere = LogQuery {
        tz: place.query.tz.clone(),
        ..LogQuery::default()
    };
    let all = |query: LogQuery| routes::log(LogScope::All, &query);
    let around = |seconds| Some(TimeBound::At(body.occurred_at.plus_seconds(seconds)));
    // Of users of other systems nothing but the log is known.
    let own = body.source == OWN_SOURCE;
    let mut links = Vec::new();
    if !alone {
        links.push(("Permanent address".to_owned(), routes::event(event.id)));
    }
    if let Some((target, id)) = body
        .target()
        .and_then(|target| Some((target, target.id.as_deref()?)))
    {
        let of_it = everywhere.searching(&quoted("target", id));
        links.push((format!("History of {}", target.label()), all(of_it)));
        if !body.changes.is_empty() {
            links.push(("Compare with now".to_owned(), routes::compare(event.id)));
        }
    }
    let user = |id: Option<&String>| id.and_then(|id| id.parse::<UserId>().ok());
    if let Some((target, id)) = body
        .target()
        .filter(|target| target.kind == "user" && own)
        .and_then(|target| Some((target, user(target.id.as_ref())?)))
    {
        links.push((format!("Page of {}", target.label()), routes::user(id)));
    }
    if let Some(id) = user(body.actor.id.as_ref()).filter(|_| own && body.actor.kind == ActorKind::User) {
        let href = routes::user_activity(id, &everywhere);
        links.push((format!("Activity of {}", body.actor.label()), href));
    }
    if let Some(agent) = agent_of(body) {
        let href = routes::agent_day(&agent.key, Some(&day), place.query.tz.as_deref());
        links.push((format!("Day of {}", agent.label), href));
    }
    if let Some((conversation, id)) = body
        .conversation
        .as_ref()
        .filter(|_| body.log == LogKind::WorkSession)
        .and_then(|conversation| Some((conversation, conversation.id.as_deref()?)))
    {
        let of_it = everywhere.searching(&quoted("conversation", id));
        let log = LogScope::One(LogKind::Conversation);
        links.push((
            format!("History of {}", conversation.label()),
            routes::log(log, &of_it),
        ));
    }
    if let Some(request) = &body.correlation_id {
        links.push((
            "Same request".to_owned(),
            all(everywhere.searching(&quoted("request", request))),
        ));
    }
    let by = all(everywhere.narrowed(FilterField::Actor, body.actor.key()));
    links.push((format!("Everything by {}", body.actor.label()), by));
    if let Some(impersonator) = &body.impersonator {
        let by = all(everywhere.narrowed(FilterField::Actor, impersonator.key()));
        links.push((format!("Everything by {}", impersonator.label()), by));
    }
    if let Some(ip) = body.ip {
        links.push((
            format!("Everything from {ip}"),
            all(everywhere.narrowed(FilterField::Ip, ip.to_string())),
        ));
    }
    let same_time = LogQuery {
        from: around(-AROUND_SECONDS),
        to: around(AROUND_SECONDS),
        ..everywhere.clone()
    };
    links.push(("Around the same time".to_owned(), all(same_time)));
    let event = StoredValue::new(event);
    let json = move || event.with_value(|event| serde_json::to_string_pretty(event).unwrap_or_default());
    view! {
        <ul class="record__links" aria-label="Further">
            {links.into_iter().map(|(label, href)| view! { <li><a href=href dir="auto">{label}</a></li> }).collect_view()}
            <li><CopyButton label="Copy as JSON" text=json/></li>
        </ul>
    }
}

/// A list narrowed to a whole value of a field of the query language.
pub fn searching(list: &LogQuery, field: &str, value: &str) -> LogQuery {
    list.searching(&quoted(field, value))
}

/// A term of the query language for a whole value.
pub fn quoted(field: &str, value: &str) -> String {
    let term = Term {
        field: Field::from_name(field),
        value: Value::Text {
            text: value.to_owned(),
            prefix: false,
        },
    };
    Expr::Term(term).to_string()
}
