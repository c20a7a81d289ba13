//! A change of any column around the application.

use super::{Desk, furnish};
use crate::testing::on_each_database;
use daybook_domain::drift::{Difference, Drift};
use daybook_entity::{
    api_key, identity, identity_provider, legal_hold, retention_policy, role, saved_view, shown_log, user,
    workspace,
};
use sea_orm::{IdenStatic, Iterable};

/// A line each: the column, what it is changed to, of which rows, and what the check says of it: the kind of thing and what
/// of that.
const CHANGES: &str = r#"
user.name | 'Mallory' | name = 'Gil Moreau' | user name
user.name_key | 'x' | name = 'Noor' | user name_key
user.email | 'm@else.example' | name = 'Noor' | user email
user.email_key | 'x@else.example' | name = 'Ida' | user email_key
user.role_id | (SELECT id FROM role WHERE name = 'Administrator') | name = 'Noor' | user role
user.status | 'active' | name = 'Noor' | user status
user.zone | 'Europe/Berlin' | name = 'Noor' | user time_zone
user.phone | '+1' | name = 'Noor' | user phone
user.regional_format | 'de-DE' | name = 'Noor' | user regional_format
role.name | 'Night' | name = 'Night shift' | role name
role.name_key | 'x' | name = 'Day shift' | role name_key
role.description | 'x' | name = 'Day shift' | role description
role.built_in | 'administrator' | name = 'Day shift' | role built_in
role.permissions | '["users.manage"]' | name = 'Agent' | role permissions
role.needs_second_factor | TRUE | name = 'Day shift' | role second_factor
identity_provider.name_key | 'y' | 1 = 1 | identity_provider name_key
identity_provider.name | 'x' | 1 = 1 | identity_provider name
identity_provider.issuer | 'https://evil.example' | 1 = 1 | identity_provider issuer
identity_provider.client_id | 'x' | 1 = 1 | identity_provider client_id
identity_provider.scopes | 'x' | 1 = 1 | identity_provider scopes
identity_provider.is_enabled | FALSE | 1 = 1 | identity_provider enabled
identity_provider.for_contacts | TRUE | 1 = 1 | identity_provider for_contacts
identity_provider.newcomers | 'made' | 1 = 1 | identity_provider newcomers
identity_provider.trusts_email | TRUE | 1 = 1 | identity_provider trusts_email
identity_provider.domains | '["x.example"]' | 1 = 1 | identity_provider email_domains
identity_provider.role_claim | 'x' | 1 = 1 | identity_provider role_claim
identity_provider.role_rules | '[]' | 1 = 1 | identity_provider role_rules
identity_provider.default_role_id | NULL | 1 = 1 | identity_provider default_role
identity_provider.vouches_for_factor | TRUE | 1 = 1 | identity_provider vouches_for_second_factor
identity.subject | 's-2' | subject LIKE '%gil%' | user identities
identity.provider_id | (SELECT id FROM role WHERE name = 'Auditor') | subject LIKE '%ida%' | user identities
identity.user_id | (SELECT id FROM "user" WHERE name = 'Noor') | subject LIKE '%una%' | user identities
workspace.name | 'Elsewhere' | 1 = 1 | workspace name
workspace.zone | 'Europe/Berlin' | 1 = 1 | workspace time_zone
workspace.regional_format | 'de-DE' | 1 = 1 | workspace regional_format
workspace.helpdesk | 'autotask' | 1 = 1 | workspace helpdesk_integration
workspace.courses | TRUE | 1 = 1 | workspace courses_module
workspace.session_idle_minutes | 9 | 1 = 1 | sign_in_policy session_idle_minutes
workspace.session_longest_hours | 9 | 1 = 1 | sign_in_policy session_longest_hours
workspace.password_length | 1 | 1 = 1 | sign_in_policy password_length
workspace.sign_in_networks | '["203.0.113.0/24"]' | 1 = 1 | sign_in_policy networks
api_key.name | 'x' | 1 = 1 | api_key name
api_key.prefix | 'x' | 1 = 1 | api_key prefix
api_key.scopes | '["directory:write"]' | 1 = 1 | api_key scopes
api_key.revoked_at | 1 | 1 = 1 | api_key status
legal_hold.name | 'x' | name = 'Case 7' | legal_hold name
legal_hold.name_key | 'y' | name = 'Case 8' | legal_hold name_key
legal_hold.reason | 'x' | 1 = 1 | legal_hold reason
legal_hold.log | 'access' | 1 = 1 | legal_hold log
legal_hold.query | '?actor=nobody' | 1 = 1 | legal_hold query
retention_policy.days | 1 | log = 'access' | retention days
retention_policy.days_before | 1 | log = 'billing' | retention until_then
retention_policy.effective_at | 1 | log = 'billing' | retention from
shown_log.log | 'customer' | 1 = 1 | log tab
saved_view.owner_id | (SELECT id FROM "user" WHERE name = 'Ida') | 1 = 1 | saved_view owner
saved_view.log | 'all' | 1 = 1 | saved_view log
saved_view.name | 'x' | name = 'Mine' | saved_view name
saved_view.name_key | 'y' | name = 'Other' | saved_view name_key
saved_view.query | '?actor=nobody' | 1 = 1 | saved_view query
saved_view.shared_with | (SELECT id FROM role WHERE name = 'Auditor') | name = 'Other' | saved_view shared_with
"#;

struct Around<'a> {
    table: &'a str,
    column: &'a str,
    to: &'a str,
    which: &'a str,
    said: (&'a str, &'a str),
}

fn changes() -> impl Iterator<Item = Around<'static>> {
    CHANGES.trim().lines().map(|line| {
        let parts: Vec<_> = line.split('|').map(str::trim).collect();
        let (table, column) = parts[0].split_once('.').unwrap();
        Around {
            table,
            column,
            to: parts[1],
            which: parts[2],
            said: parts[3].split_once(' ').unwrap(),
        }
    })
}

/// Columns that aren't compared, and why.
const NOT_COMPARED: &[(&str, &[&str])] = &[
    ("what a row is known by", &["workspace_id", "id", "slot"]),
    (
        "never said, because it is a secret",
        &["password_hash", "key_hash", "sealed_secret"],
    ),
    (
        "kept for itself, and said by no record's values",
        &[
            "created_at",
            "created_by",
            "label",
            "last_used_at",
            "last_sign_in_at",
            "password_changed_at",
            "placed_at",
            "placed_by",
            "position",
        ],
    ),
];

fn columns<C: Iterable + IdenStatic>(table: &str) -> impl Iterator<Item = (String, String)> {
    let table = table.to_owned();
    C::iter().map(move |column| (table.clone(), column.as_str().to_owned()))
}

#[test]
fn every_column_is_tried_or_known_to_be_none_of_the_logs() {
    let all = columns::<user::Column>("user")
        .chain(columns::<role::Column>("role"))
        .chain(columns::<identity_provider::Column>("identity_provider"))
        .chain(columns::<identity::Column>("identity"))
        .chain(columns::<workspace::Column>("workspace"))
        .chain(columns::<api_key::Column>("api_key"))
        .chain(columns::<legal_hold::Column>("legal_hold"))
        .chain(columns::<retention_policy::Column>("retention_policy"))
        .chain(columns::<shown_log::Column>("shown_log"))
        .chain(columns::<saved_view::Column>("saved_view"));
    for (table, column) in all {
        let tried = changes().any(|around| around.table == table && around.column == column);
        let known = NOT_COMPARED
            .iter()
            .any(|(_, columns)| columns.contains(&column.as_str()));
        let key = table == "retention_policy" && column == "log";
        assert!(tried || known || key, "{table}.{column}");
    }
}

/// The kind of thing, and what of it differs.
fn said(drift: &Drift) -> (&str, &str) {
    let what = match &drift.difference {
        Difference::Property { property, .. } => property,
        Difference::Beside { what, .. } => what,
        other => panic!("{other:?}"),
    };
    (&drift.thing.kind, what)
}

#[tokio::test]
async fn it_is_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        furnish(&desk).await;
        assert_eq!(desk.drifts().await, []);
        for around in changes() {
            let Around {
                table,
                column,
                to,
                which,
                ..
            } = around;
            let of = |all: &[Drift]| all.iter().filter(|drift| said(drift) == around.said).count();
            let before = of(&desk.drifts().await);
            desk.around(&format!("UPDATE \"{table}\" SET {column} = {to} WHERE {which}"))
                .await;
            let after = desk.drifts().await;
            assert!(of(&after) > before, "{table}.{column}: {after:?}");
        }
    })
    .await;
}
