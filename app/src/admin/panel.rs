//! Parts that pages of the Admin Center share: which panel is open, told by the address; the way to a thing's own log.

use crate::{past::text::PAST, routes, viewer::lacking};
use daybook_domain::{about::About, past::Subject, permission::Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

const AUDIT_LOG: &str = "Audit log";

/// The way to everything that is recorded of a thing, for those who may see it.
pub fn own_log_link(about: About) -> impl IntoView {
    let may = lacking(&[Permission::AuditLogsView]).is_none();
    may.then(
        || view! { <p class="own-log"><a class="button" href=routes::log_about(about)>{AUDIT_LOG}</a></p> },
    )
}

/// The way to what is recorded of something that has no page of its own for that, and to what it was, for those who may
/// see it: for the head of its page.
pub fn own_history(sections: &[&str], past: Option<Subject>) -> AnyView {
    if lacking(&[Permission::AuditLogsView]).is_some() {
        return ().into_any();
    }
    let past = past.map(|of| view! { <a class="button" href=routes::past(&of, None)>{PAST}</a> });
    view! { <a class="button" href=routes::log_of_sections(sections)>{AUDIT_LOG}</a> {past} }.into_any()
}

/// Whether the address has `?name` or `?name=…`.
pub fn use_flag(name: &'static str) -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str(name).is_some()))
}

/// The value of `?name=…`.
pub fn use_chosen(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str(name).map(str::to_owned)))
}

/// Runs `forget` when another panel opens, so that it doesn't begin with what was wrong in the last one. Not on the
/// first: without JavaScript that one may be here to say what was wrong.
pub fn when_moved<T: PartialEq + Clone + Send + Sync + 'static>(panel: Memo<T>, forget: impl Fn() + 'static) {
    Effect::new(move |before: Option<T>| {
        let now = panel.get();
        if before.is_some_and(|before| before != now) {
            forget();
        }
        now
    });
}

#[cfg(test)]
mod tests {
    use crate::{
        admin::{api_keys, identity_providers, retention, settings, sign_in},
        alerts, email,
    };
    use daybook_domain::catalogue::OwnType as T;

    /// The catalogue itself stays on the server: it is large.
    #[test]
    fn sections_are_called_as_they_are_in_records() {
        for (sections, types) in [
            (
                settings::text::SECTIONS,
                &[T::WorkspaceUpdated, T::LogSwitchedOn][..],
            ),
            (sign_in::text::SECTIONS, &[T::SignInPolicyUpdated]),
            (identity_providers::text::SECTIONS, &[T::IdentityProviderUpdated]),
            (
                retention::text::SECTIONS,
                &[T::RetentionUpdated, T::LegalHoldPlaced],
            ),
            (api_keys::text::SECTIONS, &[T::ApiKeyCreated]),
            (
                email::text::SECTIONS,
                &[T::MailSettingsUpdated, T::EmailProviderUpdated],
            ),
            (alerts::text::SECTIONS, &[T::AlertRaised]),
            (alerts::text::RULE_SECTIONS, &[T::AlertRuleUpdated]),
            (email::text::TEMPLATE_SECTIONS, &[T::EmailTemplateUpdated]),
        ] {
            let of_types: Vec<_> = types.iter().flat_map(|of| of.row().sections).copied().collect();
            assert_eq!(sections, of_types);
        }
    }
}
