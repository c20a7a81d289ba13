//! People: invited, let in, given roles, shut out; and who may do that to whom.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::UserStatus,
    event::{Action, Change},
    facet::Count,
    id::WorkspaceId,
    object::ObjectQuery,
    ports::{Account, Gate},
};
use serde_json::json;

fn token_in(invited: &WithSecret<User>) -> &str {
    invited.secret.reveal().strip_prefix("/invite/").unwrap()
}

#[tokio::test]
async fn an_invitation_lets_its_owner_choose_a_password_once() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let invited = house
            .invite("Mara Okafor", "mara@northdesk.example", "Auditor")
            .await;
        assert_eq!(
            (invited.thing.status, invited.thing.role_name.as_str()),
            (UserStatus::Invited, "Auditor")
        );
        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.action),
            ("user.invited", Action::Invite)
        );
        assert_eq!(body.summary.as_deref(), Some("Invited user “Mara Okafor”"));

        let token = token_in(&invited);
        assert_eq!(token.len(), 43);
        let seen = house.accounts.invitation(token).await.unwrap();
        assert_eq!(
            (seen.name.as_str(), seen.workspace.as_str()),
            ("Mara Okafor", "Northdesk")
        );
        assert_eq!(seen.expires.utc, house.at.clock.now().plus_seconds(7 * 86_400));

        let before = house.events().await.len();
        let weak = house
            .accounts
            .accept_invitation(token, "mara.okafor12".into(), &home())
            .await;
        assert_eq!(field_of(weak), "password");
        let mara = house
            .accounts
            .accept_invitation(token, PASSWORD.into(), &home())
            .await
            .unwrap();
        assert_eq!(mara, invited.thing.id);
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.invitation_accepted", "user.signed_in"]);
        assert_eq!(events[0].body.actor.id, Some(mara.to_string()));
        let changes = [
            Change::secret("invitation"),
            Change::secret("password"),
            Change::new("status", "invited", "active"),
        ];
        assert_eq!(events[0].body.changes, changes);
        assert_eq!(
            events[1].body.auth.as_ref().unwrap().method.as_deref(),
            Some("invitation")
        );

        let again = house
            .accounts
            .accept_invitation(token, OTHER_PASSWORD.into(), &home())
            .await;
        assert_eq!(again, Err(Told::NotFound));
        assert_eq!(
            house.accounts.invitation(token).await.unwrap_err(),
            Told::NotFound
        );
        assert_eq!(house.sign_in("mara@northdesk.example", PASSWORD).await, Ok(mara));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_after_seven_days_or_with_the_next_one() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let first = house
            .invite("Mara Okafor", "mara@northdesk.example", "Auditor")
            .await;
        house.at.clock.advance_seconds(7 * 86_400 - 1);
        assert!(house.accounts.invitation(token_in(&first)).await.is_ok());
        house.at.clock.advance_seconds(1);
        let late = house
            .accounts
            .accept_invitation(token_in(&first), PASSWORD.into(), &home())
            .await;
        assert_eq!(late, Err(Told::NotFound));

        let second = house
            .accounts
            .reinvite_user(&house.managing_users(), first.thing.id, true)
            .await;
        let second = shown(second.unwrap());
        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.action),
            ("user.reinvited", Action::Invite)
        );
        assert_eq!(body.changes, [Change::secret("invitation")]);
        let third = house
            .accounts
            .reinvite_user(&house.managing_users(), first.thing.id, true)
            .await;
        let third = shown(third.unwrap());
        for old in [&first, &second] {
            assert_eq!(
                house.accounts.invitation(token_in(old)).await.unwrap_err(),
                Told::NotFound
            );
        }
        let mara = house
            .accounts
            .accept_invitation(token_in(&third), PASSWORD.into(), &home())
            .await
            .unwrap();
        conflict(
            house
                .accounts
                .reinvite_user(&house.managing_users(), mara, true)
                .await,
        );
        for junk in ["", "junk", "\u{0}", &"x".repeat(10_000)] {
            assert_eq!(house.accounts.invitation(junk).await.unwrap_err(), Told::NotFound);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_one_link_one_gets_in() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let invited = house
            .invite("Mara Okafor", "mara@northdesk.example", "Auditor")
            .await;
        let request = home();
        let accept = |password: &str| {
            house
                .accounts
                .accept_invitation(token_in(&invited), password.into(), &request)
        };
        let (one, two) = futures::join!(accept(PASSWORD), accept(OTHER_PASSWORD));
        assert_eq!(
            u8::from(one.is_ok()) + u8::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_email_is_there_once_whatever_its_case() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let agent = house.role("Agent").await;
        let invite = async |name: &str, email: &str| {
            field_of(house.accounts.invite_user(&who, name, email, agent).await)
        };
        assert_eq!(invite("Ada Two", "ADA@northdesk.EXAMPLE").await, "email");
        assert_eq!(invite("Ada Two", "ada at northdesk").await, "email");
        assert_eq!(invite("  ", "two@northdesk.example").await, "name");
        let unknown = RoleId(house.workspace.id.0);
        let refused = house
            .accounts
            .invite_user(&who, "Two", "two@northdesk.example", unknown)
            .await;
        assert_eq!(refused, Err(Told::NotFound));
        let create = async |role: &str, password: &str| {
            let made =
                house
                    .accounts
                    .create_user(&who, "Two", "two@northdesk.example", role, password.into());
            field_of(made.await)
        };
        assert_eq!(create("Janitor", PASSWORD).await, "role");
        assert_eq!(create("Agent", "two").await, "password");
        assert_eq!(house.events().await.len(), 6, "nothing happened");
    })
    .await;
}

#[tokio::test]
async fn a_role_is_given_with_before_and_after() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let browser = house.browser(bo.id, 0).await;
        assert!(!browser.may(Permission::AuditLogsView));
        let auditor = house.role("Auditor").await;
        let before = house.events().await.len();
        let changed = house
            .accounts
            .set_user_role(
                &house.managing_users(),
                bo.id,
                &house.user_tag(bo.id).await,
                auditor,
            )
            .await
            .unwrap();
        assert_eq!((changed.role, changed.role_name.as_str()), (auditor, "Auditor"));
        let unchanged = house
            .accounts
            .set_user_role(
                &house.managing_users(),
                bo.id,
                &house.user_tag(bo.id).await,
                auditor,
            )
            .await
            .unwrap();
        assert_eq!(unchanged, changed);
        let events = house.events_since(before).await;
        assert_eq!(
            types(&events),
            ["user.updated"],
            "giving the same role again is no change"
        );
        assert_eq!(events[0].body.changes, [Change::new("role", "Agent", "Auditor")]);
        let summary = events[0].body.summary.as_deref();
        assert_eq!(
            summary,
            Some("Changed role of user “Bo Chen” from “Agent” to “Auditor”")
        );
        assert_eq!(events[0].body.targets[0].name.as_deref(), Some("Bo Chen"));
        let now = house
            .accounts
            .viewer_of_session(&token(bo.id, 0), home())
            .await
            .unwrap()
            .unwrap();
        assert!(now.may(Permission::AuditLogsView), "in force at the next request");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        let who = house.managing_users();
        let agent = house.role("Agent").await;
        let administrator = house.role("Administrator").await;
        conflict(
            house
                .accounts
                .set_user_role(&who, ada, &house.user_tag(ada).await, agent)
                .await,
        );
        conflict(house.accounts.deactivate_user(&who, ada).await);
        let system = house.accounts.system_viewer(&house.workspace, "daybook");
        let reason = conflict(
            house
                .accounts
                .deactivate_user(&granted(&system, ManageUsers), ada)
                .await,
        );
        assert!(
            reason.starts_with("Ada Lindqvist is the last administrator."),
            "{reason}"
        );

        // Neither an invited nor a deactivated administrator counts.
        house
            .invite("Ivo", "ivo@northdesk.example", "Administrator")
            .await;
        let bo = house
            .user("Bo Chen", "bo@northdesk.example", "Administrator")
            .await;
        house.accounts.deactivate_user(&who, bo.id).await.unwrap();
        conflict(
            house
                .accounts
                .set_user_role(&who, ada, &house.user_tag(ada).await, agent)
                .await,
        );
        house.accounts.reactivate_user(&who, bo.id).await.unwrap();
        let reason = conflict(house.accounts.deactivate_user(&who, ada).await);
        assert!(reason.starts_with("You can't deactivate yourself."), "{reason}");
        house
            .accounts
            .set_user_role(&who, ada, &house.user_tag(ada).await, agent)
            .await
            .unwrap();
        conflict(
            house
                .accounts
                .set_user_role(
                    &granted(&system, ManageUsers),
                    bo.id,
                    &house.user_tag(bo.id).await,
                    agent,
                )
                .await,
        );
        house
            .accounts
            .set_user_role(
                &granted(&system, ManageUsers),
                ada,
                &house.user_tag(ada).await,
                administrator,
            )
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_once() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let ada = house.ada.user_id().unwrap();
        let bo = house
            .user("Bo Chen", "bo@northdesk.example", "Administrator")
            .await;
        let bo = house.browser(bo.id, 0).await;
        // Two processes, each with its own writer.
        let writer = crate::writer::Writer::start(&house.at.db, house.at.clock.clone(), house.at.ids.clone());
        let other = Accounts::new(
            house.at.db.clone(),
            writer,
            house.at.clock.clone(),
            house.at.ids.clone(),
            Mailing::none(),
            sender(Limits::default()),
        );
        let (ada_may, bo_may) = (house.managing_users(), granted(&bo, ManageUsers));
        let (one, two) = futures::join!(
            house.accounts.deactivate_user(&ada_may, bo.user_id().unwrap()),
            other.deactivate_user(&bo_may, ada)
        );
        assert_eq!(
            u8::from(one.is_ok()) + u8::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once_and_can_come_back() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let browser = house.browser(bo.id, 0).await;
        house.browser(bo.id, 1).await;
        let before = house.events().await.len();
        let out = house.accounts.deactivate_user(&who, bo.id).await.unwrap();
        assert_eq!(out.status, UserStatus::Deactivated);
        house.accounts.deactivate_user(&who, bo.id).await.unwrap();
        assert!(!house.still_in(&browser, 0).await && !house.still_in(&browser, 1).await);
        let events = house.events_since(before).await;
        assert_eq!(
            types(&events),
            ["user.deactivated", "session.revoked", "session.revoked"]
        );
        assert_eq!(
            events[0].body.changes,
            [Change::new("status", "active", "deactivated")]
        );
        let summary = events[1].body.summary.as_deref();
        assert_eq!(
            summary,
            Some("Ended a session of user “Bo Chen” from 198.51.100.7")
        );
        let gone = &events[1].body.changes;
        assert!(
            gone.contains(&Change::new("ip_address", "198.51.100.7", json!(null))),
            "{gone:?}"
        );

        let back = house.accounts.reactivate_user(&who, bo.id).await.unwrap();
        assert_eq!(back.status, UserStatus::Active);
        assert!(!house.still_in(&browser, 0).await, "the sessions don't come back");
        assert_eq!(house.sign_in("bo@northdesk.example", PASSWORD).await, Ok(bo.id));

        let invited = house.invite("Ivo", "ivo@northdesk.example", "Agent").await;
        house
            .accounts
            .deactivate_user(&who, invited.thing.id)
            .await
            .unwrap();
        assert_eq!(
            house.accounts.invitation(token_in(&invited)).await.unwrap_err(),
            Told::NotFound
        );
        conflict(house.accounts.reinvite_user(&who, invited.thing.id, true).await);
        let back = house
            .accounts
            .reactivate_user(&who, invited.thing.id)
            .await
            .unwrap();
        assert_eq!(
            back.status,
            UserStatus::Invited,
            "without a password they are invited still"
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_manages_beyond_their_own_permissions() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let boss = house
            .someone_with(&[Permission::UsersManage, Permission::DirectoryView])
            .await;
        let who = granted(&boss, ManageUsers);
        let [administrator, auditor, agent] = [
            house.role("Administrator").await,
            house.role("Auditor").await,
            house.role("Agent").await,
        ];
        let accounts = &house.accounts;

        // What is within: an agent, from invitation to deactivation.
        let invited = accounts
            .invite_user(&who, "Bo Chen", "bo@northdesk.example", agent)
            .await
            .unwrap();
        accounts.reinvite_user(&who, invited.user.id, true).await.unwrap();
        accounts.deactivate_user(&who, invited.user.id).await.unwrap();
        let bo = accounts.reactivate_user(&who, invited.user.id).await.unwrap();

        // What is beyond: giving more, and reaching for those who have more.
        let before = house.events().await.len();
        let eve = "eve@northdesk.example";
        assert_eq!(
            missing(accounts.invite_user(&who, "Eve", eve, auditor).await),
            Permission::AuditLogsView
        );
        missing(
            accounts
                .create_user(&who, "Eve", eve, "Administrator", PASSWORD.into())
                .await,
        );
        missing(
            accounts
                .set_user_role(&who, bo.id, &house.user_tag(bo.id).await, administrator)
                .await,
        );
        missing(
            accounts
                .set_user_role(
                    &who,
                    boss.user_id().unwrap(),
                    &house.user_tag(boss.user_id().unwrap()).await,
                    administrator,
                )
                .await,
        );
        let ada = house.ada.user_id().unwrap();
        missing(
            accounts
                .set_user_role(&who, ada, &house.user_tag(ada).await, agent)
                .await,
        );
        missing(accounts.deactivate_user(&who, ada).await);
        missing(
            accounts
                .reset_password(&who, ADMIN_EMAIL, OTHER_PASSWORD.into())
                .await,
        );
        let invited = house
            .invite("Ivo", "ivo@northdesk.example", "Administrator")
            .await;
        missing(accounts.reinvite_user(&who, invited.thing.id, true).await);
        house
            .accounts
            .deactivate_user(&house.managing_users(), invited.thing.id)
            .await
            .unwrap();
        missing(accounts.reactivate_user(&who, invited.thing.id).await);
        let events = house.events_since(before).await;
        let denied = events
            .iter()
            .filter(|event| event.body.event_type == "access.denied")
            .count();
        assert_eq!(denied, 9, "each is on record");
        assert_eq!(events.len(), denied + 2);
    })
    .await;
}

#[tokio::test]
async fn who_was_shut_out_or_demoted_since_the_request_began_changes_nothing() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let boss = house
            .someone_with(&[Permission::UsersManage, Permission::DirectoryView])
            .await;
        let (id, who) = (boss.user_id().unwrap(), granted(&boss, ManageUsers));
        let agent = house.role("Agent").await;
        let invite = async |email: &str| house.accounts.invite_user(&who, "Bo Chen", email, agent).await;
        house
            .accounts
            .set_user_role(&house.managing_users(), id, &house.user_tag(id).await, agent)
            .await
            .unwrap();
        assert_eq!(
            missing(invite("bo@northdesk.example").await),
            Permission::UsersManage
        );
        house
            .accounts
            .deactivate_user(&house.managing_users(), id)
            .await
            .unwrap();
        assert_eq!(
            invite("bo@northdesk.example").await.unwrap_err(),
            Told::Unauthenticated
        );
        let changed = house
            .accounts
            .change_password(&boss, PASSWORD, OTHER_PASSWORD)
            .await;
        assert_eq!(changed, Err(Told::Unauthenticated));
        let query = ObjectQuery::default();
        let users = house
            .accounts
            .list_users(&house.managing_users(), &query)
            .await
            .unwrap()
            .rows;
        assert!(
            users
                .iter()
                .any(|user| user.id == id && user.status == UserStatus::Deactivated)
        );
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_users_and_resets_passwords() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let system = house
            .accounts
            .system_viewer(&house.workspace, "daybook user create");
        let who = granted(&system, ManageUsers);
        let email = "bo@northdesk.example";
        let bo = house
            .accounts
            .create_user(&who, "Bo Chen", email, "AUDITOR", PASSWORD.into())
            .await
            .unwrap();
        assert_eq!(
            (bo.status, bo.role_name.as_str()),
            (UserStatus::Active, "Auditor")
        );
        let body = house.last_event().await.body;
        assert_eq!(body.actor.name.as_deref(), Some("daybook user create"));
        let browser = house.browser(bo.id, 0).await;

        let before = house.events().await.len();
        house
            .accounts
            .reset_password(&who, " BO@northdesk.example ", OTHER_PASSWORD.into())
            .await
            .unwrap();
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.password_reset", "session.revoked"]);
        assert_eq!(events[0].body.changes, [Change::secret("password")]);
        assert_eq!(
            events[0].body.summary.as_deref(),
            Some("Reset the password of user “Bo Chen”")
        );
        assert!(!house.still_in(&browser, 0).await);
        assert!(house.sign_in(email, PASSWORD).await.is_err());
        assert_eq!(house.sign_in(email, OTHER_PASSWORD).await, Ok(bo.id));
        let unknown = house
            .accounts
            .reset_password(&who, "no@northdesk.example", OTHER_PASSWORD.into())
            .await;
        assert_eq!(field_of(unknown), "email");
        house.accounts.deactivate_user(&who, bo.id).await.unwrap();
        conflict(house.accounts.reset_password(&who, email, PASSWORD.into()).await);

        let invited = house.invite("Ivo", "ivo@northdesk.example", "Agent").await;
        house
            .accounts
            .reset_password(&who, "ivo@northdesk.example", PASSWORD.into())
            .await
            .unwrap();
        assert_eq!(
            house.accounts.invitation(token_in(&invited)).await.unwrap_err(),
            Told::NotFound
        );
        assert!(house.sign_in("ivo@northdesk.example", PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn another_workspace_is_nowhere() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let agent = house.role("Agent").await;
        let elsewhere = Workspace {
            id: WorkspaceId(bo.id.0),
            name: "Elsewhere".to_owned(),
        };
        let stranger = house.accounts.system_viewer(&elsewhere, "stranger");
        // The lock of a workspace that isn't there fails as damage; give it one.
        let id = elsewhere.id;
        let made = house.at.writer.change(move |tx| {
            Box::pin(async move {
                let head = daybook_entity::event_head::ActiveModel {
                    workspace_id: sea_orm::ActiveValue::Set(id.0),
                    last_sequence: sea_orm::ActiveValue::Set(0),
                    removals: sea_orm::ActiveValue::Set(0),
                };
                daybook_entity::event_head::Entity::insert(head)
                    .exec_without_returning(tx.db())
                    .await?;
                Ok(())
            })
        });
        made.await.unwrap();
        let who = granted(&stranger, ManageUsers);
        let page = house
            .accounts
            .list_users(&who, &ObjectQuery::default())
            .await
            .unwrap();
        assert_eq!((page.rows, page.total), (vec![], Count::Exactly(0)));
        assert_eq!(
            house.accounts.deactivate_user(&who, bo.id).await,
            Err(Told::NotFound)
        );
        assert_eq!(
            house.accounts.reactivate_user(&who, bo.id).await,
            Err(Told::NotFound)
        );
        assert_eq!(
            house
                .accounts
                .set_user_role(&who, bo.id, &house.user_tag(bo.id).await, agent)
                .await,
            Err(Told::NotFound)
        );
        assert_eq!(
            house.accounts.reinvite_user(&who, bo.id, true).await.unwrap_err(),
            Told::NotFound
        );
        let who = granted(&stranger, ManageRoles);
        assert_eq!(house.accounts.role(&who, agent).await, Err(Told::NotFound));
        assert_eq!(house.accounts.delete_role(&who, agent).await, Err(Told::NotFound));
    })
    .await;
}
