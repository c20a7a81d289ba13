//! The list of rules, and adding one.

use crate::{
    admin::panel::{own_history, use_flag},
    alerts::{
        api::{AddAlertRule, list_alert_rules},
        badges::SeverityBadge,
        text,
    },
    routes,
    ui::{
        form::{FormProblem, FormState, LinesField, SubmitButton, successes},
        number::thousands,
        page_head::back_link,
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    monitoring::{MAX_SIGMA_BYTES, RULE, Rule},
    object::ObjectQuery,
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[component]
pub fn AlertRulesPage() -> impl IntoView {
    let add = ServerAction::<AddAlertRule>::new();
    let added = successes(add);
    let rules = Resource::new(move || added.get(), |_| list_alert_rules());
    let adding = use_flag("add");
    let may = lacking(&[Permission::AlertsManage]).is_none();
    view! {
        <Title text=text::RULES/>
        <header class="page-head page-head--split">
            <div>
                {back_link(routes::ALERTS, text::ALERTS, Permission::AuditLogsView)}
                <h1>{text::RULES}</h1>
                <p class="page-head__about">{text::RULES_LEAD}</p>
            </div>
            <div class="page-head__actions">
                {may.then(|| view! { <a class="button" href=text::ADD_PATH data-noscroll="">{text::ADD}</a> })}
                {own_history(text::RULE_SECTIONS, None)}
            </div>
        </header>
        <Show when=move || may && adding.get()>
            <AddPanel action=add/>
        </Show>
        <Transition>
            {move || Suspend::new(async move {
                match rules.await {
                    Ok(rules) => table(rules),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn AddPanel(action: ServerAction<AddAlertRule>) -> impl IntoView {
    let state = FormState::of(action);
    let maxlength = u16::try_from(MAX_SIGMA_BYTES).unwrap_or(u16::MAX);
    view! {
        <section class="panel" aria-labelledby="add-rule-title">
            <h2 class="panel__title" id="add-rule-title">{text::ADD}</h2>
            <p class="panel__lead">{text::ADD_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    <LinesField state prefix="rule" name="sigma" sent_as="sigma" label=text::SIGMA hint=text::SIGMA_HINT rows=14 value="" maxlength/>
                    <FormProblem state fields=&["sigma"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::ADD_BUTTON pending=text::ADDING/>
                        <a class="button" href=routes::ALERT_RULES data-noscroll="">{text::CANCEL}</a>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

fn table(rules: Vec<Rule>) -> AnyView {
    let rows = rules.into_iter().map(|rule| {
        let open = match rule.open {
            0 => view! { <span class="quiet">"0"</span> }.into_any(),
            open => {
                let alerts = ObjectQuery::default().toggled(RULE, &rule.id.to_string());
                view! { <a class="row-link" href=routes::alerts(&alerts)>{thousands(open)}</a> }.into_any()
            }
        };
        view! {
            <tr class="plain-table__row">
                <th scope="row"><a class="row-link" href=routes::alert_rule(rule.id)><bdi>{rule.name}</bdi></a></th>
                <td data-label=text::SEVERITY><SeverityBadge severity=rule.severity/></td>
                <td data-label=text::STATE>{text::state(&rule.state)}</td>
                <td data-label=text::OPEN class="plain-table__number">{open}</td>
            </tr>
        }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::RULES>
                <thead>
                    <tr>
                        <th scope="col">{text::RULE}</th>
                        <th scope="col">{text::SEVERITY}</th>
                        <th scope="col">{text::STATE}</th>
                        <th scope="col" class="plain-table__number">{text::OPEN}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
