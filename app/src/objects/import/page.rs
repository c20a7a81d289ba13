//! One file: what its columns hold, how far it is, what became of its lines.

use super::{
    api::{CheckImport, DropImport, RunImport, show_import},
    columns::Columns,
    problems::problems,
    text,
};
use crate::{
    error::AppError,
    objects::state::use_kind,
    pages::NotFound,
    routes,
    ui::{
        at_work::{AtWork, ask_again_while},
        form::{Confirm, FormProblem, FormState, SubmitButton, Weight, successes},
        problem::Problem,
        ready::ready,
    },
};
use daybook_domain::{
    Error,
    id::ImportId,
    object::{Import, ImportState, ObjectKind},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[derive(Clone, Copy)]
struct Actions {
    check: ServerAction<CheckImport>,
    run: ServerAction<RunImport>,
    forget: ServerAction<DropImport>,
}

#[component]
pub fn ImportPage() -> impl IntoView {
    let (kind, params) = (use_kind(), use_params_map());
    let id = Memo::new(move |_| params.with(|params| params.get("import")?.parse::<ImportId>().ok()));
    let actions = Actions {
        check: ServerAction::new(),
        run: ServerAction::new(),
        forget: ServerAction::new(),
    };
    let done = [successes(actions.check), successes(actions.run)];
    let import = Resource::new(
        move || (kind.get(), id.get(), done.iter().map(Memo::get).sum::<usize>()),
        |(kind, id, _)| async move { Some(show_import(kind?, id?).await) },
    );
    ask_again_while(import, |import| {
        let import = import.as_ref().and_then(|import| import.as_ref().ok());
        import.is_some_and(|import| import.state.is_at_work() && !import.stalled)
    });
    view! {
        <Transition>
            {move || import.get().map(|import| ready(move || match import {
                Some(Ok(import)) => whole(import, actions),
                Some(Err(error)) => unshown(error),
                None => view! { <NotFound/> }.into_any(),
            }))}
        </Transition>
    }
    .into_any()
}

fn unshown(error: AppError) -> AnyView {
    match error.kind() {
        Error::NotFound => view! { <NotFound/> }.into_any(),
        _ => view! { <Problem error/> }.into_any(),
    }
}

fn whole(import: Import, actions: Actions) -> AnyView {
    let kind = import.kind;
    let file = import.file.clone();
    let columns = matches!(import.state, ImportState::Uploaded | ImportState::Checked)
        .then(|| view! { <Columns import=import.clone() action=actions.check/> });
    let forget =
        (!import.state.is_at_work() || import.stalled).then(|| drop_form(kind, import.id, actions.forget));
    view! {
        <Title text=file.clone()/>
        <header class="page-head">
            <p class="page-head__back">
                <a class="row-link" href=routes::imports(kind)>{text::title(kind.spec())}</a>
            </p>
            <h1 class="thing__name"><bdi>{file}</bdi> " " <span class="badge badge--neutral">{import.state.title()}</span></h1>
        </header>
        {standing(&import, actions)}
        {problems(&import)}
        {columns}
        {forget}
    }
    .into_any()
}

/// How far it is, and what can be done next.
fn standing(import: &Import, actions: Actions) -> AnyView {
    if import.state == ImportState::Uploaded {
        return view! { <p>{text::CHECK_ABOUT}</p> }.into_any();
    }
    let outcome = view! { <p class="import__outcome" role="status">{text::outcome(import)}</p> };
    if import.state.is_at_work() && !import.stalled {
        let here = routes::import(import.kind, import.id);
        let (done, of) = (import.counts.done, import.lines);
        return view! {
            <AtWork
                label=import.state.title()
                done
                of
                said=text::progress(import)
                here
                look_again=text::LOOK_AGAIN
            />
            {outcome}
        }
        .into_any();
    }
    let state = FormState::of::<RunImport>(actions.run);
    let which = view! {
        <input type="hidden" name="kind" value=import.kind.name()/>
        <input type="hidden" name="id" value=import.id.to_string()/>
    };
    let counts = import.counts;
    let next = match import.state {
        _ if import.stalled => Some((text::GO_ON.to_owned(), Some(text::STALLED))),
        ImportState::Checked if counts.created + counts.changed > 0 => Some((text::run(import), None)),
        _ => None,
    };
    let nothing = (import.state == ImportState::Checked && next.is_none())
        .then(|| view! { <p>{text::nothing_to_import()}</p> });
    let next = next.map(|(label, said)| {
        view! {
            {said.map(|said| view! { <p class="notice">{said}</p> })}
            <ActionForm action=actions.run>
                {which}
                <SubmitButton state label pending=text::IMPORTING/>
                <FormProblem state/>
            </ActionForm>
        }
    });
    view! { {outcome} {nothing} {next} }.into_any()
}

fn drop_form(kind: ObjectKind, id: ImportId, forget: ServerAction<DropImport>) -> AnyView {
    let state = FormState::of::<DropImport>(forget);
    view! {
        <div class="thing__ends">
            <Confirm label=text::DROP question=text::DROP_QUESTION>
                <ActionForm action=forget>
                    <input type="hidden" name="kind" value=kind.name()/>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <SubmitButton state label=text::DROP_IT pending=text::DROPPING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        </div>
    }
    .into_any()
}
