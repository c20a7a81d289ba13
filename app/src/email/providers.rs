//! How a provider is to tell what becomes of messages, and whether what says that it comes from there is checked.

use super::{
    api::{SetProviderKey, list_providers},
    text,
};
use crate::{
    account::when::When,
    layout::use_origin,
    routes,
    ui::{
        copy::Snippet,
        form::{Field, FormProblem, FormState, SubmitButton, Weight, successes},
        problem::Problem,
    },
};
use daybook_domain::email::{EmailProvider, ProviderState};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn ProvidersPart() -> impl IntoView {
    let origin = use_origin();
    // One each: what is refused stands beside its own field.
    let actions: Vec<_> = EmailProvider::ALL
        .iter()
        .map(|provider| (*provider, ServerAction::<SetProviderKey>::new()))
        .collect();
    let saved: Vec<_> = actions.iter().map(|(_, action)| successes(*action)).collect();
    let providers = Resource::new(
        move || saved.iter().map(Memo::get).sum::<usize>(),
        |_| list_providers(),
    );
    view! {
        <section class="part" aria-labelledby="providers-title">
            <h2 class="part__title" id="providers-title">{text::PROVIDERS}</h2>
            <p class="part__lead">
                {text::PROVIDERS_ABOUT} " " <a class="link" href=routes::API_KEYS>{text::PROVIDERS_KEY}</a>
            </p>
            <Transition>
                {move || {
                    let (origin, actions) = (origin.clone(), actions.clone());
                    Suspend::new(async move {
                        match providers.await {
                            Ok(all) => all
                                .into_iter()
                                .filter_map(|state| {
                                    let action = actions.iter().find(|(of, _)| *of == state.provider)?.1;
                                    Some(provider(&origin, state, action))
                                })
                                .collect_view()
                                .into_any(),
                            Err(error) => view! { <Problem error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </section>
    }
    .into_any()
}

fn provider(origin: &str, state: ProviderState, action: ServerAction<SetProviderKey>) -> AnyView {
    let ProviderState { provider, key_since } = state;
    let address = format!("{origin}/api/v2/providers/{provider}/{}", text::KEY_HERE);
    let is_checked = key_since.is_some();
    let checked = match key_since {
        Some(at) => view! { <p>{text::CHECKED_SINCE} " " <When at/> "."</p> }.into_any(),
        None => view! { <p class="quiet">{text::unchecked(provider)}</p> }.into_any(),
    };
    let form = FormState::of(action);
    let name = provider.name();
    let remove = is_checked.then(|| {
        view! {
            <ActionForm action>
                <input type="hidden" name="provider" value=name/>
                <input type="hidden" name="key" value=""/>
                <SubmitButton state=form label=text::REMOVE_KEY pending=text::REMOVING weight=Weight::Plain about=provider.title()/>
            </ActionForm>
        }
    });
    view! {
        // What was just changed stays open.
        <details class="email-provider" open=action.version().get_untracked() != 0>
            <summary>
                {provider.title()} " "
                {is_checked.then(|| view! { <span class="badge badge--create">{text::CHECKED}</span> })}
            </summary>
            <p>{text::POST_TO}</p>
            <Snippet text=address/>
            {checked}
            <ActionForm action>
                <input type="hidden" name="provider" value=name/>
                <div class="form">
                    <Field state=form prefix=name name="key" kind="password" label=text::signing_key(provider) hint=text::key_hint(provider) autocomplete="off" maxlength=2000/>
                    <FormProblem state=form fields=&["key"]/>
                    <div class="form__actions">
                        <SubmitButton state=form label=text::KEEP_KEY pending=text::SAVING weight=Weight::Plain about=provider.title()/>
                    </div>
                </div>
            </ActionForm>
            {remove}
        </details>
    }
    .into_any()
}
