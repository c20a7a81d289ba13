//! What an administrator can do about one user: their role, and whether they are let in.

use super::{
    super::{invite::role_options, text},
    actions::UserActions,
    edit::seen_now,
    text::ACCESS,
};
use crate::{
    routes::{self, UserTab},
    ui::form::{Confirm, Field, FormProblem, FormState, SelectField, SubmitButton, Weight, meanwhile},
};
use daybook_domain::{
    account::{User, UserStatus},
    id::RoleId,
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn ManagePanel(
    user: User,
    roles: StoredValue<Vec<(RoleId, String)>>,
    actions: UserActions,
    is_viewer: bool,
    /// Why no link can be mailed to them.
    unmailable: Option<String>,
    /// Whether they are asked for a code when they sign in.
    has_factor: bool,
) -> impl IntoView {
    let about = user.clone();
    let factor = (has_factor && !is_viewer).then(|| view! { <RemoveFactor user=user.clone() actions/> });
    let parts = match user.status {
        UserStatus::Active => view! {
            <RoleForm user=user.clone() roles actions/>
            <SendReset user=user.clone() actions unmailable/>
            <Leave user actions is_viewer/>
        }
        .into_any(),
        UserStatus::Invited => view! {
            <RoleForm user=user.clone() roles actions/>
            <NewLink user=user.clone() actions unmailable/>
            <Leave user actions is_viewer/>
        }
        .into_any(),
        UserStatus::Deactivated => view! { <Return user actions/> }.into_any(),
    };
    let remove = (!is_viewer).then(|| view! { <Remove user=about actions/> });
    view! {
        <section class="part" aria-labelledby="access-title">
            <h2 class="part__title" id="access-title">{ACCESS}</h2>
            <div class="manage">{parts} {factor} {remove}</div>
        </section>
    }
    .into_any()
}

#[component]
fn RoleForm(user: User, roles: StoredValue<Vec<(RoleId, String)>>, actions: UserActions) -> impl IntoView {
    let (id, state) = (user.id, FormState::of(actions.set_role));
    let back = routes::user_tab(id, UserTab::Overview);
    let meanwhile = meanwhile(state, user.seen, move || seen_now(id), back);
    view! {
        <ActionForm action=actions.set_role>
            <input type="hidden" name="id" value=id.to_string()/>
            {meanwhile}
            <div class="form form--inline">
                <SelectField
                    state
                    prefix="manage"
                    name="role"
                    label="Role"
                    value=user.role.to_string()
                    options=role_options(roles)
                />
                <SubmitButton state label=text::SAVE_ROLE pending=text::SAVING weight=Weight::Plain about=format!("of {}", user.name)/>
            </div>
            <FormProblem state fields=&["role"]/>
        </ActionForm>
    }
}

#[component]
fn NewLink(user: User, actions: UserActions, unmailable: Option<String>) -> impl IntoView {
    let (id, state) = (user.id.to_string(), FormState::of(actions.reinvite));
    let form = move |label, show: bool, hint: Option<String>| {
        let (id, about) = (id.clone(), format!("for {}", user.name));
        view! {
            <ActionForm action=actions.reinvite>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="show" value=show.to_string()/>
                <SubmitButton state label pending=text::CREATING weight=Weight::Plain about/>
                {hint.map(|hint| view! { <p class="field__hint">{hint}</p> })}
            </ActionForm>
        }
        .into_any()
    };
    let old = text::NEW_LINK_HINT;
    let forms = match unmailable {
        None => view! { {form(text::SEND_AGAIN, false, Some(old.to_owned()))} {form(text::SHOW_LINK, true, None)} }.into_any(),
        Some(why) => form(text::NEW_LINK, true, Some(format!("{old} {why}"))),
    };
    view! { {forms} <FormProblem state/> }
}

#[component]
fn SendReset(user: User, actions: UserActions, unmailable: Option<String>) -> impl IntoView {
    // Without mail there is the command line, as before.
    if unmailable.is_some() {
        return ().into_any();
    }
    let state = FormState::of(actions.send_reset);
    view! {
        <ActionForm action=actions.send_reset>
            <input type="hidden" name="id" value=user.id.to_string()/>
            <SubmitButton state label=text::SEND_RESET pending=text::SENDING weight=Weight::Plain about=format!("to {}", user.name)/>
            <p class="field__hint">{text::SEND_RESET_HINT}</p>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

/// For somebody who has lost what makes their codes.
#[component]
fn RemoveFactor(user: User, actions: UserActions) -> impl IntoView {
    let state = FormState::of(actions.remove_factor);
    view! {
        <Confirm label=text::REMOVE_FACTOR question=text::remove_factor_question(&user.name)>
            <ActionForm action=actions.remove_factor>
                <input type="hidden" name="id" value=user.id.to_string()/>
                <SubmitButton state label=text::REMOVE_FACTOR_NOW pending=text::REMOVING_FACTOR weight=Weight::Danger/>
                <FormProblem state/>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}

/// Taking the way in away.
#[component]
fn Leave(user: User, actions: UserActions, is_viewer: bool) -> impl IntoView {
    if is_viewer {
        return view! { <p class="quiet">{text::NOT_YOURSELF}</p> }.into_any();
    }
    let state = FormState::of(actions.deactivate);
    let (label, question, button) = if user.status == UserStatus::Invited {
        (
            text::WITHDRAW,
            text::withdraw_question(&user.name),
            text::withdraw(&user.name),
        )
    } else {
        (
            text::DEACTIVATE,
            text::deactivate_question(&user.name),
            text::deactivate(&user.name),
        )
    };
    view! {
        <Confirm label question>
            <ActionForm action=actions.deactivate>
                <input type="hidden" name="id" value=user.id.to_string()/>
                <SubmitButton state label=button pending=text::DEACTIVATING weight=Weight::Danger/>
                <FormProblem state/>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}

/// Taking the user away for good.
#[component]
fn Remove(user: User, actions: UserActions) -> impl IntoView {
    let state = FormState::of(actions.delete);
    // It came back because the address wasn't theirs.
    let refused = state.problem("confirm").get_untracked().is_some();
    view! {
        <Confirm label=text::DELETE question=text::delete_question(&user.name) open=refused>
            <ActionForm action=actions.delete>
                <input type="hidden" name="id" value=user.id.to_string()/>
                <Field state prefix="delete" name="confirm" label=text::CONFIRM autocomplete="off" maxlength=254/>
                <SubmitButton state label=text::delete(&user.name) pending=text::DELETING weight=Weight::Danger/>
                <FormProblem state fields=&["confirm"]/>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}

#[component]
fn Return(user: User, actions: UserActions) -> impl IntoView {
    let state = FormState::of(actions.reactivate);
    view! {
        <p>{text::reactivate_hint(&user.name)}</p>
        <ActionForm action=actions.reactivate>
            <input type="hidden" name="id" value=user.id.to_string()/>
            <SubmitButton state label=text::REACTIVATE pending=text::REACTIVATING weight=Weight::Plain about=user.name/>
            <FormProblem state/>
        </ActionForm>
    }
}
