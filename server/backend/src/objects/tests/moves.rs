//! A contact who goes from one company to another leaves a record in the logs of both.

use super::Desk;
use crate::testing::on_each_database;
use daybook_domain::{
    catalogue::faults,
    id::ObjectId,
    object::{Object, ObjectKind as K},
};

impl Desk {
    /// What the log of a company says of its contacts, newest first.
    async fn of_contacts(&self, company: &Object) -> Vec<String> {
        let log = self.log_of(K::Company, company.id).await;
        let of_contacts = log
            .into_iter()
            .filter(|event| event.body.target().unwrap().kind == "contact");
        of_contacts
            .map(|event| {
                assert_eq!(faults(&event.body), Vec::<String>::new());
                event.body.event_type
            })
            .collect()
    }

    async fn person(&self, name: &str, company: ObjectId) -> Object {
        let (company, email) = (company.to_string(), format!("{name}@harbor.example"));
        self.create(
            K::Contact,
            &[("name", name), ("email", &email), ("company", &company)],
        )
        .await
    }
}

#[tokio::test]
async fn both_companies_know_of_it() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let from = desk.create(K::Company, &[("name", "Harbor IT")]).await;
        let to = desk.create(K::Company, &[("name", "Kestrel")]).await;
        let amina = desk.person("Amina", from.id).await;
        let amina = desk
            .update(&amina, &[("company", &to.id.to_string())])
            .await
            .unwrap();
        assert_eq!(
            desk.of_contacts(&from).await,
            ["contact.updated", "contact.created"]
        );
        assert_eq!(desk.of_contacts(&to).await, ["contact.updated"]);
        // It is about the contact first, by the name the company had then.
        let moved = desk.log_of(K::Contact, amina.id).await;
        let targets: Vec<_> = moved[0]
            .body
            .targets
            .iter()
            .map(|target| (target.kind.as_str(), target.label()))
            .collect();
        assert_eq!(targets, [("contact", "Amina"), ("company", "Harbor IT")]);
        // What doesn't move stands in the log of its company once.
        let amina = desk.update(&amina, &[("job_title", "Buyer")]).await.unwrap();
        desk.update(&amina, &[("company", "")]).await.unwrap();
        assert_eq!(desk.of_contacts(&to).await, ["contact.updated"; 3]);
        assert_eq!(desk.of_contacts(&from).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn so_it_is_where_companies_are_merged() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.create(K::Company, &[("name", "Harbor IT")]).await;
        let goes = desk.create(K::Company, &[("name", "Harbour IT")]).await;
        desk.person("Amina", goes.id).await;
        desk.merge(&stays, &goes, &[]).await.unwrap();
        assert_eq!(
            desk.of_contacts(&goes).await,
            ["contact.updated", "contact.created"]
        );
        // The one that stays has the log of the other, too.
        assert_eq!(
            desk.of_contacts(&stays).await,
            ["contact.updated", "contact.created"]
        );
    })
    .await;
}
