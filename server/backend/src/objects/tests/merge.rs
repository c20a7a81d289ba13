//! Two things become one, and nothing that referred to either is lost.

use super::Desk;
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error as Told,
    catalogue::faults,
    event::Action,
    id::ObjectId,
    object::{Change, Keep, Merge, Object, ObjectKind as K},
    permission::Permission,
    ports::Objects as _,
};
use serde_json::json;
use std::collections::BTreeSet;

impl Desk {
    pub(super) async fn merge(
        &self,
        stays: &Object,
        goes: &Object,
        kept: &[(&str, Keep)],
    ) -> daybook_domain::Result<Object> {
        let kept = kept.iter().map(|(name, keep)| ((*name).to_owned(), *keep));
        let asked = Merge {
            stays: (stays.id, stays.version),
            goes: (goes.id, goes.version),
            kept: kept.collect(),
        };
        let who = self.may_change(stays.kind);
        self.objects.merge_objects(&who, &asked).await
    }

    async fn is_gone(&self, thing: &Object) -> bool {
        let now = self.objects.object(&self.may_see(thing.kind), thing.id).await;
        now == Err(Told::NotFound)
    }
}

#[tokio::test]
async fn one_company_becomes_part_of_another() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let brand = desk.create(K::Brand, &[("name", "Northdesk")]).await;
        let brand = brand.id.to_string();
        let stays = [("name", "Harbor IT"), ("tags", "schools"), ("brand", &brand)];
        let stays = desk.create(K::Company, &stays).await;
        let goes = [
            ("name", "Harbour IT"),
            ("tags", "vip"),
            ("phone", "+44 1234"),
            ("external_id", "h-2"),
        ];
        let goes = desk.create(K::Company, &goes).await;
        let mut contacts = Vec::new();
        for (name, company) in [("Amina", &stays), ("Mara", &goes), ("Noor", &goes)] {
            let (company, email) = (company.id.to_string(), format!("{name}@harbor.example"));
            let values = [("name", name), ("email", &email), ("company", &company)];
            contacts.push(desk.create(K::Contact, &values).await);
        }
        let who = desk.may_change(K::Company);
        let pair = desk.objects.object_pair(&who, stays.id, goes.id).await.unwrap();
        assert_eq!(pair.uses, [(K::Contact, 2)]);
        assert_eq!(pair.names().len(), 1);

        let before = desk.house.events().await.len();
        let merged = desk.merge(&stays, &goes, &[]).await.unwrap();
        assert_eq!(
            json!(merged.values),
            json!({"name": "Harbor IT", "tags": ["schools", "vip"], "brand": brand, "phone": "+44 1234",
                "external_id": "h-2"})
        );
        assert_eq!(merged.version, stays.version + 1);
        assert!(desk.is_gone(&goes).await);

        let told = desk.house.events_since(before).await;
        for event in &told {
            assert_eq!(faults(&event.body), Vec::<String>::new());
        }
        let said: Vec<_> = told
            .iter()
            .map(|event| {
                (
                    event.body.event_type.as_str(),
                    event.body.summary.as_deref().unwrap(),
                )
            })
            .collect();
        let sentence = "Merged company “Harbour IT” into “Harbor IT”";
        assert_eq!(
            said,
            [
                ("contact.updated", "Changed company of contact “Mara”"),
                ("contact.updated", "Changed company of contact “Noor”"),
                ("company.merged", sentence),
                ("company.deleted", sentence),
            ]
        );
        assert_eq!(told[2].body.action, Action::Merge);
        assert_eq!(
            told[2].body.metadata["merged"],
            json!({"id": goes.id, "name": "Harbour IT"})
        );
        assert_eq!(
            told[3].body.metadata["merged_into"],
            json!({"id": stays.id, "name": "Harbor IT"})
        );
        let actions: BTreeSet<_> = told.iter().map(|event| &event.body.correlation_id).collect();
        assert_eq!(actions.len(), 1);

        let of_stays = desk.names(K::Contact, &format!("?company={}", stays.id)).await;
        assert_eq!(of_stays, ["Amina", "Mara", "Noor"]);
        assert_eq!(desk.names(K::Company, "?q=harbour").await, Vec::<String>::new());
        assert_eq!(desk.names(K::Company, "?tags=vip").await, ["Harbor IT"]);
        let log = desk.log_of(K::Company, goes.id).await;
        assert_eq!(log[0].body.event_type, "company.deleted");
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_no_two_may_share_goes_over() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = [
            ("name", "Mara"),
            ("email", "mara@old.example"),
            ("external_id", "1"),
        ];
        let stays = desk.create(K::Contact, &stays).await;
        let goes = [
            ("name", "Mara Okafor"),
            ("email", "mara@new.example"),
            ("external_id", "2"),
        ];
        let goes = desk.create(K::Contact, &goes).await;
        let kept = [("email", Keep::Other), ("external_id", Keep::Other)];
        let merged = desk.merge(&stays, &goes, &kept).await.unwrap();
        assert_eq!(merged.values["email"], "mara@new.example");
        assert_eq!(merged.values["external_id"], "2");
        assert_eq!(merged.name(), "Mara");
        // What was given up is free again.
        let again = [
            ("name", "Mara"),
            ("email", "mara@old.example"),
            ("external_id", "1"),
        ];
        desk.create(K::Contact, &again).await;
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

#[tokio::test]
async fn two_rules_that_follow_each_other_become_one() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let rule = async |name: &str, next: &[ObjectId]| {
        let next: Vec<_> = next.iter().map(ToString::to_string).collect();
        let mut values = vec![
            ("name", name),
            ("trigger", "created"),
            ("conditions", "vip is yes"),
        ];
        values.extend(next.iter().map(|id| ("runs_next", id.as_str())));
        desk.create(K::BusinessRule, &values).await
    };
    let last = rule("Last", &[]).await;
    let goes = rule("Second", &[last.id]).await;
    let stays = rule("First", &[goes.id]).await;
    let before = rule("Before", &[stays.id, goes.id]).await;
    let merged = desk.merge(&stays, &goes, &[]).await.unwrap();
    assert_eq!(merged.values["runs_next"], json!([last.id]));
    let see = desk.may_see(K::BusinessRule);
    let before = desk.objects.object(&see, before.id).await.unwrap();
    assert_eq!(before.values["runs_next"], json!([stays.id]));

    // In the middle stands what would lead back.
    let end = rule("End", &[]).await;
    let middle = rule("Middle", &[end.id]).await;
    let begin = rule("Begin", &[middle.id]).await;
    let told = desk.merge(&begin, &end, &[]).await;
    assert!(
        matches!(&told, Err(Told::Invalid { field, .. }) if field == "runs_next"),
        "{told:?}"
    );
    assert_eq!(desk.objects.object(&see, end.id).await, Ok(end));
    assert_eq!(desk.drifts().await, []);
}

#[tokio::test]
async fn what_cannot_be_merged_stays_as_it_is() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let stays = desk.create(K::Company, &[("name", "A")]).await;
    let goes = desk.create(K::Company, &[("name", "B")]).await;
    let board = desk.create(K::Board, &[("name", "C")]).await;
    let before = desk.house.events().await.len();
    let told = desk.merge(&stays, &stays, &[]).await;
    assert!(
        matches!(&told, Err(Told::Invalid { field, .. }) if field == "with"),
        "{told:?}"
    );
    assert_eq!(desk.merge(&stays, &board, &[]).await, Err(Told::NotFound));
    let told = desk.merge(&stays, &goes, &[("name", Keep::Both)]).await;
    assert!(
        matches!(&told, Err(Told::Invalid { field, .. }) if field == "name"),
        "{told:?}"
    );
    assert_eq!(desk.house.events().await.len(), before);
    desk.update(&goes, &[("phone", "+44 1234")]).await.unwrap();
    let told = desk.merge(&stays, &goes, &[]).await;
    assert!(matches!(told, Err(Told::Conflict { .. })), "{told:?}");
    let who = desk.may_change(K::Company);
    let told = desk.objects.object_pair(&who, stays.id, stays.id).await;
    assert!(matches!(told, Err(Told::Invalid { .. })), "{told:?}");
    let told = desk.objects.object_pair(&who, stays.id, board.id).await;
    assert_eq!(told, Err(Told::NotFound));
}

/// Who may change service agents but no service groups can't have those refer to another.
#[tokio::test]
async fn what_refers_to_the_other_must_be_the_askers_to_change() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let agent = async |name: &str, email: &str| {
        desk.create(K::ServiceAgent, &[("name", name), ("email", email)])
            .await
    };
    let stays = agent("Tomás", "tomas@northdesk.example").await;
    let goes = agent("Tomas", "tomas@old.example").await;
    let lead = goes.id.to_string();
    desk.create(K::ServiceGroup, &[("name", "Repairs"), ("lead", &lead)])
        .await;
    let permissions = [Permission::DirectoryView, Permission::DirectoryManage];
    let somebody = desk.house.someone_with(&permissions).await;
    let who = somebody.grant_kind(K::ServiceAgent, Change).unwrap();
    let asked = Merge {
        stays: (stays.id, stays.version),
        goes: (goes.id, goes.version),
        kept: [].into(),
    };
    let before = desk.house.events().await.len();
    assert_eq!(
        desk.objects.merge_objects(&who, &asked).await,
        Err(Told::Forbidden {
            permission: Permission::SettingsManage
        })
    );
    let told = desk.house.events_since(before).await;
    let told: Vec<_> = told.iter().map(|event| event.body.event_type.as_str()).collect();
    assert_eq!(told, ["access.denied"]);
    desk.merge(&stays, &goes, &[]).await.unwrap();
}
