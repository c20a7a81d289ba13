//! The list of API keys.

use super::{
    CREATE_PATH,
    api::{CreateApiKey, RevokeApiKey, list_api_keys},
    create::CreatePanel,
    first_event::FirstEvent,
    row::KeyRecord,
    text,
};
use crate::{
    admin::panel::{own_history, use_chosen, use_flag, when_moved},
    routes,
    ui::{form::successes, problem::Problem},
};
use daybook_domain::account::ApiKey;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let create = ServerAction::<CreateApiKey>::new();
    let revoke = ServerAction::<RevokeApiKey>::new();
    let (created, revoked) = (successes(create), successes(revoke));
    let keys = Resource::new(move || (created.get(), revoked.get()), |_| list_api_keys());
    let creating = use_flag("new");
    let chosen = use_chosen("revoke");
    when_moved(Memo::new(move |_| (creating.get(), chosen.get())), move || {
        create.value().set(None);
        revoke.value().set(None);
    });
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">
                    {text::LEAD} " " <a class="link" href=routes::SWAGGER rel="external">{text::DESCRIBED}</a>
                </p>
            </div>
            <div class="page-head__actions">
                {own_history(text::SECTIONS, None)}
                <a class="button button--primary" href=CREATE_PATH data-noscroll="">{text::NEW}</a>
            </div>
        </header>
        <FirstEvent/>
        <Show when=move || creating.get()>
            <CreatePanel action=create/>
        </Show>
        <Transition>
            {move || Suspend::new(async move {
                match keys.await {
                    Ok(keys) if keys.is_empty() => view! { <NoKeys/> }.into_any(),
                    Ok(keys) => view! { <KeyList keys action=revoke chosen/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn NoKeys() -> impl IntoView {
    view! {
        <div class="notice notice--first">
            <h2 class="notice__title">{text::NO_KEYS}</h2>
            <p>{text::NO_KEYS_LEAD}</p>
        </div>
    }
}

#[component]
fn KeyList(
    keys: Vec<ApiKey>,
    action: ServerAction<RevokeApiKey>,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let records = keys
        .into_iter()
        .map(|key| view! { <KeyRecord key action chosen/> })
        .collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TABLE>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Key"</th>
                        <th scope="col">{text::ALLOWED}</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"State"</th>
                        <th scope="col"><span class="visually-hidden">{text::REVOKE}</span></th>
                    </tr>
                </thead>
                {records}
            </table>
        </div>
    }
    .into_any()
}
