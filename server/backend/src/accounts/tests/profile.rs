//! What users are called and how they are reached (R16).

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::{ProfileForm, UserForm},
    event::Change,
    ports::{Account, Gate},
};
use serde_json::Value;

fn form(name: &str, email: &str, phone: &str) -> UserForm {
    UserForm {
        name: name.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
    }
}

async fn update(house: &House, who: &Viewer, id: UserId, form: UserForm) -> Result<User, Told> {
    let seen = house.user_tag(id).await;
    house
        .accounts
        .update_user(&granted(who, ManageUsers), id, &seen, form)
        .await
}

#[tokio::test]
async fn name_email_and_phone_are_recorded_with_before_and_after() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let before = house.events().await.len();
        let changed = form(" Bo Li ", "Bo.Li@northdesk.example", " +44 20 7946 0100 ");
        let user = update(&house, &house.ada, bo.id, changed.clone()).await.unwrap();
        assert_eq!(
            (user.name.as_str(), user.email.as_str(), user.phone.as_deref()),
            ("Bo Li", "Bo.Li@northdesk.example", Some("+44 20 7946 0100"))
        );
        update(&house, &house.ada, bo.id, changed).await.unwrap();
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.updated"], "the same again is no change");
        assert_eq!(
            events[0].body.changes,
            [
                Change::new("email", "bo@northdesk.example", "Bo.Li@northdesk.example"),
                Change::new("name", "Bo Chen", "Bo Li"),
                Change::new("phone", Value::Null, "+44 20 7946 0100"),
            ]
        );
        // The new address is the one to sign in with.
        house.sign_in("bo.li@northdesk.example", PASSWORD).await.unwrap();
        house.sign_in("bo@northdesk.example", PASSWORD).await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_with_the_address_it_went_to() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let invited = house.invite("Cleo Sand", "cleo@nordhdesk.example", "Agent").await;
        let (id, token) = (invited.thing.id, invited.secret.reveal().replace("/invite/", ""));
        let named = form("Cleo Sands", "cleo@nordhdesk.example", "");
        update(&house, &house.ada, id, named).await.unwrap();
        house.accounts.invitation(&token).await.unwrap();
        // Whoever is at the mistyped address has the link, and mustn't come in by it.
        let mended = form("Cleo Sands", "cleo@northdesk.example", "");
        update(&house, &house.ada, id, mended).await.unwrap();
        assert_eq!(
            house.accounts.invitation(&token).await.unwrap_err(),
            Told::NotFound
        );
        let last = house.last_event().await.body;
        assert!(
            last.changes.contains(&Change::secret("invitation")),
            "{:?}",
            last.changes
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_beside_its_field() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let before = (house.events().await.len(), house.user_tag(bo.id).await);
        for (name, email, phone, field) in [
            (" ", "bo@northdesk.example", "", "name"),
            ("Bo", "bo", "", "email"),
            ("Bo", "ADA@northdesk.example", "", "email"),
            ("Bo", "bo@northdesk.example", "call me", "phone"),
        ] {
            let refused = update(&house, &house.ada, bo.id, form(name, email, phone)).await;
            assert_eq!(field_of(refused), field);
        }
        assert_eq!((house.events().await.len(), house.user_tag(bo.id).await), before);
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_who_may_more_than_they() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let boss = house
            .someone_with(&[Permission::UsersManage, Permission::DirectoryView])
            .await;
        let ada = house.ada.user_id().unwrap();
        let before = house.user_tag(ada).await;
        missing(update(&house, &boss, ada, form("Eve", "eve@x.example", "")).await);
        assert_eq!(house.user_tag(ada).await, before);
        assert_eq!(house.last_event().await.body.event_type, "access.denied");
    })
    .await;
}

#[tokio::test]
async fn everybody_changes_their_own_name_and_phone_but_not_as_another() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let browser = house.browser(bo.id, 0).await;
        let own = async |name: &str, phone: &str| {
            let seen = house.accounts.profile(&browser).await.unwrap().seen;
            let form = ProfileForm {
                name: name.to_owned(),
                phone: phone.to_owned(),
            };
            house.accounts.set_profile(&browser, &seen.tag(), form).await
        };
        own("Bo Li", "555-0100").await.unwrap();
        let event = house.last_event().await.body;
        assert_eq!(event.event_type, "user.updated");
        assert_eq!(event.actor.id, Some(bo.id.to_string()));
        assert_eq!(field_of(own("", "").await), "name");
        assert_eq!(field_of(own("Bo", "x").await), "phone");
        let profile = house.accounts.profile(&browser).await.unwrap();
        assert_eq!(
            (profile.name.as_str(), profile.phone.as_deref()),
            ("Bo Li", Some("555-0100"))
        );
        let who = granted(&house.ada, daybook_domain::permission::ImpersonateUsers);
        house
            .accounts
            .begin_impersonation(&who, bo.id, "why", 15)
            .await
            .unwrap();
        let as_bo = house
            .accounts
            .viewer_of_session(&token(house.ada.user_id().unwrap(), 0), home())
            .await
            .unwrap()
            .unwrap();
        assert!(as_bo.impersonation().is_some());
        let form = ProfileForm {
            name: "Not Bo".to_owned(),
            phone: String::new(),
        };
        conflict(
            house
                .accounts
                .set_profile(&as_bo, &profile.seen.tag(), form)
                .await,
        );
        assert!(as_bo.grant(ManageUsers).is_err());
    })
    .await;
}
