//! Recording can't be forgotten: every public method of accounts is listed here with the events it leaves. A method
//! that isn't listed fails the first test, one that changes something and leaves no event the second. Each event is
//! held to the catalogue, and the catalogue to what is emitted. The last looks for secrets where they must not be.

use super::{by_provider::ByProvider, *};
use crate::{
    email::tests::{link_in, set_up},
    testing::on_each_database,
};
use daybook_domain::{
    account::{ProfileForm, RoleForm, Scope, UserForm},
    catalogue::OwnType,
    object::ObjectQuery,
    permission::{ImpersonateUsers, ManageSettings},
    ports::{Account, ApiKeys, Gate, IdentityProviders, Impersonations, SignInPolicies},
    regional::RegionalFormat,
    settings::SignInPolicy,
};
use daybook_entity::{
    api_key, identity, identity_provider, invitation, password_reset, role, second_factor, session, user,
    workspace,
};
use secrecy::SecretString;
use std::{collections::BTreeSet, fs, path::Path};

enum Leaves {
    /// It only reads.
    Nothing,
    /// It writes what is no act of anybody's; why.
    NoEvent(&'static str),
    Events(&'static [&'static str]),
}

use Leaves::{Events, NoEvent, Nothing};

const METHODS: &[(&str, Leaves)] = &[
    (
        "accept_invitation",
        Events(&["user.invitation_accepted", "user.signed_in"]),
    ),
    ("ask_for_reset", Events(&["user.password_reset_asked"])),
    ("begin_impersonation", Events(&["impersonation.started"])),
    ("change_password", Events(&["user.password_changed"])),
    (
        "choose_password",
        Events(&[
            "user.password_reset_asked",
            "user.password_reset",
            "session.revoked",
        ]),
    ),
    ("begin_at_provider", Events(&["identity_provider.created"])),
    ("check_identity_provider", Events(&["identity_provider.created"])),
    ("create_identity_provider", Events(&["identity_provider.created"])),
    (
        "update_identity_provider",
        Events(&["identity_provider.created", "identity_provider.updated"]),
    ),
    (
        "delete_identity_provider",
        Events(&["identity_provider.created", "identity_provider.deleted"]),
    ),
    (
        "finish_at_provider",
        Events(&[
            "identity_provider.created",
            "user.identity_linked",
            "user.signed_in",
        ]),
    ),
    ("identity_provider", Events(&["identity_provider.created"])),
    ("list_identity_providers", Nothing),
    ("offered_providers", Nothing),
    ("provider_roles", Nothing),
    (
        "unlink_identity",
        Events(&[
            "identity_provider.created",
            "user.identity_linked",
            "user.signed_in",
            "user.identity_unlinked",
        ]),
    ),
    ("create_api_key", Events(&["api_key.created"])),
    ("create_role", Events(&["role.created"])),
    ("create_user", Events(&["user.created"])),
    (
        "deactivate_user",
        Events(&["user.deactivated", "session.revoked"]),
    ),
    ("delete_expired_sessions", NoEvent("the session was over already")),
    ("delete_role", Events(&["role.deleted"])),
    ("delete_user", Events(&["session.revoked", "user.deleted"])),
    (
        "delete_session",
        NoEvent("the session layer gives a session a new token; people sign out"),
    ),
    (
        "end_impersonation",
        Events(&["impersonation.started", "impersonation.ended"]),
    ),
    (
        "end_lapsed_impersonations",
        Events(&["impersonation.started", "impersonation.ended"]),
    ),
    ("impersonable", Nothing),
    ("insert_session", NoEvent("the sign-in before it is recorded")),
    // On an empty database, hence in a test of its own: set_up.rs.
    ("found_demo", Events(&["workspace.created"])),
    ("invitation", Nothing),
    ("invite_user", Events(&["user.invited"])),
    ("is_still_in", Nothing),
    ("list_api_keys", Nothing),
    ("list_roles", Nothing),
    ("list_users", Nothing),
    ("load_session", Nothing),
    ("needs_setup", Nothing),
    ("offers_reset", Nothing),
    ("own_sessions", Nothing),
    ("password_reset", Nothing),
    ("policy", Nothing),
    ("profile", Nothing),
    ("reactivate_user", Events(&["user.reactivated"])),
    ("refused", Events(&["access.denied"])),
    ("reinvite_user", Events(&["user.reinvited"])),
    (
        "reset_password",
        Events(&["user.password_reset", "session.revoked"]),
    ),
    ("revoke_api_key", Events(&["api_key.revoked"])),
    ("revoke_other_sessions", Events(&["session.revoked"])),
    ("revoke_session", Events(&["session.revoked"])),
    ("role", Nothing),
    ("role_choices", Nothing),
    ("save_session", NoEvent("the session layer moves the expiry")),
    ("send_password_reset", Events(&["user.password_reset_asked"])),
    (
        "set_up",
        Events(&[
            "workspace.created",
            "role.created",
            "role.created",
            "role.created",
            "user.created",
            "user.signed_in",
        ]),
    ),
    ("set_sign_in_policy", Events(&["sign_in_policy.updated"])),
    ("set_regional_format", Events(&["user.updated"])),
    ("set_profile", Events(&["user.updated"])),
    ("set_user_role", Events(&["user.updated"])),
    ("set_zone", Events(&["user.updated"])),
    ("sign_in", Events(&["user.signed_in"])),
    ("sign_in_policy", Nothing),
    ("second_factor", Nothing),
    ("begin_second_factor", Events(&["user.second_factor_begun"])),
    (
        "confirm_second_factor",
        Events(&["user.second_factor_begun", "user.second_factor_enabled"]),
    ),
    (
        "renew_recovery_codes",
        Events(&[
            "user.second_factor_begun",
            "user.second_factor_enabled",
            "user.recovery_codes_renewed",
        ]),
    ),
    (
        "disable_second_factor",
        Events(&[
            "user.second_factor_begun",
            "user.second_factor_enabled",
            "user.second_factor_disabled",
        ]),
    ),
    (
        "remove_second_factor",
        Events(&[
            "user.second_factor_begun",
            "user.second_factor_enabled",
            "user.second_factor_removed",
        ]),
    ),
    (
        "finish_sign_in",
        Events(&[
            "user.second_factor_begun",
            "user.second_factor_enabled",
            "user.code_asked",
            "user.signed_in",
        ]),
    ),
    ("need_second_factor", Events(&["role.updated"])),
    ("sign_out", Events(&["user.signed_out"])),
    ("update_role", Events(&["role.updated"])),
    ("update_user", Events(&["user.updated"])),
    ("user", Nothing),
    ("viewer_of_api_key", NoEvent("when a key was last used")),
    ("viewer_of_session", NoEvent("when a session was last seen")),
    ("workspace", Nothing),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

/// A refusal changes nothing; an end undoes the beginning that was needed for it.
const LEAVE_ALL_AS_IT_WAS: &[&str] = &[
    "refused",
    "end_impersonation",
    "end_lapsed_impersonations",
    "disable_second_factor",
    "remove_second_factor",
    "delete_identity_provider",
];

/// The names of the methods others can call, read from the source.
fn methods() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/accounts");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let mut port = false;
        for line in fs::read_to_string(path).unwrap().lines() {
            if line.starts_with("impl ") {
                port = line.contains(" for Accounts");
            }
            let line = line.trim_start();
            let name = line
                .strip_prefix("pub async fn ")
                .or_else(|| line.strip_prefix("async fn ").filter(|_| port));
            if let Some(name) = name {
                found.insert(name.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn every_method_is_listed() {
    let listed: BTreeSet<String> = METHODS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, methods());
}

/// Calls a method once, so that it does what it is for.
async fn call(name: &str, house: &House, scene: &Scene) {
    let accounts = &house.accounts;
    let (users, roles, keys) = (
        &house.managing_users(),
        &house.managing_roles(),
        &house.managing_keys(),
    );
    let (ada, bo) = (&house.ada, scene.bo.user_id().unwrap());
    let appearing = &granted(ada, ImpersonateUsers);
    let form = RoleForm {
        name: "Late".to_owned(),
        description: String::new(),
        permissions: vec![],
    };
    let link = scene.invited.secret.reveal().strip_prefix("/invite/").unwrap();
    let hash = token(bo, 0);
    match name {
        "accept_invitation" => drop(
            accounts
                .accept_invitation(link, PASSWORD.into(), &home())
                .await
                .unwrap(),
        ),
        "begin_impersonation" => accounts
            .begin_impersonation(appearing, bo, "why", 15)
            .await
            .unwrap(),
        "end_impersonation" => {
            accounts
                .begin_impersonation(appearing, bo, "why", 15)
                .await
                .unwrap();
            assert_eq!(accounts.end_impersonation(ada).await, Ok(Some(bo)));
        }
        "end_lapsed_impersonations" => {
            accounts
                .begin_impersonation(appearing, bo, "why", 15)
                .await
                .unwrap();
            house.at.clock.advance_seconds(3600);
            assert_eq!(accounts.end_lapsed_impersonations().await.unwrap(), 1);
        }
        "impersonable" => drop(accounts.impersonable(appearing, bo).await.unwrap()),
        "begin_at_provider" => drop(ByProvider::new(house).await.begin().await.unwrap()),
        "check_identity_provider" => {
            let by = ByProvider::new(house).await;
            let who = &granted(ada, ManageSettings);
            assert_eq!(accounts.check_identity_provider(who, by.id).await, Ok(None));
        }
        "create_identity_provider" => drop(ByProvider::new(house).await),
        "update_identity_provider" => {
            let mut by = ByProvider::new(house).await;
            by.change(|form| form.enabled = false).await;
        }
        "delete_identity_provider" => {
            let by = ByProvider::new(house).await;
            let who = &granted(ada, ManageSettings);
            accounts.delete_identity_provider(who, by.id).await.unwrap();
        }
        "finish_at_provider" => {
            let by = ByProvider::new(house).await;
            drop(by.come("bo@x.example").await.unwrap());
        }
        "identity_provider" => {
            let by = ByProvider::new(house).await;
            let who = &granted(ada, ManageSettings);
            drop(accounts.identity_provider(who, by.id).await.unwrap());
        }
        "list_identity_providers" => {
            let who = &granted(ada, ManageSettings);
            assert!(accounts.list_identity_providers(who).await.unwrap().is_empty());
        }
        "offered_providers" => assert!(accounts.offered_providers().await.unwrap().is_empty()),
        "provider_roles" => {
            let who = &granted(ada, ManageSettings);
            assert!(!accounts.provider_roles(who).await.unwrap().is_empty());
        }
        "unlink_identity" => {
            let by = ByProvider::new(house).await;
            drop(by.come("bo@x.example").await.unwrap());
            let subject = "s-bo@x.example";
            accounts.unlink_identity(users, bo, by.id, subject).await.unwrap();
        }
        "profile" => drop(accounts.profile(ada).await.unwrap()),
        "policy" => drop(accounts.policy().await.unwrap()),
        "sign_in_policy" => drop(
            accounts
                .sign_in_policy(&granted(ada, ManageSettings))
                .await
                .unwrap(),
        ),
        "set_sign_in_policy" => {
            let longer = SignInPolicy {
                password_length: 20,
                ..SignInPolicy::default()
            };
            let seen = house.policy_tag().await;
            accounts
                .set_sign_in_policy(&granted(ada, ManageSettings), &seen, longer)
                .await
                .unwrap();
        }
        "change_password" => accounts
            .change_password(&scene.bo, PASSWORD, OTHER_PASSWORD)
            .await
            .unwrap(),
        "create_api_key" => drop(
            accounts
                .create_api_key(keys, "K", vec![Scope::EventsRead])
                .await
                .unwrap(),
        ),
        "create_role" => drop(accounts.create_role(roles, form).await.unwrap()),
        "create_user" => drop(
            accounts
                .create_user(users, "C", "c@x.example", "Agent", PASSWORD.into())
                .await
                .unwrap(),
        ),
        "deactivate_user" => drop(accounts.deactivate_user(users, bo).await.unwrap()),
        "delete_expired_sessions" => {
            house.at.clock.advance_seconds(86_400);
            assert_eq!(accounts.delete_expired_sessions().await.unwrap(), 3);
        }
        "delete_role" => accounts.delete_role(roles, scene.role).await.unwrap(),
        "delete_session" => accounts.delete_session(&hash).await.unwrap(),
        "insert_session" => assert!(
            accounts
                .insert_session(new_session(&house.at, bo, 9))
                .await
                .unwrap()
        ),
        "ask_for_reset" => {
            set_up(&house.at, house.workspace.id).await;
            let asked = accounts.ask_for_reset("bo@x.example", &home()).await.unwrap();
            asked.await.unwrap();
        }
        "choose_password" => {
            set_up(&house.at, house.workspace.id).await;
            accounts.send_password_reset(users, bo).await.unwrap();
            let link = link_in(&house.at, "reset").await;
            let request = home();
            let chosen = accounts.choose_password(&link, OTHER_PASSWORD.into(), &request);
            chosen.await.unwrap();
        }
        "send_password_reset" => {
            set_up(&house.at, house.workspace.id).await;
            drop(accounts.send_password_reset(users, bo).await.unwrap());
        }
        "offers_reset" => assert!(!accounts.offers_reset().await.unwrap()),
        "password_reset" => drop(accounts.password_reset("none").await.unwrap_err()),
        "invitation" => drop(accounts.invitation(link).await.unwrap()),
        "delete_user" => drop(accounts.delete_user(users, bo, "bo@x.example").await.unwrap()),
        "is_still_in" => assert!(accounts.is_still_in(&scene.bo).await.unwrap()),
        "user" => drop(accounts.user(users, bo).await.unwrap()),
        "invite_user" => {
            let agent = house.role("Agent").await;
            drop(
                accounts
                    .invite_user(users, "D", "d@x.example", agent)
                    .await
                    .unwrap(),
            );
        }
        "list_api_keys" => drop(accounts.list_api_keys(keys).await.unwrap()),
        "list_roles" => drop(accounts.list_roles(roles).await.unwrap()),
        "list_users" => drop(accounts.list_users(users, &ObjectQuery::default()).await.unwrap()),
        "load_session" => assert!(accounts.load_session(&hash).await.unwrap().is_some()),
        "needs_setup" => assert!(!accounts.needs_setup().await.unwrap()),
        "own_sessions" => assert_eq!(accounts.own_sessions(ada).await.unwrap().len(), 2),
        "reactivate_user" => drop(accounts.reactivate_user(users, scene.gone).await.unwrap()),
        "refused" => accounts
            .refused(&scene.bo, Permission::AuditLogsView, "/x")
            .await
            .unwrap(),
        "reinvite_user" => drop(
            accounts
                .reinvite_user(users, scene.invited.thing.id, true)
                .await
                .unwrap(),
        ),
        "reset_password" => accounts
            .reset_password(users, "bo@x.example", OTHER_PASSWORD.into())
            .await
            .unwrap(),
        "revoke_api_key" => drop(accounts.revoke_api_key(keys, scene.key.thing.id).await.unwrap()),
        "revoke_other_sessions" => assert_eq!(accounts.revoke_other_sessions(ada).await, Ok(1)),
        "revoke_session" => accounts
            .revoke_session(&scene.bo, session_of(&scene.bo))
            .await
            .unwrap(),
        "role" => drop(accounts.role(roles, scene.role).await.unwrap()),
        "role_choices" => drop(accounts.role_choices(users).await.unwrap()),
        "save_session" => accounts
            .save_session(&hash, "{}".to_owned(), house.at.clock.now())
            .await
            .unwrap(),
        "set_regional_format" => accounts
            .set_regional_format(ada, RegionalFormat::France)
            .await
            .unwrap(),
        "set_profile" => {
            let form = ProfileForm {
                name: "Ada L.".to_owned(),
                phone: String::new(),
            };
            let seen = accounts.profile(ada).await.unwrap().seen;
            accounts.set_profile(ada, &seen.tag(), form).await.unwrap();
        }
        "set_user_role" => {
            let seen = house.user_tag(bo).await;
            drop(
                accounts
                    .set_user_role(users, bo, &seen, scene.role)
                    .await
                    .unwrap(),
            );
        }
        "update_user" => {
            let form = UserForm {
                name: "Bo C.".to_owned(),
                email: "bo@x.example".to_owned(),
                phone: String::new(),
            };
            let seen = house.user_tag(bo).await;
            drop(accounts.update_user(users, bo, &seen, form).await.unwrap());
        }
        "set_zone" => accounts.set_zone(ada, "Asia/Tokyo").await.unwrap(),
        "sign_in" => drop(house.sign_in("bo@x.example", PASSWORD).await.unwrap()),
        "second_factor" => drop(accounts.second_factor(&scene.bo).await.unwrap()),
        "begin_second_factor" => accounts.begin_second_factor(&scene.bo, PASSWORD).await.unwrap(),
        "confirm_second_factor" => drop(super::second_factor::set_up(house, &scene.bo).await),
        "renew_recovery_codes" => {
            let (secret, _) = super::second_factor::set_up(house, &scene.bo).await;
            let code = super::second_factor::code(house, &secret);
            drop(accounts.renew_recovery_codes(&scene.bo, &code).await.unwrap());
        }
        "disable_second_factor" => {
            let (secret, _) = super::second_factor::set_up(house, &scene.bo).await;
            let code = super::second_factor::code(house, &secret);
            accounts.disable_second_factor(&scene.bo, &code).await.unwrap();
        }
        "remove_second_factor" => {
            super::second_factor::set_up(house, &scene.bo).await;
            accounts.remove_second_factor(users, bo).await.unwrap();
        }
        "finish_sign_in" => {
            let (secret, _) = super::second_factor::set_up(house, &scene.bo).await;
            let token = super::second_factor::asked(house, "bo@x.example").await;
            let code = super::second_factor::code(house, &secret);
            let entered = accounts.finish_sign_in(&token, &code, &home()).await;
            assert_eq!(entered, Ok(bo));
        }
        "need_second_factor" => accounts
            .need_second_factor(roles, scene.role, true)
            .await
            .unwrap(),
        "sign_out" => accounts.sign_out(&scene.bo).await.unwrap(),
        "update_role" => {
            let seen = house.role_tag(scene.role).await;
            drop(
                accounts
                    .update_role(roles, scene.role, &seen, form)
                    .await
                    .unwrap(),
            );
        }
        "viewer_of_api_key" => {
            let key = SecretString::from(scene.key.secret.reveal());
            assert!(accounts.viewer_of_api_key(&key, home()).await.unwrap().is_some());
            api_keys::settle(house).await;
        }
        "viewer_of_session" => {
            house.at.clock.advance_seconds(600);
            assert!(accounts.viewer_of_session(&hash, home()).await.unwrap().is_some());
            api_keys::settle(house).await;
        }
        "workspace" => drop(accounts.workspace().await.unwrap()),
        other => panic!("{other} is not called"),
    }
}

/// Somebody and something of each kind.
struct Scene {
    bo: Viewer,
    gone: UserId,
    invited: WithSecret<User>,
    role: RoleId,
    key: WithSecret<daybook_domain::account::ApiKey>,
}

impl Scene {
    async fn new(house: &House) -> Self {
        let bo = house.user("Bo Chen", "bo@x.example", "Agent").await;
        let gone = house.user("Gone", "gone@x.example", "Agent").await;
        house
            .accounts
            .deactivate_user(&house.managing_users(), gone.id)
            .await
            .unwrap();
        let form = RoleForm {
            name: "Night".to_owned(),
            description: String::new(),
            permissions: vec![],
        };
        let role = house
            .accounts
            .create_role(&house.managing_roles(), form)
            .await
            .unwrap();
        house.browser(house.ada.user_id().unwrap(), 1).await;
        let key = house
            .accounts
            .create_api_key(&house.managing_keys(), "Key", vec![Scope::EventsWrite])
            .await;
        Self {
            bo: house.browser(bo.id, 0).await,
            gone: gone.id,
            invited: house.invite("Ivo", "ivo@x.example", "Agent").await,
            role: role.id,
            key: key.unwrap(),
        }
    }
}

/// Everything accounts keep, as text.
async fn contents(house: &House) -> String {
    let db = &house.at.db.read;
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        user::Entity::find()
            .order_by_asc(user::Column::Id)
            .all(db)
            .await
            .unwrap(),
        role::Entity::find()
            .order_by_asc(role::Column::Id)
            .all(db)
            .await
            .unwrap(),
        session::Entity::find()
            .order_by_asc(session::Column::Id)
            .all(db)
            .await
            .unwrap(),
        api_key::Entity::find()
            .order_by_asc(api_key::Column::Id)
            .all(db)
            .await
            .unwrap(),
        invitation::Entity::find()
            .order_by_asc(invitation::Column::UserId)
            .all(db)
            .await
            .unwrap(),
        password_reset::Entity::find().all(db).await.unwrap(),
        second_factor::Entity::find().all(db).await.unwrap(),
        (
            identity_provider::Entity::find().all(db).await.unwrap(),
            identity::Entity::find().all(db).await.unwrap(),
        ),
        workspace::Entity::find().all(db).await.unwrap(),
    )
}

#[tokio::test]
async fn every_method_that_changes_something_leaves_its_events() {
    for (name, leaves) in METHODS {
        if *name == "found_demo" {
            continue;
        }
        let house = House::new(TestDb::sqlite().await).await;
        // Making the house was setting it up.
        let set_up = *name == "set_up";
        let mut events = house.events().await;
        if !set_up {
            let scene = Scene::new(&house).await;
            let (count, before) = (house.events().await.len(), contents(&house).await);
            call(name, &house, &scene).await;
            events = house.events_since(count).await;
            let changed = contents(&house).await != before;
            match leaves {
                Nothing => assert!(!changed, "{name} changes something"),
                NoEvent(why) => assert!(changed, "{name} changes nothing, so “{why}” is no reason"),
                Events(_) => assert!(
                    changed || LEAVE_ALL_AS_IT_WAS.contains(name),
                    "{name} was called and did nothing"
                ),
            }
        }
        let expected = if let Events(expected) = leaves {
            *expected
        } else {
            &[]
        };
        assert_eq!(types(&events), expected, "{name}");
        for event in &events {
            let body = &event.body;
            body.check_limits().unwrap();
            assert_eq!(faults(body), Vec::<String>::new(), "{name}");
            assert!(
                body.summary.is_some() && body.category.is_some() && body.section.is_some(),
                "{body:?}"
            );
            assert!(!body.targets.is_empty() || *name == "refused", "{body:?}");
            assert_eq!(
                (body.ip, &body.user_agent),
                (home().ip, &home().user_agent),
                "{name}"
            );
        }
    }
}

/// Types that no method of accounts leaves when it does what it is for, and whose tests hold them to the catalogue.
const ELSEWHERE: &[(&str, &str)] = &[
    ("user.sign_in_failed", "tests/sign_in.rs"),
    ("user.provisioned", "tests/by_provider.rs"),
    ("user.password_change_failed", "tests/own.rs"),
    ("user.password_reset_refused", "email/tests/resets.rs"),
    ("contact.signed_in", "portal/tests/coming.rs"),
    ("contact.sign_in_failed", "portal/tests/coming.rs"),
    ("contact.signed_out", "portal/tests/coming.rs"),
    ("contact.sign_in_link_sent", "portal/tests/coming.rs"),
    ("contact.sign_in_link_refused", "portal/tests/coming.rs"),
    ("contact.session_revoked", "portal/tests/recorded.rs"),
    ("contact.password_set", "portal/tests/recorded.rs"),
    ("contact.records_exported", "portal/tests/seeing.rs"),
    ("audit_logs.export_started", "server/tests/it/export.rs"),
    ("audit_logs.export_finished", "server/tests/it/export.rs"),
    ("events.imported", "server/tests/it/import.rs"),
    ("alert.raised", "monitoring/tests/follow.rs"),
    ("alert.raised_again", "monitoring/tests/follow.rs"),
    ("alert.acknowledged", "monitoring/tests/recorded.rs"),
    ("alert.assigned", "monitoring/tests/recorded.rs"),
    ("alert.closed", "monitoring/tests/recorded.rs"),
    ("alert.reopened", "monitoring/tests/recorded.rs"),
    ("alert_rule.created", "monitoring/tests/recorded.rs"),
    ("alert_rule.updated", "monitoring/tests/recorded.rs"),
    ("alert_rule.deleted", "monitoring/tests/recorded.rs"),
    ("alert_rule.switched_on", "monitoring/tests/follow.rs"),
    ("alert_rule.switched_off", "monitoring/tests/recorded.rs"),
    ("audit_logs.viewed", "reading.rs"),
    ("audit_logs.record_viewed", "reading.rs"),
    ("retention.updated", "retention/tests.rs"),
    ("retention.purge_requested", "retention/tests.rs"),
    ("retention.purge_started", "retention/tests.rs"),
    ("retention.purged", "retention/tests.rs"),
    ("retention.purge_failed", "retention/tests.rs"),
    ("legal_hold.placed", "retention/tests.rs"),
    ("legal_hold.released", "retention/tests.rs"),
    ("workspace.updated", "settings/tests.rs"),
    ("log.switched_on", "settings/tests.rs"),
    ("log.switched_off", "settings/tests.rs"),
    ("data.imported", "objects/tests/import.rs"),
    ("integration.delivery_failed", "integrations/tests/streams.rs"),
    ("integration.events_refused", "integrations/tests/ways.rs"),
    ("integration.paused", "integrations/tests/recorded.rs"),
    ("integration.recovered", "integrations/tests/streams.rs"),
    ("integration.resumed", "integrations/tests/recorded.rs"),
    ("integration.rewound", "integrations/tests/recorded.rs"),
    ("integration.secret_set", "integrations/tests/recorded.rs"),
    ("integration.tested", "integrations/tests/recorded.rs"),
    ("data.exported", "objects/tests/import.rs"),
    ("drift.checked", "objects/tests/drift.rs"),
    ("recording.started", "settings/tests.rs"),
    ("recording.stopped", "settings/tests.rs"),
    ("saved_view.created", "views/tests.rs"),
    ("saved_view.updated", "views/tests.rs"),
    ("saved_view.deleted", "views/tests.rs"),
    ("report_schedule.created", "reports/tests"),
    ("report_schedule.deleted", "reports/tests"),
    ("report_schedule.sent", "reports/tests"),
    ("report_schedule.stopped", "reports/tests"),
    ("report_schedule.updated", "reports/tests"),
    ("email.attachment_downloaded", "reports/tests"),
    ("email.bounced", "email/tests"),
    ("email.complained", "email/tests"),
    ("email.deferred", "email/tests"),
    ("email.recipient_blocked", "email/tests"),
    ("email.resent", "email/tests"),
    ("email.tested", "email/tests"),
    ("email_provider.updated", "email/tests"),
    ("email_suppression.created", "email/tests"),
    ("email_suppression.deleted", "email/tests"),
    ("email_template.updated", "email/tests"),
    ("user.second_factor_refused", "second_factor.rs"),
    ("usage_report.refreshed", "analytics/tests/months.rs"),
    ("mail_settings.paused", "email/tests"),
    ("mail_settings.resumed", "email/tests"),
    ("mail_settings.updated", "email/tests"),
    ("secrets.resealed", "email/tests"),
    ("webhook.attempt_failed", "webhooks/tests.rs"),
    ("webhook.message_given_up", "webhooks/tests.rs"),
    ("webhook_endpoint.headers_changed", "webhooks/tests.rs"),
    ("webhook_endpoint.paused", "webhooks/tests.rs"),
    ("webhook_endpoint.recovered", "webhooks/tests.rs"),
    ("webhook_endpoint.resent", "webhooks/tests.rs"),
    ("webhook_endpoint.resumed", "webhooks/tests.rs"),
    ("webhook_endpoint.secret_added", "webhooks/tests.rs"),
    ("webhook_endpoint.secret_removed", "webhooks/tests.rs"),
    ("webhook_endpoint.tested", "webhooks/tests.rs"),
];

#[test]
fn the_catalogue_is_what_is_emitted() {
    let mut emitted: BTreeSet<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    for (_, leaves) in METHODS {
        if let Events(names) = leaves {
            emitted.extend(*names);
        }
    }
    // Of things of any kind: objects/tests/life.rs.
    emitted.extend(crate::objects::tests::emitted().map(OwnType::name));
    let catalogued: BTreeSet<&str> = OwnType::ALL.iter().map(|of| of.name()).collect();
    assert_eq!(emitted, catalogued);
}

#[tokio::test]
async fn no_secret_reaches_the_log_or_lies_in_a_table() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let scene = Scene::new(&house).await;
        house
            .sign_in(ADMIN_EMAIL, "Wrong horse battery staple")
            .await
            .unwrap_err();
        house
            .sign_in("nobody@x.example", "Another horse entirely")
            .await
            .unwrap_err();
        let again = house
            .accounts
            .reinvite_user(&house.managing_users(), scene.invited.thing.id, true)
            .await;
        let again = shown(again.unwrap());
        house
            .accounts
            .change_password(&house.ada, PASSWORD, OTHER_PASSWORD)
            .await
            .unwrap();
        let link = again.secret.reveal().strip_prefix("/invite/").unwrap();
        house
            .accounts
            .accept_invitation(link, "quiet harbour, nine lamps lit".into(), &home())
            .await
            .unwrap();

        let log = serde_json::to_string(&house.events().await).unwrap();
        let tables = contents(&house).await;
        let old_link = scene.invited.secret.reveal().strip_prefix("/invite/").unwrap();
        let key = scene.key.secret.reveal();
        for secret in [
            PASSWORD,
            OTHER_PASSWORD,
            "Wrong horse",
            "Another horse",
            "quiet harbour",
            link,
            old_link,
            key,
            &key[10..],
        ] {
            assert!(!log.contains(secret) && !tables.contains(secret), "{secret}");
        }
        assert!(
            tables.contains("$argon2id$") && !log.contains("argon2"),
            "hashes stay in their table"
        );
        for row in user::Entity::find().all(&house.at.db.read).await.unwrap() {
            let salt = row
                .password_hash
                .as_deref()
                .and_then(|hash| hash.split('$').nth(4).map(str::to_owned));
            assert!(salt.is_none_or(|salt| !log.contains(&salt)));
        }
        for hash in api_key::Entity::find().all(&house.at.db.read).await.unwrap() {
            assert!(!log.contains(&hex::encode(&hash.key_hash[..8])));
        }
    })
    .await;
}
