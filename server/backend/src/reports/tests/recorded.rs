//! Every method with the event it leaves.

use super::{Desk, daily, form};
use crate::{accounts::tests::types, testing::TestDb};
use daybook_domain::report::Every;

/// A method, and the type of what it leaves; `None` where it only reads.
const METHODS: &[(&str, Option<&str>)] = &[
    ("report", None),
    ("send_report", Some("report_schedule.sent")),
    ("set_report", Some("report_schedule.updated")),
    ("stop_report", Some("report_schedule.deleted")),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, leaves) in METHODS {
        let desk = Desk::new(TestDb::sqlite().await).await;
        let view = desk.save(&desk.ada, "", None).await;
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        let (count, before) = (desk.house.events().await.len(), desk.house.at.contents().await);
        let (who, id) = (&desk.ada, view.id);
        match *method {
            "report" => drop(desk.report(who, id).await.unwrap()),
            "send_report" => assert_eq!(desk.send_now(who, id).await, Ok(1)),
            "set_report" => drop(
                desk.set(who, id, form(Every::Week, 8, &["bo@x.example"]))
                    .await
                    .unwrap(),
            ),
            "stop_report" => drop(desk.stop(who, id).await.unwrap()),
            other => panic!("{other} is not called"),
        }
        assert_eq!(
            types(&desk.house.events_since(count).await),
            leaves.as_slice(),
            "{method}"
        );
        assert_eq!(
            desk.house.at.contents().await != before,
            leaves.is_some(),
            "{method}"
        );
    }
}
