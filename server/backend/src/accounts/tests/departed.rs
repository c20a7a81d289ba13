//! A user who is deleted: who may do it to whom, what goes with them, and what stays.

use super::*;
use crate::{testing::on_each_database, views::SavedViews};
use daybook_domain::{
    account::UserStatus,
    event::Change,
    log::{LogKind, LogScope},
    permission::ViewAuditLogs,
    ports::Views,
    query::LogQuery,
    view::ViewForm,
};
use daybook_entity::{invitation, list_setting, saved_view, session, user};
use serde_json::json;

const BO: &str = "Bo@northdesk.example";

#[tokio::test]
async fn who_is_deleted_is_out_at_once_and_leaves_nothing_but_records() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let bo = house.user("Bo Chen", BO, "Auditor").await;
        let browser = house.browser(bo.id, 0).await;
        let views = SavedViews::new(house.at.db.clone(), house.accounts.clone());
        let (reads, access) = (granted(&browser, ViewAuditLogs), LogScope::One(LogKind::Access));
        let form = ViewForm {
            name: "Failures".to_owned(),
            shared_with: Some(house.role("Auditor").await),
        };
        let list = LogQuery::parse("outcome=failure").unwrap();
        let view = views.create_view(&reads, access, &list, form).await.unwrap();
        views
            .set_default_view(&reads, access, Some(view.id))
            .await
            .unwrap();

        let before = house.events().await.len();
        for typed in ["", "Bo Chen", "ada@northdesk.example"] {
            let refused = house.accounts.delete_user(&who, bo.id, typed).await;
            assert_eq!(field_of(refused), "confirm");
        }
        assert!(house.still_in(&browser, 0).await);
        let gone = house
            .accounts
            .delete_user(&who, bo.id, " bo@NORTHDESK.example ")
            .await;
        assert_eq!(gone.unwrap().name, "Bo Chen");
        assert!(!house.still_in(&browser, 0).await);
        assert!(!house.accounts.is_still_in(&browser).await.unwrap());
        let events = house.events_since(before).await;
        assert_eq!(
            types(&events),
            ["session.revoked", "saved_view.deleted", "user.deleted"]
        );
        let gone = &events[2].body;
        assert_eq!(gone.summary.as_deref(), Some("Deleted user “Bo Chen”"));
        for change in [
            Change::new("email", BO, json!(null)),
            Change::new("role", "Auditor", json!(null)),
            Change::secret("password"),
        ] {
            assert!(gone.changes.contains(&change), "{:?}", gone.changes);
        }
        // What Bo did is still Bo's.
        let saved = &house.events().await[before - 1];
        assert_eq!(saved.body.actor.name.as_deref(), Some("Bo Chen"));

        let db = &house.at.db.read;
        let users = user::Entity::find().all(db).await.unwrap();
        assert_eq!(users.len(), 1);
        assert_eq!(session::Entity::find().all(db).await.unwrap().len(), 1);
        assert!(saved_view::Entity::find().all(db).await.unwrap().is_empty());
        assert!(list_setting::Entity::find().all(db).await.unwrap().is_empty());
        assert_eq!(
            house.accounts.user(&who, bo.id).await.unwrap_err(),
            Told::NotFound
        );
        let again = house.accounts.delete_user(&who, bo.id, BO).await;
        assert_eq!(again.unwrap_err(), Told::NotFound);
        let next = house.user("Another Bo", BO, "Agent").await;
        assert_ne!(next.id, bo.id, "the address is free, the person another");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_goes_with_its_user() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let ivo = house.invite("Ivo", "ivo@northdesk.example", "Agent").await;
        let detail = house.accounts.user(&who, ivo.thing.id).await.unwrap();
        assert_eq!(detail.user.status, UserStatus::Invited);
        assert!(detail.sessions.is_empty());
        let gone = house
            .accounts
            .delete_user(&who, ivo.thing.id, "ivo@northdesk.example")
            .await;
        gone.unwrap();
        let db = &house.at.db.read;
        assert!(invitation::Entity::find().all(db).await.unwrap().is_empty());
        assert_eq!(house.last_event().await.body.event_type, "user.deleted");
    })
    .await;
}

#[tokio::test]
async fn nobody_deletes_themselves_the_last_administrator_or_who_may_do_more() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_users();
        let ada = house.ada.user_id().unwrap();
        let reason = conflict(house.accounts.delete_user(&who, ada, ADMIN_EMAIL).await);
        assert!(reason.starts_with("You can't delete yourself."), "{reason}");
        let system = house.accounts.system_viewer(&house.workspace, "daybook");
        let system = granted(&system, ManageUsers);
        let reason = conflict(house.accounts.delete_user(&system, ada, ADMIN_EMAIL).await);
        assert!(
            reason.starts_with("Ada Lindqvist is the last administrator."),
            "{reason}"
        );
        let some = house.someone_with(&[Permission::UsersManage]).await;
        let some = granted(&some, ManageUsers);
        let before = house.events().await.len();
        missing(house.accounts.delete_user(&some, ada, ADMIN_EMAIL).await);
        assert_eq!(types(&house.events_since(before).await), ["access.denied"]);
        let bo = house.user("Bo Chen", BO, "Administrator").await;
        house.accounts.delete_user(&who, bo.id, BO).await.unwrap();
        let detail = house.accounts.user(&who, ada).await.unwrap();
        assert!(detail.sessions[0].current);
    })
    .await;
}
