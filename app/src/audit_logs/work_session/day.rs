//! One agent's day: what it adds up to, the strip, and every part of it in words.

use super::{strip, tables, text};
use crate::{
    audit_logs::{api, text::TITLE},
    pages::NotFound,
    routes,
    ui::{
        number::{counted, span, thousands},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    log::{FilterField, LogKind, LogScope},
    query::LogQuery,
    time::TimeBound,
    work_session::day::{AgentDay, DayQuery, State, Totals},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const SESSIONS: LogScope = LogScope::One(LogKind::WorkSession);

#[component]
pub fn AgentDayPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let parameter = |name: &str| query.read().get(name).filter(|value| !value.is_empty());
        DayQuery {
            agent: parameter("agent").unwrap_or_default(),
            date: parameter("date"),
            tz: parameter("tz"),
        }
    });
    let found = Resource::new(
        move || asked.get(),
        |query| async move {
            let tz = query.tz.clone();
            api::agent_day(query).await.map(|day| (day, tz))
        },
    );
    view! {
        <Transition>
            {move || found.get().map(|found| match found {
                Ok((day, tz)) => whole(&day, tz),
                Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                Err(error) => view! { <Problem error/> }.into_any(),
            })}
        </Transition>
    }
}

fn whole(day: &AgentDay, tz: Option<String>) -> AnyView {
    let name = day.agent.label.clone();
    let sessions = LogQuery {
        tz: tz.clone(),
        ..LogQuery::default()
    };
    let own = sessions.narrowed(FilterField::Agent, day.agent.key.clone());
    let of_day = LogQuery {
        from: Some(TimeBound::Day(day.date)),
        to: Some(TimeBound::Day(day.date)),
        ..own.clone()
    };
    view! {
        <Title text=format!("{name} · {}", day.title)/>
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>
                <li><a href=routes::AUDIT_LOGS>{TITLE}</a></li>
                <li><a href=routes::enter(SESSIONS, &LogQuery::default())>{SESSIONS.title()}</a></li>
                <li><a href=routes::log(SESSIONS, &own)><bdi>{name.clone()}</bdi></a></li>
                <li aria-current="page">{text::page()}</li>
            </ol>
        </nav>
        <header class="page-head page-head--split">
            <div>
                <h1><bdi>{name}</bdi></h1>
                <p class="page-head__about">{day.title.clone()}</p>
            </div>
            {days(day, tz.as_deref())}
        </header>
        <section class="list day" aria-label=text::page()>
            {totals(&day.totals)}
            {picture(day)}
        </section>
        {(day.until > day.from).then(|| tables::timeline(day))}
        {tables::over_capacity(day, tz.as_ref())}
        {tables::conversations(day, tz.as_ref())}
        <p class="day__more"><a class="button" href=routes::log(SESSIONS, &of_day)>{text::RECORDS}</a></p>
        <p class="zone">"Times in " <strong>{day.zone.clone()}</strong></p>
    }
    .into_any()
}

/// The ways to other days.
fn days(day: &AgentDay, tz: Option<&str>) -> AnyView {
    let key = day.agent.key.clone();
    let to = |date: Option<String>, label: &'static str, rel: &'static str| {
        date.map(|date| {
            let href = routes::agent_day(&key, Some(&date), tz);
            view! { <a class="button" href=href rel=rel>{label}</a> }
        })
    };
    let previous = to(day.previous.map(|date| date.to_string()), text::PREVIOUS, "prev");
    let next = to(day.next.map(|date| date.to_string()), text::NEXT, "next");
    let tz = tz.map(|tz| view! { <input type="hidden" name="tz" value=tz.to_owned()/> });
    let date = day.date.to_string();
    view! {
        <nav class="day__days" aria-label="Days">
            {previous}
            {next}
            <form method="get" action=routes::AGENT_DAY>
                <input type="hidden" name="agent" value=key.clone()/>
                {tz}
                <label class="visually-hidden" for="day-date">"Date"</label>
                <input class="input" type="date" id="day-date" name="date" value=date.clone() prop:value=date required=true/>
                <button type="submit" class="button">"Show"</button>
            </form>
        </nav>
    }
    .into_any()
}

fn totals(totals: &Totals) -> AnyView {
    let time = |micros: i64| {
        if micros == 0 {
            "–".to_owned()
        } else {
            span(micros)
        }
    };
    let losses = match totals.losses {
        0 => "None".to_owned(),
        losses => format!("{} · {}", thousands(losses), span(totals.lost)),
    };
    let items = [
        ("Signed in", time(totals.signed_in)),
        (State::Available.title(), time(totals.available)),
        (State::Unavailable.title(), time(totals.unavailable)),
        ("Likely connection losses", losses),
        (text::OVER, time(totals.over_capacity)),
        (text::CONVERSATIONS, thousands(totals.conversations)),
    ];
    let items = items.map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! { <dl class="day__totals">{items.into_iter().collect_view()}</dl> }.into_any()
}

fn picture(day: &AgentDay) -> AnyView {
    if day.until <= day.from {
        return view! { <p class="day__note">{text::NOT_YET}</p> }.into_any();
    }
    let mut notes: Vec<AnyView> = Vec::new();
    if let Some(since) = &day.since {
        let at = since.clone();
        notes.push(
            view! {
                "The day began signed in: in that state since "
                <time datetime=at.utc.to_string()>{at.date} " " {at.time}</time> "."
            }
            .into_any(),
        );
    }
    let quiet = day.parts.iter().all(|part| part.span.state == State::SignedOut);
    let more = [
        (quiet && day.assigned.is_empty()).then(text::nothing),
        day.parts
            .iter()
            .any(|part| part.span.state == State::Unknown)
            .then(text::unknown),
        text::length(day.to.micros() - day.from.micros()),
        (day.totals.losses > 0).then(|| {
            let losses = counted(
                day.totals.losses,
                "likely connection loss is",
                "likely connection losses are",
            );
            format!("{losses} inferred: {}", text::loss_why())
        }),
        day.more.then(|| text::MORE.to_owned()),
    ];
    notes.extend(more.into_iter().flatten().map(IntoAny::into_any));
    let notes = notes
        .into_iter()
        .map(|note| view! { <p class="day__note">{note}</p> });
    view! {
        <div class="day__strip">{strip::strip(day)}</div>
        {strip::key(day)}
        {notes.collect_view()}
    }
    .into_any()
}
