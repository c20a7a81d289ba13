//! The questions of a provider.

use super::{
    api::{CONTACTS, ENABLED, TRUSTS, VOUCHES},
    text,
};
use crate::ui::form::{CheckboxGroup, Choice, Field, FormState, LinesField, SelectField};
use daybook_domain::{
    id::RoleId,
    identity::{IdentityProvider, Newcomers},
};
use leptos::prelude::*;

/// The fields that show their own problems.
pub const FIELDS: &[&str] = &[
    "name",
    "issuer",
    "client_id",
    "client_secret",
    "scopes",
    "newcomers",
    "default_role",
    "domains",
    "role_claim",
    "role_rules",
];

/// The name by which the server function knows a field.
fn sent_as(name: &str) -> String {
    format!("form[{name}]")
}

#[component]
pub fn ProviderFields(
    state: FormState,
    /// `None` for one to be set up.
    provider: Option<IdentityProvider>,
    roles: Vec<(RoleId, String)>,
) -> impl IntoView {
    let known = Known::new(provider);
    let secret_hint = if known.has_secret {
        text::SECRET_KEPT
    } else {
        text::SECRET_HINT
    };
    let newcomers = Newcomers::ALL.iter();
    let newcomers = newcomers.map(|one| (one.name().to_owned(), one.title().to_owned()));
    let choices = flags(state, &known);
    let roles = roles.into_iter().map(|(id, name)| (id.to_string(), name));
    view! {
        <section class="part" aria-labelledby="provider-title">
            <h2 class="part__title" id="provider-title">{text::PROVIDER}</h2>
            <div class="form">
                <Field state name="name" sent_as=sent_as("name") label=text::NAME hint=text::NAME_HINT value=known.name autocomplete="off" maxlength=200/>
                <Field state name="issuer" sent_as=sent_as("issuer") kind="url" label=text::ISSUER hint=text::ISSUER_HINT value=known.issuer autocomplete="off" maxlength=500/>
                <Field state name="client_id" sent_as=sent_as("client_id") label=text::CLIENT_ID value=known.client_id autocomplete="off" maxlength=300/>
                <Field
                    state
                    name="client_secret"
                    sent_as=sent_as("client_secret")
                    kind="password"
                    label=text::CLIENT_SECRET
                    hint=secret_hint
                    autocomplete="new-password"
                    maxlength=1000
                    optional=true
                />
                <Field state name="scopes" sent_as=sent_as("scopes") label=text::SCOPES hint=text::SCOPES_HINT value=known.scopes autocomplete="off" maxlength=300 optional=true/>
            </div>
        </section>
        <section class="part" aria-labelledby="who-title">
            <h2 class="part__title" id="who-title">{text::WHO}</h2>
            <div class="form">
                <SelectField state name="newcomers" sent_as=sent_as("newcomers") label=text::NEWCOMERS value=known.newcomers.name() options=newcomers.collect()/>
                <SelectField
                    state
                    name="default_role"
                    sent_as=sent_as("default_role")
                    label=text::DEFAULT_ROLE
                    hint=text::DEFAULT_ROLE_HINT
                    value=known.default_role
                    options=roles.collect()
                    placeholder=text::NO_ROLE
                    optional=true
                />
                <LinesField state name="domains" sent_as=sent_as("domains") label=text::DOMAINS hint=text::DOMAINS_HINT value=known.domains rows=3 optional=true/>
                <CheckboxGroup name="flags" sent_as="form[flags][]" legend=text::FLAGS choices/>
            </div>
        </section>
        <section class="part" aria-labelledby="roles-title">
            <h2 class="part__title" id="roles-title">{text::ROLES}</h2>
            <p class="part__lead">{text::ROLES_LEAD}</p>
            <div class="form">
                <Field state name="role_claim" sent_as=sent_as("role_claim") label=text::CLAIM hint=text::CLAIM_HINT value=known.role_claim autocomplete="off" maxlength=300 optional=true/>
                <LinesField state name="role_rules" sent_as=sent_as("role_rules") label=text::RULES hint=text::RULES_HINT value=known.rules optional=true/>
            </div>
        </section>
    }
    .into_any()
}

/// What a form holds before anything is typed.
struct Known {
    name: String,
    issuer: String,
    client_id: String,
    has_secret: bool,
    scopes: String,
    newcomers: Newcomers,
    default_role: String,
    domains: String,
    role_claim: String,
    rules: String,
    flags: Vec<&'static str>,
}

impl Known {
    fn new(provider: Option<IdentityProvider>) -> Self {
        let Some(provider) = provider else {
            return Self {
                name: String::new(),
                issuer: String::new(),
                client_id: String::new(),
                has_secret: false,
                scopes: text::USUAL_SCOPES.to_owned(),
                newcomers: Newcomers::Refused,
                default_role: String::new(),
                domains: String::new(),
                role_claim: String::new(),
                rules: String::new(),
                flags: vec![ENABLED],
            };
        };
        let rules = provider.role_rules.iter();
        let rules: Vec<_> = rules
            .map(|rule| format!("{} = {}", rule.value, rule.role_name))
            .collect();
        let flags = [
            (ENABLED, provider.enabled),
            (CONTACTS, provider.for_contacts),
            (TRUSTS, provider.trusts_email),
            (VOUCHES, provider.vouches_for_factor),
        ];
        Self {
            name: provider.name,
            issuer: provider.issuer,
            client_id: provider.client_id,
            has_secret: provider.has_secret,
            scopes: provider.scopes,
            newcomers: provider.newcomers,
            default_role: provider
                .default_role
                .map(|role| role.to_string())
                .unwrap_or_default(),
            domains: provider.domains.join("\n"),
            role_claim: provider.role_claim,
            rules: rules.join("\n"),
            flags: flags
                .into_iter()
                .filter(|(_, is_set)| *is_set)
                .map(|(flag, _)| flag)
                .collect(),
        }
    }
}

fn flags(state: FormState, known: &Known) -> Vec<Choice> {
    let typed = state.typed("flags");
    let choice = |flag: &str, title: &str, hint: &'static str| Choice {
        value: flag.to_owned(),
        title: title.to_owned(),
        explanation: Some(hint.into()),
        checked: typed.as_ref().map_or(known.flags.contains(&flag), |typed| {
            typed.split(' ').any(|ticked| ticked == flag)
        }),
    };
    vec![
        choice(ENABLED, text::ENABLED, text::ENABLED_HINT),
        choice(CONTACTS, text::CONTACTS, text::CONTACTS_HINT),
        choice(TRUSTS, text::TRUSTS, text::TRUSTS_HINT),
        choice(VOUCHES, text::VOUCHES, text::VOUCHES_HINT),
    ]
}
