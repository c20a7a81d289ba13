//! The portal's frame.

use crate::{
    flash::{FlashMessage, provide_flash},
    routes,
};
use daybook_domain::viewer::ViewerInfo;
use leptos::prelude::*;

#[component]
pub fn Layout(viewer: ViewerInfo, children: Children) -> impl IntoView {
    provide_flash();
    view! {
        <div class="portal">
            <aside class="sidebar">
                <p>{viewer.name}</p>
                <form method="post" action=routes::SIGN_OUT><button type="submit">"Sign out"</button></form>
            </aside>
            <main id="main">
                <FlashMessage/>
                {children()}
            </main>
        </div>
    }
}
