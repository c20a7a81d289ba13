//! Where a link leads that was mailed. It asks for one more click: what opens links before their readers do doesn't press
//! buttons.

use super::{api::show_portal_link, text};
use crate::{
    routes,
    sign_in::Entry,
    ui::{
        form::{FormState, SubmitButton},
        problem::Problem,
    },
};
use daybook_domain::{Error, portal::MayBe};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn PortalLinkPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let whose = Resource::new_blocking(move || token.get(), show_portal_link);
    view! {
        <Title text=text::COMING_IN/>
        <Suspense>
            {move || Suspend::new(async move {
                let whose = whose.await;
                match whose {
                    Ok(whose) if whose.is_empty() => gone(text::NOBODY.to_owned()),
                    Ok(whose) => choice(&token.get_untracked(), whose),
                    Err(error) => match error.kind() {
                        Error::Invalid { reason, .. } => gone(reason.clone()),
                        _ => view! { <Problem error/> }.into_any(),
                    },
                }
            })}
        </Suspense>
    }
}

fn choice(token: &str, whose: Vec<MayBe>) -> AnyView {
    let state = FormState::plain();
    let to = routes::portal_link(token);
    if let [only] = whose.as_slice() {
        let name = only.name.clone();
        return view! {
            <Entry title=name lead=only.company.clone()>
                <form class="form" method="post" action=to>
                    <div class="form__actions">
                        <SubmitButton state label=text::CONTINUE pending=text::COMING_IN/>
                    </div>
                </form>
            </Entry>
        }
        .into_any();
    }
    let each = whose.into_iter().map(move |one| {
        view! {
            <li>
                <form method="post" action=to.clone()>
                    <input type="hidden" name="contact" value=one.contact.to_string()/>
                    <button type="submit" class="button">
                        <bdi>{one.name}</bdi> " · " <bdi>{one.company}</bdi>
                    </button>
                </form>
            </li>
        }
    });
    view! {
        <Entry title=text::WHO_ARE_YOU lead=text::SEVERAL>
            <ul class="entry__providers">{each.collect_view()}</ul>
        </Entry>
    }
    .into_any()
}

fn gone(why: String) -> AnyView {
    view! {
        <Title text=text::LINK_GONE/>
        <Entry title=text::LINK_GONE lead=why>
            <p class="entry__foot"><a class="row-link" href=routes::PORTAL_SIGN_IN>{text::ASK_AGAIN}</a></p>
        </Entry>
    }
    .into_any()
}
