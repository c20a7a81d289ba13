//! Following the log: each record counts once, alerts grow, and the past raises none.

use super::*;
use crate::{drift::CheckDrift, email::tests::set_up, monitoring::follow, testing::on_each_database};
use daybook_domain::{catalogue::faults, monitoring::RuleState};
use daybook_entity::{alert_memory, email_message};
use sea_orm::EntityTrait;

#[tokio::test]
async fn what_is_found_becomes_one_alert_that_grows() {
    on_each_database(async |at| {
        let (desk, alert) = Desk::alarmed(at).await;
        // Of the account, and of the address that tried.
        assert_eq!(desk.of(FAILED).await.len(), 2);
        assert_eq!((alert.count, alert.state), (10, AlertState::Open));
        assert_eq!(
            alert.summary,
            "10 failed sign-ins of Agent mara within 10 minutes"
        );
        let detail = desk.detail(&alert).await;
        assert_eq!(detail.evidence.len(), 10);
        assert!(
            detail
                .evidence
                .iter()
                .all(|of| of.event.is_some() && of.who == "Agent mara")
        );
        assert_eq!(
            (alert.first.time.as_str(), alert.last.time.as_str()),
            ("13:00:00", "13:00:09")
        );

        desk.receive(&[failed("mara", 20), failed("mara", 21)]).await;
        desk.monitoring.settle().await.unwrap();
        let grown = desk.detail(&alert).await.alert;
        assert_eq!((grown.count, grown.last.time.as_str()), (12, "13:00:21"));
        assert_eq!(desk.of(FAILED).await.len(), 2);

        let raised: Vec<_> = desk.house.events().await;
        let raised: Vec<_> = raised
            .iter()
            .filter(|event| event.body.event_type == "alert.raised")
            .collect();
        assert_eq!(raised.len(), 2);
        for event in &raised {
            assert_eq!(faults(&event.body), Vec::<String>::new());
        }
        assert_eq!(raised[0].body.metadata["severity"], "high");
        assert_eq!(raised[0].body.actor.name.as_deref(), Some("Monitoring"));
    })
    .await;
}

#[tokio::test]
async fn what_was_recorded_before_raises_nothing_and_is_learned_from() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let desk = Desk {
            admin: granted(&house.ada, ManageAlerts),
            reader: granted(&house.ada, ViewAuditLogs),
            monitoring: monitoring(&house),
            house,
        };
        let tries: Vec<_> = (0..12).map(|second| failed("mara", second)).collect();
        desk.receive(&tries).await;
        desk.monitoring.settle().await.unwrap();
        assert_eq!(desk.alerts("").await, []);
        // One more, and there are enough with those before.
        desk.receive(&[failed("mara", 30)]).await;
        desk.monitoring.settle().await.unwrap();
        assert_eq!(desk.of(FAILED).await.len(), 2);
        // Also where it is switched off and on.
        for on in [false, true] {
            desk.monitoring
                .switch_alert_rule(&desk.admin, FAILED, on)
                .await
                .unwrap();
        }
        let count = |desk: &Desk| desk.house.at.db.read.clone();
        let forgotten = alert_memory::Entity::find().all(&count(&desk)).await.unwrap();
        assert!(forgotten.iter().all(|row| row.rule_id != FAILED.to_string()));
        desk.monitoring.settle().await.unwrap();
        let alerts = desk.of(FAILED).await;
        assert!(alerts.iter().all(|alert| alert.count <= 11), "{alerts:?}");
        assert_eq!(desk.rule(FAILED).await.rule.state, RuleState::On);
    })
    .await;
}

#[tokio::test]
async fn each_record_counts_once_whoever_looks() {
    on_each_database(async |at| {
        let (desk, alert) = Desk::alarmed(at).await;
        let other = monitoring(&desk.house);
        let more: Vec<_> = (20..45).map(|second| failed("mara", second)).collect();
        desk.receive(&more).await;
        // Two processes, and one of them twice, as after a restart.
        let (one, two) = tokio::join!(desk.monitoring.settle(), other.settle());
        one.unwrap();
        two.unwrap();
        monitoring(&desk.house).settle().await.unwrap();
        assert_eq!(desk.detail(&alert).await.alert.count, 35);
        assert_eq!(desk.of(FAILED).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_closed_alert_stays_closed_and_the_next_is_another() {
    let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
    let close = desk
        .monitoring
        .close_alert(&desk.admin, alert.id, "He had forgotten it.");
    close.await.unwrap();
    desk.receive(&[failed("mara", 40)]).await;
    desk.monitoring.settle().await.unwrap();
    let alerts = desk.of(FAILED).await;
    let of_mara: Vec<_> = alerts
        .into_iter()
        .filter(|of| of.subject == "Agent mara")
        .collect();
    assert_eq!(states(&of_mara), [AlertState::Open, AlertState::Closed]);
    let reopened = desk.monitoring.reopen_alert(&desk.admin, alert.id).await;
    assert!(matches!(reopened, Err(Told::Conflict { .. })));
}

#[tokio::test]
async fn one_about_which_nothing_came_for_a_day_is_raised_again() {
    let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
    desk.monitoring
        .acknowledge_alert(&desk.admin, alert.id)
        .await
        .unwrap();
    let later = |second: u32| {
        let mut record = failed("mara", second);
        record["occurred_at"] = format!("2026-11-24T09:00:{second:02}Z").into();
        record
    };
    let records: Vec<_> = (0..10).map(later).collect();
    desk.house.at.clock.advance_seconds(2 * 86_400);
    desk.receive(&records).await;
    desk.monitoring.settle().await.unwrap();
    let again = desk.detail(&alert).await.alert;
    assert_eq!((again.state, again.count), (AlertState::Open, 20));
    let events = desk.house.events().await;
    let told = events
        .iter()
        .find(|event| event.body.event_type == "alert.raised_again");
    assert_eq!(faults(&told.unwrap().body), Vec::<String>::new());
}

#[tokio::test]
async fn those_who_manage_alerts_are_mailed() {
    let house = House::new(TestDb::sqlite().await).await;
    set_up(&house.at, house.workspace.id).await;
    let desk = Desk {
        admin: granted(&house.ada, ManageAlerts),
        reader: granted(&house.ada, ViewAuditLogs),
        monitoring: monitoring(&house),
        house,
    };
    desk.monitoring.settle().await.unwrap();
    let mails = async |desk: &Desk| {
        let all = email_message::Entity::find()
            .all(&desk.house.at.db.read)
            .await
            .unwrap();
        all.into_iter()
            .filter(|mail| mail.template.as_deref() == Some("alert"))
            .map(|mail| mail.subject)
            .collect::<Vec<_>>()
    };
    let tries: Vec<_> = (0..10).map(|second| failed("mara", second)).collect();
    desk.receive(&tries).await;
    desk.monitoring.settle().await.unwrap();
    assert_eq!(mails(&desk).await, ["High alert: Many failed sign-ins"; 2]);
    let mut form = desk.form(FAILED, &[]).await;
    form.mail = daybook_domain::monitoring::AlertMail::Nobody;
    desk.set(FAILED, form).await.unwrap();
    let tries: Vec<_> = (20..30).map(|second| failed("tomas", second)).collect();
    desk.receive(&tries).await;
    desk.monitoring.settle().await.unwrap();
    assert_eq!(mails(&desk).await.len(), 2);
    assert_eq!(desk.of(FAILED).await.len(), 3);
}

#[tokio::test]
async fn a_source_is_missed_when_the_clock_says_so() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let sent: Vec<_> = (0..60)
            .map(|_| json!({"event_type": "a", "actor": {"kind": "system"}}))
            .collect();
        desk.receive(&sent).await;
        desk.monitoring.settle().await.unwrap();
        let quiet = RuleId::BuiltIn(BuiltInRule::LoggingStopped);
        desk.house.at.clock.advance_seconds(23 * 3_600);
        desk.monitoring.settle().await.unwrap();
        assert_eq!(desk.of(quiet).await, []);
        desk.house.at.clock.advance_seconds(2 * 3_600);
        let other = monitoring(&desk.house);
        let (one, two) = tokio::join!(desk.monitoring.settle(), other.settle());
        one.unwrap();
        two.unwrap();
        let alerts = desk.of(quiet).await;
        assert_eq!(alerts.len(), 1);
        assert_eq!(
            alerts[0].summary,
            "“helpdesk” has sent nothing to the log activity for 25 hours"
        );
        assert_eq!(alerts[0].count, 1);
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_tried_against_the_past_and_stores_nothing() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let tries: Vec<_> = (0..20).map(|second| failed("mara", second)).collect();
        desk.receive(&tries).await;
        let added = desk.monitoring.add_alert_rule(&desk.admin, SIGMA).await;
        let (id, name) = added.unwrap();
        assert_eq!(name, "Key made");
        let before = desk.house.at.contents_or_nothing().await;
        let trial = desk
            .monitoring
            .try_alert_rule(&desk.admin, &desk.reader, FAILED)
            .await
            .unwrap();
        assert_eq!((trial.alerts, trial.is_cut, trial.examples.len()), (2, false, 2));
        assert!(trial.records >= 20 && trial.examples.iter().all(|of| of.event.is_some()));
        let none = desk
            .monitoring
            .try_alert_rule(&desk.admin, &desk.reader, id)
            .await
            .unwrap();
        assert_eq!((none.alerts, none.records), (0, trial.records));
        assert_eq!(desk.house.at.contents_or_nothing().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_sigma_rule_finds_what_comes_after_it_is_switched_on() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let (id, _) = desk.monitoring.add_alert_rule(&desk.admin, SIGMA).await.unwrap();
    let made = json!({"event_type": "key.made", "actor": {"kind": "user", "id": "mara", "name": "Mara"}, "summary": "Made it"});
    desk.receive(std::slice::from_ref(&made)).await;
    desk.monitoring.settle().await.unwrap();
    assert_eq!(desk.rule(id).await.rule.state, RuleState::Off);
    desk.monitoring
        .switch_alert_rule(&desk.admin, id, true)
        .await
        .unwrap();
    let events = desk.house.events().await;
    let told = events
        .iter()
        .find(|event| event.body.event_type == "alert_rule.switched_on");
    assert_eq!(faults(&told.unwrap().body), Vec::<String>::new());
    desk.receive(&[made]).await;
    desk.monitoring.settle().await.unwrap();
    let alerts = desk.of(id).await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(
        (alerts[0].summary.as_str(), alerts[0].count),
        ("Key made: Made it", 1)
    );
    desk.monitoring.delete_alert_rule(&desk.admin, id).await.unwrap();
    let detail = desk.detail(&alerts[0]).await;
    assert!(!detail.has_rule);
}

#[tokio::test]
async fn what_is_stored_is_what_the_log_says() {
    let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
    let (id, _) = desk.monitoring.add_alert_rule(&desk.admin, SIGMA).await.unwrap();
    let form = desk.form(FAILED, &[("count", "7")]).await;
    desk.set(FAILED, form).await.unwrap();
    desk.monitoring
        .switch_alert_rule(&desk.admin, id, true)
        .await
        .unwrap();
    let to = desk.house.ada.user_id();
    desk.monitoring
        .assign_alert(&desk.admin, alert.id, to)
        .await
        .unwrap();
    desk.monitoring
        .close_alert(&desk.admin, alert.id, "Nothing.")
        .await
        .unwrap();
    let at = &desk.house.at;
    let drift = CheckDrift::new(at.db.clone(), at.writer.clone(), at.clock.clone());
    let report = drift.check(desk.house.workspace.id, |_| {}).await.unwrap();
    assert_eq!(report.drifts, []);
    for change in [
        "UPDATE alert SET state = 'open'",
        "UPDATE alert SET note = 'x'",
        "UPDATE alert_rule SET is_on = FALSE WHERE sigma IS NOT NULL",
        "UPDATE alert_rule SET severity = 'low' WHERE id = 'mass_delete'",
        "UPDATE alert_rule SET mail = 'nobody' WHERE id = 'mass_export'",
        "UPDATE alert_rule SET sigma = 'x' WHERE sigma IS NOT NULL",
        "UPDATE alert_rule SET params = '{\"count\":9}' WHERE id = 'failed_sign_ins'",
    ] {
        let before = drift
            .check(desk.house.workspace.id, |_| {})
            .await
            .unwrap()
            .drifts
            .len();
        sea_orm::ConnectionTrait::execute_unprepared(&at.db.write, change)
            .await
            .unwrap();
        let after = drift
            .check(desk.house.workspace.id, |_| {})
            .await
            .unwrap()
            .drifts
            .len();
        assert!(after > before, "{change}");
    }
}

#[tokio::test]
async fn records_are_read_in_their_order_and_in_parts() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let many: Vec<_> = (0..700).map(|second| failed("mara", second)).collect();
    desk.receive(&many).await;
    let (db, workspace) = (&desk.house.at.db.read, desk.house.workspace.id);
    let first = follow::events(db, workspace, 0, i64::MAX).await.unwrap();
    assert_eq!(first.len(), 500);
    assert!(first.windows(2).all(|two| two[0].sequence < two[1].sequence));
    desk.monitoring.settle().await.unwrap();
    let alerts = desk.of(FAILED).await;
    assert_eq!(alerts.len(), 2);
    // The window moves on: each further try is one more.
    assert_eq!(alerts[0].count, 700);
    let detail = desk.detail(&alerts[0]).await;
    assert_eq!(detail.evidence.len(), 100);
}
