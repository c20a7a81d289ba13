//! What a thing was and what it is: two moments of its life, chosen among its records, and what differs (R18).

use super::{
    api,
    cells::Time,
    record::{changes::Changes, diff::plain_words},
    text,
};
use crate::{
    pages::NotFound,
    routes,
    ui::{number::counted, problem::Problem},
};
use daybook_domain::{
    Error,
    compare::{CompareQuery, Comparison, Moment, Point},
    id::EventId,
    page::EventRow,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ComparePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let record = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<EventId>().ok()));
    let parameter = move |name: &str| query.read().get(name).filter(|value| !value.is_empty());
    let asked = Memo::new(move |_| {
        let record = record.get()?;
        let point = |name, otherwise| parameter(name).map_or(Ok(otherwise), |text| text.parse());
        let (a, b) = (
            point("a", Point::Record(record)).ok()?,
            point("b", Point::Now).ok()?,
        );
        Some((CompareQuery { record, a, b }, parameter("tz")))
    });
    let found = Resource::new(
        move || asked.get(),
        |asked| async move {
            match asked {
                Some((query, tz)) => api::compare(query, tz).await.map(|found| (query, found)),
                None => Err(Error::NotFound.into()),
            }
        },
    );
    view! {
        <Transition>
            {move || found.get().map(|found| match found {
                Ok((query, comparison)) => whole(query, comparison),
                Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                Err(error) => view! { <Problem error/> }.into_any(),
            })}
        </Transition>
    }
}

fn whole(query: CompareQuery, comparison: Comparison) -> AnyView {
    let Comparison {
        thing,
        a,
        b,
        changes,
        same,
        history,
        more,
        zone,
    } = comparison;
    let name = thing.label().to_owned();
    let title = format!("{name} at two moments");
    let differs = if changes.is_empty() {
        view! { <p class="compare__same">{text::NOTHING_DIFFERS}</p> }.into_any()
    } else {
        view! { <Changes changes/> }.into_any()
    };
    let count = u64::try_from(same.len()).unwrap_or(u64::MAX);
    let same = same.into_iter().map(|(property, value)| {
        view! { <div><dt>{property}</dt><dd dir="auto">{plain_words(&value)}</dd></div> }
    });
    let same = (count > 0).then(|| {
        view! {
            <details class="compare__rest">
                <summary>{counted(count, "property is the same", "properties are the same")}</summary>
                <dl class="facts">{same.collect_view()}</dl>
            </details>
        }
    });
    view! {
        <Title text=title.clone()/>
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>
                <li><a href=routes::AUDIT_LOGS>{text::TITLE}</a></li>
                <li><a href=routes::event(query.record)>"Record"</a></li>
                <li aria-current="page">"Compare"</li>
            </ol>
        </nav>
        <header class="page-head">
            <h1 dir="auto">{title}</h1>
            <p class="page-head__about">{text::COMPARE_ABOUT}</p>
        </header>
        <section class="list compare" aria-label="Comparison">
            <dl class="compare__moments">
                <div><dt>"Before"</dt><dd>{moment(&a)}</dd></div>
                <div><dt>"After"</dt><dd>{moment(&b)}</dd></div>
            </dl>
            {differs}
            {same}
        </section>
        {chooser(query, &a, &b, history, more)}
        <p class="zone">"Times in " <strong>{zone}</strong></p>
    }
    .into_any()
}

fn moment(moment: &Moment) -> AnyView {
    let at = moment.at.clone();
    match (&moment.point, &moment.summary) {
        (Point::Now, _) => view! { "Now" }.into_any(),
        (Point::Record(id), Some(summary)) => view! {
            <Time at/> " " <a href=routes::event(*id) dir="auto">{summary.clone()}</a>
        }
        .into_any(),
        _ => view! { <Time at/> }.into_any(),
    }
}

/// The thing's records, two of which can be chosen.
fn chooser(query: CompareQuery, a: &Moment, b: &Moment, history: Vec<EventRow>, more: bool) -> AnyView {
    let (a, b) = (a.point, b.point);
    let choice = move |name: &'static str, point: Point, chosen: Point, label: String| {
        view! { <input type="radio" name=name value=point.to_string() checked=point == chosen aria-label=label/> }
    };
    let row = move |when: AnyView, what: AnyView, point: Point, said: String| {
        view! {
            <tr>
                <td class="compare__choice">{choice("a", point, a, format!("Before: {said}"))}</td>
                <td class="compare__choice">{choice("b", point, b, format!("After: {said}"))}</td>
                <td class="compare__when">{when}</td>
                <td dir="auto">{what}</td>
            </tr>
        }
    };
    let rows = history.into_iter().map(|record| {
        let said = format!("{} {}, {}", record.occurred.date, record.occurred.time, record.summary);
        let what = view! { <a href=routes::event(record.id)>{record.summary}</a> " · " <bdi>{record.actor.label()}</bdi> };
        let when = view! { <Time at=record.occurred/> };
        row(when.into_any(), what.into_any(), Point::Record(record.id), said)
    });
    let now = row(
        "Now".into_any(),
        "As it is".into_any(),
        Point::Now,
        "now".to_owned(),
    );
    view! {
        <form class="list compare__form" method="get" action=routes::compare(query.record)>
            <table class="compare__history">
                <caption>"All records of this"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Before"</th>
                        <th scope="col">"After"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"What happened"</th>
                    </tr>
                </thead>
                <tbody>{now} {rows.collect_view()}</tbody>
            </table>
            {more.then(|| view! { <p class="compare__more">{text::HISTORY_IS_LONG}</p> })}
            <button type="submit" class="button button--primary">"Compare"</button>
        </form>
    }
    .into_any()
}
