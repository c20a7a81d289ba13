//! Rules: their conditions have one form, and none leads back to itself.

use super::Desk;
use crate::testing::on_each_database;
use daybook_domain::{
    Error as Told,
    object::{ImportSettings, ManyTyped, ManyWay, Object, ObjectKind as K},
    ports::Objects as _,
    time::Clock as _,
};
use serde_json::json;

fn reason(result: daybook_domain::Result<Object>) -> (String, String) {
    match result {
        Err(Told::Invalid { field, reason }) => (field, reason),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn conditions_are_stored_and_told_as_an_outline() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let rule = desk.rule("VIP first", &[]).await;
        assert_eq!(rule.values["conditions"], json!("all of\n  vip is yes"));
        // The same in other words is no change.
        let same = desk
            .update(&rule, &[("conditions", "All of:\r\n\tContact is VIP is Yes")])
            .await
            .unwrap();
        assert_eq!(same.version, rule.version);
        let wanted = [("conditions", "any of\n  vip is yes\n  hours_open is over 4")];
        let changed = desk.update(&rule, &wanted).await.unwrap();
        let log = desk.log_of(K::BusinessRule, rule.id).await;
        let change = &log[0].body.changes[0];
        assert_eq!(change.property, "conditions");
        assert_eq!(change.before, json!("all of\n  vip is yes"));
        assert_eq!(
            change.after,
            json!("any of\n  vip is yes\n  hours_open is over 4")
        );
        let refused = desk
            .update(&changed, &[("conditions", "all of\n  colour is blue")])
            .await;
        let (field, reason) = reason(refused);
        assert_eq!(field, "conditions");
        assert!(reason.starts_with("Line 2: “colour” is no field."), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn a_circle_is_refused_whichever_way_it_comes() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let c = desk.rule("C", &[]).await;
        let b = desk.rule("B", &["C"]).await;
        let a = desk.rule("A", &["B", "C"]).await;
        let told = |reason: &str| ("runs_next".to_owned(), format!("This would run in a circle: {reason}."));

        // One.
        assert_eq!(reason(desk.update(&a, &[("runs_next", "A")]).await), told("A → A"));
        assert_eq!(reason(desk.update(&c, &[("runs_next", "A")]).await), told("C → A → C"));
        assert_eq!(reason(desk.update(&c, &[("runs_next", "B")]).await), told("C → B → C"));
        // A new one can't: nothing leads to it yet. Several ways to the same are no circle.
        desk.rule("D", &["A", "B", "C"]).await;

        // Given back from the past.
        let then = desk.house.at.clock.now();
        desk.house.at.clock.advance_seconds(1);
        let free = desk.update(&b, &[("runs_next", "")]).await.unwrap();
        let turned = desk.update(&c, &[("runs_next", "B")]).await.unwrap();
        let restored = desk.restore(&free, then, &["runs_next"]).await;
        assert_eq!(reason(restored), told("B → C → B"));
        desk.update(&turned, &[("runs_next", "")]).await.unwrap();

        // Many at once, where each change alone would do: all or none.
        let who = desk.may_change(K::BusinessRule);
        let typed = (ManyWay::Set, vec!["B".to_owned()]);
        let many = ManyTyped::from([("runs_next".to_owned(), typed)]);
        let refused = desk.objects.update_objects(&who, &[c.id, b.id], &many).await;
        assert!(refused.unwrap_err().to_string().contains("This would run in a circle: B → B"));
        assert!(!desk.objects.object(&desk.may_see(K::BusinessRule), c.id).await.unwrap().values.contains_key("runs_next"));

        // A file: the line that would close it, in the trial as when it is stored.
        let file = "name;trigger;conditions;runs_next\nB;created;vip is yes;C\nC;created;vip is yes;B\nE;created;vip is yes;C\n";
        let id = desk.upload(K::BusinessRule, file).await.unwrap();
        let guessed = desk.import(K::BusinessRule, id).await.settings;
        let settings = ImportSettings { update: true, ..guessed };
        let checked = desk.check(K::BusinessRule, id, settings).await;
        assert_eq!((checked.counts.created, checked.counts.changed, checked.counts.bad), (1, 1, 1));
        let run = desk.run(K::BusinessRule, id).await;
        assert_eq!((run.counts.created, run.counts.changed, run.counts.bad), (1, 1, 1));
    })
    .await;
}
