//! Many things are changed together: all or none, one action, a record each.

use super::Desk;
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error as Told,
    object::{
        MAX_TOGETHER, ManyChoice, ManyDone, ManyTyped, ManyWay, ObjectKind as K, ObjectQuery, ObjectStatus,
    },
    ports::Objects as _,
};
use serde_json::json;
use std::collections::BTreeSet;

fn change(property: &str, way: ManyWay, texts: &[&str]) -> ManyTyped {
    let texts = texts.iter().map(|&text| text.to_owned()).collect();
    [(property.to_owned(), (way, texts))].into()
}

#[tokio::test]
async fn many_are_changed_as_one_action() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
        let mut ids = Vec::new();
        for (name, tags) in [("Aurora", "vip, trial"), ("Harbor", "trial"), ("Kestrel", "")] {
            ids.push(
                desk.create(K::Company, &[("name", name), ("tags", tags)])
                    .await
                    .id,
            );
        }
        let who = desk.may_change(K::Company);
        let before = desk.house.events().await.len();
        let mut typed = change("tags", ManyWay::Add, &["vip, renewal"]);
        typed.extend(change("boards", ManyWay::Set, &["dispatch"]));
        let done = desk.objects.update_objects(&who, &ids, &typed).await.unwrap();
        assert_eq!((done.changed, done.same), (3, 0));
        let told = desk.house.events_since(before).await;
        let about: Vec<_> = told
            .iter()
            .map(|event| event.body.target().unwrap().label())
            .collect();
        assert_eq!(about, ["Aurora", "Harbor", "Kestrel"]);
        let actions: BTreeSet<_> = told
            .iter()
            .map(|event| event.body.correlation_id.clone())
            .collect();
        assert_eq!(actions.len(), 1);
        let aurora = desk
            .objects
            .object(&desk.may_see(K::Company), ids[0])
            .await
            .unwrap();
        assert_eq!(aurora.values["tags"], json!(["renewal", "trial", "vip"]));
        assert_eq!(aurora.values["boards"], json!([board.id.to_string()]));

        let done = desk
            .objects
            .update_objects(&who, &ids, &change("tags", ManyWay::Remove, &["trial"]))
            .await
            .unwrap();
        assert_eq!(
            done,
            ManyDone {
                changed: 2,
                same: 1,
                gone: 0
            }
        );
        let done = desk
            .objects
            .update_objects(&who, &ids[..1], &change("boards", ManyWay::Clear, &[]))
            .await
            .unwrap();
        assert_eq!(done.changed, 1);
        let off = desk
            .objects
            .switch_objects(&who, &ids, ObjectStatus::Deactivated)
            .await
            .unwrap();
        assert_eq!(off.changed, 3);
        assert_eq!(desk.names(K::Company, "status=deactivated").await.len(), 3);
        desk.objects.delete_object(&who, ids[2]).await.unwrap();
        let done = desk.objects.delete_objects(&who, &ids).await.unwrap();
        assert_eq!((done.changed, done.gone), (2, 1));
        assert_eq!(desk.names(K::Company, "").await, Vec::<String>::new());
        let report = desk
            .drift
            .check(desk.house.ada.workspace(), |_| ())
            .await
            .unwrap();
        assert_eq!(report.drifts, []);
    })
    .await;
}

#[tokio::test]
async fn all_or_none_are_changed() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (one, other) = (
            desk.create(K::Company, &[("name", "Aurora")]).await.id,
            desk.create(K::Company, &[("name", "Harbor")]).await.id,
        );
        desk.create(
            K::Contact,
            &[("name", "Bo"), ("email", "bo@x.example"), ("company", "Harbor")],
        )
        .await;
        let who = desk.may_change(K::Company);
        let before = desk.house.events().await.len();
        let refused = desk.objects.delete_objects(&who, &[one, other]).await;
        assert!(
            matches!(&refused, Err(Told::Conflict { reason }) if reason.contains("“Bo”")),
            "{refused:?}"
        );
        for (typed, field) in [
            (change("name", ManyWay::Set, &["Same"]), "name"),
            (change("external_id", ManyWay::Set, &["x"]), "external_id"),
            (change("phone", ManyWay::Add, &["1"]), "phone"),
            (change("tags", ManyWay::Add, &[""]), "tags"),
            (change("boards", ManyWay::Set, &["Nowhere"]), "boards"),
            (ManyTyped::new(), "ways"),
        ] {
            let refused = desk.objects.update_objects(&who, &[one, other], &typed).await;
            assert!(
                matches!(&refused, Err(Told::Invalid { field: wrong, .. }) if wrong == field),
                "{refused:?}"
            );
        }
        let nobody = desk
            .objects
            .update_objects(&who, &[], &change("tags", ManyWay::Add, &["a"]))
            .await;
        assert!(
            matches!(&nobody, Err(Told::Invalid { field, .. }) if field == "ids"),
            "{nobody:?}"
        );
        assert_eq!(
            desk.house.events().await.len(),
            before,
            "nothing is recorded of what didn't happen"
        );
        assert_eq!(desk.names(K::Company, "").await.len(), 2);
    })
    .await;
}

/// What goes as well is in nobody's way, in whichever order.
#[tokio::test]
async fn what_refers_to_each_other_goes_together() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let a = desk.rule("A", &[]).await.id;
        let b = desk.rule("B", &["A"]).await.id;
        let c = desk.rule("C", &["A"]).await.id;
        let who = desk.may_change(K::BusinessRule);
        let refused = desk.objects.delete_objects(&who, &[a, b]).await;
        let Err(Told::Conflict { reason }) = refused else {
            panic!("{refused:?}")
        };
        assert!(reason.starts_with("“A” is used by “C”."), "{reason}");
        let before = desk.house.events().await.len();
        let done = desk.objects.delete_objects(&who, &[c, b, a]).await.unwrap();
        assert_eq!((done.changed, done.gone), (3, 0));
        let told = desk.house.events_since(before).await;
        let about: Vec<_> = told
            .iter()
            .map(|event| event.body.target().unwrap().label())
            .collect();
        assert_eq!(about, ["A", "B", "C"]);
        assert_eq!(desk.names(K::BusinessRule, "").await, Vec::<String>::new());
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_matches_is_chosen_up_to_a_number() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
    desk.create(K::Company, &[("name", "Harbor"), ("tags", "vip")])
        .await;
    let kestrel = desk.create(K::Company, &[("name", "Kestrel")]).await;
    let who = desk.may_change(K::Company);
    let query = ObjectQuery::parse(K::Company.spec(), "tags=vip&sort=-name").unwrap();
    let chosen = desk
        .objects
        .choose_objects(&who, &ManyChoice::All(query))
        .await
        .unwrap();
    let names: Vec<_> = chosen.things.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!((names, chosen.more), (vec!["Harbor"], false));
    // An id of another kind is as if it didn't exist.
    let some = ManyChoice::Some(vec![kestrel.id, board.id]);
    assert_eq!(
        desk.objects
            .choose_objects(&who, &some)
            .await
            .unwrap()
            .things
            .len(),
        1
    );
    let many = ManyChoice::Some(vec![kestrel.id; MAX_TOGETHER + 1]);
    assert!(desk.objects.choose_objects(&who, &many).await.unwrap().more);
}
