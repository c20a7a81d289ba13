//! What somebody did in a period. The period is part of the address, as a list's is.

use super::{counts, text};
use crate::{
    admin::users::api::activity_of,
    audit_logs::still_bars,
    error::AppError,
    routes,
    ui::{number::counted, problem::Problem},
};
use daybook_domain::{
    Error,
    activity::{ActivityQuery, ActivitySummary, last_days},
    facet::Bar,
    id::UserId,
    log::LogScope,
    query::LogQuery,
    time::TimeBound,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The spans offered, in days back from now.
const SPANS: [u32; 3] = [7, 30, 90];

/// What was asked, and the answer.
pub type Found = Result<(ActivityQuery, ActivitySummary), AppError>;

/// Asks for what the address names. Made at the route.
pub fn ask(id: UserId) -> Resource<Found> {
    let search = use_location().search;
    let asked = Memo::new(move |_| {
        let address = search.with(|search| LogQuery::parse(search));
        match address {
            Ok(address) => Ok(ActivityQuery::of(id.to_string(), &address)),
            Err(problems) => Err(problems.into_iter().next()),
        }
    });
    Resource::new(
        move || asked.get(),
        |asked| async move {
            match asked {
                Ok(query) => {
                    let summary = activity_of(query.clone()).await?;
                    Ok((query, summary))
                }
                Err(problem) => {
                    let told = problem.map(|problem| (problem.field.clone(), problem.to_string()));
                    let (field, reason) = told.unwrap_or_default();
                    Err(AppError::new(Error::invalid(field, reason)))
                }
            }
        },
    )
}

pub fn shown(id: UserId, found: Found) -> AnyView {
    match found {
        Ok((query, summary)) => whole(id, &query, summary),
        Err(error) => view! { <Problem error/> }.into_any(),
    }
}

fn whole(id: UserId, query: &ActivityQuery, summary: ActivitySummary) -> AnyView {
    let list = query.list();
    let all = routes::log(LogScope::All, &list);
    let records = counted(summary.records, "record", "records");
    let bars = summary.days.as_ref().map(|days| {
        let of_bar = |bar: &Bar| {
            let time = LogQuery {
                from: Some(TimeBound::At(bar.from)),
                to: Some(TimeBound::At(bar.to)),
                ..list.clone()
            };
            routes::log(LogScope::All, &time)
        };
        still_bars(days, text::WHEN, &of_bar)
    });
    view! {
        {period(id, query)}
        <section class="list activity" aria-label=text::SUMMARY>
            <p class="list__head">
                <span class="list__total">{records}</span>
                <a class="link" href=all>{text::SEE_RECORDS}</a>
            </p>
            {bars}
            {counts::sign_ins(&summary.sign_ins, &list)}
        </section>
        <div class="activity__tables">
            {counts::facets(&summary, &list)}
            {counts::places(&summary, &list)}
            {counts::impersonation(&summary, query)}
        </div>
        <p class="zone">"Times and days in " <strong>{summary.zone}</strong></p>
    }
    .into_any()
}

/// The ways to other periods.
fn period(id: UserId, query: &ActivityQuery) -> AnyView {
    let spans = SPANS.map(|days| {
        let from = Some(last_days(days));
        let address = LogQuery {
            from,
            to: None,
            ..query.period()
        };
        let chosen = (query.from == from && query.to.is_none()).then_some("true");
        let href = routes::user_activity(id, &address);
        view! { <li><a class="presets__item" href=href aria-current=chosen data-noscroll="">{text::last(days)}</a></li> }
    });
    let day = |bound: Option<TimeBound>| match bound {
        Some(day @ TimeBound::Day(_)) => day.to_string(),
        _ => String::new(),
    };
    let (from, to) = (day(query.from), day(query.to));
    let tz = query.tz.clone();
    let tz = tz.map(|tz| view! { <input type="hidden" name="tz" value=tz/> });
    view! {
        <div class="activity__period">
            <ul class="presets" aria-label=text::PERIOD>{spans.into_iter().collect_view()}</ul>
            <form method="get" action=routes::user_activity(id, &LogQuery::default())>
                {tz}
                <label class="field__label" for="activity-from">"From"</label>
                <input class="input" type="date" id="activity-from" name="from" value=from.clone() prop:value=from/>
                <label class="field__label" for="activity-to">"To"</label>
                <input class="input" type="date" id="activity-to" name="to" value=to.clone() prop:value=to/>
                <button type="submit" class="button">{text::SHOW}</button>
            </form>
        </div>
    }
    .into_any()
}
