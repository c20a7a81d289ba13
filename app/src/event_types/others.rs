//! The types that other systems have sent here: Daybook knows their names, and no more.

use super::{entry::Records, text};
use crate::{routes, viewer::use_viewer};
use daybook_domain::{
    catalogue::{MAX_SEEN, SeenType},
    permission::Permission,
};
use leptos::prelude::*;

/// `of`: how many there are without the search.
#[component]
pub fn Others(others: Vec<SeenType>, of: usize, narrowed: bool) -> impl IntoView {
    let content = if of == 0 {
        view! { <NoneYet/> }.into_any()
    } else {
        view! { <Table others/> }.into_any()
    };
    view! {
        <section class="event-types__group" aria-labelledby=text::SEEN_ID>
            <h2 class="event-types__title" id=text::SEEN_ID>{text::SEEN}</h2>
            <p class="event-types__common">{text::SEEN_LEAD}</p>
            {content}
            {(of >= MAX_SEEN && !narrowed).then(|| view! { <p class="event-types__common">{text::most_frequent(MAX_SEEN)}</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn Table(others: Vec<SeenType>) -> impl IntoView {
    let rows = others.into_iter().map(|seen| {
        let (anchor, name) = (text::seen_anchor(&seen.event_type), seen.event_type.clone());
        let logs: Vec<_> = seen.logs.iter().map(|(log, _)| log.title()).collect();
        view! {
            <tr class="plain-table__row" id=anchor>
                <th scope="row" class="mono"><bdi>{name}</bdi></th>
                <td data-label=text::LOGS>{logs.join(", ")}</td>
                <td data-label=text::RECORDS class="plain-table__number"><Records seen/></td>
            </tr>
        }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::SEEN>
                <thead>
                    <tr>
                        <th scope="col">{text::EVENT_TYPE}</th>
                        <th scope="col">{text::LOGS}</th>
                        <th scope="col" class="plain-table__number">{text::RECORDS}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn NoneYet() -> impl IntoView {
    let may_connect = use_viewer().is_some_and(|viewer| viewer.may(Permission::ApiKeysManage));
    view! {
        <div class="notice notice--first">
            <h3 class="notice__title">{text::NONE_SEEN}</h3>
            <p>{text::NONE_SEEN_LEAD}</p>
            {may_connect.then(|| view! { <p><a class="button" href=routes::API_KEYS>{text::CONNECT}</a></p> })}
        </div>
    }
}
