//! The sign-in policy holds at once, for whoever is in already.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    permission::ManageSettings,
    ports::{Account, SignInPolicies},
    settings::SignInPolicy,
};

async fn set(house: &House, policy: SignInPolicy) -> Result<(), Told> {
    let who = granted(&house.ada, ManageSettings);
    let seen = house.policy_tag().await;
    house.accounts.set_sign_in_policy(&who, &seen, policy).await
}

#[tokio::test]
async fn sessions_end_by_the_policy_as_it_is_now() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        house.at.clock.advance_seconds(2 * 3600);
        assert!(house.still_in(&house.ada, 0).await);
        api_keys::settle(&house).await;
        let shorter = SignInPolicy {
            idle_minutes: 30,
            longest_hours: 3,
            ..SignInPolicy::default()
        };
        set(&house, shorter.clone()).await.unwrap();
        set(&house, shorter).await.unwrap();
        let event = house.last_event().await.body;
        assert_eq!(event.event_type, "sign_in_policy.updated");
        let changed: Vec<_> = event
            .changes
            .iter()
            .map(|change| change.property.as_str())
            .collect();
        assert_eq!(changed, ["session_idle_minutes", "session_longest_hours"]);
        let policies = house.events().await;
        assert_eq!(
            types(&policies)
                .iter()
                .filter(|of| **of == "sign_in_policy.updated")
                .count(),
            1,
            "unchanged is no change"
        );
        house.at.clock.advance_seconds(29 * 60);
        assert!(house.still_in(&house.ada, 0).await);
        api_keys::settle(&house).await;
        house.at.clock.advance_seconds(29 * 60);
        assert!(house.still_in(&house.ada, 0).await, "a request keeps it");
        api_keys::settle(&house).await;
        house.at.clock.advance_seconds(2 * 60);
        assert!(!house.still_in(&house.ada, 0).await, "three hours are over");
    })
    .await;
}

#[tokio::test]
async fn people_come_from_the_networks_that_are_named() {
    let house = House::new(TestDb::sqlite().await).await;
    let networks = |text: &str| SignInPolicy {
        networks: vec![text.to_owned()],
        ..SignInPolicy::default()
    };
    assert_eq!(
        field_of(set(&house, networks("203.0.113.0/24")).await),
        "networks"
    );
    assert_eq!(field_of(set(&house, networks("nowhere")).await), "networks");
    set(&house, networks("198.51.100.9/24")).await.unwrap();
    let hash = token(house.ada.user_id().unwrap(), 0);
    let outside = house
        .accounts
        .viewer_of_session(&hash, from("203.0.113.1"))
        .await
        .unwrap();
    assert!(outside.is_none() && house.still_in(&house.ada, 0).await);
    let refused = house
        .accounts
        .sign_in(ADMIN_EMAIL, PASSWORD.into(), &from("203.0.113.1"))
        .await;
    assert!(refused.unwrap_err().to_string().contains("from your network"));
    let event = house.last_event().await.body;
    assert_eq!(
        (event.event_type.as_str(), event.metadata["reason_code"].as_str()),
        ("user.sign_in_failed", Some("network"))
    );
    // Who doesn't know the password isn't told.
    let wrong = house
        .accounts
        .sign_in(ADMIN_EMAIL, "wrong".into(), &from("203.0.113.1"))
        .await;
    assert!(wrong.unwrap_err().to_string().contains("is wrong"));
    house.sign_in(ADMIN_EMAIL, PASSWORD).await.unwrap();
    // From the machine itself everything can be put right.
    let system = house.accounts.system_viewer(&house.workspace, "command line");
    house
        .accounts
        .set_sign_in_policy(
            &granted(&system, ManageSettings),
            &house.policy_tag().await,
            networks("203.0.113.0/24"),
        )
        .await
        .unwrap();
    assert!(!house.still_in(&house.ada, 0).await);
}

#[tokio::test]
async fn numbers_have_bounds_and_new_passwords_their_length() {
    let house = House::new(TestDb::sqlite().await).await;
    let default = SignInPolicy::default;
    for (field, wrong) in [
        (
            "idle_minutes",
            SignInPolicy {
                idle_minutes: 4,
                ..default()
            },
        ),
        (
            "idle_minutes",
            SignInPolicy {
                idle_minutes: 121,
                longest_hours: 2,
                ..default()
            },
        ),
        (
            "longest_hours",
            SignInPolicy {
                longest_hours: 0,
                ..default()
            },
        ),
        (
            "longest_hours",
            SignInPolicy {
                longest_hours: u32::MAX,
                ..default()
            },
        ),
        (
            "password_length",
            SignInPolicy {
                password_length: 11,
                ..default()
            },
        ),
    ] {
        assert_eq!(field_of(set(&house, wrong).await), field);
    }
    set(
        &house,
        SignInPolicy {
            password_length: 40,
            ..default()
        },
    )
    .await
    .unwrap();
    let change = house
        .accounts
        .change_password(&house.ada, PASSWORD, OTHER_PASSWORD)
        .await;
    assert_eq!(field_of(change), "new_password");
}
