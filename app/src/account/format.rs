//! How dates and numbers are written for the viewer. What the pages say is English whatever is chosen.

use super::{api::SetFormat, text};
use crate::ui::form::{FormProblem, FormState, SelectField, SubmitButton, Weight};
use daybook_domain::regional::RegionalFormat;
use leptos::{form::ActionForm, prelude::*};

/// The ways there are, each with an example.
#[component]
pub fn FormatField(
    state: FormState,
    prefix: &'static str,
    label: &'static str,
    #[prop(default = "")] hint: &'static str,
    value: RegionalFormat,
) -> impl IntoView {
    let options = RegionalFormat::ALL.iter();
    let options = options.map(|format| (format.name().to_owned(), text::format(*format)));
    view! { <SelectField state prefix name="format" label hint value=value.name() options=options.collect()/> }
}

#[component]
pub fn FormatForm(action: ServerAction<SetFormat>, format: RegionalFormat) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="account__part" aria-labelledby="format-title">
            <h2 id="format-title">{text::FORMAT}</h2>
            <p class="account__lead">{text::FORMAT_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    <FormatField state prefix="field" label=text::FORMAT_LABEL value=format/>
                    <FormProblem state fields=&["format"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE_FORMAT pending=text::SAVING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
