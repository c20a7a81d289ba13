//! Usage of the portals: as programs read it, as a file, and as pages show it.

use crate::house::{ADMINISTRATOR, AGENT, House};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_domain::account::Scope;
use serde_json::json;

const REPORTS: &str = "/api/v2/dashboards/portal/monthly/reports";

/// Ann of Harbor IT and Ben of Quay use the portal, and that is counted.
pub async fn usage(house: &House) {
    let mut program = house.program(&[Scope::EventsWrite]).await;
    let event = |event_type: &str, company: &str, contact: &str, at: &str| {
        json!({
            "event_type": event_type,
            "occurred_at": at,
            "portal": "customer",
            "actor": {"kind": "contact", "id": contact, "name": contact.to_uppercase()},
            "company": {"id": company, "name": company.to_uppercase()},
        })
    };
    let events = json!([
        event("file.downloaded", "harbor", "ann", "2026-10-05T10:00:00Z"),
        event("chat-opened", "harbor", "ann", "2026-10-06T10:00:00Z"),
        event("chat-opened", "quay", "ben", "2026-10-07T10:00:00Z"),
        event("course.completed", "quay", "ben", "2026-11-18T10:00:00Z"),
        // Not in a portal.
        {"event_type": "chat-opened", "actor": {"kind": "contact", "id": "cleo"}},
    ]);
    let request = Request::builder()
        .method("POST")
        .uri("/api/v2/events")
        .header("content-type", "application/json");
    let answer = program.send(request, Body::from(events.to_string())).await;
    assert_eq!(answer.json()["accepted"], 5, "{}", answer.body);
    house.services.analytics.settle().await.unwrap();
}

#[tokio::test]
async fn programs_read_months_that_are_over_and_the_past_week() {
    let house = House::new(TestDb::sqlite().await).await;
    usage(&house).await;
    let mut program = house.program(&[Scope::AnalyticsRead]).await;
    let list = program.get(&format!("{REPORTS}?type=general")).await.json();
    let report = &list["data"][0];
    assert_eq!(
        (&report["month"], &report["users"], &report["activities"]),
        (&json!("2026-10"), &json!(2), &json!(3))
    );
    let id = report["id"].as_str().unwrap().to_owned();
    let page = program.get(&format!("{REPORTS}/{id}?limit=3")).await.json();
    let names: Vec<_> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["name"])
        .collect();
    assert_eq!(names, ["HARBOR", "QUAY", "ANN"]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = program
        .get(&format!("{REPORTS}/{id}?cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (
            &rest["data"][0]["id"],
            &rest["data"][0]["company"],
            &rest["next_cursor"]
        ),
        (&json!("ben"), &json!("quay"), &json!(null))
    );
    let refresh = Request::builder()
        .method("POST")
        .uri(format!("{REPORTS}/{id}/refresh"));
    let refreshed = program.send(refresh, Body::empty()).await.json();
    assert_eq!(
        (&refreshed["id"], &refreshed["activities"]),
        (&json!(id), &json!(3))
    );
    assert_eq!(house.events().await[0].body.event_type, "usage_report.refreshed");
    let week = program
        .get("/api/v2/dashboards/portal/pastweek/general")
        .await
        .json();
    assert_eq!(
        (&week["from"], &week["to"], &week["users"], &week["activities"]),
        (&json!("2026-11-15"), &json!("2026-11-21"), &json!(1), &json!(1))
    );
}

#[tokio::test]
async fn what_isn_t_there_is_said_to_be() {
    let house = House::new(TestDb::sqlite().await).await;
    usage(&house).await;
    let mut program = house.program(&[Scope::AnalyticsRead]).await;
    for (path, status, kind) in [
        (format!("{REPORTS}?type=chats"), 404, "not-found"),
        // The module is off.
        (format!("{REPORTS}?type=courses"), 404, "not-found"),
        (format!("{REPORTS}?month=2027-01"), 422, "invalid"),
        (format!("{REPORTS}?month=soon"), 400, "query"),
        (format!("{REPORTS}/nonsense"), 404, "not-found"),
        (
            format!("{REPORTS}/00000000-0000-7000-8000-000000000000"),
            404,
            "not-found",
        ),
        (
            "/api/v2/dashboards/portal/pastweek/chats".to_owned(),
            404,
            "not-found",
        ),
    ] {
        program.get(&path).await.problem(status, kind);
    }
    let november = program.get(&format!("{REPORTS}?month=2026-11")).await.json();
    assert_eq!(november["data"], json!([]));
}

#[tokio::test]
async fn pages_show_the_figures_and_lead_to_their_records() {
    let house = House::full(TestDb::sqlite().await).await;
    usage(&house).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let page = browser
        .get("/analytics/portal?from=2026-10-01&to=2026-10-31&by=week")
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    for part in [
        "User portal",
        "HARBOR",
        "role=\"img\"",
        "Native file system",
        "Counted",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!page.body.contains("style="));
    assert!(!page.body.contains("href=\"/analytics/courses\""));
    assert!(page.body.contains("portal%3Acustomer+actor.kind%3Acontact"));
    assert_eq!(browser.get("/analytics/courses").await.status, 404);
    let mut nobody = house.signed_in(AGENT).await;
    assert_eq!(nobody.get("/analytics/portal").await.status, 403);

    let file = browser
        .get("/analytics/portal/export?from=2026-10-01&to=2026-10-31")
        .await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.body.contains("period,2026-10-01,2026-10-31,,,3,2,2,2,0"),
        "{}",
        file.body
    );
    let wrong = browser.get("/analytics/portal/export?from=soon").await;
    assert_eq!(wrong.status, 400);
}
