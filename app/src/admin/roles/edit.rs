//! The page of one role, or of one to be made.

use super::{
    NEW,
    api::{CreateRole, DeleteRole, NeedSecondFactor, UpdateRole, show_role},
    delete::DeletePart,
    factor::FactorPart,
    form::RoleFields,
    pages, text,
};
use crate::{
    pages::NotFound,
    routes::{self, RoleTab},
    ui::{
        form::{FormProblem, FormState, SubmitButton, meanwhile, successes},
        problem::Problem,
    },
};
use daybook_domain::{Error, account::Role, id::RoleId};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The fields that show what is wrong with them.
const FIELDS: &[&str] = &["name", "description"];

#[component]
pub fn RolePage() -> impl IntoView {
    let params = use_params_map();
    let address = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let need = ServerAction::new();
    let needs = successes(need);
    let loaded = Resource::new(
        move || (address.get(), needs.get()),
        |(address, _)| async move {
            if address == NEW {
                return Ok(None);
            }
            match address.parse::<RoleId>() {
                Ok(id) => show_role(id).await.map(Some),
                Err(_) => Err(Error::NotFound.into()),
            }
        },
    );
    let update = ServerAction::new();
    let create = ServerAction::new();
    let delete = ServerAction::new();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(None) => view! { <NewRole action=create/> }.into_any(),
                    Ok(Some(role)) => view! { <EditRole role update need delete/> }.into_any(),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn NewRole(action: ServerAction<CreateRole>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <Title text=text::NEW/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=routes::ROLES>{text::BACK}</a></p>
            <h1>{text::NEW}</h1>
            <p class="page-head__about">{text::NEW_LEAD}</p>
        </header>
        <ActionForm action>
            <div class="form role-form">
                <RoleFields state/>
                <FormProblem state fields=FIELDS/>
                <div class="form__actions">
                    <SubmitButton state label=text::CREATE pending=text::CREATING/>
                    <a class="button" href=routes::ROLES>{text::CANCEL}</a>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn EditRole(
    role: Role,
    update: ServerAction<UpdateRole>,
    need: ServerAction<NeedSecondFactor>,
    delete: ServerAction<DeleteRole>,
) -> impl IntoView {
    let state = FormState::of(update);
    let (id, fields) = (role.id, role.clone());
    let again = move || async move { show_role(id).await.ok().map(|role| role.seen) };
    let meanwhile = meanwhile(state, role.seen.clone(), again, routes::role(id));
    let lead = Some(text::EDIT_LEAD);
    let head = pages::head(id, role.name.clone(), lead, false, RoleTab::Permissions);
    view! {
        {head}
        <ActionForm action=update>
            <input type="hidden" name="id" value=id.to_string()/>
            <div class="form role-form">
                {meanwhile}
                <RoleFields state role=fields/>
                <FormProblem state fields=FIELDS/>
                <div class="form__actions">
                    <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    <a class="button" href=routes::ROLES>{text::CANCEL}</a>
                </div>
            </div>
        </ActionForm>
        <FactorPart id needed=role.needs_second_factor action=need/>
        <DeletePart role action=delete/>
    }
    .into_any()
}
