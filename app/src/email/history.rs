//! What was sent to whom, and what became of it.

use super::{
    api::list_emails,
    list::{EmailSearch, list},
    text,
};
use crate::{
    routes,
    ui::{
        list::{Listed, use_asked},
        ready::ready,
    },
};
use daybook_domain::email::EmailFilters;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn DeliveryHistoryPage() -> impl IntoView {
    let asked = use_asked(EmailFilters);
    let query = Memo::new(move |_| asked.get().unwrap_or_default());
    let listed = Resource::new(
        move || asked.get(),
        |asked| Listed::read(asked, |query| list_emails(None, query)),
    );
    let pending = RwSignal::new(false);
    view! {
        <Title text=text::HISTORY/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::HISTORY}</h1>
                <p class="page-head__about">{text::HISTORY_ABOUT}</p>
            </div>
            <a class="button" href=routes::SUPPRESSIONS>{text::SUPPRESSIONS}</a>
        </header>
        <EmailSearch of=None query/>
        <div class="progress" class:progress--on=pending></div>
        <Transition set_pending=pending.write_only()>
            {move || listed.get().map(|listed| ready(move || listed.shown(|query, page| list(None, query, page))))}
        </Transition>
    }
    .into_any()
}
