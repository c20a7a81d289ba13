//! Things as large as they may be: every record of them is one that any Daybook takes, and nothing of them is lost.

use super::{Desk, typed};
use crate::testing::on_each_database;
use daybook_domain::{
    compare::Point,
    event::{MAX_CHANGES, MAX_EVENT_BYTES},
    object::{MAX_MEMBERS, Object, ObjectKind as K, custom::MAX_CUSTOM},
    permission::ViewAuditLogs,
    ports::Objects as _,
};
use serde_json::{Value, json};

impl Desk {
    /// The records since one, each checked.
    async fn told_since(&self, before: usize) -> Vec<daybook_domain::event::Event> {
        let told = self.house.events_since(before).await;
        for event in &told {
            assert_eq!(
                daybook_domain::catalogue::faults(&event.body),
                Vec::<String>::new()
            );
            let bytes = daybook_domain::canonical::to_string(event).unwrap().len();
            assert!(bytes <= MAX_EVENT_BYTES, "{bytes} bytes");
            assert!(event.body.changes.len() <= MAX_CHANGES);
        }
        told
    }

    async fn many(&self, kind: K) -> Vec<Object> {
        let mut all = Vec::with_capacity(MAX_MEMBERS);
        let lines: Vec<_> = (0..MAX_MEMBERS)
            .map(|n| format!("{n:03}{}\n", "é".repeat(197)))
            .collect();
        let id = self
            .upload(kind, format!("Name\n{}", lines.concat()))
            .await
            .unwrap();
        let settings = self.import(kind, id).await.settings;
        self.check(kind, id, settings).await;
        self.run(kind, id).await;
        let query = daybook_domain::object::ObjectQuery::default();
        let mut cursor = None;
        loop {
            let page = self
                .objects
                .list_objects(&self.may_see(kind), &query.at(cursor))
                .await
                .unwrap();
            for row in page.rows {
                all.push(self.objects.object(&self.may_see(kind), row.id).await.unwrap());
            }
            cursor = page.after;
            if cursor.is_none() {
                return all;
            }
        }
    }
}

#[tokio::test]
async fn the_largest_things_are_recorded_whole() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (boards, menus) = (desk.many(K::Board).await, desk.many(K::Menu).await);
        assert_eq!((boards.len(), menus.len()), (MAX_MEMBERS, MAX_MEMBERS));
        let ids = |of: &[Object]| -> Vec<String> { of.iter().map(|thing| thing.id.to_string()).collect() };
        let (boards, menus) = (ids(&boards), ids(&menus));
        let custom: serde_json::Map<_, _> = (0..MAX_CUSTOM)
            .map(|n| (format!("p{n}"), json!("é".repeat(120))))
            .collect();
        let tags: Vec<_> = (0..MAX_MEMBERS)
            .map(|n| format!("{n:03}{}", "é".repeat(50)))
            .collect();
        let mut whole = json!({"name": "é".repeat(200), "boards": boards, "menus": menus, "tags": tags,
            "notes": "é".repeat(5000), "custom": custom});
        let before = desk.house.events().await.len();
        let made = desk.put(K::Company, "h-1", whole.clone()).await.object;
        let created = desk.told_since(before).await;
        assert!(created.len() > 1, "more than one record holds");
        assert!(
            created
                .iter()
                .all(|event| event.body.event_type == "company.created")
        );
        assert_eq!(
            created[0].body.metadata["part"],
            json!({"number": 1, "of": created.len()})
        );
        assert_eq!(desk.drifts().await, []);

        // All of it anew.
        for (property, value) in whole.as_object_mut().unwrap() {
            match value {
                Value::Object(each) => each
                    .values_mut()
                    .for_each(|value| *value = json!("ü".repeat(120))),
                Value::Array(ids) if property == "boards" || property == "menus" => drop(ids.split_off(100)),
                Value::Array(words) => words
                    .iter_mut()
                    .for_each(|word| *word = json!(word.as_str().unwrap().replace('é', "ü"))),
                text => *text = json!(text.as_str().unwrap().replace('é', "ü")),
            }
        }
        desk.house.at.clock.advance_seconds(60);
        let before = desk.house.events().await.len();
        let changed = desk.put(K::Company, "h-1", whole).await.object;
        let updated = desk.told_since(before).await;
        let actions: std::collections::BTreeSet<_> =
            updated.iter().map(|event| &event.body.correlation_id).collect();
        assert!(
            updated.len() > 1 && actions.len() == 1,
            "{} records, {actions:?}",
            updated.len()
        );
        assert_eq!(desk.drifts().await, []);

        // What it was and what it is, from the log alone.
        let reads = desk.house.ada.grant(ViewAuditLogs).unwrap();
        let then = async |point| {
            let then = desk
                .objects
                .object_then(&desk.may_see(K::Company), &reads, made.id, point)
                .await;
            then.unwrap()
        };
        let was = then(Point::Record(created.last().unwrap().id))
            .await
            .then
            .unwrap();
        assert_eq!(was.values, made.values);
        assert_eq!(then(Point::Now).await.then.unwrap().values, changed.values);
        let before = desk.house.events().await.len();
        desk.objects
            .delete_object(&desk.may_change(K::Company), made.id)
            .await
            .unwrap();
        let deleted = desk.told_since(before).await;
        assert!(deleted.len() > 1);
        assert_eq!(then(Point::Now).await.last.unwrap().values, changed.values);
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_no_record_could_tell_is_refused_beside_its_field() {
    let desk = Desk::new(crate::testing::TestDb::sqlite().await).await;
    let tags: Vec<_> = (0..200).map(|n| format!("{n}{}", "🦀".repeat(90))).collect();
    let tags = tags.join(",");
    let who = desk.may_change(K::Company);
    let told = desk
        .objects
        .create_object(&who, &typed(&[("name", "A"), ("tags", &tags)]))
        .await;
    let Err(daybook_domain::Error::Invalid { field, reason }) = told else {
        panic!("{told:?}")
    };
    assert_eq!(field, "tags");
    assert!(
        reason.ends_with("more than the 24000 a record can tell of."),
        "{reason}"
    );
}

/// Notes of 5,000 characters that a browser sends with two characters for each end of a line.
#[tokio::test]
async fn long_notes_can_be_saved_again() {
    let desk = Desk::new(crate::testing::TestDb::sqlite().await).await;
    let notes = format!("{}{}", "x\n".repeat(50), "y".repeat(4900));
    let company = desk.create(K::Company, &[("name", "A"), ("notes", &notes)]).await;
    let sent = notes.replace('\n', "\r\n");
    let same = desk.update(&company, &[("notes", &sent)]).await.unwrap();
    assert_eq!((same.version, &same.values["notes"]), (1, &json!(notes)));
}
