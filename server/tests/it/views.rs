//! Saved views as pages know them: what opens first, and which columns are shown, without JavaScript.

use crate::{
    client::{Answer, Client},
    house::{ADMINISTRATOR, AUDITOR, House},
    sign_in::flash,
};
use axum::{body::Body, http::Request};
use daybook_backend::testing::{TestDb, on_each_database};

const FAILURES: &str = "?outcome=failure";

/// As a browser without JavaScript sends a form.
async fn send(browser: &mut Client, function: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(format!("/_fn/views/{function}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

async fn save(browser: &mut Client, query: &str, name: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("log", "access"), ("query", query), ("name", name)];
    if more.iter().all(|(field, _)| *field != "share") {
        fields.push(("share", "me"));
    }
    fields.extend(more);
    send(browser, "create", &fields).await
}

/// The ids of the views on the page that tidies them up.
async fn ids(browser: &mut Client) -> Vec<String> {
    let page = browser.get("/audit-logs/views").await;
    let rows = page.body.split("id=\"view-").skip(1);
    rows.map(|rest| rest[..36].to_owned()).collect()
}

#[tokio::test]
async fn a_log_opens_with_the_viewers_own_view_of_it_and_everything_is_a_click_away() {
    on_each_database(async |at| {
        let house = House::full(at).await;
        let mut browser = house.signed_in(AUDITOR).await;
        let saved = save(&mut browser, FAILURES, "Failures", &[("make_default", "yes")]).await;
        assert_eq!(
            (saved.status, saved.location()),
            (302, "/audit-logs/access?outcome=failure")
        );
        let first = browser.get(saved.location()).await;
        assert!(first.body.contains("The view “Failures” is saved."));
        let bare = browser.get("/audit-logs/access").await;
        assert_eq!(
            (bare.status, bare.location()),
            (302, "/audit-logs/access?outcome=failure")
        );
        let first = browser.get(bare.location()).await;
        assert_eq!(first.status, 200);
        assert!(first.body.contains("href=\"/audit-logs/access?view=none\""));
        // Empty fields of a form mean everything, too.
        let cleared = browser.get("/audit-logs/access?outcome=&actor=").await;
        assert_eq!(
            (cleared.status, cleared.location()),
            (302, "/audit-logs/access?view=none")
        );
        assert_eq!(browser.get(cleared.location()).await.status, 200);
        // Other logs, and other people, have nothing to do with it.
        assert_eq!(browser.get("/audit-logs/activity").await.status, 200);
        let mut other = house.signed_in(ADMINISTRATOR).await;
        let page = other.get("/audit-logs/access").await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("view=none") && !page.body.contains("Failures"));

        let set = send(&mut browser, "set_default", &[("log", "access")]).await;
        assert_eq!((set.status, set.location()), (302, "/audit-logs/views"));
        assert_eq!(browser.get("/audit-logs/access").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_default_that_shows_everything_leads_nowhere() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(AUDITOR).await;
    save(&mut browser, "", "All", &[("make_default", "yes")]).await;
    assert_eq!(browser.get("/audit-logs/access").await.status, 200);
}

#[tokio::test]
async fn columns_are_the_addresses_then_the_users_then_the_logs() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(AUDITOR).await;
    let heads = |page: &str| -> Vec<String> {
        let heads = page.split("<th scope=\"col\" class=\"col col--").skip(2);
        heads
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let fields = [
        ("log", "access"),
        ("columns", "ip,time"),
        ("density", "compact"),
        ("query", "?columns=ip,time"),
    ];
    let kept = send(&mut browser, "keep_settings", &fields).await;
    assert_eq!(kept.location(), "/audit-logs/access?columns=ip%2Ctime");
    let page = browser.get("/audit-logs/access").await.body;
    assert_eq!(heads(&page), ["ip", "time"]);
    assert!(page.contains("events--compact"));
    let page = browser.get("/audit-logs/access?columns=actor").await.body;
    assert_eq!(heads(&page), ["actor"]);
    let page = browser.get("/audit-logs/activity").await.body;
    assert_eq!(heads(&page)[..2], ["time", "actor"]);
    assert!(!page.contains("events--compact"));
    let unknown = "log=access&columns=sideways&density=compact&query=";
    let form = "application/x-www-form-urlencoded";
    let refused = browser.call("/_fn/views/keep_settings", form, unknown).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
}

#[tokio::test]
async fn a_shared_view_is_in_the_menu_of_those_with_the_role() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut ada = house.signed_in(ADMINISTRATOR).await;
    let page = ada.get("/audit-logs/access").await.body;
    let options = page.split("<option value=\"").skip(1);
    let auditor = options
        .filter_map(|rest| rest.split_once('"'))
        .find(|(_, rest)| rest.contains("Everybody with the role Auditor"))
        .unwrap()
        .0;
    save(&mut ada, FAILURES, "For auditors", &[("share", auditor)]).await;
    let mut otto = house.signed_in(AUDITOR).await;
    let page = otto.get("/audit-logs/access").await.body;
    assert!(page.contains("For auditors") && page.contains("by Ada Lindqvist"));
    let manage = otto.get("/audit-logs/views").await.body;
    assert!(manage.contains("For auditors") && !manage.contains("?edit="));
    let manage = ada.get("/audit-logs/views").await.body;
    assert!(manage.contains("?edit="));

    let id = ids(&mut otto).await.remove(0);
    let refused = send(&mut otto, "delete", &[("id", &id)]).await;
    assert_eq!(refused.status, 302);
    assert_eq!(ids(&mut otto).await, [id.as_str()]);
    let edit = ada.get(&format!("/audit-logs/views?edit={id}")).await.body;
    assert!(edit.contains("Everybody with the role Auditor loses it."));
    send(&mut ada, "delete", &[("id", &id)]).await;
    assert!(ids(&mut otto).await.is_empty());
}

#[tokio::test]
async fn a_refused_view_comes_back_with_what_was_typed() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(AUDITOR).await;
    save(&mut browser, FAILURES, "Failures", &[]).await;
    let refused = save(&mut browser, "", "FAILURES", &[]).await;
    assert_eq!(refused.location(), "/audit-logs/access?view=none");
    assert_eq!(flash(&refused).field.as_deref(), Some("name"));
    let page = browser.get(refused.location()).await.body;
    assert!(page.contains("There is a view “Failures” of this log already."));
    assert!(page.contains("value=\"FAILURES\""));
}
