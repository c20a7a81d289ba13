//! What happened, as customers are told.

use super::{api::list_portal_records, contact::use_contact, frame::pager, text};
use crate::{
    address::parameter,
    pages::NotFound,
    routes,
    ui::{problem::Problem, ready::ready},
};
use daybook_domain::{
    event::Outcome,
    portal::{PortalChange, PortalList, PortalPage, PortalRecord},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

#[component]
pub fn PortalRecordsPage() -> impl IntoView {
    let params = use_params_map();
    let list = Memo::new(move |_| params.with(|params| PortalList::from_name(&params.get("list")?)));
    move || match list.get() {
        Some(list) => page_of(list),
        None => view! { <NotFound/> }.into_any(),
    }
}

fn page_of(list: PortalList) -> AnyView {
    let location = use_location();
    let search = location.search;
    let from = Memo::new(move |_| {
        search.track();
        parameter(&location, "from")
    });
    let page = Resource::new(
        move || from.get(),
        move |from| async move { (from.clone(), list_portal_records(list, from).await) },
    );
    let sees_company = use_contact().is_some_and(|contact| contact.sees_company);
    let path = routes::portal_list(list);
    let export = routes::portal_export(list.name());
    view! {
        <Title text=list.title()/>
        <header class="page-head customer__page-head">
            <h1>{list.title()}</h1>
            <p class="page-head__about">{text::list_lead(list, sees_company)}</p>
            <a class="button" href=export rel="external" download>{text::EXPORT}</a>
        </header>
        <Transition>
            {move || page.get().map(|(from, page)| {
                let path = path.clone();
                ready(move || match page {
                    Ok(page) => shown(list, &path, from.as_deref(), page),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

fn shown(list: PortalList, path: &str, from: Option<&str>, page: PortalPage<PortalRecord>) -> AnyView {
    if page.rows.is_empty() && from.is_none() && page.older.is_none() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NO_RECORDS}</h2>
                <p>{text::NO_RECORDS_LEAD}</p>
            </div>
        }
        .into_any();
    }
    let is_sign_ins = list == PortalList::SignIns;
    let method = is_sign_ins.then(|| view! { <th scope="col">{text::METHOD}</th> });
    let rows = page.rows.into_iter().map(|record| row(record, is_sign_ins));
    view! {
        <div class="plain-table__frame">
            <table class="plain-table customer__records" aria-label=list.title()>
                <thead>
                    <tr>
                        <th scope="col">{text::TIME}</th>
                        <th scope="col">{text::WHAT}</th>
                        <th scope="col">{text::WHO}</th>
                        {method}
                        <th scope="col">{text::OUTCOME}</th>
                        <th scope="col">{text::IP}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {pager(path, from, page.older.as_deref())}
    }
    .into_any()
}

fn row(record: PortalRecord, with_method: bool) -> AnyView {
    let at = record.at;
    let about = record
        .about
        .map(|about| view! { <span class="sub"><bdi>{about}</bdi></span> });
    let changes = (!record.changes.is_empty()).then(|| changes(record.changes));
    let badge = match record.outcome {
        Outcome::Success => "badge badge--create",
        Outcome::Failure => "badge badge--delete",
    };
    let method = with_method.then(|| {
        let method = record.method.as_deref().map(text::method);
        view! { <td data-label=text::METHOD>{method}</td> }
    });
    view! {
        <tr class="plain-table__row">
            <th scope="row">
                <time datetime=at.utc.to_string()>{format!("{} {}", at.date, at.time)}</time>
            </th>
            <td data-label=text::WHAT>{record.what} " " {about} {changes}</td>
            <td data-label=text::WHO><bdi>{record.who}</bdi></td>
            {method}
            <td data-label=text::OUTCOME><span class=badge>{record.outcome.title()}</span></td>
            <td data-label=text::IP><span class="mono">{record.ip}</span></td>
        </tr>
    }
    .into_any()
}

/// Before and after of each property, unfolded where somebody looks.
fn changes(changes: Vec<PortalChange>) -> AnyView {
    let count = changes.len();
    let label = if count == 1 {
        "1 change".to_owned()
    } else {
        format!("{count} changes")
    };
    let value = |value: String| {
        if value.is_empty() {
            view! { <i class="sub">{text::NOTHING}</i> }.into_any()
        } else {
            view! { <bdi>{value}</bdi> }.into_any()
        }
    };
    let each = changes.into_iter().map(|change| {
        view! {
            <tr>
                <th scope="row">{change.property}</th>
                <td>{value(change.before)}</td>
                <td>{value(change.after)}</td>
            </tr>
        }
    });
    view! {
        <details class="customer__changes">
            <summary>{label}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{text::PROPERTY}</th>
                        <th scope="col">{text::BEFORE}</th>
                        <th scope="col">{text::AFTER}</th>
                    </tr>
                </thead>
                <tbody>{each.collect_view()}</tbody>
            </table>
        </details>
    }
    .into_any()
}
