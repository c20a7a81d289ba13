//! Setting up a second factor, and doing without it.

use super::{
    api::{
        BeginSecondFactor, ConfirmSecondFactor, DisableSecondFactor, RenewRecoveryCodes, show_second_factor,
    },
    text,
    when::When,
};
use crate::{
    routes,
    ui::{
        copy::Secret,
        form::{Confirm, Field, FormProblem, FormState, SubmitButton, Weight, successes},
        problem::Problem,
    },
    viewer::use_viewer,
};
use daybook_domain::account::{Enrolment, SecondFactor};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[derive(Clone, Copy)]
struct Actions {
    begin: ServerAction<BeginSecondFactor>,
    confirm: ServerAction<ConfirmSecondFactor>,
    renew: ServerAction<RenewRecoveryCodes>,
    disable: ServerAction<DisableSecondFactor>,
}

#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let actions = Actions {
        begin: ServerAction::new(),
        confirm: ServerAction::new(),
        renew: ServerAction::new(),
        disable: ServerAction::new(),
    };
    let changes = [
        successes(actions.begin),
        successes(actions.confirm),
        successes(actions.renew),
        successes(actions.disable),
    ];
    let factor = Resource::new(move || changes.map(|count| count.get()), |_| show_second_factor());
    let another = use_viewer().is_some_and(|viewer| viewer.impersonation.is_some());
    view! {
        <Title text=text::SECOND_FACTOR/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=routes::ACCOUNT>{text::BACK_TO_ACCOUNT}</a></p>
            <h1>{text::SECOND_FACTOR}</h1>
            <p class="page-head__about">{text::SECOND_FACTOR_LEAD}</p>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match factor.await {
                    Ok(_) if another => view! { <p class="notice">{text::ANOTHERS}</p> }.into_any(),
                    Ok(factor) => view! { <div class="second-factor">{state(factor, actions)}</div> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn state(factor: SecondFactor, actions: Actions) -> AnyView {
    let needed = (factor.needed && factor.since.is_none())
        .then(|| view! { <p class="second-factor__needed" role="status">{text::NEEDED}</p> });
    let rest = match (factor.since.clone(), factor.enrolment.clone()) {
        (Some(at), _) => on(&factor, at, actions),
        (None, Some(enrolment)) => {
            view! { {confirm(enrolment, actions)} {begin(true, factor.has_password, actions)} }.into_any()
        }
        (None, None) => begin(false, factor.has_password, actions),
    };
    view! { {needed} {rest} }.into_any()
}

/// Where nothing is set up; `again` where somebody has begun before. Who has no password has just come from a provider.
fn begin(again: bool, has_password: bool, actions: Actions) -> AnyView {
    let state = FormState::of(actions.begin);
    let email = use_viewer().map(|viewer| viewer.email).unwrap_or_default();
    let form = move |weight| {
        let password = has_password.then(|| view! {
            // For password managers, which otherwise wouldn't know whose password this is.
            <input class="visually-hidden" type="email" value=email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
            <Field state prefix="begin" name="current_password" label=text::CURRENT_PASSWORD kind="password" autocomplete="current-password"/>
        });
        view! {
            <ActionForm action=actions.begin>
                <div class="form">
                    {password}
                    <FormProblem state fields=&["current_password"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::BEGIN pending=text::BEGINNING weight/>
                    </div>
                </div>
            </ActionForm>
        }
        .into_any()
    };
    if again {
        return view! { <Confirm label=text::BEGIN_AGAIN question=text::BEGIN_AGAIN_LEAD.to_owned()>{form(Weight::Plain)}</Confirm> }
            .into_any();
    }
    view! {
        <section class="part" aria-labelledby="begin-title">
            <h2 class="part__title" id="begin-title">{text::SET_UP}</h2>
            <p class="part__lead">{text::SET_UP_LEAD}</p>
            {form(Weight::Primary)}
        </section>
    }
    .into_any()
}

/// What an app takes, and the first code it makes.
fn confirm(enrolment: Enrolment, actions: Actions) -> AnyView {
    let state = FormState::of(actions.confirm);
    let secret = enrolment.secret.reveal().to_owned();
    let uri = enrolment.uri.reveal().to_owned();
    view! {
        <section class="part" aria-labelledby="app-title">
            <h2 class="part__title" id="app-title">{text::APP}</h2>
            <p class="part__lead">{text::APP_LEAD}</p>
            <div class="second-factor__code" role="img" aria-label=text::QR_CODE inner_html=enrolment.picture.reveal().to_owned()></div>
            <p>{text::TYPED_LEAD} " " <a class="link" href=uri>{text::OPEN_APP}</a></p>
            <Secret secret/>
        </section>
        <section class="part" aria-labelledby="first-title">
            <h2 class="part__title" id="first-title">{text::FIRST_CODE}</h2>
            <p class="part__lead">{text::FIRST_CODE_LEAD}</p>
            <ActionForm action=actions.confirm>
                <div class="form">
                    <Field state prefix="confirm" name="code" label=text::CODE autocomplete="one-time-code" maxlength=10/>
                    <FormProblem state fields=&["code"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SWITCH_ON pending=text::SWITCHING_ON/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// Where a code is asked for.
fn on(factor: &SecondFactor, at: daybook_domain::time::LocalTime, actions: Actions) -> AnyView {
    let (renew, disable) = (FormState::of(actions.renew), FormState::of(actions.disable));
    let off = if factor.needed {
        view! { <p class="quiet">{text::CANNOT_SWITCH_OFF}</p> }.into_any()
    } else {
        view! {
            <Confirm label=text::SWITCH_OFF question=text::SWITCH_OFF_LEAD.to_owned() open=disable.problem("code").get_untracked().is_some()>
                <ActionForm action=actions.disable>
                    <div class="form">
                        <Field state=disable prefix="disable" name="code" label=text::CODE hint=text::CODE_HINT autocomplete="one-time-code" maxlength=40/>
                        <FormProblem state=disable fields=&["code"]/>
                        <SubmitButton state=disable label=text::SWITCH_OFF_NOW pending=text::SWITCHING_OFF weight=Weight::Danger/>
                    </div>
                </ActionForm>
            </Confirm>
        }
        .into_any()
    };
    view! {
        <section class="part" aria-labelledby="on-title">
            <h2 class="part__title" id="on-title">{text::ON}</h2>
            <p>{text::ON_SINCE} <When at/> ". " {text::codes_left(factor.recovery_codes)}</p>
            {off}
        </section>
        <section class="part" aria-labelledby="codes-title">
            <h2 class="part__title" id="codes-title">{text::RECOVERY_CODES}</h2>
            <p class="part__lead">{text::RECOVERY_CODES_LEAD}</p>
            <ActionForm action=actions.renew>
                <div class="form">
                    <Field state=renew prefix="renew" name="code" label=text::CODE hint=text::CODE_HINT autocomplete="one-time-code" maxlength=40/>
                    <FormProblem state=renew fields=&["code"]/>
                    <div class="form__actions">
                        <SubmitButton state=renew label=text::RENEW pending=text::RENEWING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// The state on the account's page, with the way to change it.
#[component]
pub fn SecondFactorPart(factor: SecondFactor) -> impl IntoView {
    let state = match factor.since {
        Some(at) => {
            view! { {text::ON_SINCE} <When at/> ". " {text::codes_left(factor.recovery_codes)} }.into_any()
        }
        None if factor.needed => text::NEEDED.into_any(),
        None => text::OFF.into_any(),
    };
    view! {
        <section class="account__part" aria-labelledby="second-factor-title">
            <h2 id="second-factor-title">{text::SECOND_FACTOR}</h2>
            <p class="account__lead">{state}</p>
            <a class="button" href=routes::SECOND_FACTOR>{text::CHANGE_SECOND_FACTOR}</a>
        </section>
    }
    .into_any()
}
