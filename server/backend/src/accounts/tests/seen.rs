//! Two administrators change the same: the second is told, and nothing of the first is lost without having been seen.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::{ProfileForm, RoleForm, UserForm},
    ports::Account,
    settings::SignInPolicy,
};

#[tokio::test]
async fn what_was_taken_away_does_not_come_back_with_an_older_form() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_roles();
        let form = |description: &str, permissions: &[Permission]| RoleForm {
            name: "Desk lead".to_owned(),
            description: description.to_owned(),
            permissions: permissions.to_vec(),
        };
        let both = [Permission::AuditLogsView, Permission::Impersonate];
        let opened = house.accounts.create_role(&who, form("", &both)).await.unwrap();
        let fewer = form("", &both[..1]);
        let changed = house
            .accounts
            .update_role(&who, opened.id, &opened.seen.tag(), fewer.clone())
            .await
            .unwrap();
        let before = house.events().await.len();

        let late = form("Leads a desk.", &both);
        let reason = conflict(
            house
                .accounts
                .update_role(&who, opened.id, &opened.seen.tag(), late.clone())
                .await,
        );
        assert!(
            reason.starts_with("“Desk lead” was changed while you edited it."),
            "{reason}"
        );
        assert_eq!(house.accounts.role(&who, opened.id).await.unwrap(), changed);
        assert_eq!(house.events().await.len(), before, "nothing happened");
        assert_eq!(changed.seen.since(&opened.seen.tag()), ["permissions"]);

        // Having seen it, they may.
        let over = house
            .accounts
            .update_role(&who, opened.id, &changed.seen.tag(), late)
            .await
            .unwrap();
        assert!(over.permissions.contains(&Permission::Impersonate));
        // The first form again, which had seen neither.
        conflict(
            house
                .accounts
                .update_role(&who, opened.id, &opened.seen.tag(), fewer)
                .await,
        );
    })
    .await;
}

#[tokio::test]
async fn a_user_is_changed_by_who_has_seen_them_as_they_are() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let opened = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let tag = opened.seen.tag();
        let auditor = house.role("Auditor").await;
        house
            .accounts
            .set_user_role(&who, opened.id, &tag, auditor)
            .await
            .unwrap();
        let form = UserForm {
            name: "Bo Li".to_owned(),
            email: opened.email.clone(),
            phone: String::new(),
        };
        conflict(
            house
                .accounts
                .update_user(&who, opened.id, &tag, form.clone())
                .await,
        );
        conflict(
            house
                .accounts
                .set_user_role(&who, opened.id, &tag, opened.role)
                .await,
        );
        let now = house.user_tag(opened.id).await;
        house
            .accounts
            .update_user(&who, opened.id, &now, form)
            .await
            .unwrap();

        // The same for one's own, which an administrator may have changed.
        let bo = house.browser(opened.id, 0).await;
        let own = ProfileForm {
            name: "Bo Chen".to_owned(),
            phone: "+44 20 7946 0100".to_owned(),
        };
        conflict(house.accounts.set_profile(&bo, &now, own.clone()).await);
        let seen = house.accounts.profile(&bo).await.unwrap().seen;
        house.accounts.set_profile(&bo, &seen.tag(), own).await.unwrap();
        // What nobody sees is no change of what they saw.
        let seen = house.user_tag(opened.id).await;
        house
            .accounts
            .reset_password(&who, &opened.email, OTHER_PASSWORD.into())
            .await
            .unwrap();
        assert_eq!(house.user_tag(opened.id).await, seen);
    })
    .await;
}

#[tokio::test]
async fn the_sign_in_policy_is_changed_by_who_has_seen_it_as_it_is() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = granted(&house.ada, ManageSettings);
        let (policy, seen) = house.accounts.sign_in_policy(&who).await.unwrap();
        let shorter = SignInPolicy {
            idle_minutes: 30,
            ..policy.clone()
        };
        let longer = SignInPolicy {
            password_length: 20,
            ..policy
        };
        let set = async |tag: &Tag, policy: &SignInPolicy| {
            house.accounts.set_sign_in_policy(&who, tag, policy.clone()).await
        };
        set(&seen.tag(), &shorter).await.unwrap();
        conflict(set(&seen.tag(), &longer).await);
        assert_eq!(house.accounts.sign_in_policy(&who).await.unwrap().0, shorter);
        // Saved once more as it is, it stays the same for who has seen it.
        let tag = house.policy_tag().await;
        set(&tag, &shorter).await.unwrap();
        set(&tag, &longer).await.unwrap();
    })
    .await;
}
