//! What a user is called and how they are reached.

use super::{super::api::show_user, actions::UserActions, text};
use crate::{
    routes::{self, UserTab},
    ui::form::{Field, FormProblem, FormState, SubmitButton, Weight, meanwhile},
};
use daybook_domain::{account::User, id::UserId, object::MAX_PHONE_CHARS, seen::Seen};
use leptos::{form::ActionForm, prelude::*};

/// What the forms of the page change, as it is now.
pub async fn seen_now(id: UserId) -> Option<Seen> {
    Some(show_user(id).await.ok()??.user.seen)
}

#[component]
pub fn EditPart(user: User, actions: UserActions) -> impl IntoView {
    let (id, state) = (user.id, FormState::of(actions.update));
    let back = routes::user_tab(id, UserTab::Overview);
    let meanwhile = meanwhile(state, user.seen, move || seen_now(id), back);
    view! {
        <section class="part" aria-labelledby="data-title">
            <h2 class="part__title" id="data-title">{text::DATA}</h2>
            <ActionForm action=actions.update>
                <input type="hidden" name="id" value=id.to_string()/>
                <div class="form">
                    {meanwhile}
                    <Field state prefix="user" name="name" label="Name" value=user.name autocomplete="off" maxlength=200/>
                    <Field
                        state
                        prefix="user"
                        name="email"
                        label="Email"
                        kind="email"
                        hint=text::EMAIL_HINT
                        value=user.email
                        autocomplete="off"
                        maxlength=254
                    />
                    <Field
                        state
                        prefix="user"
                        name="phone"
                        label="Phone"
                        kind="tel"
                        value=user.phone.unwrap_or_default()
                        autocomplete="off"
                        maxlength=u16::try_from(MAX_PHONE_CHARS).unwrap_or(u16::MAX)
                        optional=true
                    />
                    <FormProblem state fields=&["name", "email", "phone"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
