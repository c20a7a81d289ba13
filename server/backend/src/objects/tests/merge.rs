//! Two things become one, and nothing that referred to either is lost.

use super::Desk;
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error as Told,
    catalogue::faults,
    event::Action,
    object::{Change, Keep, Merge, Object, ObjectKind as K, ObjectStatus},
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
                ("company.merged", sentence),
                ("contact.updated", "Changed company of contact “Mara”"),
                ("contact.updated", "Changed company of contact “Noor”"),
                ("company.deleted", sentence),
            ]
        );
        assert_eq!(told[0].body.action, Action::Merge);
        assert_eq!(
            told[0].body.metadata["merged"],
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
    let last = desk.rule("Last", &[]).await;
    let goes = desk.rule("Second", &["Last"]).await;
    let stays = desk.rule("First", &["Second"]).await;
    let before = desk.rule("Before", &["First", "Second"]).await;
    let merged = desk.merge(&stays, &goes, &[]).await.unwrap();
    assert_eq!(merged.values["runs_next"], json!([last.id]));
    let see = desk.may_see(K::BusinessRule);
    let before = desk.objects.object(&see, before.id).await.unwrap();
    assert_eq!(before.values["runs_next"], json!([stays.id]));

    // In the middle stands what would lead back.
    let end = desk.rule("End", &[]).await;
    desk.rule("Middle", &["End"]).await;
    let begin = desk.rule("Begin", &["Middle"]).await;
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

/// The end is what counts: A runs C, C runs B, and what B ran (nothing) is kept.
#[tokio::test]
async fn what_is_no_circle_in_the_end_is_merged() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let b = desk.rule("B", &[]).await;
        let c = desk.rule("C", &["B"]).await;
        let a = desk.rule("A", &["C"]).await;
        let merged = desk.merge(&a, &b, &[("runs_next", Keep::Other)]).await.unwrap();
        assert!(!merged.values.contains_key("runs_next"));
        let c = desk
            .objects
            .object(&desk.may_see(K::BusinessRule), c.id)
            .await
            .unwrap();
        assert_eq!(c.values["runs_next"], json!([a.id]));
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// People don't end at a company that is out of use because it was a duplicate.
#[tokio::test]
async fn the_status_is_kept_like_a_value() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let who = desk.may_change(K::Company);
        let old = desk.create(K::Company, &[("name", "Harbor IT")]).await;
        let old = desk.objects.deactivate_object(&who, old.id).await.unwrap();
        let new = desk.create(K::Company, &[("name", "Harbour IT")]).await;
        let told = desk.merge(&old, &new, &[("status", Keep::Both)]).await;
        assert!(
            matches!(&told, Err(Told::Invalid { field, .. }) if field == "status"),
            "{told:?}"
        );
        let merged = desk.merge(&old, &new, &[]).await.unwrap();
        assert_eq!(merged.status, ObjectStatus::Active);
        let log = desk.log_of(K::Company, old.id).await;
        let told = log
            .iter()
            .find(|event| event.body.event_type == "company.merged")
            .unwrap();
        let change = told
            .body
            .changes
            .iter()
            .find(|change| change.property == "status")
            .unwrap();
        assert_eq!(
            (&change.before, &change.after),
            (&json!("deactivated"), &json!("active"))
        );

        let another = desk.create(K::Company, &[("name", "Harbor")]).await;
        let another = desk.objects.deactivate_object(&who, another.id).await.unwrap();
        let merged = desk
            .merge(&merged, &another, &[("status", Keep::Other)])
            .await
            .unwrap();
        assert_eq!(merged.status, ObjectStatus::Deactivated);
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// Where what is stored was changed around Daybook, the merge ends: with a refusal that says so, or with what was meant.
#[tokio::test]
async fn what_was_changed_around_the_application_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.create(K::Company, &[("name", "Harbor IT")]).await;
        let goes = desk.create(K::Company, &[("name", "Harbour IT")]).await;
        for (name, email) in [("Amina", "amina@harbor.example"), ("Bo", "bo@harbor.example")] {
            let values = [("name", name), ("email", email), ("company", "Harbour IT")];
            desk.create(K::Contact, &values).await;
        }
        let of_bo = format!(
            "UPDATE object SET properties = replace(properties, '{}', '{}') WHERE name = 'Bo'",
            goes.id, stays.id
        );
        desk.around(&of_bo).await;
        let before = desk.house.events().await.len();
        let told = desk.merge(&stays, &goes, &[]).await;
        let Err(Told::Conflict { reason }) = told else {
            panic!("{told:?}")
        };
        assert!(
            reason.contains("for “Bo”: what is stored there was changed around Daybook"),
            "{reason}"
        );
        assert_eq!(
            desk.house.events().await.len(),
            before,
            "nothing is done by halves"
        );
    })
    .await;
}

#[tokio::test]
async fn an_id_may_be_written_in_another_way() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.create(K::Board, &[("name", "Dispatch")]).await;
        let goes = desk.create(K::Board, &[("name", "Despatch")]).await;
        let company = desk
            .create(K::Company, &[("name", "Harbor IT"), ("boards", "Despatch")])
            .await;
        let plain = goes.id.0.simple();
        desk.around(&format!(
            "UPDATE object SET properties = replace(properties, '{}', '{plain}') WHERE kind = 'company'",
            goes.id
        ))
        .await;
        for table in ["posting", "facet"] {
            desk.around(&format!(
                "UPDATE {table} SET value = '{plain}' WHERE kind = 'company' AND value = '{}'",
                goes.id
            ))
            .await;
        }
        desk.merge(&stays, &goes, &[]).await.unwrap();
        let company = desk
            .objects
            .object(&desk.may_see(K::Company), company.id)
            .await
            .unwrap();
        assert_eq!(company.values["boards"], json!([stays.id]));
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// Nobody is told how many there are of what they may not see.
#[tokio::test]
async fn what_is_out_of_sight_is_not_counted() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let agent = async |name: &str, email: &str| {
        desk.create(K::ServiceAgent, &[("name", name), ("email", email)])
            .await
    };
    let (stays, goes) = (
        agent("Tomás", "tomas@northdesk.example").await,
        agent("Tomas", "tomas@old.example").await,
    );
    let lead = goes.id.to_string();
    desk.create(K::ServiceGroup, &[("name", "Repairs"), ("lead", &lead)])
        .await;
    desk.create(K::Company, &[("name", "Harbor IT"), ("account_manager", &lead)])
        .await;
    let somebody = desk
        .house
        .someone_with(&[Permission::DirectoryView, Permission::DirectoryManage])
        .await;
    let who = somebody.grant_kind(K::ServiceAgent, Change).unwrap();
    let pair = desk.objects.object_pair(&who, stays.id, goes.id).await.unwrap();
    assert_eq!((pair.uses, pair.hidden), (vec![(K::Company, 1)], true));
    let who = desk.may_change(K::ServiceAgent);
    let pair = desk.objects.object_pair(&who, stays.id, goes.id).await.unwrap();
    assert_eq!(
        (pair.uses, pair.hidden),
        (vec![(K::Company, 1), (K::ServiceGroup, 1)], false)
    );
}

/// All in one, and quickly: nothing else is written meanwhile.
#[tokio::test]
async fn thousands_go_over_together() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let stays = desk.create(K::Company, &[("name", "Harbor IT")]).await;
        let goes = desk.create(K::Company, &[("name", "Harbour IT")]).await;
        let lines: Vec<_> = (0..1200)
            .map(|n| format!("Person {n},p{n}@harbor.example,Harbour IT\n"))
            .collect();
        let id = desk
            .upload(K::Contact, format!("Name,Email,Company\n{}", lines.concat()))
            .await
            .unwrap();
        let settings = desk.import(K::Contact, id).await.settings;
        desk.check(K::Contact, id, settings).await;
        desk.run(K::Contact, id).await;
        let before = desk.house.events().await.len();
        desk.merge(&stays, &goes, &[]).await.unwrap();
        let told = desk.house.events_since(before).await;
        assert_eq!(told.len(), 1202);
        let actions: BTreeSet<_> = told.iter().map(|event| &event.body.correlation_id).collect();
        assert_eq!(actions.len(), 1);
        assert_eq!(desk.drifts().await, []);
    })
    .await;
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
