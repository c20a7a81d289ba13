//! Signing in, the first administrator, an invitation.

use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <h1>"SignInPage"</h1> }
}

#[component]
pub fn SetupPage() -> impl IntoView {
    view! { <h1>"SetupPage"</h1> }
}

#[component]
pub fn InvitationPage() -> impl IntoView {
    view! { <h1>"InvitationPage"</h1> }
}
