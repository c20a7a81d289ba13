//! Making, changing, taking away: what is stored, what is refused, what is recorded.

use super::{Desk, typed};
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error as Told,
    catalogue::faults,
    compare::Point,
    event::{Action, Change as Changed},
    id::ObjectId,
    log::LogKind,
    object::{Change, ManyChoice, Object, ObjectKind as K, ObjectQuery, ObjectStatus, See},
    permission::{Permission, ViewAuditLogs},
    ports::Objects as _,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

fn invalid(result: daybook_domain::Result<Object>) -> (String, String) {
    match result {
        Err(Told::Invalid { field, reason }) => (field, reason),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_thing_lives_and_every_change_of_it_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let board = desk
            .create(K::Board, &[("name", "Dispatch"), ("priority", "high")])
            .await;
        let board_id = board.id.to_string();
        let company = desk
            .create(
                K::Company,
                &[
                    ("name", " Harbor IT "),
                    ("tags", "vip, schools"),
                    ("boards", ""),
                    ("boards", &board_id),
                ],
            )
            .await;
        assert_eq!((company.name(), company.version), ("Harbor IT", 1));
        assert_eq!(company.values["tags"], json!(["schools", "vip"]));
        assert_eq!(company.names[&board.id], "Dispatch");
        // By its name as by its id, and what isn't asked stays.
        let contact = desk
            .create(
                K::Contact,
                &[
                    ("name", "Amina"),
                    ("email", "amina@harbor.example"),
                    ("company", "harbor it"),
                ],
            )
            .await;
        assert_eq!(contact.values["company"], json!(company.id.to_string()));
        let changed = desk
            .update(&company, &[("phone", "+44 20 7946 0100"), ("boards", "")])
            .await
            .unwrap();
        assert_eq!(changed.version, 2);
        assert!(!changed.values.contains_key("boards") && changed.values.contains_key("tags"));
        // Saving a form unchanged is no change.
        let same = desk
            .update(
                &changed,
                &[("phone", "+44 20 7946 0100"), ("tags", "schools,vip")],
            )
            .await
            .unwrap();
        assert_eq!(same.version, 2);
        let who = desk.may_change(K::Company);
        let off = desk.objects.deactivate_object(&who, company.id).await.unwrap();
        assert_eq!(off.status, ObjectStatus::Deactivated);
        desk.objects.reactivate_object(&who, company.id).await.unwrap();
        desk.objects
            .delete_object(&desk.may_change(K::Contact), contact.id)
            .await
            .unwrap();
        desk.objects.delete_object(&who, company.id).await.unwrap();
        assert_eq!(
            desk.objects.object(&desk.may_see(K::Company), company.id).await,
            Err(Told::NotFound)
        );

        let log = desk.log_of(K::Company, company.id).await;
        let told: Vec<_> = log
            .iter()
            .rev()
            .map(|event| event.body.event_type.as_str())
            .collect();
        // What happens to the people of a company stands in its log too.
        let life = [
            "company.created",
            "contact.created",
            "company.updated",
            "company.deactivated",
            "company.reactivated",
            "contact.deleted",
            "company.deleted",
        ];
        assert_eq!(told, life);
        for event in &log {
            assert_eq!(faults(&event.body), Vec::<String>::new());
            assert_eq!(event.body.log, LogKind::Customer);
            assert_eq!(
                event
                    .body
                    .company
                    .as_ref()
                    .and_then(|company| company.name.as_deref()),
                Some("Harbor IT")
            );
        }
        let updated = &log
            .iter()
            .find(|event| event.body.event_type == "company.updated")
            .unwrap()
            .body;
        assert_eq!(updated.action, Action::Update);
        let dispatch = json!([{"id": board_id, "name": "Dispatch"}]);
        assert_eq!(
            updated.changes,
            [
                Changed::new("boards", dispatch, Value::Null),
                Changed::new("phone", Value::Null, "+44 20 7946 0100"),
            ]
        );
        // A deleted thing leaves a readable last state (R48).
        let last: Vec<_> = log[0]
            .body
            .changes
            .iter()
            .map(|change| change.property.as_str())
            .collect();
        assert_eq!(last, ["name", "phone", "status", "tags"]);
    })
    .await;
}

#[tokio::test]
async fn no_two_have_the_same_name_email_or_external_id() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let first = desk
            .create(K::Company, &[("name", "Harbor IT"), ("external_id", "h-1")])
            .await;
        let who = desk.may_change(K::Company);
        let again = desk
            .objects
            .create_object(&who, &typed(&[("name", "HARBOR it")]))
            .await;
        assert_eq!(
            invalid(again),
            ("name".into(), "The company “Harbor IT” has this already.".into())
        );
        let other = desk
            .objects
            .create_object(&who, &typed(&[("name", "Other"), ("external_id", "h-1")]))
            .await;
        assert_eq!(invalid(other).0, "external_id");
        // Of another kind it's another thing.
        desk.create(K::Brand, &[("name", "Harbor IT"), ("external_id", "h-1")])
            .await;
        assert!(desk.update(&first, &[("name", "Harbor It")]).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let who = desk.may_change(K::Contact);
    for (values, field) in [
        (&[("email", "a@b.example")][..], "name"),
        (&[("name", "A")], "email"),
        (
            &[("name", "A"), ("email", "a@b.example"), ("company", "Nowhere")],
            "company",
        ),
        (
            &[("name", "A"), ("email", "a@b.example"), ("permissions", "fly")],
            "permissions",
        ),
    ] {
        assert_eq!(
            invalid(desk.objects.create_object(&who, &typed(values)).await).0,
            field
        );
    }
    // An id of another kind is as if it didn't exist.
    let board = desk.create(K::Board, &[("name", "Dispatch")]).await.id;
    let values = typed(&[
        ("name", "A"),
        ("email", "a@b.example"),
        ("company", &board.to_string()),
    ]);
    assert_eq!(
        invalid(desk.objects.create_object(&who, &values).await).0,
        "company"
    );
    assert_eq!(
        desk.objects.object(&desk.may_see(K::Company), board).await,
        Err(Told::NotFound)
    );
    assert_eq!(desk.objects.delete_object(&who, board).await, Err(Told::NotFound));
    let nobody = ObjectId(Uuid::from_u128(1));
    assert_eq!(
        desk.objects.deactivate_object(&who, nobody).await,
        Err(Told::NotFound)
    );
    assert!(
        desk.log_of(K::Contact, board)
            .await
            .iter()
            .all(|event| event.body.event_type == "board.created")
    );
}

#[tokio::test]
async fn names_of_all_the_world_are_kept_as_they_are() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let long = "x".repeat(200);
    for name in [
        "مركز الدعم",
        "🦀 Crabs & Sons",
        "=SUM(A1)",
        "<b>Bold</b>",
        long.as_str(),
    ] {
        let made = desk.create(K::Brand, &[("name", name)]).await;
        assert_eq!(made.name(), name);
        assert_eq!(
            desk.log_of(K::Brand, made.id).await[0]
                .body
                .target()
                .unwrap()
                .label(),
            name
        );
    }
}

#[tokio::test]
async fn who_edits_what_somebody_else_has_changed_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
        let now = desk.update(&board, &[("priority", "high")]).await.unwrap();
        let stale = desk.update(&board, &[("priority", "low")]).await;
        assert!(matches!(stale, Err(Told::Conflict { .. })), "{stale:?}");
        assert_eq!(
            desk.update(&now, &[("priority", "low")]).await.unwrap().values["priority"],
            "low"
        );
    })
    .await;
}

#[tokio::test]
async fn what_others_refer_to_stays() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let group = desk.create(K::UserGroup, &[("name", "Head teachers")]).await;
        let id = group.id.to_string();
        let company = desk
            .create(K::Company, &[("name", "Harbor IT"), ("user_groups", &id)])
            .await;
        let who = desk.may_change(K::UserGroup);
        let refused = desk.objects.delete_object(&who, group.id).await;
        let Err(Told::Conflict { reason }) = refused else {
            panic!("{refused:?}")
        };
        assert!(reason.contains("is used by “Harbor IT”"), "{reason}");
        desk.update(&company, &[("user_groups", "")]).await.unwrap();
        desk.objects.delete_object(&who, group.id).await.unwrap();
    })
    .await;
}

/// A mere change of the name of what it refers to is no change of a thing, and its record says the name of its time.
#[tokio::test]
async fn records_say_what_things_were_called_then() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let brand = desk.create(K::Brand, &[("name", "Northdesk")]).await;
    let id = brand.id.to_string();
    let board = desk
        .create(K::Board, &[("name", "Dispatch"), ("brand", &id)])
        .await;
    desk.update(&brand, &[("name", "Southdesk")]).await.unwrap();
    let same = desk.update(&board, &[("brand", &id)]).await.unwrap();
    assert_eq!((same.version, same.names[&brand.id].as_str()), (1, "Southdesk"));
    let log = desk.log_of(K::Board, board.id).await;
    let told = log[0]
        .body
        .changes
        .iter()
        .find(|change| change.property == "brand")
        .unwrap();
    assert_eq!(told.after, json!({"id": id, "name": "Northdesk"}));
}

#[tokio::test]
async fn who_may_do_what_depends_on_the_kind() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    desk.house.user("Bo", "bo@northdesk.example", "Agent").await;
    let bo = desk
        .house
        .sign_in("bo@northdesk.example", crate::accounts::tests::PASSWORD)
        .await
        .unwrap();
    let bo = desk.house.browser(bo, 7).await;
    assert!(bo.grant_kind(K::Company, See).is_ok());
    for kind in K::ALL.iter().copied() {
        let needed = kind.spec().change;
        assert!(
            matches!(bo.grant_kind(kind, Change), Err(Told::Forbidden { permission }) if permission == needed)
        );
    }
    assert!(matches!(
        bo.grant_kind(K::Board, See),
        Err(Told::Forbidden {
            permission: Permission::SettingsManage
        })
    ));
}

/// Every method of things, with the record it leaves; `None` for those that only read.
pub const METHODS: &[(&str, Option<&str>)] = &[
    ("became", None),
    ("choices", None),
    ("choose_objects", None),
    ("create_object", Some("created")),
    ("deactivate_object", Some("deactivated")),
    ("delete_object", Some("deleted")),
    ("delete_objects", Some("deleted")),
    ("list_objects", None),
    ("merge_objects", Some("merged")),
    ("object", None),
    ("object_pair", None),
    ("object_then", None),
    ("put_object", Some("updated")),
    ("reactivate_object", Some("reactivated")),
    ("restore_object", Some("updated")),
    ("switch_objects", Some("deactivated")),
    ("update_object", Some("updated")),
    ("update_objects", Some("updated")),
];

#[tokio::test]
async fn every_method_that_changes_a_thing_of_any_kind_leaves_its_event() {
    let source = include_str!("../mod.rs");
    let (_, port) = source.split_once("impl ports::Objects for Objects").unwrap();
    let there: BTreeSet<_> = port
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("async fn ")?.split('(').next())
        .collect();
    assert_eq!(there, METHODS.iter().map(|(name, _)| *name).collect());
    let desk = Desk::new(TestDb::sqlite().await).await;
    let reads = desk.house.ada.grant(ViewAuditLogs).unwrap();
    for kind in K::ALL.iter().copied() {
        let (see, who) = (desk.may_see(kind), desk.may_change(kind));
        let needed = kind.spec().properties.iter();
        let needed = needed.filter(|property| property.is_always_required());
        let values: Vec<_> = needed
            .map(|property| match property.name {
                "email" => (property.name, "mara@northdesk.example"),
                "trigger" => (property.name, "created"),
                "type" => (property.name, "slack"),
                "url" => (property.name, "https://northdesk.example/in"),
                "conditions" => (property.name, "vip is yes"),
                other => (other, "Mara"),
            })
            .collect();
        let thing = desk.create(kind, &values).await;
        let made = desk.house.events().await.last().unwrap().id;
        for (name, leaves) in METHODS {
            let before = desk.house.events().await.len();
            let objects = &desk.objects;
            match *name {
                "became" => drop(objects.became(&see, thing.id).await.unwrap()),
                "choices" => drop(objects.choices(&who).await.unwrap()),
                "create_object" => {
                    let values = values.iter().map(|(name, value)| match *name {
                        "email" => (*name, "otto@northdesk.example"),
                        _ if value == &"Mara" => (*name, "Otto"),
                        _ => (*name, *value),
                    });
                    drop(desk.create(kind, &values.collect::<Vec<_>>()).await);
                }
                "deactivate_object" => drop(objects.deactivate_object(&who, thing.id).await.unwrap()),
                "choose_objects" => {
                    let all = ManyChoice::All(ObjectQuery::default());
                    drop(objects.choose_objects(&who, &all).await.unwrap());
                }
                // The last of them, below; of many: tests/many.rs; of two: tests/merge.rs.
                "delete_object" | "delete_objects" | "merge_objects" | "object_pair" | "switch_objects"
                | "update_objects" => continue,
                "list_objects" => drop(objects.list_objects(&see, &ObjectQuery::default()).await.unwrap()),
                "object" => drop(objects.object(&see, thing.id).await.unwrap()),
                "put_object" => {
                    let now = objects.object(&see, thing.id).await.unwrap();
                    let unique = kind.spec().unique;
                    let given = json!({unique: now.values[unique]});
                    let put = objects
                        .put_object(&who, "m-1", given.as_object().unwrap())
                        .await
                        .unwrap();
                    assert_eq!((put.object.id, put.created), (thing.id, false));
                }
                "reactivate_object" => drop(objects.reactivate_object(&who, thing.id).await.unwrap()),
                "object_then" => drop(
                    objects
                        .object_then(&see, &reads, thing.id, Point::Now)
                        .await
                        .unwrap(),
                ),
                "restore_object" => {
                    let now = objects.object(&see, thing.id).await.unwrap();
                    let made = Point::Record(made);
                    let all = ["external_id".to_owned()];
                    let restored = objects
                        .restore_object(&who, &reads, thing.id, now.version, made, &all)
                        .await
                        .unwrap();
                    assert!(!restored.values.contains_key("external_id"));
                }
                "update_object" => {
                    let now = objects.object(&see, thing.id).await.unwrap();
                    drop(desk.update(&now, &[("name", "Mara Okafor")]).await.unwrap());
                }
                other => panic!("{other} is not called"),
            }
            let told = desk.house.events_since(before).await;
            for event in &told {
                assert_eq!(faults(&event.body), Vec::<String>::new());
            }
            // Reading of the log is told by itself.
            let told = told.iter().map(|event| event.body.event_type.clone());
            let told: Vec<_> = told.filter(|name| !name.starts_with("audit_logs.")).collect();
            let expected: Vec<_> = leaves.iter().map(|verb| format!("{kind}.{verb}")).collect();
            assert_eq!(told, expected, "{name}");
        }
        let before = desk.house.events().await.len();
        desk.objects.delete_object(&who, thing.id).await.unwrap();
        let told = desk.house.events_since(before).await;
        assert_eq!(told[0].body.event_type, format!("{kind}.deleted"));
        assert_eq!(faults(&told[0].body), Vec::<String>::new());
    }
}
