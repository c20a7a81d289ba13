//! The one column that all pages before the sign-in share.

use crate::ui::icon::Icon;
use leptos::prelude::*;

#[component]
pub fn Entry(#[prop(into)] title: String, #[prop(into)] lead: String, children: Children) -> impl IntoView {
    view! {
        <section class="entry">
            <p class="entry__brand">{Icon::Book.view()} "Daybook"</p>
            <h1 class="entry__title"><bdi>{title}</bdi></h1>
            <p class="entry__lead">{lead}</p>
            {children()}
        </section>
    }
}
