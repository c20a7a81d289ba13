//! Password and time zone, changed by their owner; and the gate's record of refusals.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    event::{Action, Change, Outcome},
    log::LogKind,
    ports::{Account, Gate},
    regional::RegionalFormat,
};

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        let phone = house.browser(ada, 1).await;
        let before = house.events().await.len();
        house
            .accounts
            .change_password(&house.ada, PASSWORD, OTHER_PASSWORD)
            .await
            .unwrap();
        assert!(house.still_in(&house.ada, 0).await);
        assert!(!house.still_in(&phone, 1).await);
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.password_changed", "session.revoked"]);
        assert_eq!(events[0].body.changes, [Change::secret("password")]);
        assert_eq!(
            events[0].body.summary.as_deref(),
            Some("User “Ada Lindqvist” changed their password")
        );
        assert!(house.sign_in(ADMIN_EMAIL, PASSWORD).await.is_err());
        assert_eq!(house.sign_in(ADMIN_EMAIL, OTHER_PASSWORD).await, Ok(ada));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_new_password_is_said_by_field() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let before = house.events().await.len();
        let field = async |current: &str, new: &str| {
            field_of(house.accounts.change_password(&house.ada, current, new).await)
        };
        assert_eq!(field(OTHER_PASSWORD, OTHER_PASSWORD).await, "current_password");
        assert_eq!(field(PASSWORD, PASSWORD).await, "new_password");
        assert_eq!(field(PASSWORD, "short").await, "new_password");
        assert_eq!(field(PASSWORD, "Ada Lindqvist 1").await, "new_password");
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.password_change_failed"]);
        assert_eq!(
            (events[0].body.log, events[0].body.outcome),
            (LogKind::Access, Outcome::Failure)
        );
        assert_eq!(events[0].body.reason.as_deref(), Some("Wrong current password"));
        let system = house.accounts.system_viewer(&house.workspace, "daybook");
        let nobody = house
            .accounts
            .change_password(&system, PASSWORD, OTHER_PASSWORD)
            .await;
        assert_eq!(nobody, Err(Told::Unauthenticated));
    })
    .await;
}

#[tokio::test]
async fn who_finds_a_session_open_cannot_guess_the_password() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let before = house.events().await.len();
        let guess = async || {
            house
                .accounts
                .change_password(&house.ada, "a guess", OTHER_PASSWORD)
                .await
                .unwrap_err()
        };
        for _ in 0..5 {
            assert_eq!(guess().await.status(), 422);
        }
        for _ in 0..20 {
            assert_eq!(guess().await.status(), 429);
        }
        assert_eq!(house.events_since(before).await.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn a_time_zone_is_one_that_exists() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        house
            .accounts
            .set_zone(&house.ada, "Europe/Berlin")
            .await
            .unwrap();
        let body = house.last_event().await.body;
        assert_eq!(body.changes, [Change::new("time_zone", "UTC", "Europe/Berlin")]);
        assert_eq!(
            body.summary.as_deref(),
            Some("Changed time zone of user “Ada Lindqvist”")
        );
        let before = house.events().await.len();
        house
            .accounts
            .set_zone(&house.ada, "Europe/Berlin")
            .await
            .unwrap();
        assert_eq!(
            field_of(house.accounts.set_zone(&house.ada, "Mars/Olympus").await),
            "zone"
        );
        assert_eq!(house.events().await.len(), before);
        let ada = house.ada.user_id().unwrap();
        let now = house
            .accounts
            .viewer_of_session(&token(ada, 0), home())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(now.zone(), "Europe/Berlin");
        let listed = house.accounts.own_sessions(&now).await.unwrap();
        assert_eq!(listed[0].created.time, "15:00:00");
    })
    .await;
}

#[tokio::test]
async fn dates_and_times_are_written_as_one_chooses() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let set = async || {
            let format = RegionalFormat::UnitedStates;
            house.accounts.set_regional_format(&house.ada, format).await
        };
        set().await.unwrap();
        let body = house.last_event().await.body;
        assert_eq!(body.changes, [Change::new("regional_format", "en-GB", "en-US")]);
        let before = house.events().await.len();
        set().await.unwrap();
        assert_eq!(house.events().await.len(), before, "the same again is no change");
        let ada = house.ada.user_id().unwrap();
        let now = house.accounts.viewer_of_session(&token(ada, 0), home()).await;
        let now = now.unwrap().unwrap();
        assert_eq!(now.info().format, RegionalFormat::UnitedStates);
        let listed = house.accounts.own_sessions(&now).await.unwrap();
        let created = &listed[0].created;
        assert_eq!(
            (created.date.as_str(), created.time.as_str()),
            ("Nov 22, 2026", "2:00:00 PM")
        );
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_recorded_with_what_was_missing() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let bo = house.browser(bo.id, 0).await;
        house
            .accounts
            .refused(&bo, Permission::AuditLogsView, "/audit-logs/\u{0}activity")
            .await
            .unwrap();
        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.log),
            ("access.denied", LogKind::Access)
        );
        assert_eq!((body.action, body.outcome), (Action::Read, Outcome::Failure));
        assert_eq!(
            body.reason.as_deref(),
            Some("Needs the permission “View audit logs”")
        );
        assert_eq!(
            body.summary.as_deref(),
            Some("Bo Chen was refused: /audit-logs/activity")
        );
        assert_eq!(body.metadata["permission"], "audit_logs.view");
        house
            .accounts
            .refused(&bo, Permission::AuditLogsView, &"ä".repeat(5_000))
            .await
            .unwrap();
        house.last_event().await.body.check_limits().unwrap();
    })
    .await;
}
