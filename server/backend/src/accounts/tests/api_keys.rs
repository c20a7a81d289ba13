//! Keys for programs: shown once, found fast, revoked at once.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::Scope,
    event::{Action, Change},
    id::ApiKeyId,
    ports::ApiKeys,
    viewer::Principal,
};
use secrecy::SecretString;
use serde_json::{Value, json};

async fn key(house: &House, scopes: &[Scope]) -> (ApiKeyId, SecretString) {
    let made = house
        .accounts
        .create_api_key(&house.managing_keys(), "Helpdesk", scopes.to_vec())
        .await
        .unwrap();
    (made.thing.id, SecretString::from(made.secret.reveal()))
}

async fn works(accounts: &Accounts, key: &SecretString) -> bool {
    accounts.viewer_of_api_key(key, home()).await.unwrap().is_some()
}

#[tokio::test]
async fn a_key_is_shown_once_and_says_who_asks() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let scopes = vec![Scope::EventsWrite, Scope::EventsRead, Scope::EventsWrite];
        let made = house
            .accounts
            .create_api_key(&house.managing_keys(), " Helpdesk ", scopes)
            .await
            .unwrap();
        let secret = made.secret.reveal();
        assert!(secret.starts_with("dbk_") && secret.len() == 47, "{secret}");
        assert_eq!(made.thing.prefix, secret[..10]);
        assert_eq!(made.thing.scopes, [Scope::EventsRead, Scope::EventsWrite]);
        assert_eq!(made.thing.created_by, "Ada Lindqvist");
        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.action),
            ("api_key.created", Action::Create)
        );
        assert_eq!(body.summary.as_deref(), Some("Created API key “Helpdesk”"));
        assert!(body.changes.contains(&Change::secret("key")));
        let scopes = Change::new("scopes", Value::Null, json!(["events:read", "events:write"]));
        assert!(body.changes.contains(&scopes));

        let key = SecretString::from(secret);
        let (viewer, scopes) = house
            .accounts
            .viewer_of_api_key(&key, home())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(scopes, made.thing.scopes);
        let permissions = [Permission::AuditLogsView, Permission::AuditLogsExport];
        assert_eq!(viewer.permissions(), &permissions.into());
        assert_eq!(
            viewer.principal(),
            &Principal::ApiKey {
                id: made.thing.id,
                name: "Helpdesk".to_owned()
            }
        );
        assert_eq!(viewer.workspace(), house.workspace.id);
        assert_eq!(viewer.request(), &home());

        let mut near = secret.to_owned();
        let last = near.pop();
        near.push(if last == Some('A') { 'B' } else { 'A' });
        for junk in [
            near.as_str(),
            "",
            "dbk_",
            &secret[..46],
            &secret.to_uppercase(),
            "\u{0}",
        ] {
            assert!(!works(&house.accounts, &SecretString::from(junk)).await, "{junk}");
        }
    })
    .await;
}

#[tokio::test]
async fn forms_are_checked() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_keys();
        let field = async |name: &str, scopes: &[Scope]| {
            field_of(house.accounts.create_api_key(&who, name, scopes.to_vec()).await)
        };
        assert_eq!(field("", &[Scope::EventsWrite]).await, "name");
        assert_eq!(field("Helpdesk", &[]).await, "scopes");
        assert_eq!(
            field(" DayBook", &[Scope::EventsWrite]).await,
            "name",
            "would pass for Daybook's own"
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_here_and_within_two_seconds_elsewhere() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let (id, key) = key(&house, &[Scope::EventsWrite]).await;
        // Another process: its own cache.
        let other = accounts(&house.at);
        assert!(works(&house.accounts, &key).await && works(&other, &key).await);
        let revoked = house
            .accounts
            .revoke_api_key(&house.managing_keys(), id)
            .await
            .unwrap();
        assert_eq!(revoked.revoked.unwrap().utc, house.at.clock.now());
        assert!(!works(&house.accounts, &key).await);
        house.at.clock.advance_seconds(2);
        assert!(!works(&other, &key).await);

        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.action),
            ("api_key.revoked", Action::Revoke)
        );
        assert_eq!(body.changes, [Change::new("status", "active", "revoked")]);
        let before = house.events().await.len();
        house
            .accounts
            .revoke_api_key(&house.managing_keys(), id)
            .await
            .unwrap();
        assert_eq!(house.events().await.len(), before, "once is enough");
        let unknown = ApiKeyId(house.workspace.id.0);
        let refused = house
            .accounts
            .revoke_api_key(&house.managing_keys(), unknown)
            .await;
        assert_eq!(refused, Err(Told::NotFound));
        assert_eq!(
            house
                .accounts
                .list_api_keys(&house.managing_keys())
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_known_key_needs_no_query() {
    let house = House::new(TestDb::sqlite().await).await;
    let (_, key) = key(&house, &[Scope::EventsWrite]).await;
    assert!(works(&house.accounts, &key).await);
    house.at.db.read.clone().close().await.unwrap();
    for _ in 0..100 {
        assert!(works(&house.accounts, &key).await);
    }
    house.at.clock.advance_seconds(2);
    assert!(
        house.accounts.viewer_of_api_key(&key, home()).await.is_err(),
        "and after two seconds it does"
    );
}

#[tokio::test]
async fn its_last_use_is_written_once_a_minute() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let (_, key) = key(&house, &[Scope::EventsWrite]).await;
        let last_used = async || {
            let keys = house
                .accounts
                .list_api_keys(&house.managing_keys())
                .await
                .unwrap();
            keys[0].last_used.as_ref().map(|at| at.utc)
        };
        assert_eq!(last_used().await, None);
        let first = house.at.clock.now();
        assert!(works(&house.accounts, &key).await);
        settle(&house).await;
        assert_eq!(last_used().await, Some(first));
        house.at.clock.advance_seconds(59);
        assert!(works(&house.accounts, &key).await);
        settle(&house).await;
        assert_eq!(last_used().await, Some(first));
        house.at.clock.advance_seconds(1);
        assert!(works(&house.accounts, &key).await);
        settle(&house).await;
        assert_eq!(last_used().await, Some(house.at.clock.now()));
        assert_eq!(
            house.last_event().await.body.event_type,
            "api_key.created",
            "and is no event"
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_more_than_they() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let boss = house
            .someone_with(&[Permission::ApiKeysManage, Permission::AnalyticsView])
            .await;
        let who = granted(&boss, ManageApiKeys);
        let make = async |scope: Scope| house.accounts.create_api_key(&who, "Key", vec![scope]).await;
        make(Scope::EventsWrite).await.unwrap();
        make(Scope::AnalyticsRead).await.unwrap();
        assert_eq!(missing(make(Scope::EventsRead).await), Permission::AuditLogsView);
        assert_eq!(house.last_event().await.body.event_type, "access.denied");
    })
    .await;
}

/// Lets what was written behind be written: it is handed in when its task runs, and this queues after it.
pub(super) async fn settle(house: &House) {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    house
        .at
        .writer
        .change(|_| Box::pin(async { Ok(()) }))
        .await
        .unwrap();
}
