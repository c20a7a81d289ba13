//! `/swagger`: the description of the API, shown.

use crate::house::{ADMINISTRATOR, House};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;

#[tokio::test]
async fn the_page_loads_what_is_its_own_and_no_more() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.client();
    let page = browser.get("/swagger").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    // No script and no style stands in the page itself.
    let scripts = page.body.matches("<script").count();
    assert_eq!(
        (scripts, page.body.matches("<script src=\"/swagger/").count()),
        (2, 2)
    );
    assert!(!page.body.contains("<style") && !page.body.contains("style="));
    for (file, kind, content) in [
        ("swagger-ui.css", "text/css", ".swagger-ui"),
        ("swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"),
        ("start.js", "text/javascript", "'/api/v2/openapi.json'"),
    ] {
        let path = format!("/swagger/{file}");
        assert!(page.body.contains(&path));
        let plain = browser.get(&path).await;
        assert!(plain.header("content-type").starts_with(kind), "{file}");
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
        assert!(plain.body.contains(content), "{file}");
        let request = Request::get(&path).header("accept-encoding", "br;q=0.5, gzip");
        let packed = browser.send(request, Body::empty()).await;
        assert_eq!(packed.status, 200);
        if file != "start.js" {
            assert_eq!(packed.header("content-encoding"), "gzip");
            assert!(packed.body.len() < plain.body.len(), "{file}");
        }
    }
    // Swagger UI brings more; nobody asks for it.
    for file in [
        "index.html",
        "swagger-initializer.js",
        "oauth2-redirect.html",
        "nonsense",
    ] {
        assert_eq!(
            browser.get(&format!("/swagger/{file}")).await.status,
            404,
            "{file}"
        );
    }
}

#[tokio::test]
async fn the_keys_lead_to_it() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let page = browser.get("/admin/api-keys").await;
    assert!(
        page.body.contains("href=\"/swagger\" rel=\"external\""),
        "{}",
        page.body
    );
}
