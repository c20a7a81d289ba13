//! What people do about alerts and to rules.

use super::*;
use crate::accounts::tests::types;

#[tokio::test]
async fn an_alert_is_dealt_with() {
    let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
    let count = desk.house.events().await.len();
    let (monitoring, admin, id) = (&desk.monitoring, &desk.admin, alert.id);
    assert_eq!(
        monitoring.acknowledge_alert(admin, id).await,
        Ok(alert.summary.clone())
    );
    assert!(matches!(
        monitoring.acknowledge_alert(admin, id).await,
        Err(Told::Conflict { .. })
    ));
    let ada = desk.house.ada.user_id();
    monitoring.assign_alert(admin, id, ada).await.unwrap();
    assert_eq!(
        desk.detail(&alert).await.alert.assigned.as_deref(),
        Some("Ada Lindqvist")
    );
    let stranger = daybook_domain::id::UserId(uuid::Uuid::from_u128(1));
    let refused = monitoring.assign_alert(admin, id, Some(stranger)).await;
    assert!(matches!(refused, Err(Told::Invalid { field, .. }) if field == "user"));
    monitoring.assign_alert(admin, id, None).await.unwrap();
    let refused = monitoring.close_alert(admin, id, " ").await;
    assert!(matches!(refused, Err(Told::Invalid { field, .. }) if field == "note"));
    monitoring
        .close_alert(admin, id, "He had forgotten it.")
        .await
        .unwrap();
    assert_eq!(
        desk.detail(&alert).await.note.as_deref(),
        Some("He had forgotten it.")
    );
    assert!(matches!(
        monitoring.assign_alert(admin, id, ada).await,
        Err(Told::Conflict { .. })
    ));
    monitoring.reopen_alert(admin, id).await.unwrap();
    assert_eq!(
        types(&desk.house.events_since(count).await),
        [
            "alert.acknowledged",
            "alert.assigned",
            "alert.assigned",
            "alert.closed",
            "alert.reopened"
        ]
    );
    // None of these is looked at.
    desk.monitoring.settle().await.unwrap();
    assert_eq!(desk.alerts("").await.len(), 2);
}

#[tokio::test]
async fn the_list_is_narrowed_counted_and_paged() {
    let (desk, alert) = Desk::alarmed(TestDb::sqlite().await).await;
    desk.monitoring
        .close_alert(&desk.admin, alert.id, "Nothing.")
        .await
        .unwrap();
    assert_eq!(desk.alerts("state=closed").await.len(), 1);
    assert_eq!(desk.alerts("state=open").await.len(), 1);
    assert_eq!(
        desk.alerts("state=open&state=closed&severity=high").await.len(),
        2
    );
    assert_eq!(desk.alerts("severity=low").await.len(), 0);
    assert_eq!(desk.alerts("rule=mass_export").await.len(), 0);
    assert_eq!(desk.alerts("q=MARA").await.len(), 1);
    let page = desk
        .monitoring
        .list_alerts(&desk.reader, &ObjectQuery::default())
        .await
        .unwrap();
    let counts: Vec<_> = page.states.iter().map(|(_, count)| count.number()).collect();
    assert_eq!(counts, [1, 0, 1]);
    let wrong = ObjectQuery {
        filters: [("state".to_owned(), vec!["lost".to_owned()])].into(),
        ..ObjectQuery::default()
    };
    let refused = desk.monitoring.list_alerts(&desk.reader, &wrong).await;
    assert!(matches!(refused, Err(Told::Invalid { .. })));
}

#[tokio::test]
async fn a_rule_is_changed_in_the_sight_of_what_it_is() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let old = desk.rule(FAILED).await.seen.tag();
    let form = desk.form(FAILED, &[("count", "7")]).await;
    desk.set(FAILED, form.clone()).await.unwrap();
    let refused = desk
        .monitoring
        .set_alert_rule(&desk.admin, FAILED, &old, form)
        .await;
    assert!(matches!(refused, Err(Told::Conflict { .. })));
    let form = desk.form(FAILED, &[("count", "1")]).await;
    let refused = desk.set(FAILED, form).await;
    assert!(matches!(refused, Err(Told::Invalid { field, .. }) if field == "count"));
    let refused = desk.monitoring.delete_alert_rule(&desk.admin, FAILED).await;
    assert!(matches!(refused, Err(Told::Conflict { .. })));
    let unknown = RuleId::Sigma(uuid::Uuid::from_u128(7));
    let nothing = desk.monitoring.alert_rule(&desk.reader, unknown).await;
    assert_eq!(nothing.map(|_| ()), Err(Told::NotFound));
    let refused = desk.monitoring.add_alert_rule(&desk.admin, "title: A\n").await;
    assert!(matches!(refused, Err(Told::Invalid { field, .. }) if field == "sigma"));
}

#[tokio::test]
async fn without_a_database_of_places_it_is_said() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let rules = desk.monitoring.list_alert_rules(&desk.reader).await.unwrap();
    assert_eq!(rules.len(), BuiltInRule::ALL.len());
    for rule in rules {
        let is_travel = rule.id == RuleId::BuiltIn(BuiltInRule::ImpossibleTravel);
        let is_unavailable = matches!(rule.state, daybook_domain::monitoring::RuleState::Unavailable(_));
        assert_eq!(is_travel, is_unavailable, "{rule:?}");
    }
    let nowhere = std::path::Path::new("/nowhere/GeoLite2-City.mmdb");
    let error = crate::monitoring::Places::open(nowhere).unwrap_err().to_string();
    assert!(error.contains("/nowhere/GeoLite2-City.mmdb") && error.contains("geo_database"));
}
