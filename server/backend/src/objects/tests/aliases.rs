//! What became part of another is still known by what it was called: by the helpdesk, in files, and in records.

use super::Desk;
use crate::testing::on_each_database;
use daybook_domain::{
    event::{Actor, ActorKind, NamedRef},
    id::ObjectId,
    log::{LogKind, LogScope},
    object::{Given, Keep, Object, ObjectKind as K, Put},
    ports::Objects as _,
};
use serde_json::json;

impl Desk {
    pub(super) async fn put(&self, kind: K, external_id: &str, given: serde_json::Value) -> Put {
        let given: Given = serde_json::from_value(given).unwrap();
        let who = self.may_change(kind);
        self.objects.put_object(&who, external_id, &given).await.unwrap()
    }

    async fn became(&self, thing: &Object) -> Option<ObjectId> {
        let became = self.objects.became(&self.may_see(thing.kind), thing.id).await;
        became.unwrap().map(|(id, _)| id)
    }

    async fn named(&self, kind: K, name: &str, external_id: &str) -> Object {
        self.create(kind, &[("name", name), ("external_id", external_id)])
            .await
    }
}

#[tokio::test]
async fn the_helpdesk_goes_on_to_say_the_old_id() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.named(K::Company, "Harbor IT", "h-1").await;
        let goes = desk.named(K::Company, "Harbour IT", "h-2").await;
        assert_eq!(desk.became(&goes).await, None);
        desk.merge(&stays, &goes, &[]).await.unwrap();
        assert_eq!(
            (desk.became(&goes).await, desk.became(&stays).await),
            (Some(stays.id), None)
        );

        let said = json!({"phone": "+44 20 7946 0100"});
        let put = desk.put(K::Company, "h-2", said.clone()).await;
        assert_eq!((put.object.id, put.created), (stays.id, false));
        assert_eq!(put.object.values["external_id"], "h-1", "its own stays");
        assert_eq!(put.object.values["phone"], "+44 20 7946 0100");
        let again = desk.put(K::Company, "h-2", said).await;
        assert_eq!(again.object.version, put.object.version);
        // By the old external id, and by the old id.
        for company in ["h-2".to_owned(), goes.id.to_string()] {
            let email = format!("{company}@harbor.example");
            let contact = [
                ("name", "Bo"),
                ("email", email.as_str()),
                ("company", company.as_str()),
            ];
            let contact = desk.create(K::Contact, &contact).await;
            assert_eq!(contact.values["company"], json!(stays.id));
        }
        assert_eq!(desk.names(K::Company, "").await, ["Harbor IT"]);
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// Whose external id is kept doesn't matter: both go on to mean the one that stays.
#[tokio::test]
async fn an_external_id_that_was_given_away_is_known() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.named(K::Company, "Harbor IT", "h-1").await;
        let goes = desk.named(K::Company, "Harbour IT", "h-2").await;
        let merged = desk
            .merge(&stays, &goes, &[("external_id", Keep::Other)])
            .await
            .unwrap();
        assert_eq!(merged.values["external_id"], "h-2");
        assert_eq!(desk.put(K::Company, "h-1", json!({})).await.object.id, stays.id);

        // And on, where that one becomes part of a third.
        let third = desk.create(K::Company, &[("name", "Harbor")]).await;
        let now = desk
            .objects
            .object(&desk.may_see(K::Company), stays.id)
            .await
            .unwrap();
        desk.merge(&third, &now, &[("external_id", Keep::This)])
            .await
            .unwrap();
        assert_eq!(
            (desk.became(&goes).await, desk.became(&stays).await),
            (Some(third.id), Some(third.id))
        );
        assert_eq!(desk.put(K::Company, "h-1", json!({})).await.object.id, third.id);
        assert_eq!(desk.put(K::Company, "h-2", json!({})).await.object.id, third.id);

        // When that is gone, nothing is left of it.
        let who = desk.may_change(K::Company);
        desk.objects.delete_object(&who, third.id).await.unwrap();
        assert_eq!(desk.became(&goes).await, None);
        assert!(
            desk.put(K::Company, "h-1", json!({"name": "Harbor IT"}))
                .await
                .created
        );
    })
    .await;
}

/// One that is there comes first: who gets an external id is meant by it.
#[tokio::test]
async fn what_a_thing_has_as_its_own_is_no_others_alias() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.named(K::Company, "Harbor IT", "h-1").await;
        let goes = desk.named(K::Company, "Harbour IT", "h-2").await;
        desk.merge(&stays, &goes, &[]).await.unwrap();
        let other = desk.named(K::Company, "Another", "h-2").await;
        assert_eq!(desk.put(K::Company, "h-2", json!({})).await.object.id, other.id);
        desk.objects
            .delete_object(&desk.may_change(K::Company), other.id)
            .await
            .unwrap();
        assert!(
            desk.put(K::Company, "h-2", json!({"name": "Another"}))
                .await
                .created
        );
        // Merged again, it is the later one that counts.
        let again = desk.put(K::Company, "h-2", json!({})).await.object;
        let last = desk.named(K::Company, "Last", "h-3").await;
        desk.merge(&last, &again, &[]).await.unwrap();
        assert_eq!(desk.put(K::Company, "h-2", json!({})).await.object.id, last.id);
    })
    .await;
}

#[tokio::test]
async fn a_file_may_say_the_old_id() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.named(K::Company, "Harbor IT", "h-1").await;
        let goes = desk.named(K::Company, "Harbour IT", "h-2").await;
        desk.merge(&stays, &goes, &[]).await.unwrap();
        let file =
            "Name,External id,Phone\nHarbor IT,h-2,+44 1234\nHarbor,h-1,+44 5678\nHarbor IT,,+44 9999\n";
        let id = desk.upload(K::Company, file).await.unwrap();
        let settings = desk.import(K::Company, id).await.settings;
        let checked = desk.check(K::Company, id, settings).await;
        let bad: Vec<_> = checked
            .problems
            .iter()
            .map(|problem| (problem.line, problem.reason.as_str()))
            .collect();
        // All three are about one.
        assert_eq!(
            bad,
            [
                (3, "Line 2 is about the same one."),
                (4, "Line 2 is about the same one.")
            ]
        );
        assert_eq!(desk.run(K::Company, id).await.counts.changed, 1);
        let now = desk
            .objects
            .object(&desk.may_see(K::Company), stays.id)
            .await
            .unwrap();
        assert_eq!(
            (&now.values["phone"], &now.values["external_id"]),
            (&json!("+44 1234"), &json!("h-1"))
        );
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

#[tokio::test]
async fn records_of_both_stand_in_the_log_of_the_one_that_stays() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let contact = async |name: &str, email: &str, id: &str| {
            desk.create(
                K::Contact,
                &[("name", name), ("email", email), ("external_id", id)],
            )
            .await
        };
        let stays = contact("Amina", "amina@harbor.example", "77").await;
        let goes = contact("Amina D.", "a.diallo@harbor.example", "78").await;
        for id in ["77", "78"] {
            desk.send("portal.signed_in", move |body| {
                body.log = LogKind::ContactAuthentication;
                body.actor = Actor::named(ActorKind::Contact, "Amina").with_id(id);
            })
            .await;
            desk.send("conversation.closed", move |body| {
                body.log = LogKind::Conversation;
                body.contact = Some(NamedRef::new(id, "Amina"));
            })
            .await;
        }
        let sign_ins = LogScope::One(LogKind::ContactAuthentication);
        assert_eq!(desk.log_of_in(K::Contact, stays.id, sign_ins).await.len(), 1);
        desk.merge(&stays, &goes, &[]).await.unwrap();
        assert_eq!(desk.log_of_in(K::Contact, stays.id, sign_ins).await.len(), 2);
        let log = desk.log_of(K::Contact, stays.id).await;
        let types: Vec<_> = log
            .iter()
            .rev()
            .map(|event| event.body.event_type.as_str())
            .collect();
        let all = [
            "contact.created",
            "contact.created",
            "conversation.closed",
            "conversation.closed",
            "contact.merged",
            "contact.deleted",
        ];
        assert_eq!(types, all);
        // The other's own log is what it was: its records.
        let log = desk.log_of(K::Contact, goes.id).await;
        assert_eq!(log.len(), 2);
    })
    .await;
}
