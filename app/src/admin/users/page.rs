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
    routes,
    ui::{
        form::successes,
        list::{Facets, ListSearch, Listed, NothingMatches, Pager, use_asked},
        ready::ready,
    },
};
use daybook_domain::{
    account::{User, UserFilters, UserPage},
    object::{ObjectQuery, Sort, SortBy},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn UsersPage() -> impl IntoView {
    let invite = ServerAction::<InviteUser>::new();
    let invited = successes(invite);
    let asked = use_asked(UserFilters);
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let listed = Resource::new(
        move || (asked.get(), invited.get()),
        |(asked, _)| Listed::read(asked, list_users),
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
        <ListSearch action=routes::USERS label=text::SEARCH query/>
        <div class="progress" class:progress--on=pending></div>
        <Transition set_pending=pending.write_only()>
            {move || listed.get().map(|listed| ready(move || listed.shown(list)))}
        </Transition>
    }
    .into_any()
}

fn list(query: &ObjectQuery, page: UserPage) -> AnyView {
    let link = |cursor| routes::users(&query.at(cursor));
    let (before, after) = (page.before.map(Some).map(link), page.after.map(Some).map(link));
    let alone = page.total.number() == 1 && !query.is_narrowed();
    let total = text::count(page.total.number());
    let table = if page.rows.is_empty() {
        view! { <NothingMatches all=routes::USERS.to_owned()/> }.into_any()
    } else {
        table(query, page.rows)
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
