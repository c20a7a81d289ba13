//! One alert: what it is about, the records that show it, and what is done about it.

use super::{
    act::{Acts, deal},
    api::show_alert,
    badges::{SeverityBadge, StateBadge},
    text,
};
use crate::{
    account::when::When,
    address::use_id,
    admin::panel::own_log_link,
    error::AppError,
    pages::NotFound,
    routes,
    ui::{number::thousands, page_head::back_link, problem::Problem},
};
use daybook_domain::{
    Error,
    about::About,
    id::AlertId,
    monitoring::{AlertDetail, Evidence},
    permission::Permission,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AlertPage() -> impl IntoView {
    let id = use_id::<AlertId>("id");
    let acts = Acts::new();
    let shown = Resource::new(
        move || (id.get(), acts.done()),
        |(id, _)| async move {
            match id {
                Some(id) => show_alert(id).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(detail) => page(detail, acts),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(detail: AlertDetail, acts: Acts) -> AnyView {
    let alert = &detail.alert;
    let title = alert.summary.clone();
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            {back_link(routes::ALERTS, text::ALERTS, Permission::AuditLogsView)}
            <h1 class="thing__name">
                <bdi dir="ltr">{title}</bdi> " " <SeverityBadge severity=alert.severity/> " " <StateBadge state=alert.state/>
            </h1>
        </header>
        {facts(&detail)}
        {deal(&detail, acts)}
        {evidence(alert.count, detail.evidence)}
        {own_log_link(About::new("alert", alert.id))}
    }
    .into_any()
}

fn facts(detail: &AlertDetail) -> AnyView {
    let alert = &detail.alert;
    let fact = |title: &'static str, value: AnyView| {
        view! { <div class="thing-facts__row"><dt>{title}</dt><dd>{value}</dd></div> }.into_any()
    };
    let rule = if detail.has_rule {
        let (name, meaning) = (alert.rule_name.clone(), detail.meaning.clone());
        view! {
            <a class="link" href=routes::alert_rule(alert.rule)><bdi>{name}</bdi></a>
            <br/><span class="quiet"><bdi>{meaning}</bdi></span>
        }
        .into_any()
    } else {
        view! { <bdi>{alert.rule_name.clone()}</bdi> " " <span class="quiet">{text::RULE_GONE}</span> }
            .into_any()
    };
    let assigned = match alert.assigned.clone() {
        Some(name) => view! { <bdi>{name}</bdi> }.into_any(),
        None => view! { <span class="quiet">{text::NOBODY}</span> }.into_any(),
    };
    let note = detail.note.clone().map(|note| {
        fact(
            text::NOTE,
            view! { <bdi class="alert__note">{note}</bdi> }.into_any(),
        )
    });
    let (first, last) = (alert.first.clone(), alert.last.clone());
    view! {
        <dl class="thing-facts">
            {fact(text::RULE, rule)}
            {fact(text::SUBJECT, view! { <bdi>{alert.subject.clone()}</bdi> }.into_any())}
            {fact(text::FIRST, view! { {first.date.clone()} " " {first.time.clone()} " (" <When at=first/> ")" }.into_any())}
            {fact(text::LAST, view! { {last.date.clone()} " " {last.time.clone()} " (" <When at=last/> ")" }.into_any())}
            {fact(text::RECORDS, thousands(alert.count).into_any())}
            {fact(text::ASSIGNED, assigned)}
            {note}
        </dl>
    }
    .into_any()
}

fn evidence(count: u64, records: Vec<Evidence>) -> AnyView {
    let more = text::more(count, records.len()).map(|more| view! { <p class="quiet">{more}</p> });
    let rows = records.into_iter().map(|record| {
        let at = record.at.map(|at| {
            view! { <time datetime=at.utc.to_string()>{at.date.clone()} " " {at.time.clone()}</time> }
        });
        let what = match record.event {
            Some(id) => view! { <a class="row-link" href=routes::event(id)><bdi>{record.summary}</bdi></a> }
                .into_any(),
            None => {
                view! { <span class="quiet">{format!("Record {} {}", record.sequence, text::REMOVED)}</span> }
                    .into_any()
            }
        };
        view! {
            <tr class="plain-table__row">
                <th scope="row">{what}</th>
                <td data-label=text::WHO><bdi>{record.who}</bdi></td>
                <td data-label=text::TIME>{at}</td>
            </tr>
        }
    });
    view! {
        <section class="part" aria-labelledby="evidence-title">
            <h2 class="part__title" id="evidence-title">{text::EVIDENCE}</h2>
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::EVIDENCE>
                    <thead>
                        <tr>
                            <th scope="col">{text::RECORD}</th>
                            <th scope="col">{text::WHO}</th>
                            <th scope="col">{text::TIME}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {more}
        </section>
    }
    .into_any()
}
