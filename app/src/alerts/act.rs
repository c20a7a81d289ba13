//! What can be done about an alert. Each is a form of its own.

use super::{
    api::{AcknowledgeAlert, AssignAlert, CloseAlert, ReopenAlert},
    text,
};
use crate::{
    ui::form::{FormProblem, FormState, LinesField, SelectField, SubmitButton, Weight, successes},
    viewer::lacking,
};
use daybook_domain::{
    monitoring::{AlertDetail, AlertState, MAX_NOTE},
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};

/// Made once, so that a page that is read again keeps them.
#[derive(Clone, Copy)]
pub struct Acts {
    acknowledge: ServerAction<AcknowledgeAlert>,
    assign: ServerAction<AssignAlert>,
    close: ServerAction<CloseAlert>,
    reopen: ServerAction<ReopenAlert>,
    done: [Memo<usize>; 4],
}

impl Acts {
    pub fn new() -> Self {
        let (acknowledge, assign) = (ServerAction::new(), ServerAction::new());
        let (close, reopen) = (ServerAction::new(), ServerAction::new());
        let done = [
            successes(acknowledge),
            successes(assign),
            successes(close),
            successes(reopen),
        ];
        Self {
            acknowledge,
            assign,
            close,
            reopen,
            done,
        }
    }

    /// Changes with each thing that was done.
    pub fn done(&self) -> [usize; 4] {
        self.done.map(|done| done.get())
    }
}

/// What may be done, for those who may.
pub fn deal(detail: &AlertDetail, acts: Acts) -> AnyView {
    if lacking(&[Permission::AlertsManage]).is_some() {
        return ().into_any();
    }
    let forms = match detail.alert.state {
        AlertState::Closed => reopen(detail, acts.reopen),
        state => {
            let open = state == AlertState::Open;
            view! {
                {open.then(|| acknowledge(detail, acts.acknowledge))}
                {assign(detail, acts.assign)}
                {close(detail, acts.close)}
            }
            .into_any()
        }
    };
    view! {
        <section class="part alert__acts" aria-labelledby="deal-title">
            <h2 class="part__title" id="deal-title">{text::DEAL}</h2>
            {forms}
        </section>
    }
    .into_any()
}

fn acknowledge(detail: &AlertDetail, action: ServerAction<AcknowledgeAlert>) -> AnyView {
    let (state, id) = (FormState::of(action), detail.alert.id.to_string());
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <SubmitButton state label=text::ACKNOWLEDGE pending=text::ACKNOWLEDGING/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

fn assign(detail: &AlertDetail, action: ServerAction<AssignAlert>) -> AnyView {
    let (state, id) = (FormState::of(action), detail.alert.id.to_string());
    let options = detail.assignees.iter();
    let options = options.map(|(id, name)| (id.to_string(), name.clone())).collect();
    let value = detail.assigned_to.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <div class="form">
                <SelectField state prefix="assign" name="user" label=text::ASSIGNED options value optional=true placeholder=text::NOBODY/>
                <FormProblem state fields=&["user"]/>
                <div class="form__actions">
                    <SubmitButton state label=text::ASSIGN pending=text::ASSIGNING weight=Weight::Plain/>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn close(detail: &AlertDetail, action: ServerAction<CloseAlert>) -> AnyView {
    let (state, id) = (FormState::of(action), detail.alert.id.to_string());
    let maxlength = u16::try_from(MAX_NOTE).unwrap_or(u16::MAX);
    let note = detail.note.clone().unwrap_or_default();
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <div class="form">
                <LinesField state prefix="close" name="note" sent_as="note" label=text::NOTE hint=text::NOTE_HINT value=note maxlength/>
                <FormProblem state fields=&["note"]/>
                <div class="form__actions">
                    <SubmitButton state label=text::CLOSE pending=text::CLOSING weight=Weight::Plain/>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn reopen(detail: &AlertDetail, action: ServerAction<ReopenAlert>) -> AnyView {
    let (state, id) = (FormState::of(action), detail.alert.id.to_string());
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id/>
            <SubmitButton state label=text::REOPEN pending=text::REOPENING weight=Weight::Plain/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}
