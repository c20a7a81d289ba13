//! Pages as they leave the server: rendered whole, with headers that hold.

use crate::house::{ADMINISTRATOR, AGENT, House, settings};
use crate::sign_in::flash;
use axum::{body::Body, http::Request};
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::{permission::ManageUsers, ports::Roles};
use daybook_server::config::Settings;
use std::collections::BTreeSet;

/// The text of the first `h1`, without the elements in it.
fn heading(html: &str) -> String {
    let Some((_, rest)) = html.split_once("<h1") else {
        return String::new();
    };
    let inner = rest
        .split_once('>')
        .and_then(|(_, rest)| rest.split_once("</h1>"))
        .map_or("", |(inner, _)| inner);
    let mut text = String::new();
    let mut is_text = true;
    for letter in inner.chars() {
        match letter {
            '<' => is_text = false,
            '>' => is_text = true,
            letter if is_text => text.push(letter),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[tokio::test]
async fn each_page_has_its_heading_without_javascript() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut browser = house.signed_in(ADMINISTRATOR).await;
        for (path, expected) in [
            ("/audit-logs/activity", "Audit logs"),
            ("/audit-logs/access", "Audit logs"),
            ("/audit-logs/all", "Audit logs"),
            ("/audit-logs/views", "Saved views"),
            ("/event-types", "Event types"),
            ("/alerts", "Alerts"),
            ("/alerts/rules", "Alert rules"),
            ("/analytics/portal", "Analytics"),
            ("/analytics/files", "Analytics"),
            ("/account", "Your account"),
            ("/account/second-factor", "Second factor"),
            ("/admin/users", "Users"),
            ("/admin/roles", "Roles &amp; permissions"),
            ("/admin/api-keys", "API keys"),
        ] {
            let page = browser.get(path).await;
            assert_eq!(
                (page.status, heading(&page.body).as_str()),
                (200, expected),
                "{path}"
            );
            assert!(
                page.body.starts_with("<!DOCTYPE html>") && page.body.contains("Ada Lindqvist"),
                "{path}"
            );
        }
        let event = house.events().await[0].id;
        let page = browser.get(&format!("/audit-logs/event/{event}")).await;
        assert_eq!(page.status, 200);
        assert!(!heading(&page.body).is_empty());
    })
    .await;
}

/// Signals of one page once went missing where another was rendered on the same thread in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_rendered_at_once_keep_out_of_each_other_s_way() {
    let house = House::full(TestDb::sqlite().await).await;
    let browser = house.signed_in(ADMINISTRATOR).await;
    let paths = [
        "/audit-logs/activity",
        "/audit-logs/access",
        "/admin/users",
        "/account",
    ];
    let all = paths.iter().cycle().take(200).map(|path| {
        let mut browser = browser.clone();
        async move { (path, browser.get(path).await) }
    });
    for (path, page) in futures::future::join_all(all).await {
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("<title>"), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_404_page() {
    let house = House::full(TestDb::sqlite().await).await;
    for mut browser in [house.client(), house.signed_in(AGENT).await] {
        for path in [
            "/nowhere",
            "/audit-logs/activity/x/y",
            "/_fn/nowhere",
            "/manifest.json",
            "/favicon.svg/x",
        ] {
            let page = browser.get(path).await;
            assert_eq!(
                (page.status, heading(&page.body).as_str()),
                (404, "There is nothing at this address"),
                "{path}"
            );
        }
    }
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    for path in [
        "/audit-logs/secrets",
        "/audit-logs/event/01a20437-7329-7747-a042-cc938375cdfa",
        "/audit-logs/event/nonsense",
        "/admin/roles/nonsense",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_and_pages_a_policy_of_their_own() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.client();
    let mut nonces = BTreeSet::new();
    for path in ["/sign-in", "/sign-in", "/nowhere"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy").to_owned();
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        let nonce = rest.split('\'').next().unwrap();
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src \
                 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
                 frame-src 'self'; frame-ancestors 'none'; manifest-src 'self'"
            )
        );
        // Each script carries it; no style and no handler stands in the page, which the policy would not let work.
        let scripts = page.body.matches("<script").count();
        let with_nonce = page.body.matches(&format!("nonce=\"{nonce}\"")).count();
        assert_eq!((scripts, scripts > 0), (with_nonce, true), "{path}");
        assert!(
            !page.body.contains(" style=\"")
                && !page.body.contains("<style")
                && !page.body.contains(" onclick=")
        );
        assert_eq!(page.header("cache-control"), "no-store");
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 3);
    for path in ["/sign-in", "/api/v2/events", "/healthz", "/pkg/0/daybook.js"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
}

#[tokio::test]
async fn behind_https_cookies_and_browsers_stay_there() {
    let settings = Settings {
        public_url: Some("https://daybook.example".parse().unwrap()),
        ..settings()
    };
    let house = House::with(TestDb::sqlite().await, settings).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    assert_eq!(
        browser.cookies.keys().collect::<Vec<_>>(),
        ["__Host-daybook_session"]
    );
    let page = browser.get("/account").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    // What a provider has to know to the letter is the address that it is then sent.
    let page = browser.get("/admin/identity-providers/new").await;
    assert!(page.body.contains("https://daybook.example/sign-in/callback"));
    // Whole addresses are written with the public name, whatever a proxy or a client says.
    let granted = house.system().await.grant(ManageUsers).unwrap();
    let (role, _) = house
        .services
        .accounts
        .role_choices(&granted)
        .await
        .unwrap()
        .remove(0);
    let form = format!("name=Noor&email=noor%40northdesk.example&role={role}");
    let kind = "application/x-www-form-urlencoded";
    let invited = browser.call("/_fn/users/invite", kind, &form).await;
    let link = flash(&invited).secret.unwrap();
    assert!(
        link.reveal().starts_with("https://daybook.example/invite/"),
        "{}",
        link.reveal()
    );
    browser.cookies.remove("daybook_flash");
    let out = browser.form("/sign-out", &[]).await;
    let cookies = out.set_cookies();
    assert!(
        cookies.contains(&"__Host-daybook_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"),
        "{cookies:?}"
    );
    let flash = cookies
        .iter()
        .find(|cookie| cookie.starts_with("daybook_flash="))
        .unwrap();
    assert!(flash.ends_with("; Secure"), "{flash}");
    // The name that the setting gives counts as ours where a proxy doesn't pass the host on.
    let request = Request::post("/sign-out")
        .header("origin", "https://daybook.example")
        .header("host", "10.0.0.5:3000");
    assert_eq!(house.client().send(request, Body::empty()).await.status, 303);
}

#[tokio::test]
async fn assets_of_another_build_are_not_there() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.client();
    for path in [
        "/pkg/0123456789abcdef/daybook.js",
        "/pkg/none/../../Cargo.toml",
        "/pkg/none/nowhere.js",
        "/pkg/",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let page = browser.get("/sign-in").await.body;
    let css = page
        .split("href=\"")
        .find_map(|part| part.split('"').next().filter(|url| url.ends_with("daybook.css")));
    let css = css.expect("a style sheet").to_owned();
    assert!(css.starts_with("/pkg/"));
    let answer = browser.get(&css).await;
    // The site may not be built where only the server is tested.
    if answer.status == 200 {
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    }
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_take_it() {
    let house = House::new(TestDb::sqlite().await).await;
    let request = || Request::get("/sign-in").header("accept-encoding", "gzip, br");
    let answer = house.client().send(request(), Body::empty()).await;
    assert_eq!(answer.header("content-encoding"), "br");
    assert!(answer.header("vary").contains("accept-encoding"));
    assert_eq!(
        house.client().get("/sign-in").await.header("content-encoding"),
        ""
    );
}
