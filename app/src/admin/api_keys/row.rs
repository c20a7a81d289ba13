//! One key in the list, with the question that belongs to it.

use super::{api::RevokeApiKey, revoke_link, text};
use crate::{
    account::when::When,
    routes,
    ui::form::{FormProblem, FormState, SubmitButton, Weight},
    viewer::lacking,
};
use daybook_domain::{about::About, account::ApiKey, permission::Permission};
use leptos::{form::ActionForm, prelude::*};

/// The key's row and, where asked for, the row that asks before it is revoked.
#[component]
pub fn KeyRecord(
    key: ApiKey,
    action: ServerAction<RevokeApiKey>,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let id = key.id;
    let active = key.revoked.is_none();
    let open = Memo::new(move |_| {
        active && chosen.with(|chosen| chosen.as_deref() == Some(id.to_string().as_str()))
    });
    let scopes = key
        .scopes
        .iter()
        .map(|scope| scope.title())
        .collect::<Vec<_>>()
        .join(", ");
    let name = StoredValue::new(key.name.clone());
    let toggle_to = move || {
        if open.get() {
            routes::API_KEYS.to_owned()
        } else {
            revoke_link(id)
        }
    };
    let toggle = active.then(|| {
        view! {
            <a class="row-link" href=toggle_to data-noscroll="">
                {move || if open.get() { text::CLOSE } else { text::REVOKE }}
                <span class="visually-hidden">" " {name.get_value()}</span>
            </a>
        }
    });
    // Whoever may read its records comes to them by its name.
    let named = match lacking(&[Permission::AuditLogsView]) {
        None => {
            let log = routes::log_about(About::new("api_key", id));
            view! { <a class="row-link" href=log><bdi>{key.name}</bdi></a> }.into_any()
        }
        Some(_) => view! { <bdi>{key.name}</bdi> }.into_any(),
    };
    view! {
        <tbody class="plain-table__group" class:plain-table__group--open=move || open.get() id=format!("key-{id}")>
            <tr class="plain-table__row" class:plain-table__row--over=!active>
                <th scope="row">{named}</th>
                <td data-label="Key"><code class="mono">{key.prefix} "…"</code></td>
                <td data-label=text::ALLOWED>{scopes}</td>
                <td data-label="Created"><When at=key.created/> <span class="quiet">" by " <bdi>{key.created_by}</bdi></span></td>
                <td data-label="Last used">
                    {match key.last_used {
                        Some(at) => view! { <When at/> }.into_any(),
                        None => view! { <span class="quiet">{text::NEVER}</span> }.into_any(),
                    }}
                </td>
                <td data-label="State">
                    {match key.revoked {
                        Some(at) => view! { <span class="badge badge--neutral">{text::REVOKED}</span> " " <When at/> }.into_any(),
                        None => view! { <span class="badge badge--create">{text::ACTIVE}</span> }.into_any(),
                    }}
                </td>
                <td class="plain-table__action">{toggle}</td>
            </tr>
            <Show when=move || open.get()>
                <tr class="plain-table__detail">
                    <td colspan="7">
                        <RevokeForm id=id.to_string() name=name.get_value() action/>
                    </td>
                </tr>
            </Show>
        </tbody>
    }
    .into_any()
}

#[component]
fn RevokeForm(id: String, name: String, action: ServerAction<RevokeApiKey>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <div class="manage">
            <p class="confirm__question">{text::revoke_question(&name)}</p>
            <ActionForm action>
                <input type="hidden" name="id" value=id/>
                <div class="form__actions">
                    <SubmitButton state label=text::REVOKE_BUTTON pending=text::REVOKING weight=Weight::Danger about=name/>
                    <a class="button" href=routes::API_KEYS data-noscroll="">{text::CANCEL}</a>
                </div>
                <FormProblem state/>
            </ActionForm>
        </div>
    }
}
