//! What one of Daybook's own mails says: changed, and looked at with samples filled in.

use super::{
    api::{ResetEmailTemplate, SetEmailTemplate, UndoEmailTemplate, show_email_template, template_seen_now},
    text,
};
use crate::{
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        form::{
            Confirm, Field, FormProblem, FormState, LinesField, SEEN, SubmitButton, Weight, meanwhile,
            successes,
        },
        page_head::back_link,
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    email_template::{MAX_SUBJECT, MAX_TEXT, MailTemplate, TemplateDetail, TemplateVariable},
    permission::Permission,
    seen::Tag,
};
use leptos::{ev::SubmitEvent, form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The frame that previews are shown in.
const FRAME: &str = "template-preview";

/// What can be done on the page.
#[derive(Clone, Copy)]
struct Actions {
    set: ServerAction<SetEmailTemplate>,
    reset: ServerAction<ResetEmailTemplate>,
    undo: ServerAction<UndoEmailTemplate>,
}

#[component]
pub fn EmailTemplatePage() -> impl IntoView {
    let params = use_params_map();
    let named = Memo::new(move |_| {
        let name = params.with(|params| params.get("template"));
        name.and_then(|name| MailTemplate::from_name(&name))
    });
    let actions = Actions {
        set: ServerAction::new(),
        reset: ServerAction::new(),
        undo: ServerAction::new(),
    };
    let done = [
        successes(actions.set),
        successes(actions.reset),
        successes(actions.undo),
    ];
    let shown = Resource::new(
        move || (named.get(), done.map(|done| done.get())),
        |(named, _)| async move {
            match named {
                Some(template) => show_email_template(template).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(detail) => page(detail, actions),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(detail: TemplateDetail, actions: Actions) -> AnyView {
    let title = detail.template.title();
    let state = if detail.is_own { text::OWN } else { text::BUILT_IN };
    // Made anew with another wording: what was typed before isn't what stands there now.
    let key = detail.seen.tag().as_str().to_owned();
    let back = back(&detail, actions);
    let detail = StoredValue::new(detail);
    view! {
        <Title text=title/>
        <header class="page-head">
            {back_link(routes::EMAIL_TEMPLATES, text::TEMPLATES, Permission::SettingsManage)}
            <h1>{title}</h1>
            <p class="page-head__about">{text::mail_about(detail.with_value(|detail| detail.template))} " " {state}</p>
        </header>
        <For each=move || [key.clone()] key=Clone::clone let:_key>
            {detail.with_value(|detail| form(detail.clone(), actions))}
        </For>
        {back}
    }
    .into_any()
}

fn form(detail: TemplateDetail, actions: Actions) -> AnyView {
    let template = detail.template;
    let state = FormState::of(actions.set);
    let meanwhile = meanwhile(
        state,
        detail.seen,
        move || template_seen_now(template),
        routes::email_template(template),
    );
    let (preview, shown) = (
        routes::template_preview(template),
        routes::template_preview(template),
    );
    let most = |chars: usize| u16::try_from(chars).unwrap_or(u16::MAX);
    view! {
        // The browser itself sends what is typed to the frame, with JavaScript as without.
        <div class="template" on:submit:capture=left_to_the_browser>
            <ActionForm action=actions.set>
                <input type="hidden" name="template" value=template.name()/>
                {meanwhile}
                <div class="form">
                    <Field state prefix="template" name="subject" label=text::SUBJECT value=detail.wording.subject autocomplete="off" maxlength=most(MAX_SUBJECT)/>
                    <LinesField
                        state
                        prefix="template"
                        name="text"
                        sent_as="text"
                        label=text::TEXT
                        hint=text::TEXT_HINT
                        value=detail.wording.text
                        maxlength=most(MAX_TEXT)
                        rows=14
                    />
                    <FormProblem state fields=&["subject", "text"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                        <button type="submit" class="button" formaction=preview formtarget=FRAME>{text::PREVIEW}</button>
                    </div>
                </div>
            </ActionForm>
            {variables(detail.variables)}
            <section class="part" aria-labelledby="preview-title">
                <h2 class="part__title" id="preview-title">{text::PREVIEW}</h2>
                <p class="part__lead">{text::PREVIEW_ABOUT}</p>
                <iframe class="email__html" sandbox="" name=FRAME src=shown title=text::PREVIEW_FRAME></iframe>
            </section>
        </div>
    }
    .into_any()
}

/// A preview is no change: the form's action has no part in it.
fn left_to_the_browser(event: SubmitEvent) {
    let goes_elsewhere = event
        .submitter()
        .is_some_and(|submitter| submitter.has_attribute("formaction"));
    if goes_elsewhere {
        event.stop_propagation();
    }
}

fn variables(variables: Vec<TemplateVariable>) -> AnyView {
    let rows = variables.into_iter().map(|variable| {
        let needed = variable
            .is_required
            .then(|| view! { " " <span class="badge badge--neutral">{text::NEEDED}</span> });
        view! {
            <tr class="plain-table__row">
                <th scope="row"><code>{format!("{{{{ {} }}}}", variable.name)}</code> {needed}</th>
                <td data-label=text::MEANING>{variable.meaning}</td>
                <td data-label=text::SAMPLE><bdi>{variable.sample}</bdi></td>
            </tr>
        }
    });
    view! {
        <section class="part" aria-labelledby="variables-title">
            <h2 class="part__title" id="variables-title">{text::VARIABLES}</h2>
            <p class="part__lead">{text::VARIABLES_ABOUT}</p>
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby="variables-title">
                    <thead>
                        <tr>
                            <th scope="col">{text::VARIABLE}</th>
                            <th scope="col">{text::MEANING}</th>
                            <th scope="col">{text::SAMPLE}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn hidden(template: MailTemplate, seen: &Tag) -> AnyView {
    view! {
        <input type="hidden" name="template" value=template.name()/>
        <input type="hidden" name=SEEN value=seen.as_str().to_owned()/>
    }
    .into_any()
}

/// The ways back to what it said before.
fn back(detail: &TemplateDetail, actions: Actions) -> AnyView {
    let (template, seen) = (detail.template, detail.seen.tag());
    let undo = detail.can_undo.then(|| {
        let (state, hidden) = (FormState::of(actions.undo), hidden(template, &seen));
        view! {
            <ActionForm action=actions.undo>
                {hidden}
                <SubmitButton state label=text::UNDO pending=text::SAVING weight=Weight::Plain/>
                <FormProblem state/>
            </ActionForm>
        }
    });
    let reset = detail.is_own.then(|| {
        let (state, hidden) = (FormState::of(actions.reset), hidden(template, &seen));
        view! {
            <Confirm label=text::TO_DEFAULT question=text::TO_DEFAULT_QUESTION.to_owned()>
                <ActionForm action=actions.reset>
                    {hidden}
                    <SubmitButton state label=text::TO_DEFAULT_NOW pending=text::SAVING weight=Weight::Plain/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        }
    });
    view! { <div class="template__back">{undo} {reset}</div> }.into_any()
}
