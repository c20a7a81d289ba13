//! One rule: how it stands, what it looks for, and what it would have done.

use super::{form::rule_form, tried::Tried};
use crate::{
    address::use_id,
    admin::panel::own_log_link,
    alerts::{
        api::{DeleteAlertRule, SetAlertRule, SwitchAlertRule, show_alert_rule},
        badges::SeverityBadge,
        text,
    },
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        at_work::ask_again_while,
        form::{Confirm, FormProblem, FormState, SubmitButton, Weight, successes},
        number::thousands,
        page_head::back_link,
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    about::About,
    monitoring::{BuiltInRule, RULE, RuleDetail, RuleId, RuleState},
    object::ObjectQuery,
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

/// What can be done here. Made once, so that a page that is read again keeps it.
#[derive(Clone, Copy)]
struct Actions {
    set: ServerAction<SetAlertRule>,
    switch: ServerAction<SwitchAlertRule>,
    delete: ServerAction<DeleteAlertRule>,
}

#[component]
pub fn AlertRulePage() -> impl IntoView {
    let id = use_id::<RuleId>("rule");
    let actions = Actions {
        set: ServerAction::new(),
        switch: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let done = [successes(actions.set), successes(actions.switch)];
    let shown = Resource::new(
        move || (id.get(), done.map(|count| count.get())),
        |(id, _)| async move {
            match id {
                Some(id) => show_alert_rule(id).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    ask_again_while(shown, |shown| {
        let state = shown.as_ref().map(|detail| &detail.rule.state);
        matches!(state, Ok(RuleState::Learning(_)))
    });
    let may = lacking(&[Permission::AlertsManage]).is_none();
    let tried = move || id.get().filter(|_| may).map(|id| view! { <Tried id/> });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(detail) => page(detail, may.then_some(actions)),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
        {tried}
    }
    .into_any()
}

fn page(detail: RuleDetail, actions: Option<Actions>) -> AnyView {
    let rule = &detail.rule;
    let name = rule.name.clone();
    let alerts = routes::alerts(&ObjectQuery::default().toggled(RULE, &rule.id.to_string()));
    let open = format!("{} ({})", text::SEE_ALERTS, thousands(rule.open));
    let zone = matches!(rule.id, RuleId::BuiltIn(BuiltInRule::RoleOutsideHours))
        .then(|| view! { <p class="quiet">{text::ZONE} " " {detail.zone.clone()} "."</p> });
    let forms = actions.map(|actions| {
        view! {
            {switch_form(&detail, actions.switch)}
            {rule_form(&detail, actions.set)}
            {matches!(rule.id, RuleId::Sigma(_)).then(|| delete_form(&detail, actions.delete))}
        }
    });
    view! {
        <Title text=name.clone()/>
        <header class="page-head page-head--split">
            <div>
                {back_link(routes::ALERT_RULES, text::RULES, Permission::AuditLogsView)}
                <h1 class="thing__name"><bdi>{name}</bdi> " " <SeverityBadge severity=rule.severity/></h1>
                <p class="page-head__about"><bdi>{detail.meaning.clone()}</bdi></p>
            </div>
            <div class="page-head__actions"><a class="button" href=alerts>{open}</a></div>
        </header>
        <p><strong>{text::state(&rule.state)}</strong></p>
        {zone}
        {forms}
        {own_log_link(About::new("alert_rule", rule.id))}
    }
    .into_any()
}

fn switch_form(detail: &RuleDetail, action: ServerAction<SwitchAlertRule>) -> AnyView {
    let state = FormState::of(action);
    let (id, is_on) = (detail.rule.id.to_string(), detail.rule.is_on);
    let (label, weight) = if is_on {
        (text::SWITCH_OFF, Weight::Plain)
    } else {
        (text::SWITCH_ON, Weight::Primary)
    };
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="on" value=(!is_on).to_string()/>
            <p class="quiet">{text::SWITCH_ABOUT}</p>
            <SubmitButton state label pending=text::SWITCHING weight/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

fn delete_form(detail: &RuleDetail, action: ServerAction<DeleteAlertRule>) -> AnyView {
    let state = FormState::of(action);
    let (id, question) = (
        detail.rule.id.to_string(),
        text::delete_question(&detail.rule.name),
    );
    view! {
        <Confirm label=text::DELETE question>
            <ActionForm action>
                <input type="hidden" name="id" value=id/>
                <SubmitButton state label=text::DELETE_NOW pending=text::DELETING weight=Weight::Danger/>
                <FormProblem state/>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}
