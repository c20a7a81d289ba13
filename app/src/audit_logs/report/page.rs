//! The page of a report: how it stands, sending it now, stopping it, and the form.

use super::{
    api::{SendReport, SetReport, StopReport, show_report},
    form::report_form,
    text,
};
use crate::{
    address::use_id,
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        form::{Confirm, FormProblem, FormState, SubmitButton, Weight, successes},
        page_head::back_link,
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    event::Outcome,
    id::ViewId,
    permission::Permission,
    report::{LastReport, Report, Schedule},
    time::LocalTime,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

/// What can be done here. Made once, so that a page that is read again keeps it.
#[derive(Clone, Copy)]
struct Actions {
    set: ServerAction<SetReport>,
    send: ServerAction<SendReport>,
    stop: ServerAction<StopReport>,
}

#[component]
pub fn ReportPage() -> impl IntoView {
    let id = use_id::<ViewId>("view");
    let actions = Actions {
        set: ServerAction::new(),
        send: ServerAction::new(),
        stop: ServerAction::new(),
    };
    let done = [
        successes(actions.set),
        successes(actions.send),
        successes(actions.stop),
    ];
    let shown = Resource::new(
        move || (id.get(), done.map(|count| count.get())),
        |(id, _)| async move {
            match id {
                Some(id) => show_report(id).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(report) => page(&report, actions),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(report: &Report, actions: Actions) -> AnyView {
    let title = text::title(&report.name);
    let list = report.query.as_ref().map(|query| {
        let list = routes::exactly(report.log, query);
        view! { <div class="page-head__actions"><a class="button" href=list>{text::SEE_LIST}</a></div> }
    });
    let form = if report.query.is_some() {
        report_form(report, actions.set)
    } else {
        view! { <p class="notice notice--problem">{text::BROKEN}</p> }.into_any()
    };
    let state = report
        .schedule
        .as_ref()
        .map(|schedule| standing(report, schedule, actions));
    view! {
        <Title text=title.clone()/>
        <header class="page-head page-head--split">
            <div>
                {back_link(routes::SAVED_VIEWS, text::BACK, Permission::AuditLogsView)}
                <h1><bdi>{title}</bdi></h1>
                <p class="page-head__about">{text::lead()}</p>
            </div>
            {list}
        </header>
        {(!report.has_mail).then(no_mail)}
        {state}
        {form}
    }
    .into_any()
}

fn no_mail() -> AnyView {
    let may = lacking(&[Permission::SettingsManage]).is_none();
    let set_up =
        may.then(|| view! { " " <a class="link" href=routes::MAIL_SETTINGS>{text::SET_UP_MAIL}</a> });
    view! { <p class="notice">{text::NO_MAIL} {set_up}</p> }.into_any()
}

/// How a report stands, and what can be done at once.
fn standing(report: &Report, schedule: &Schedule, actions: Actions) -> AnyView {
    let fact = |title: &'static str, value: AnyView| {
        view! { <div class="thing-facts__row"><dt>{title}</dt><dd>{value}</dd></div> }.into_any()
    };
    let stopped = schedule.stopped.clone().map(|why| {
        let why = view! { <span class="badge badge--failure">{text::STOPPED}</span> " " <bdi>{why}</bdi> " " {text::STOPPED_ADVICE} };
        fact(text::NEXT, why.into_any())
    });
    let next = schedule.next.clone().map(|next| fact(text::NEXT, moment(next)));
    let last = match schedule.last.clone() {
        Some(last) => came_of(last),
        None => view! { <span class="quiet">{text::NEVER}</span> }.into_any(),
    };
    let sees_history = lacking(&[Permission::EmailHistoryView]).is_none();
    let history = sees_history.then(|| {
        view! { <p class="quiet">{text::HISTORY} " " <a class="link" href=routes::DELIVERY_HISTORY>{text::SEE_HISTORY}</a></p> }
    });
    view! {
        <section class="part" aria-labelledby="state-title">
            <h2 class="part__title" id="state-title">{text::STATE}</h2>
            <dl class="thing-facts">
                {fact(text::SENT_WHEN, text::when(schedule.timing, &schedule.zone).into_any())}
                {fact(text::RECIPIENTS, view! { <bdi>{text::recipients(schedule)}</bdi> }.into_any())}
                {fact(text::SET_BY, view! { <bdi>{schedule.set_by.clone()}</bdi> }.into_any())}
                {next} {stopped}
                {fact(text::LAST, last)}
            </dl>
            {history}
            {report.has_mail.then(|| send_form(report.view, actions.send))}
            {stop_form(report, actions.stop)}
        </section>
    }
    .into_any()
}

fn moment(at: LocalTime) -> AnyView {
    view! { <time datetime=at.utc.to_string()>{at.date} " " {at.time}</time> " (" {at.ago} ")" }.into_any()
}

fn came_of(last: LastReport) -> AnyView {
    let badge = match last.outcome {
        Outcome::Success => "badge badge--neutral",
        Outcome::Failure => "badge badge--failure",
    };
    view! {
        <span class=badge>{last.outcome.title()}</span> " " {moment(last.at)}
        <p><bdi>{last.detail}</bdi></p>
    }
    .into_any()
}

fn send_form(view: ViewId, action: ServerAction<SendReport>) -> AnyView {
    let state = FormState::of(action);
    view! {
        <ActionForm action>
            <input type="hidden" name="view" value=view.to_string()/>
            <p class="quiet">{text::SEND_ABOUT}</p>
            <SubmitButton state label=text::SEND pending=text::SENDING weight=Weight::Plain/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

fn stop_form(report: &Report, action: ServerAction<StopReport>) -> AnyView {
    let state = FormState::of(action);
    let (view, question) = (report.view.to_string(), text::stop_question(&report.name));
    view! {
        <Confirm label=text::STOP question>
            <ActionForm action>
                <input type="hidden" name="view" value=view/>
                <SubmitButton state label=text::STOP_NOW pending=text::STOPPING weight=Weight::Danger/>
                <FormProblem state/>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}
