//! The list of users: search, filters with counts, the table, the pager. All of its state is in the address.

use super::{
    INVITE_PATH,
    api::{InviteUser, list_users, role_choices},
    invite::InvitePanel,
    row::UserRecord,
    text,
};
use crate::{
    admin::panel::{use_flag, when_moved},
    error::{AppError, set_status},
    routes,
    ui::{
        form::successes,
        list::{Facets, ListSearch, NothingMatches, Pager},
        problem::Problem,
        ready::ready,
    },
};
use daybook_domain::{
    account::{User, UserFilters, UserPage},
    object::{ObjectQuery, Sort, SortBy, unreadable},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// A page of the list with what was asked: while the next one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Listed {
    query: ObjectQuery,
    page: Result<UserPage, AppError>,
}

#[component]
pub fn UsersPage() -> impl IntoView {
    let invite = ServerAction::<InviteUser>::new();
    let invited = successes(invite);
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| ObjectQuery::parse(&UserFilters, search)));
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let listed = Resource::new(
        move || (asked.get(), invited.get()),
        |(asked, _)| async move {
            match asked {
                Ok(query) => Listed {
                    page: list_users(query.clone()).await,
                    query,
                },
                Err(problems) => Listed {
                    query: ObjectQuery::default(),
                    page: Err(unreadable(problems).into()),
                },
            }
        },
    );
    let roles = Resource::new(|| (), |()| role_choices());
    let inviting = use_flag("invite");
    when_moved(inviting, move || invite.value().set(None));
    let pending = RwSignal::new(false);
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <a class="button button--primary" href=INVITE_PATH data-noscroll="">{text::INVITE}</a>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                let roles = roles.await.ok().map(StoredValue::new)?;
                Some(view! {
                    <Show when=move || inviting.get()>
                        <InvitePanel action=invite roles/>
                    </Show>
                })
            })}
        </Suspense>
        <ListSearch action=routes::USERS label=text::SEARCH.to_owned() query/>
        <div class="progress" class:progress--on=pending></div>
        <Transition set_pending=pending.write_only()>
            {move || listed.get().map(|listed| ready(move || view! { <UserList listed/> }))}
        </Transition>
    }
    .into_any()
}

#[component]
fn UserList(listed: Listed) -> impl IntoView {
    let Listed { query, page } = listed;
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            set_status(error.kind().status());
            return view! { <Problem error/> }.into_any();
        }
    };
    let link = |cursor| routes::users(&query.at(cursor));
    let (before, after) = (page.before.map(Some).map(link), page.after.map(Some).map(link));
    let alone = page.total.number() == 1 && !query.is_narrowed();
    let total = text::count(page.total.number());
    let table = if page.rows.is_empty() {
        view! { <NothingMatches all=routes::USERS.to_owned()/> }.into_any()
    } else {
        table(&query, page.rows)
    };
    view! {
        <div class="things">
            <Facets link=routes::users query=query.clone() facets=page.facets/>
            <section class="things__main" aria-label=text::TABLE>
                <p class="things__total" role="status">
                    {total} {alone.then(|| view! { " · " {text::ONLY_YOU} })}
                </p>
                {table}
                <Pager before after/>
            </section>
        </div>
    }
    .into_any()
}

fn table(query: &ObjectQuery, users: Vec<User>) -> AnyView {
    let descending = query.sort.descending;
    let other_way = Sort {
        by: SortBy::Name,
        descending: !descending,
    };
    let (order, arrow) = if descending {
        ("descending", " ↓")
    } else {
        ("ascending", " ↑")
    };
    let rows = users.into_iter().map(|user| view! { <UserRecord user/> });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TABLE>
                <thead>
                    <tr>
                        <th scope="col" aria-sort=order>
                            <a class="sort-link" href=routes::users(&query.sorted(other_way)) data-noscroll="">
                                "Name"<span aria-hidden="true">{arrow}</span>
                            </a>
                        </th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Last sign-in"</th>
                        <th scope="col"><span class="visually-hidden">{text::MANAGE}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
