//! The frames around pages: the portal's with its sidebar, and the bare one of the sign-in pages.

mod appearing;
mod hydration;
mod origin;
mod portal;
mod unsaved;

pub use hydration::Hydration;
#[cfg(feature = "ssr")]
pub use origin::origin_of;
pub use origin::use_origin;
pub use portal::Layout;
pub use unsaved::ask_before_going_back;

use crate::flash::{FlashMessage, provide_flash};
use leptos::prelude::*;

/// The bare frame: for pages that are seen before anybody is signed in.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    provide_flash();
    view! {
        <main class="frame" id="main">
            <FlashMessage/>
            {children()}
        </main>
    }
}
