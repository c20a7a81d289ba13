//! The account page.

use super::{
    api::{ChangePassword, RevokeOtherSessions, RevokeSession, SetFormat, SetProfile, SetZone, show_account},
    format::FormatForm,
    password::PasswordForm,
    profile::ProfileForm,
    second_factor::SecondFactorPart,
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
    let set_format = ServerAction::<SetFormat>::new();
    let set_profile = ServerAction::<SetProfile>::new();
    let password_changes = successes(change_password);
    let changes = [
        successes(revoke),
        successes(revoke_others),
        password_changes,
        successes(set_zone),
        successes(set_format),
        successes(set_profile),
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
                            <ProfileForm action=set_profile profile=account.profile/>
                            <PasswordForm action=change_password email=account.email form=password_form/>
                            <SecondFactorPart factor=account.second_factor/>
                            <ZoneForm action=set_zone zone=account.zone/>
                            <FormatForm action=set_format format=account.format/>
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
