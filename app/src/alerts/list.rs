//! The list of alerts.

use super::{
    api::list_alerts,
    badges::{SeverityBadge, StateBadge},
    text,
};
use crate::{
    account::when::When,
    admin::panel::own_history,
    routes,
    ui::{
        list::{ListSearch, Listed, NothingMatches, OneOf, Pager, use_asked},
        number::thousands,
        ready::ready,
    },
};
use daybook_domain::{
    monitoring::{Alert, AlertFilters, AlertPage, SEVERITY, STATE},
    object::ObjectQuery,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AlertsPage() -> impl IntoView {
    let asked = use_asked(AlertFilters);
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let listed = Resource::new(move || asked.get(), |asked| Listed::read(asked, list_alerts));
    let pending = RwSignal::new(false);
    view! {
        <Title text=text::ALERTS/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::ALERTS}</h1>
                <p class="page-head__about">{text::ALERTS_LEAD}</p>
            </div>
            <div class="page-head__actions">
                <a class="button" href=routes::ALERT_RULES>{text::SEE_RULES}</a>
                {own_history(text::SECTIONS, None)}
            </div>
        </header>
        <ListSearch action=routes::ALERTS label=text::SEARCH query/>
        <div class="progress" class:progress--on=pending></div>
        <Transition set_pending=pending.write_only()>
            {move || listed.get().map(|listed| ready(move || listed.shown(list)))}
        </Transition>
    }
    .into_any()
}

fn list(query: &ObjectQuery, page: AlertPage) -> AnyView {
    let is_empty = page.rows.is_empty();
    if is_empty && !query.is_narrowed() && query.cursor.is_none() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NO_ALERTS}</h2>
                <p>{text::NO_ALERTS_ADVICE}</p>
                <p><a class="button" href=routes::ALERT_RULES>{text::SEE_RULES}</a></p>
            </div>
        }
        .into_any();
    }
    let link = |cursor| routes::alerts(&query.at(cursor));
    let (before, after) = (page.before.map(Some).map(link), page.after.map(Some).map(link));
    let states = page.states.into_iter();
    let states = states.map(|(state, count)| (state.name(), state.title(), count));
    let severities = page.severities.into_iter();
    let severities = severities.map(|(severity, count)| (severity.name(), severity.title(), count));
    let table = if is_empty {
        view! { <NothingMatches all=routes::ALERTS.to_owned()/> }.into_any()
    } else {
        table(page.rows)
    };
    view! {
        <div class="alerts">
            <OneOf link=routes::alerts query=query.clone() filter=STATE label=text::STATE parts=states.collect()/>
            <OneOf link=routes::alerts query=query.clone() filter=SEVERITY label=text::SEVERITY parts=severities.collect()/>
            {table}
            <Pager before after/>
        </div>
    }
    .into_any()
}

fn table(alerts: Vec<Alert>) -> AnyView {
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::ALERTS>
                <thead>
                    <tr>
                        <th scope="col">{text::WHAT}</th>
                        <th scope="col">{text::SEVERITY}</th>
                        <th scope="col">{text::STATE}</th>
                        <th scope="col">{text::RULE}</th>
                        <th scope="col" class="plain-table__number">{text::RECORDS}</th>
                        <th scope="col">{text::LAST}</th>
                        <th scope="col">{text::ASSIGNED}</th>
                    </tr>
                </thead>
                <tbody>{alerts.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(alert: Alert) -> AnyView {
    let assigned = match alert.assigned {
        Some(name) => view! { <bdi>{name}</bdi> }.into_any(),
        None => view! { <span class="quiet">{text::NOBODY}</span> }.into_any(),
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row"><a class="row-link" href=routes::alert(alert.id)><bdi dir="ltr">{alert.summary}</bdi></a></th>
            <td data-label=text::SEVERITY><SeverityBadge severity=alert.severity/></td>
            <td data-label=text::STATE><StateBadge state=alert.state/></td>
            <td data-label=text::RULE><bdi>{alert.rule_name}</bdi></td>
            <td data-label=text::RECORDS class="plain-table__number">{thousands(alert.count)}</td>
            <td data-label=text::LAST><When at=alert.last/></td>
            <td data-label=text::ASSIGNED>{assigned}</td>
        </tr>
    }
    .into_any()
}
