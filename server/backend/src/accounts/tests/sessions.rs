//! Sessions as the server's layer uses them.

use super::{api_keys::settle, *};
use crate::testing::on_each_database;
use daybook_domain::{account::Session, ports::Account, viewer::Principal};

async fn own(house: &House, viewer: &Viewer) -> Vec<Session> {
    house.accounts.own_sessions(viewer).await.unwrap()
}

#[tokio::test]
async fn a_cookie_says_who_asks_until_it_expires() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        let principal = Principal::User {
            id: ada,
            name: "Ada Lindqvist".to_owned(),
            email: ADMIN_EMAIL.to_owned(),
            session: house.ada.session_id(),
        };
        assert_eq!(house.ada.principal(), &principal);
        assert_eq!(
            (house.ada.workspace(), house.ada.zone()),
            (house.workspace.id, "UTC")
        );
        assert_eq!(house.ada.request(), &home());
        assert!(
            house
                .accounts
                .viewer_of_session(&[7; 32], home())
                .await
                .unwrap()
                .is_none()
        );
        house.at.clock.advance_seconds(12 * 3600 - 1);
        assert!(house.still_in(&house.ada, 0).await);
        house.at.clock.advance_seconds(1);
        assert!(!house.still_in(&house.ada, 0).await);
        assert_eq!(house.accounts.load_session(&token(ada, 0)).await.unwrap(), None);
        assert_eq!(own(&house, &house.ada).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_token_is_never_taken_over_and_a_revoked_session_never_comes_back() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let ada = house.ada.user_id().unwrap();
        let hash = token(ada, 0);
        let mut stolen = new_session(&house.at, bo.id, 0);
        stolen.token_hash = hash;
        assert!(!house.accounts.insert_session(stolen).await.unwrap());
        assert!(house.still_in(&house.ada, 0).await);

        let later = house.at.clock.now().plus_seconds(20 * 3600);
        house
            .accounts
            .save_session(&hash, r#"{"a":1}"#.to_owned(), later)
            .await
            .unwrap();
        assert_eq!(
            house.accounts.load_session(&hash).await.unwrap(),
            Some((r#"{"a":1}"#.to_owned(), later))
        );
        house
            .accounts
            .revoke_session(&house.ada, session_of(&house.ada))
            .await
            .unwrap();
        house
            .accounts
            .save_session(&hash, "{}".to_owned(), later)
            .await
            .unwrap();
        assert_eq!(house.accounts.load_session(&hash).await.unwrap(), None);
        assert!(!house.still_in(&house.ada, 0).await);
    })
    .await;
}

#[tokio::test]
async fn only_who_may_sign_in_gets_a_session() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let invited = house.invite("Ivo", "ivo@northdesk.example", "Agent").await;
        let refused = house
            .accounts
            .insert_session(new_session(&house.at, invited.thing.id, 0))
            .await;
        assert!(matches!(
            refused,
            Err(crate::Error::Domain(Told::Unauthenticated))
        ));
        let nobody = UserId(house.workspace.id.0);
        let refused = house
            .accounts
            .insert_session(new_session(&house.at, nobody, 0))
            .await;
        assert!(matches!(refused, Err(crate::Error::Domain(Told::NotFound))));
    })
    .await;
}

#[tokio::test]
async fn rows_of_the_past_are_swept() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        house.browser(ada, 1).await;
        house.at.clock.advance_seconds(3600);
        let late = house.browser(ada, 2).await;
        house.at.clock.advance_seconds(11 * 3600);
        let before = house.events().await.len();
        assert_eq!(house.accounts.delete_expired_sessions().await.unwrap(), 2);
        assert_eq!(house.accounts.delete_expired_sessions().await.unwrap(), 0);
        assert!(house.still_in(&late, 2).await);
        house.accounts.delete_session(&token(ada, 2)).await.unwrap();
        assert!(!house.still_in(&late, 2).await);
        assert_eq!(house.events().await.len(), before, "bookkeeping");
    })
    .await;
}

#[tokio::test]
async fn when_it_was_last_seen_is_written_once_a_minute() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let last_seen = async || own(&house, &house.ada).await[0].last_seen.utc;
        let made = house.at.clock.now();
        house.at.clock.advance_seconds(59);
        assert!(house.still_in(&house.ada, 0).await);
        settle(&house).await;
        assert_eq!(last_seen().await, made);
        house.at.clock.advance_seconds(1);
        assert!(house.still_in(&house.ada, 0).await);
        settle(&house).await;
        assert_eq!(last_seen().await, house.at.clock.now());
    })
    .await;
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        house.at.clock.advance_seconds(60);
        let phone = house.browser(ada, 1).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let bo = house.browser(bo.id, 0).await;
        let listed: Vec<_> = own(&house, &house.ada)
            .await
            .iter()
            .map(|s| (s.id, s.current))
            .collect();
        assert_eq!(
            listed,
            [(session_of(&phone), false), (session_of(&house.ada), true)]
        );
        assert_eq!(own(&house, &house.ada).await[0].ip, home().ip);

        let others = house.accounts.revoke_session(&bo, session_of(&phone)).await;
        assert_eq!(others, Err(Told::NotFound), "not even to be seen");
        let before = house.events().await.len();
        house
            .accounts
            .revoke_session(&house.ada, session_of(&phone))
            .await
            .unwrap();
        assert!(!house.still_in(&phone, 1).await);
        house.browser(ada, 2).await;
        house.browser(ada, 3).await;
        assert_eq!(house.accounts.revoke_other_sessions(&house.ada).await, Ok(2));
        assert_eq!(house.accounts.revoke_other_sessions(&house.ada).await, Ok(0));
        assert!(house.still_in(&house.ada, 0).await && house.still_in(&bo, 0).await);
        assert_eq!(types(&house.events_since(before).await), ["session.revoked"; 3]);
    })
    .await;
}
