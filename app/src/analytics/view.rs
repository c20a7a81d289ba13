//! The figures of a period, whoever they are of.

use super::{
    chart::charts,
    period::{period, types},
    tables, text,
};
use crate::{routes, ui::number::thousands, viewer::lacking};
use daybook_domain::{
    analytics::{Usage, UsageQuery, Whose},
    log::LogScope,
    permission::Permission,
    query::LogQuery,
};
use leptos::prelude::*;

/// The address of the same figures in another state.
pub type Address = Box<dyn Fn(&UsageQuery) -> String>;

/// A number that leads to the records it counts, for those who may read them.
pub fn number(count: u64, list: impl FnOnce() -> LogQuery) -> AnyView {
    let shown = thousands(count);
    if count == 0 || lacking(&[Permission::AuditLogsView]).is_some() {
        return shown.into_any();
    }
    view! { <a class="row-link" href=routes::log(LogScope::All, &list())>{shown}</a> }.into_any()
}

pub fn whole(usage: &Usage, address: &Address, chips: Option<AnyView>) -> AnyView {
    let file = routes::export_usage(&usage.query);
    let is_empty = usage.figures.activities == 0;
    let shown = if is_empty {
        view! {
            <div class="notice">
                <h2 class="notice__title">{text::NOTHING}</h2>
                <p>{text::NOTHING_LEAD}</p>
            </div>
        }
        .into_any()
    } else {
        view! { {charts(usage)} {tables::by_time(usage)} }.into_any()
    };
    view! {
        {types(usage, address)}
        {period(usage, address)}
        {chips}
        <section class="list usage" aria-label=text::FIGURES>
            <p class="list__head">
                <span class="list__total">{usage.label.clone()}</span>
                <a class="link" href=file rel="external" download="">{text::CSV}</a>
            </p>
            {totals(usage)}
            <p class="day__note">{text::compared(&usage.before_label)}</p>
            {shown}
        </section>
        {tables::most_active(usage, address)}
        {notes(usage)}
    }
    .into_any()
}

fn totals(usage: &Usage) -> AnyView {
    let (now, before) = (usage.figures, usage.before);
    let records = || usage.query.records(usage.span);
    let of_contact = matches!(usage.query.whose, Whose::Contact(_));
    let of_company = matches!(usage.query.whose, Whose::Company(_));
    let plain = |count: u64| thousands(count).into_any();
    let mut items = vec![(
        text::ACTIVITIES,
        number(now.activities, records),
        (now.activities, before.activities),
    )];
    // One contact is no more than one user.
    if !of_contact {
        items.push((text::USERS, number(now.users, records), (now.users, before.users)));
        if !of_company {
            let companies = (now.companies, before.companies);
            items.push((text::COMPANIES, number(now.companies, records), companies));
        }
        let new = (now.new_users, before.new_users);
        items.push((text::NEW, plain(now.new_users), new));
        let returning = (now.returning(), before.returning());
        items.push((text::RETURNING, plain(now.returning()), returning));
    }
    let items = items.into_iter().map(|(term, value, (now, before))| {
        view! {
            <div>
                <dt>{term}</dt>
                <dd>{value} " " <small class="sub">{text::before(now, before)}</small></dd>
            </div>
        }
    });
    view! { <dl class="day__totals">{items.collect_view()}</dl> }.into_any()
}

/// How far it is counted, and by whose days.
fn notes(usage: &Usage) -> AnyView {
    let counted = match &usage.counted_to {
        None => text::COUNTED_ALL.into_any(),
        Some(at) => {
            let (utc, shown) = (at.utc.to_string(), format!("{} {}", at.date, at.time));
            view! { {text::COUNTED_TO} <time datetime=utc>{shown}</time> "." }.into_any()
        }
    };
    view! {
        <p class="zone usage__notes">
            {text::DAYS_IN} <strong>{usage.zone.clone()}</strong> ". " {counted} " " {text::RETENTION}
        </p>
    }
    .into_any()
}
