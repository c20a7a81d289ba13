//! Every method with the event it leaves.

use super::{Desk, FAILED, SIGMA};
use crate::{accounts::tests::types, testing::TestDb};
use daybook_domain::{catalogue::faults, object::ObjectQuery, ports::Monitoring as _};

/// A method, and the type of what it leaves; `None` where it only reads.
const METHODS: &[(&str, Option<&str>)] = &[
    ("acknowledge_alert", Some("alert.acknowledged")),
    ("add_alert_rule", Some("alert_rule.created")),
    ("alert", None),
    ("alert_rule", None),
    ("assign_alert", Some("alert.assigned")),
    ("close_alert", Some("alert.closed")),
    ("delete_alert_rule", Some("alert_rule.deleted")),
    ("list_alert_rules", None),
    ("list_alerts", None),
    ("reopen_alert", Some("alert.reopened")),
    ("set_alert_rule", Some("alert_rule.updated")),
    ("switch_alert_rule", Some("alert_rule.switched_off")),
    ("try_alert_rule", None),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, leaves) in METHODS {
        let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
        let (monitoring, admin, reader, id) = (&desk.monitoring, &desk.admin, &desk.reader, alert.id);
        let (rule, _) = monitoring.add_alert_rule(admin, SIGMA).await.unwrap();
        if *method == "reopen_alert" {
            monitoring.close_alert(admin, id, "Nothing.").await.unwrap();
        }
        let (count, before) = (desk.house.events().await.len(), desk.house.at.contents().await);
        match *method {
            "acknowledge_alert" => drop(monitoring.acknowledge_alert(admin, id).await.unwrap()),
            "add_alert_rule" => drop(monitoring.add_alert_rule(admin, SIGMA).await.unwrap()),
            "alert" => drop(monitoring.alert(reader, id).await.unwrap()),
            "alert_rule" => drop(monitoring.alert_rule(reader, rule).await.unwrap()),
            "assign_alert" => {
                let to = desk.house.ada.user_id();
                drop(monitoring.assign_alert(admin, id, to).await.unwrap());
            }
            "close_alert" => drop(monitoring.close_alert(admin, id, "Nothing.").await.unwrap()),
            "delete_alert_rule" => drop(monitoring.delete_alert_rule(admin, rule).await.unwrap()),
            "list_alert_rules" => drop(monitoring.list_alert_rules(reader).await.unwrap()),
            "list_alerts" => {
                let all = ObjectQuery::default();
                drop(monitoring.list_alerts(reader, &all).await.unwrap());
            }
            "reopen_alert" => drop(monitoring.reopen_alert(admin, id).await.unwrap()),
            "set_alert_rule" => {
                let form = desk.form(FAILED, &[("count", "7")]).await;
                drop(desk.set(FAILED, form).await.unwrap());
            }
            "switch_alert_rule" => drop(monitoring.switch_alert_rule(admin, FAILED, false).await.unwrap()),
            "try_alert_rule" => drop(monitoring.try_alert_rule(admin, reader, FAILED).await.unwrap()),
            other => panic!("{other} is not called"),
        }
        let events = desk.house.events_since(count).await;
        assert_eq!(types(&events), leaves.as_slice(), "{method}");
        for event in &events {
            assert_eq!(faults(&event.body), Vec::<String>::new(), "{method}");
        }
        assert_eq!(
            desk.house.at.contents().await != before,
            leaves.is_some(),
            "{method}"
        );
    }
}
