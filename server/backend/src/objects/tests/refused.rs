//! What somebody else was faster with, or has already, is refused whichever way it comes, and nothing of it is stored.

use super::{Desk, typed};
use crate::testing::on_each_database;
use daybook_domain::{
    Error as Told,
    object::{Given, ManyTyped, ManyWay, Object, ObjectKind as K, ObjectStatus},
    ports::Objects as _,
    time::Clock as _,
};
use serde_json::json;

fn given(value: serde_json::Value) -> Given {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn two_people_cant_have_one_email_address() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let amina = [
            ("name", "Amina"),
            ("email", "Amina@harbor.example"),
            ("external_id", "c-1"),
        ];
        let amina = desk.create(K::Contact, &amina).await;
        let bo = desk
            .create(K::Contact, &[("name", "Bo"), ("email", "bo@harbor.example")])
            .await;
        let (who, objects) = (desk.may_change(K::Contact), &desk.objects);
        let before = desk.house.events().await.len();
        let taken = |told: daybook_domain::Result<Object>| {
            assert_eq!(
                told,
                Err(Told::invalid("email", "The contact “Amina” has this already."))
            );
        };
        // In a form: a new one, and one that is there.
        let new = typed(&[("name", "Another"), ("email", " AMINA@harbor.example ")]);
        taken(objects.create_object(&who, &new).await);
        taken(desk.update(&bo, &[("email", "amina@HARBOR.example")]).await);
        // From the helpdesk: under another id it is another person.
        let said = given(json!({"name": "Amina", "email": "amina@harbor.example"}));
        taken(objects.put_object(&who, "c-2", &said).await.map(|put| put.object));
        // In a file.
        let id = desk
            .upload(
                K::Contact,
                "Name,Email,External id\nAmina,amina@harbor.example,c-2\n",
            )
            .await
            .unwrap();
        let settings = desk.import(K::Contact, id).await.settings;
        let tried = desk.check(K::Contact, id, settings).await;
        assert_eq!(tried.problems[0].reason, "The contact “Amina” has this already.");
        assert_eq!(desk.house.events().await.len(), before);
        assert_eq!(desk.names(K::Contact, "").await, ["Amina", "Bo"]);
        // Her own she keeps, in other letters too.
        let said = given(json!({"email": "amina@harbor.example"}));
        let put = objects.put_object(&who, "c-1", &said).await.unwrap();
        assert_eq!((put.object.id, put.created), (amina.id, false));
    })
    .await;
}

/// Who hasn't seen what a thing is now changes nothing of it; what doesn't ask for that goes on.
#[tokio::test]
async fn who_comes_late_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let seen = desk
            .create(K::Company, &[("name", "Harbor IT"), ("phone", "+44 1234")])
            .await;
        let other = desk.create(K::Company, &[("name", "Harbour IT")]).await;
        let then = desk.house.at.clock.now();
        desk.house.at.clock.advance_seconds(60);
        let now = desk.update(&seen, &[("phone", "+44 5678")]).await.unwrap();
        let before = desk.house.events().await.len();
        let late = |told: daybook_domain::Result<Object>| {
            assert!(matches!(told, Err(Told::Conflict { .. })), "{told:?}");
        };
        late(desk.update(&seen, &[("phone", "+44 9999")]).await);
        late(desk.restore(&seen, then, &["phone"]).await);
        late(desk.merge(&seen, &other, &[]).await);
        late(desk.merge(&other, &seen, &[]).await);
        let told = desk.house.events_since(before).await;
        assert!(
            told.iter()
                .all(|event| event.body.event_type.starts_with("audit_logs."))
        );
        let (see, who) = (desk.may_see(K::Company), desk.may_change(K::Company));
        assert_eq!(desk.objects.object(&see, seen.id).await, Ok(now));

        let off = desk.objects.deactivate_object(&who, seen.id).await.unwrap();
        assert_eq!(off.status, ObjectStatus::Deactivated);
        let tag = ManyTyped::from([("tags".to_owned(), (ManyWay::Add, vec!["vip".to_owned()]))]);
        assert_eq!(
            desk.objects
                .update_objects(&who, &[seen.id], &tag)
                .await
                .unwrap()
                .changed,
            1
        );
        late(desk.update(&off, &[("tags", "")]).await);
        desk.objects.delete_object(&who, seen.id).await.unwrap();
        assert_eq!(desk.update(&off, &[("tags", "")]).await, Err(Told::NotFound));
    })
    .await;
}
