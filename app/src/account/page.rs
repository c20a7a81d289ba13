//! The account page.

use super::{
    api::{ChangePassword, RevokeOtherSessions, RevokeSession, SetZone, show_account},
    password::PasswordForm,
    sessions::Sessions,
    text,
    zone::ZoneForm,
};
use crate::{
    ui::{form::successes, problem::Problem},
    viewer::use_viewer,
};
use leptos::{html::Form, prelude::*};
use leptos_meta::Title;

#[component]
pub fn AccountPage() -> impl IntoView {
    let revoke = ServerAction::<RevokeSession>::new();
    let revoke_others = ServerAction::<RevokeOtherSessions>::new();
    let change_password = ServerAction::<ChangePassword>::new();
    let set_zone = ServerAction::<SetZone>::new();
    let password_changes = successes(change_password);
    let changes = [
        successes(revoke),
        successes(revoke_others),
        password_changes,
        successes(set_zone),
    ];
    let account = Resource::new(move || changes.map(|count| count.get()), |_| show_account());
    let another = use_viewer().is_some_and(|viewer| viewer.impersonation.is_some());
    let password_form = NodeRef::<Form>::new();
    Effect::new(move || {
        if password_changes.get() > 0
            && let Some(form) = password_form.get_untracked()
        {
            form.reset();
        }
    });
    view! {
        <Title text=text::TITLE/>
        <Transition>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) => view! {
                        <header class="page-head page-head--split">
                            <div>
                                <h1>{text::TITLE}</h1>
                                <p class="page-head__about">
                                    <bdi>{account.name}</bdi> " · " {account.email.clone()} " · " {account.role}
                                </p>
                            </div>
                        </header>
                        <div class="account">
                            {another.then(|| view! { <p class="notice">{text::ANOTHERS}</p> })}
                            <Sessions sessions=account.sessions revoke revoke_others/>
                            <PasswordForm action=change_password email=account.email form=password_form/>
                            <ZoneForm action=set_zone zone=account.zone/>
                        </div>
                    }
                    .into_any(),
                    Err(error) => view! { <h1>{text::TITLE}</h1> <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
