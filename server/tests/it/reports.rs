//! Reports as pages know them, without JavaScript: who sets one, what it says of itself, and the file that goes along.

use crate::{
    client::{Answer, Client},
    house::{ADMINISTRATOR, AUDITOR, House, PASSWORD},
};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_domain::{
    account::RoleForm,
    email::{EmailFilters, MailForm, MailSecurity, NewPassword},
    object::ObjectQuery,
    permission::{ManageRoles, ManageSettings, ManageUsers, Permission as P, ViewEmailHistory},
    ports::{Emails as _, Roles as _},
};

/// As a browser without JavaScript sends a form.
async fn send(browser: &mut Client, function: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(format!("/_fn/{function}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

/// A view of somebody's, by its id.
async fn view(browser: &mut Client) -> String {
    let fields = [
        ("log", "access"),
        ("query", "?outcome=failure"),
        ("name", "Failures"),
        ("share", "me"),
    ];
    send(browser, "views/create", &fields).await;
    let page = browser.get("/audit-logs/views").await.body;
    let (_, rest) = page.split_once("id=\"view-").unwrap();
    rest[..36].to_owned()
}

/// What the form has shown.
fn seen(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"seen\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn set_up_mail(house: &House) {
    let who = house.system().await.grant(ManageSettings).unwrap();
    let emails = &house.services.emails;
    let seen = emails.mail_settings(&who).await.unwrap().seen.tag();
    let form = MailForm {
        host: "smtp.x.example".to_owned(),
        port: 25,
        security: MailSecurity::Tls,
        username: String::new(),
        password: NewPassword::default(),
        from_name: String::new(),
        from_address: "desk@x.example".to_owned(),
        reply_to: String::new(),
    };
    emails.set_mail_settings(&who, &seen, form).await.unwrap();
}

#[tokio::test]
async fn a_report_is_set_sent_and_stopped_by_forms() {
    let house = House::full(TestDb::sqlite().await).await;
    set_up_mail(&house).await;
    let mut otto = house.signed_in(AUDITOR).await;
    let id = view(&mut otto).await;
    let path = format!("/audit-logs/views/{id}/report");
    let list = otto.get("/audit-logs/views").await.body;
    assert!(list.contains(&format!("href=\"{path}\"")), "{list}");
    let page = otto.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Report “Failures”") && !page.body.contains("How it stands"));

    let fields = |seen: &str, recipients: &str| {
        let fields = [
            ("view", id.as_str()),
            ("seen", seen),
            ("every", "week"),
            ("weekday", "friday"),
            ("hour", "7"),
            ("recipients", recipients),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let save = async |browser: &mut Client, seen: &str, recipients: &str| {
        let fields = fields(seen, recipients);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        send(browser, "reports/set", &fields).await
    };
    let refused = save(&mut otto, "", "ann@x.example\r\nbo").await;
    assert_eq!((refused.status, refused.location()), (302, path.as_str()));
    let page = otto.get(&path).await.body;
    assert!(
        page.contains("“bo”: This is not an email address.") && page.contains("ann@x.example"),
        "{page}"
    );
    let done = save(&mut otto, "", "Ann@x.example\r\n\r\nbo@x.example\r\n").await;
    assert_eq!((done.status, done.location()), (302, path.as_str()));
    let page = otto.get(&path).await.body;
    assert!(page.contains("The report is saved. It is sent next on"), "{page}");
    assert!(
        page.contains("Every week, on Friday at 07:00, UTC") && page.contains("ann@x.example, bo@x.example")
    );
    assert!(!seen(&page).is_empty());

    let sent = send(&mut otto, "reports/send", &[("view", &id)]).await;
    assert_eq!(sent.location(), path);
    let page = otto.get(&path).await.body;
    assert!(
        page.contains("on its way to 2 addresses") && page.contains("It was sent for"),
        "{page}"
    );

    // What others keep for themselves isn't there, whoever they are.
    let mut ada = house.signed_in(ADMINISTRATOR).await;
    assert_eq!(ada.get(&path).await.status, 404);

    let stopped = send(&mut otto, "reports/stop", &[("view", &id)]).await;
    assert_eq!(stopped.location(), path);
    let page = otto.get(&path).await.body;
    assert!(
        page.contains("“Failures” isn’t sent any more.") && !page.contains("How it stands"),
        "{page}"
    );
}

#[tokio::test]
async fn what_went_along_is_for_those_who_may_export() {
    let house = House::full(TestDb::sqlite().await).await;
    set_up_mail(&house).await;
    let mut otto = house.signed_in(AUDITOR).await;
    let id = view(&mut otto).await;
    let fields = [
        ("view", id.as_str()),
        ("seen", ""),
        ("every", "day"),
        ("weekday", "monday"),
        ("hour", "8"),
        ("recipients", "ann@x.example"),
    ];
    send(&mut otto, "reports/set", &fields).await;
    send(&mut otto, "reports/send", &[("view", &id)]).await;
    let system = house.system().await;
    let who = system.grant(ViewEmailHistory).unwrap();
    let query = ObjectQuery::parse(&EmailFilters, "?template=report").unwrap();
    let list = house
        .services
        .emails
        .list_emails(&who, None, &query)
        .await
        .unwrap();
    let message = list.rows[0].id;
    let file = format!("/email/messages/{message}/attachments/1");
    let page = otto.get(&format!("/email/messages/{message}")).await.body;
    assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
    let answer = otto.get(&file).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"report-")
    );
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert!(answer.body.contains("occurred_at"), "{}", answer.body);
    assert_eq!(
        house.events().await[0].body.event_type,
        "email.attachment_downloaded"
    );
    assert_eq!(otto.get(&format!("{file}0")).await.status, 404);

    // Who may only see the history sees that it is there.
    let role = RoleForm {
        name: "Mail desk".to_owned(),
        description: String::new(),
        permissions: vec![P::EmailHistoryView],
    };
    let accounts = &house.services.accounts;
    accounts
        .create_role(&system.grant(ManageRoles).unwrap(), role)
        .await
        .unwrap();
    let users = system.grant(ManageUsers).unwrap();
    let made = accounts.create_user(&users, "Noor", "noor@x.example", "Mail desk", PASSWORD.into());
    made.await.unwrap();
    let mut noor = house.signed_in("noor@x.example").await;
    let page = noor.get(&format!("/email/messages/{message}")).await.body;
    assert!(page.contains("report-") && !page.contains(&file), "{page}");
    assert_eq!(noor.get(&file).await.status, 403);
}
