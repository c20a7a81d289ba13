//! The form of a rule: its numbers or its text, how bad it is, and who is mailed.

use crate::{
    alerts::{
        api::{SetAlertRule, seen_now},
        text,
    },
    routes,
    ui::form::{Field, FormProblem, FormState, LinesField, SelectField, SubmitButton, meanwhile},
};
use daybook_domain::monitoring::{AlertMail, MAX_SIGMA_BYTES, RuleDetail, RuleId, Severity};
use leptos::{form::ActionForm, prelude::*};

pub fn rule_form(detail: &RuleDetail, action: ServerAction<SetAlertRule>) -> AnyView {
    let state = FormState::of(action);
    let id = detail.rule.id;
    let meanwhile = meanwhile(
        state,
        detail.seen.clone(),
        move || seen_now(id),
        routes::alert_rule(id),
    );
    let mut shown = vec!["severity", "mail", "sigma"];
    let own = match id {
        RuleId::BuiltIn(of) => {
            shown.extend(of.params().iter().map(|param| param.name));
            let fields = detail.params.all(of).map(|(param, number)| {
                view! {
                    <Field
                        state
                        prefix="rule"
                        name=param.name
                        sent_as=format!("params[{}]", param.name)
                        label=param.title
                        hint=param.hint
                        kind="number"
                        value=number.to_string()
                        autocomplete="off"
                    />
                }
            });
            fields.collect_view().into_any()
        }
        RuleId::Sigma(_) => {
            let maxlength = u16::try_from(MAX_SIGMA_BYTES).unwrap_or(u16::MAX);
            let value = detail.sigma.clone().unwrap_or_default();
            view! {
                <LinesField state prefix="rule" name="sigma" sent_as="sigma" label=text::SIGMA hint=text::SIGMA_HINT rows=14 value maxlength/>
            }
            .into_any()
        }
    };
    let (severity, mail) = (detail.rule.severity.name(), detail.mail.name());
    let severities = Severity::ALL.iter();
    let severities = severities
        .map(|of| (of.name().to_owned(), of.title().to_owned()))
        .collect();
    let mails = AlertMail::ALL.iter();
    let mails = mails
        .map(|of| (of.name().to_owned(), of.title().to_owned()))
        .collect();
    let no_mail = (!detail.has_mail).then(|| view! { <p class="quiet">{text::NO_MAIL}</p> });
    view! {
        <section class="part" aria-labelledby="settings-title">
            <h2 class="part__title" id="settings-title">{text::SETTINGS}</h2>
            <ActionForm action>
                <input type="hidden" name="id" value=id.to_string()/>
                {meanwhile}
                <div class="form">
                    {own}
                    <SelectField state prefix="rule" name="severity" label=text::SEVERITY options=severities value=severity/>
                    <SelectField state prefix="rule" name="mail" label=text::MAIL options=mails value=mail/>
                    {no_mail}
                    <FormProblem state fields=shown/>
                    <div class="form__actions"><SubmitButton state label=text::SAVE pending=text::SAVING/></div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
