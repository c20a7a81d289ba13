//! `PUT /api/v2/companies|contacts|agents/{external_id}`: the directory, kept as the helpdesk has it.

use crate::{client::Client, house::House};
use axum::http::Request;
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::{
    account::Scope,
    event::{ActorKind, Portal},
};
use serde_json::{Value, json};

async fn put(program: &mut Client, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::put(format!("/api/v2/{path}")).header("content-type", "application/json");
    let answer = program.send(request, body.to_string().into()).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_directory_is_kept_as_the_helpdesk_has_it() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut program = house.program(&[Scope::DirectoryWrite]).await;
        let company = json!({"name": "Harbor IT", "phone": "+44 20 7946 0100", "tags": ["vip", "vip"], "erp_number": 118});
        let (status, made) = put(&mut program, "companies/h-1", &company).await;
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["tags"], json!(["vip"]));
        assert_eq!(made["external_id"], "h-1");
        // Unknown properties are kept.
        assert_eq!(made["custom"], json!({"erp_number": 118}));
        let before = house.events().await.len();
        let (status, same) = put(&mut program, "companies/h-1", &company).await;
        assert_eq!((status, &same["version"]), (200, &json!(1)));
        assert_eq!(house.events().await.len(), before, "giving the same again is no change");
        // What isn't said stays, null takes away.
        let (_, changed) = put(&mut program, "companies/h-1", &json!({"phone": null, "website": "https://harbor.example"})).await;
        assert_eq!((changed.get("phone"), &changed["tags"]), (None, &json!(["vip"])));
        // By external id, by name, by id.
        for company in ["h-1", "harbor it", made["id"].as_str().unwrap()] {
            let contact = json!({"name": "Amina", "email": "amina@harbor.example", "company": company});
            let (_, contact) = put(&mut program, "contacts/c-1", &contact).await;
            assert_eq!(contact["company"], json!({"id": made["id"], "name": "Harbor IT"}));
        }
        let (_, gone) = put(&mut program, "companies/h-1", &json!({"status": "deactivated"})).await;
        assert_eq!(gone["status"], "deactivated");
        let events = house.events().await;
        let told: Vec<_> = events[..4].iter().rev().map(|event| event.body.event_type.as_str()).collect();
        assert_eq!(told, ["company.created", "company.updated", "contact.created", "company.deactivated"]);
        for event in &events[..4] {
            assert_eq!(event.body.actor.kind, ActorKind::ApiKey);
            assert_eq!(event.body.portal, Some(Portal::Api));
        }
    })
    .await;
}

/// What was answered can be sent back: nothing is lost by it, and nothing is made up.
#[tokio::test]
async fn an_answer_can_be_sent_back() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(crate::house::ADMINISTRATOR).await;
    for kind in ["board", "brand"] {
        let fields = [("kind", kind), ("values[name][]", "Dispatch")];
        browser.form("/_fn/objects/create", &fields).await;
    }
    let mut program = house.program(&[Scope::DirectoryWrite]).await;
    let company = json!({"name": "Harbor IT", "boards": ["Dispatch"], "brand": "dispatch", "address": "1 Main St\nLagos"});
    let (_, made) = put(&mut program, "companies/h-1", &company).await;
    assert_eq!(made["custom"]["address"], "1 Main St\nLagos");
    let (status, again) = put(&mut program, "companies/h-1", &made).await;
    assert_eq!((status, &again), (200, &made));
}

/// What can't be kept is named, and stops nothing else.
#[tokio::test]
async fn unknown_properties_are_kept_as_they_are() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::DirectoryWrite]).await;
    let html = "<p>One\n\tTwo</p>".repeat(200);
    let mut company = json!({"name": "Harbor IT", "description_html": html, "a:b": true, "locations": [{"city": "Lagos"}, 1.5],
        "photo": "x".repeat(30_000), "": 1});
    for number in 0..250 {
        company[format!("p{number:03}")] = json!(number);
    }
    let (status, made) = put(&mut program, "companies/h-1", &company).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["custom"]["description_html"], json!(html));
    assert_eq!(made["custom"]["a:b"], json!(true));
    assert_eq!(made["custom"]["p196"], json!(196));
    let left_out = made["not_kept"].as_array().unwrap();
    assert_eq!(left_out[0]["property"], "");
    let names: Vec<_> = left_out
        .iter()
        .filter_map(|not| not["property"].as_str())
        .collect();
    assert!(names.contains(&"photo") && names.contains(&"p249"), "{names:?}");
    let before = house.events().await.len();
    let (status, again) = put(&mut program, "companies/h-1", &company).await;
    assert_eq!((status, &again), (200, &made));
    assert_eq!(
        house.events().await.len(),
        before,
        "giving the same again is no change"
    );
    // One that changes is one change.
    company["locations"] = json!([{"city": "Accra"}]);
    put(&mut program, "companies/h-1", &company).await;
    let events = house.events().await;
    let [change] = &events[0].body.changes[..] else {
        panic!("{:?}", events[0].body.changes)
    };
    assert_eq!(
        (change.property.as_str(), &change.after),
        ("custom.locations", &json!([{"city": "Accra"}]))
    );
}

/// What was made by hand before isn't made a second time.
#[tokio::test]
async fn a_thing_without_an_external_id_gets_it() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(crate::house::ADMINISTRATOR).await;
    let fields = [
        ("kind", "service_agent"),
        ("values[name][]", "Jun"),
        ("values[email][]", "Jun@northdesk.example"),
    ];
    browser.form("/_fn/objects/create", &fields).await;
    let mut program = house.program(&[Scope::DirectoryWrite]).await;
    let agent = json!({"name": "Jun Sato", "email": "jun@northdesk.example", "capacity": 6});
    let (status, agent) = put(&mut program, "agents/a-1", &agent).await;
    assert_eq!(
        (status, &agent["version"], &agent["external_id"]),
        (200, &json!(2), &json!("a-1"))
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_with_its_field() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::DirectoryWrite]).await;
    for (path, body, status, field) in [
        ("companies/h-1", json!({}), 422, json!("name")),
        ("companies/h-1", json!({"name": 7}), 422, json!("name")),
        (
            "companies/h-1",
            json!({"name": "A", "status": "gone"}),
            422,
            json!("status"),
        ),
        (
            "companies/h-1",
            json!({"name": "A", "external_id": "h-2"}),
            422,
            json!("external_id"),
        ),
        (
            "companies/h-1",
            json!({"name": "A", "boards": ["Nowhere"]}),
            422,
            json!("boards"),
        ),
        (
            "contacts/c-1",
            json!({"name": "A", "email": "a@b.example", "company": 7}),
            422,
            json!("company"),
        ),
        (
            "companies/h-1",
            json!({"name": "A", "boards": [12]}),
            422,
            json!("boards"),
        ),
        (
            "companies/h-1",
            json!({"name": "A", "brand": ["a", "b"]}),
            422,
            json!("brand"),
        ),
        (
            "companies/h-1",
            json!({"name": "A", "boards": (0..300).collect::<Vec<_>>()}),
            422,
            json!("boards"),
        ),
        ("companies/%00", json!({"name": "A"}), 422, json!("external_id")),
        ("companies/%20h", json!({"name": "A"}), 422, json!("external_id")),
        ("companies/h-1", json!([1]), 400, Value::Null),
    ] {
        let (answered, problem) = put(&mut program, path, &body).await;
        assert_eq!(
            (answered, &problem["field"]),
            (status, &field),
            "{body}: {problem}"
        );
    }
    let request = Request::put("/api/v2/companies/h-1").header("content-type", "text/plain");
    assert_eq!(program.send(request, "{}".into()).await.status, 415);
    assert!(
        house
            .events()
            .await
            .iter()
            .all(|event| event.body.event_type != "company.created")
    );
}
