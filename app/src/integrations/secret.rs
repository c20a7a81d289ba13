//! What an integration is sent with in secret: whether it is there, and how it is set. It is never shown.

use super::{api::SetSecret, text};
use crate::ui::form::{Field, FormProblem, FormState, SubmitButton, Weight};
use daybook_domain::{
    id::ObjectId,
    integration::{IntegrationType, MAX_SECRET_BYTES},
};
use leptos::{form::ActionForm, prelude::*};

/// How it is set, and how often it was.
#[derive(Clone, Copy)]
pub struct Setting {
    pub action: ServerAction<SetSecret>,
    pub was_set: Memo<usize>,
}

/// Where nothing is sent without it and it isn't there: the form. Else whether it is there, and the way to another.
pub fn part(id: ObjectId, of_type: IntegrationType, has_secret: Option<bool>, setting: Setting) -> AnyView {
    let (Some(spec), Some(has_secret)) = (of_type.secret(), has_secret) else {
        return ().into_any();
    };
    if spec.required && !has_secret {
        return view! {
            <section class="integration-missing" aria-labelledby="secret-title">
                <h2 class="notice__title" id="secret-title">{spec.title}</h2>
                <p>{text::SECRET_MISSING} " " {text::SECRET_ABOUT}</p>
                {form(id, of_type, false, Weight::Primary, setting)}
            </section>
        }
        .into_any();
    }
    let (said, about, label) = if has_secret {
        (text::SECRET_IS_SET, text::SECRET_ABOUT, text::SET_ANOTHER)
    } else {
        (text::SECRET_IS_NOT_SET, "", text::SET_ONE)
    };
    view! {
        <section class="integration__part" aria-labelledby="secret-title">
            <h2 id="secret-title">{spec.title}</h2>
            <p>{said} " " <span class="quiet">{about}</span></p>
            {folded(id, of_type, has_secret && !spec.required, label, setting)}
        </section>
    }
    .into_any()
}

/// Open after a refusal, and folded anew once it is set.
fn folded(
    id: ObjectId,
    of_type: IntegrationType,
    may_go: bool,
    label: &'static str,
    setting: Setting,
) -> AnyView {
    let is_open = !FormState::of(setting.action).is_fresh();
    view! {
        <For each=move || [setting.was_set.get()] key=|turn| *turn let:_turn>
            <details class="integration-secret" open=is_open>
                <summary class="link-button">{label}</summary>
                {form(id, of_type, may_go, Weight::Plain, setting)}
            </details>
        </For>
    }
    .into_any()
}

/// `may_go`: it is taken away where nothing is typed.
fn form(id: ObjectId, of_type: IntegrationType, may_go: bool, weight: Weight, setting: Setting) -> AnyView {
    let state = FormState::of(setting.action);
    let Some(spec) = of_type.secret() else {
        return ().into_any();
    };
    let maxlength = u16::try_from(MAX_SECRET_BYTES).unwrap_or(u16::MAX);
    let hint = if may_go { text::EMPTY_TAKES_AWAY } else { spec.hint };
    view! {
        <ActionForm action=setting.action>
            <div class="form">
                <input type="hidden" name="id" value=id.to_string()/>
                <Field state prefix="secret" name="secret" kind="password" label=spec.title hint optional=may_go autocomplete="off" maxlength/>
                <FormProblem state fields=&["secret"]/>
                <div class="form__actions">
                    <SubmitButton state label=text::SET pending=text::SETTING weight about=spec.title/>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}
