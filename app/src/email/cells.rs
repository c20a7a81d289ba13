//! How what a message has is shown, in lists and on its own page.

use super::text;
use crate::{account::when::When, routes, viewer::lacking};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    event::NamedRef,
    object::ObjectKind,
    permission::Permission,
    time::LocalTime,
};
use leptos::prelude::*;

#[component]
pub fn Status(status: EmailStatus, bounce: Option<BounceType>) -> impl IntoView {
    use EmailStatus as S;
    let class = match status {
        S::Queued | S::Sent => "badge badge--neutral",
        S::Deferred | S::Suppressed => "badge badge--signin",
        S::Delivered | S::Opened | S::Clicked => "badge badge--create",
        S::Bounced | S::Complained => "badge badge--delete",
    };
    view! { <span class=class>{text::standing(status, bounce)}</span> }
}

/// That no mail leaves since then, what that means for what is shown, and where it is resumed.
#[component]
pub fn Paused(at: LocalTime, then: &'static str) -> impl IntoView {
    let settings = lacking(&[Permission::SettingsManage])
        .is_none()
        .then(|| view! { " " <a class="link" href=routes::MAIL_SETTINGS>{text::SETTINGS}</a> });
    view! { <p class="email__caution">{text::PAUSED_SINCE} <When at/> {then} {settings}</p> }
}

/// A thing that a message belongs to, with the way to its page where it has one that the viewer may see. Another system
/// may have named one that isn't here.
pub fn thing(kind: ObjectKind, named: &NamedRef) -> AnyView {
    let label = named.label().to_owned();
    let id = named.id.as_deref().and_then(|id| id.parse().ok());
    match id.filter(|_| lacking(&[kind.spec().see]).is_none()) {
        Some(id) => view! { <a class="link" href=routes::thing(kind, id)><bdi>{label}</bdi></a> }.into_any(),
        None => view! { <bdi>{label}</bdi> }.into_any(),
    }
}

/// What stands in a cell, or that nothing does.
pub fn or_nothing(value: Option<AnyView>) -> AnyView {
    value.unwrap_or_else(|| view! { <span class="quiet">{text::NOTHING}</span> }.into_any())
}
