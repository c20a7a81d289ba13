//! What the viewer is called, and their phone number.

use super::{
    api::{SetProfile, show_account},
    text,
};
use crate::{
    routes,
    ui::form::{Field, FormProblem, FormState, SubmitButton, Weight, meanwhile},
};
use daybook_domain::{account::Profile, object::MAX_PHONE_CHARS};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn ProfileForm(action: ServerAction<SetProfile>, profile: Profile) -> impl IntoView {
    let state = FormState::of(action);
    let again = || async { show_account().await.ok().map(|account| account.profile.seen) };
    let meanwhile = meanwhile(state, profile.seen, again, routes::ACCOUNT.to_owned());
    view! {
        <section class="account__part" aria-labelledby="profile-title">
            <h2 id="profile-title">{text::PROFILE}</h2>
            <p class="account__lead">{text::PROFILE_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    {meanwhile}
                    <Field
                        state
                        prefix="profile"
                        name="name"
                        label=text::NAME
                        value=profile.name
                        autocomplete="name"
                        maxlength=200
                    />
                    <Field
                        state
                        prefix="profile"
                        name="phone"
                        label=text::PHONE
                        kind="tel"
                        value=profile.phone.unwrap_or_default()
                        autocomplete="tel"
                        maxlength=u16::try_from(MAX_PHONE_CHARS).unwrap_or(u16::MAX)
                        optional=true
                    />
                    <FormProblem state fields=&["name", "phone"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE_PROFILE pending=text::SAVING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
