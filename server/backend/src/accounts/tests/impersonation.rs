//! Appearing as another user, and what it never opens.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    event::Action,
    permission::{ImpersonateUsers, ManageSettings},
    ports::{Account, Gate, Impersonations, SignInPolicies},
    viewer::Principal,
};

async fn begin(house: &House, viewer: &Viewer, user: UserId, reason: &str, minutes: u32) -> Result<(), Told> {
    let who = viewer.grant(ImpersonateUsers)?;
    house
        .accounts
        .begin_impersonation(&who, user, reason, minutes)
        .await
}

/// Who asks by the session that Ada began with.
async fn now(house: &House) -> Viewer {
    let hash = token(house.ada.user_id().unwrap(), 0);
    house
        .accounts
        .viewer_of_session(&hash, home())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn whoever_appears_as_another_is_named_with_them() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@x.example", "Auditor").await;
        let count = house.events().await.len();
        begin(&house, &house.ada, bo.id, "  Ticket 4711:\n no boards ", 15)
            .await
            .unwrap();
        let as_bo = now(&house).await;
        assert_eq!(as_bo.user_id(), Some(bo.id));
        assert_eq!(as_bo.session_id(), house.ada.session_id());
        assert!(as_bo.may(Permission::AuditLogsView) && !as_bo.may(Permission::SettingsManage));
        let shown = as_bo.info().impersonation.unwrap();
        assert_eq!(
            (shown.by.as_str(), shown.reason.as_str()),
            ("Ada Lindqvist", "Ticket 4711: no boards")
        );
        assert_eq!(shown.seconds_left, 15 * 60);
        house
            .accounts
            .refused(&as_bo, Permission::UsersManage, "/admin/users")
            .await
            .unwrap();
        house.at.clock.advance_seconds(90);
        assert_eq!(house.accounts.end_impersonation(&as_bo).await, Ok(Some(bo.id)));
        assert_eq!(house.accounts.end_impersonation(&as_bo).await, Ok(None));
        assert_eq!(now(&house).await.user_id(), house.ada.user_id());

        let events = house.events_since(count).await;
        assert_eq!(
            types(&events),
            ["impersonation.started", "access.denied", "impersonation.ended"]
        );
        let [started, denied, ended] = [0, 1, 2].map(|at| events[at].body.clone());
        assert_eq!(started.action, Action::ImpersonateStart);
        assert_eq!(
            started.summary.as_deref(),
            Some("Ada Lindqvist began to appear as Bo Chen")
        );
        assert_eq!(started.metadata["why"], "Ticket 4711: no boards");
        assert_eq!(started.actor.name.as_deref(), Some("Ada Lindqvist"));
        assert_eq!(started.impersonator, None);
        assert_eq!(denied.actor.name.as_deref(), Some("Bo Chen"));
        assert_eq!(denied.impersonator, house.ada.actor().into());
        assert_eq!(ended.actor, started.actor);
        assert_eq!(
            (
                ended.metadata["ended_by"].clone(),
                ended.metadata["seconds"].clone()
            ),
            ("themselves".into(), 90.into())
        );
    })
    .await;
}

#[tokio::test]
async fn it_never_leads_upward() {
    let house = House::new(TestDb::sqlite().await).await;
    let helper = house
        .someone_with(&[Permission::Impersonate, Permission::DirectoryView])
        .await;
    let (ada, auditor) = (
        house.ada.user_id().unwrap(),
        house.user("Au", "au@x.example", "Auditor").await,
    );
    missing(begin(&house, &helper, ada, "why", 15).await);
    assert_eq!(house.last_event().await.body.event_type, "access.denied");
    missing(begin(&house, &helper, auditor.id, "why", 15).await);
    let told = house
        .accounts
        .impersonable(&granted(&helper, ImpersonateUsers), auditor.id)
        .await
        .unwrap();
    assert!(told.obstacle.unwrap().contains("may do what you may not"));
    let agent = house.user("Ag", "ag@x.example", "Agent").await;
    begin(&house, &helper, agent.id, "why", 60).await.unwrap();

    // Among administrators: nothing that opens doors, and no third.
    let other = house.user("Other", "other@x.example", "Administrator").await;
    begin(&house, &house.ada, other.id, "why", 30).await.unwrap();
    let as_other = now(&house).await;
    assert!(as_other.may(Permission::SettingsManage));
    missing(as_other.grant(ManageUsers));
    missing(as_other.grant(ManageRoles));
    missing(as_other.grant(ManageApiKeys));
    missing(begin(&house, &as_other, agent.id, "why", 15).await);
    // Nor the other's own account.
    conflict(
        house
            .accounts
            .change_password(&as_other, PASSWORD, OTHER_PASSWORD)
            .await,
    );
    conflict(house.accounts.set_zone(&as_other, "Asia/Tokyo").await);
    conflict(house.accounts.revoke_other_sessions(&as_other).await);
    conflict(
        house
            .accounts
            .revoke_session(&as_other, session_of(&as_other))
            .await,
    );
    // What they may is lost as soon as either loses it.
    let settings = granted(&as_other, ManageSettings);
    let role = house.role("Agent").await;
    house
        .accounts
        .set_user_role(
            &house.managing_users(),
            other.id,
            &house.user_tag(other.id).await,
            role,
        )
        .await
        .unwrap();
    let (policy, seen) = house.accounts.sign_in_policy(&settings).await.unwrap();
    let tag = seen.tag();
    let set = house.accounts.set_sign_in_policy(&settings, &tag, policy);
    missing(set.await);
    assert!(!house.accounts.is_still_in(&as_other).await.unwrap());
}

#[tokio::test]
async fn it_takes_a_reason_a_length_and_somebody_who_can_sign_in() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = house.user("Bo", "bo@x.example", "Agent").await.id;
    for wrong in [" \n ", "a\u{0}b", &"ä".repeat(501)] {
        assert_eq!(field_of(begin(&house, &house.ada, bo, wrong, 15).await), "reason");
    }
    assert_eq!(
        field_of(begin(&house, &house.ada, bo, "why", 24 * 60).await),
        "minutes"
    );
    conflict(begin(&house, &house.ada, house.ada.user_id().unwrap(), "why", 15).await);
    house
        .accounts
        .deactivate_user(&house.managing_users(), bo)
        .await
        .unwrap();
    conflict(begin(&house, &house.ada, bo, "why", 15).await);
    let nobody = UserId(house.workspace.id.0);
    assert_eq!(
        begin(&house, &house.ada, nobody, "why", 15).await,
        Err(Told::NotFound)
    );
}

#[tokio::test]
async fn it_ends_by_itself_and_that_is_recorded_once() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo", "bo@x.example", "Agent").await.id;
        let ada = house.ada.user_id();
        let ended = async |house: &House| {
            let events = house.events().await;
            let ended = events
                .iter()
                .filter(|event| event.body.event_type == "impersonation.ended");
            ended
                .map(|event| {
                    (
                        event.body.metadata["ended_by"].as_str().unwrap().to_owned(),
                        event.clone(),
                    )
                })
                .collect::<Vec<_>>()
        };
        // The time is up.
        begin(&house, &house.ada, bo, "why", 15).await.unwrap();
        let as_bo = now(&house).await;
        house.at.clock.advance_seconds(15 * 60);
        assert!(!house.accounts.is_still_in(&as_bo).await.unwrap());
        let until = house.at.clock.now();
        house.at.clock.advance_seconds(60);
        assert_eq!(now(&house).await.user_id(), ada);
        assert_eq!(now(&house).await.user_id(), ada);
        let found = ended(&house).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].0.as_str(), found[0].1.body.occurred_at),
            ("time", until)
        );
        // As whom one appears is shut out.
        begin(&house, &house.ada, bo, "why", 15).await.unwrap();
        house
            .accounts
            .deactivate_user(&house.managing_users(), bo)
            .await
            .unwrap();
        assert_eq!(now(&house).await.user_id(), ada);
        assert_eq!(ended(&house).await[1].0, "user");
        house
            .accounts
            .reactivate_user(&house.managing_users(), bo)
            .await
            .unwrap();
        // Whoever it is signs out; the record of that is theirs.
        begin(&house, &house.ada, bo, "why", 15).await.unwrap();
        house.accounts.sign_out(&now(&house).await).await.unwrap();
        assert_eq!(ended(&house).await[2].0, "sign_out");
        let last = house.last_event().await.body;
        assert_eq!(
            (last.event_type.as_str(), last.actor.id),
            ("user.signed_out", ada.map(|id| id.to_string()))
        );
        // Nobody asks any more; the session expires.
        let again = house.browser(ada.unwrap(), 1).await;
        begin(&house, &again, bo, "why", 60).await.unwrap();
        house.at.clock.advance_seconds(13 * 3600);
        house.accounts.delete_expired_sessions().await.unwrap();
        assert_eq!(ended(&house).await[3].0, "time");
        // Who it really is, is signed out by another.
        let third = house.browser(ada.unwrap(), 2).await;
        begin(&house, &third, bo, "why", 60).await.unwrap();
        let fourth = house.browser(ada.unwrap(), 3).await;
        house.accounts.revoke_other_sessions(&fourth).await.unwrap();
        assert_eq!(ended(&house).await[4].0, "session");
        assert!(matches!(fourth.principal(), Principal::User { .. }));
    })
    .await;
}
