//! The mail that contacts got.

use super::{
    api::{list_portal_emails, show_portal_email},
    contact::use_contact,
    frame::pager,
    text,
};
use crate::{
    address::{parameter, use_id},
    pages::NotFound,
    routes,
    ui::{problem::Problem, ready::ready},
};
use daybook_domain::{
    id::EmailMessageId,
    portal::{PortalEmail, PortalEmailDetail, PortalPage},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn PortalEmailsPage() -> impl IntoView {
    let location = use_location();
    let search = location.search;
    let from = Memo::new(move |_| {
        search.track();
        parameter(&location, "from")
    });
    let page = Resource::new(
        move || from.get(),
        |from| async move { (from.clone(), list_portal_emails(from).await) },
    );
    let lead = if use_contact().is_some_and(|contact| contact.sees_company) {
        text::EMAILS_LEAD_ALL
    } else {
        text::EMAILS_LEAD_OWN
    };
    view! {
        <Title text=text::EMAILS/>
        <header class="page-head customer__page-head">
            <h1>{text::EMAILS}</h1>
            <p class="page-head__about">{lead}</p>
            <a class="button" href=routes::portal_export("emails") rel="external" download>{text::EXPORT}</a>
        </header>
        <Transition>
            {move || page.get().map(|(from, page)| {
                ready(move || match page {
                    Ok(page) => list(from.as_deref(), page),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
}

fn list(from: Option<&str>, page: PortalPage<PortalEmail>) -> AnyView {
    if page.rows.is_empty() && from.is_none() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NO_EMAILS}</h2>
                <p>{text::NO_EMAILS_LEAD}</p>
            </div>
        }
        .into_any();
    }
    let rows = page.rows.into_iter().map(row);
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::EMAILS>
                <thead>
                    <tr>
                        <th scope="col">{text::TIME}</th>
                        <th scope="col">{text::SUBJECT}</th>
                        <th scope="col">{text::TO}</th>
                        <th scope="col">{text::FROM}</th>
                        <th scope="col">{text::STATUS}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {pager(routes::PORTAL_EMAILS, from, page.older.as_deref())}
    }
    .into_any()
}

fn row(email: PortalEmail) -> AnyView {
    let at = email.at;
    let subject = subject(&email.subject);
    let subject = if email.is_own {
        view! { <a class="row-link" href=routes::portal_email(email.id)><bdi>{subject}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{subject}</bdi> }.into_any()
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row">
                <time datetime=at.utc.to_string()>{format!("{} {}", at.date, at.time)}</time>
            </th>
            <td data-label=text::SUBJECT>{subject}</td>
            <td data-label=text::TO><bdi>{email.to}</bdi></td>
            <td data-label=text::FROM><bdi>{email.sender}</bdi></td>
            <td data-label=text::STATUS>{email.status.title()}</td>
        </tr>
    }
    .into_any()
}

fn subject(text: &str) -> String {
    if text.is_empty() {
        text::NO_SUBJECT.to_owned()
    } else {
        text.to_owned()
    }
}

#[component]
pub fn PortalEmailPage() -> impl IntoView {
    let id = use_id::<EmailMessageId>("message");
    let email = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => show_portal_email(id).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Transition>
            {move || email.get().map(|email| {
                ready(move || match email {
                    Ok(Some(email)) => message(email),
                    Ok(None) => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
}

fn message(detail: PortalEmailDetail) -> AnyView {
    let PortalEmailDetail { email, text: body } = detail;
    let subject = subject(&email.subject);
    let body = match body {
        Some(body) => view! { <p class="values__text customer__text" dir="auto">{body}</p> }.into_any(),
        None => view! { <p class="sub">{text::NO_TEXT}</p> }.into_any(),
    };
    view! {
        <Title text=subject.clone()/>
        <header class="page-head">
            <a class="page-head__back" href=routes::PORTAL_EMAILS>{text::EMAILS}</a>
            <h1><bdi>{subject}</bdi></h1>
        </header>
        <dl class="entry__facts">
            <dt>{text::TIME}</dt>
            <dd>{format!("{} {}", email.at.date, email.at.time)}</dd>
            <dt>{text::FROM}</dt>
            <dd><bdi>{email.sender}</bdi></dd>
            <dt>{text::TO}</dt>
            <dd><bdi>{email.to}</bdi></dd>
            <dt>{text::STATUS}</dt>
            <dd>{email.status.title()}</dd>
        </dl>
        {body}
    }
    .into_any()
}
