//! The list of users.

use super::{
    INVITE_PATH,
    api::{
        DeactivateUser, DeleteUser, InviteUser, ReactivateUser, ReinviteUser, SetUserRole, list_users,
        role_choices,
    },
    invite::InvitePanel,
    row::UserRecord,
    text,
};
use crate::{
    admin::panel::{use_chosen, use_flag, when_moved},
    ui::{form::successes, problem::Problem},
};
use daybook_domain::{account::User, id::RoleId};
use leptos::prelude::*;
use leptos_meta::Title;

/// The actions of the page's forms. They outlive the panels, so that the list can follow what they did.
#[derive(Clone, Copy)]
pub struct UserActions {
    pub invite: ServerAction<InviteUser>,
    pub reinvite: ServerAction<ReinviteUser>,
    pub set_role: ServerAction<SetUserRole>,
    pub deactivate: ServerAction<DeactivateUser>,
    pub reactivate: ServerAction<ReactivateUser>,
    pub delete: ServerAction<DeleteUser>,
}

impl UserActions {
    fn new() -> Self {
        Self {
            invite: ServerAction::new(),
            reinvite: ServerAction::new(),
            set_role: ServerAction::new(),
            deactivate: ServerAction::new(),
            reactivate: ServerAction::new(),
            delete: ServerAction::new(),
        }
    }

    /// Changes when one of them has changed something.
    fn changes(self) -> Memo<usize> {
        let counts = [
            successes(self.invite),
            successes(self.reinvite),
            successes(self.set_role),
            successes(self.deactivate),
            successes(self.reactivate),
            successes(self.delete),
        ];
        Memo::new(move |_| counts.iter().map(Memo::get).sum())
    }

    fn forget(self) {
        self.invite.value().set(None);
        self.reinvite.value().set(None);
        self.set_role.value().set(None);
        self.deactivate.value().set(None);
        self.reactivate.value().set(None);
        self.delete.value().set(None);
    }
}

#[component]
pub fn UsersPage() -> impl IntoView {
    let actions = UserActions::new();
    let changes = actions.changes();
    let users = Resource::new(move || changes.get(), |_| list_users());
    let roles = Resource::new(|| (), |()| role_choices());
    let inviting = use_flag("invite");
    let managed = use_chosen("manage");
    when_moved(Memo::new(move |_| (inviting.get(), managed.get())), move || {
        actions.forget();
    });

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
                        <InvitePanel action=actions.invite roles/>
                    </Show>
                })
            })}
        </Suspense>
        <Transition>
            {move || Suspend::new(async move {
                match (users.await, roles.await) {
                    (Ok(users), Ok(roles)) => view! { <UserList users roles actions managed/> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn UserList(
    users: Vec<User>,
    roles: Vec<(RoleId, String)>,
    actions: UserActions,
    managed: Memo<Option<String>>,
) -> impl IntoView {
    let alone = users.len() == 1;
    let count = text::count(users.len());
    let roles = StoredValue::new(roles);
    let records = users
        .into_iter()
        .map(|user| view! { <UserRecord user roles actions managed/> })
        .collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TABLE>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Last sign-in"</th>
                        <th scope="col"><span class="visually-hidden">{text::MANAGE}</span></th>
                    </tr>
                </thead>
                {records}
            </table>
            <p class="plain-table__foot">{count} {alone.then(|| view! { " · " {text::ONLY_YOU} })}</p>
        </div>
    }
    .into_any()
}
