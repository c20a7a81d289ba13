//! The page of one provider, or of one to be set up.

use super::{
    NEW,
    api::{CheckProvider, CreateProvider, DeleteProvider, UpdateProvider, provider_roles, show_provider},
    form::{FIELDS, ProviderFields},
    text,
};
use crate::{
    admin::panel::own_log_link,
    error::AppError,
    layout::use_origin,
    pages::NotFound,
    routes,
    ui::{
        copy::Snippet,
        form::{Confirm, FormProblem, FormState, SubmitButton, Weight, meanwhile, successes},
        page_head::back_link,
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    about::About,
    id::{ProviderId, RoleId},
    identity::IdentityProvider,
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn IdentityProviderPage() -> impl IntoView {
    let params = use_params_map();
    let address = Memo::new(move |_| params.with(|params| params.get("provider").unwrap_or_default()));
    let update = ServerAction::new();
    let saved = successes(update);
    let (create, delete, check) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
    let origin = StoredValue::new(use_origin());
    let loaded = Resource::new(move || (address.get(), saved.get()), |(address, _)| load(address));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((None, roles)) => view! { <NewProvider roles origin action=create/> }.into_any(),
                    Ok((Some(provider), roles)) => {
                        view! { <EditProvider provider roles origin saved update check delete/> }.into_any()
                    }
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// The provider, and the roles it can give; no provider where one is to be set up.
async fn load(address: String) -> Result<(Option<IdentityProvider>, Vec<(RoleId, String)>), AppError> {
    let provider = if address == NEW {
        None
    } else {
        let id = address.parse::<ProviderId>().map_err(|_| Error::NotFound)?;
        Some(show_provider(id).await?)
    };
    Ok((provider, provider_roles().await?))
}

fn head(title: String, lead: Option<&'static str>) -> AnyView {
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            {back_link(routes::IDENTITY_PROVIDERS, text::BACK, Permission::SettingsManage)}
            <h1 class="thing__name"><bdi>{title}</bdi></h1>
            {lead.map(|lead| view! { <p class="page-head__about">{lead}</p> })}
        </header>
    }
    .into_any()
}

/// What the provider has to know.
fn callback(origin: StoredValue<String>) -> AnyView {
    let address = origin.with_value(|origin| format!("{origin}{}", routes::SIGN_IN_CALLBACK));
    view! {
        <section class="part" aria-labelledby="callback-title">
            <h2 class="part__title" id="callback-title">{text::CALLBACK}</h2>
            <p class="part__lead">{text::CALLBACK_LEAD}</p>
            <Snippet text=address/>
        </section>
    }
    .into_any()
}

#[component]
fn NewProvider(
    roles: Vec<(RoleId, String)>,
    origin: StoredValue<String>,
    action: ServerAction<CreateProvider>,
) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        {head(text::NEW.to_owned(), Some(text::NEW_LEAD))}
        {callback(origin)}
        <ActionForm action>
            <ProviderFields state provider=None roles/>
            <div class="part form">
                <FormProblem state fields=FIELDS/>
                <div class="form__actions">
                    <SubmitButton state label=text::CREATE pending=text::CREATING/>
                    <a class="button" href=routes::IDENTITY_PROVIDERS>{text::CANCEL}</a>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn EditProvider(
    provider: IdentityProvider,
    roles: Vec<(RoleId, String)>,
    origin: StoredValue<String>,
    /// How often what stands in the form was stored.
    saved: Memo<usize>,
    update: ServerAction<UpdateProvider>,
    check: ServerAction<CheckProvider>,
    delete: ServerAction<DeleteProvider>,
) -> impl IntoView {
    let (id, name, users) = (provider.id, provider.name.clone(), provider.users);
    let state = FormState::of(update);
    let again = move || async move { show_provider(id).await.ok().map(|provider| provider.seen) };
    let meanwhile = meanwhile(state, provider.seen.clone(), again, routes::identity_provider(id));
    let known = StoredValue::new((provider, roles));
    view! {
        {head(name.clone(), None)}
        {own_log_link(About::new("identity_provider", id))}
        {callback(origin)}
        <CheckPart id action=check/>
        <ActionForm action=update>
            <input type="hidden" name="id" value=id.to_string()/>
            {meanwhile}
            // Empty again once what was typed is stored.
            <For each=move || [saved.get()] key=|turn| *turn let:_turn>
                {let (provider, roles) = known.get_value();
                view! { <ProviderFields state provider=Some(provider) roles/> }}
            </For>
            <div class="part form">
                <FormProblem state fields=FIELDS/>
                <div class="form__actions">
                    <SubmitButton state label=text::SAVE pending=text::SAVING/>
                </div>
            </div>
        </ActionForm>
        <DeletePart id name users action=delete/>
    }
    .into_any()
}

#[component]
fn CheckPart(id: ProviderId, action: ServerAction<CheckProvider>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="part" aria-labelledby="check-title">
            <h2 class="part__title" id="check-title">{text::CHECK_TITLE}</h2>
            <p class="part__lead">{text::CHECK_LEAD}</p>
            <ActionForm action>
                <input type="hidden" name="id" value=id.to_string()/>
                <SubmitButton state label=text::CHECK pending=text::CHECKING weight=Weight::Plain/>
                <FormProblem state/>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn DeletePart(
    id: ProviderId,
    name: String,
    users: u64,
    action: ServerAction<DeleteProvider>,
) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <div class="role-delete">
            <Confirm label=text::DELETE question=text::delete_question(&name, users)>
                <ActionForm action>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="name" value=name.clone()/>
                    <SubmitButton state label=text::delete(&name) pending=text::DELETING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        </div>
    }
    .into_any()
}
