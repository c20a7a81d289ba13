//! Every documented example, tried.

use super::{Document, Operation, examples, written};
use crate::{api_bounds::gzip, dashboards::usage, house::House};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_domain::account::Scope;
use serde_json::Value;
use std::collections::BTreeMap;

/// What each operation has answered last.
type Told = BTreeMap<String, Value>;

/// A request made of examples, and nothing else.
struct Tried {
    query: Option<(String, String)>,
    /// Its type, and itself.
    body: Option<(String, String)>,
}

fn tried(operation: &Operation) -> Vec<Tried> {
    let mut all = Vec::new();
    for (kind, content) in operation.contents() {
        let bodies = examples(content).into_iter();
        all.extend(bodies.map(|example| Tried {
            query: None,
            body: Some((kind.clone(), written(&example))),
        }));
    }
    let first = all.first().and_then(|tried| tried.body.clone());
    if first.is_none() {
        all.push(Tried {
            query: None,
            body: None,
        });
    }
    for parameter in operation.parameters_in("query") {
        let name = parameter["name"].as_str().unwrap();
        for example in examples(parameter) {
            // One value of a filter is written as the value itself.
            let value = example
                .as_array()
                .and_then(|values| values.first())
                .unwrap_or(&example);
            all.push(Tried {
                query: Some((name.to_owned(), written(value))),
                body: first.clone(),
            });
        }
    }
    all
}

/// Where a parameter of an address has no example, another operation's answer links to it.
fn linked(document: &Document, id: &str, told: &Told) -> Option<(String, String)> {
    document.operations().iter().find_map(|from| {
        let answer = told.get(from.id())?;
        let links = document.answers(from).find(|(status, _)| *status == 200)?.1["links"].as_object()?;
        let link = links.values().find(|link| link["operationId"] == id)?;
        let (name, expression) = link["parameters"].as_object()?.iter().next()?;
        let pointer = expression.as_str()?.strip_prefix("$response.body#")?;
        let value = answer.pointer(pointer)?.as_str()?;
        Some((name.clone(), value.to_owned()))
    })
}

/// The address with its parts: their examples, what another answer links to, or else a key.
fn filled_in(document: &Document, operation: &Operation, told: &Told, key: &str) -> String {
    let mut path = operation.path.clone();
    for parameter in operation.parameters_in("path") {
        let name = parameter["name"].as_str().unwrap();
        let linked = linked(document, operation.id(), told).filter(|(of, _)| of == name);
        let example = examples(parameter).pop().map(|example| written(&example));
        let value = example.or(linked.map(|(_, value)| value));
        path = path.replace(&format!("{{{name}}}"), value.as_deref().unwrap_or(key));
    }
    path
}

/// What is sent: a body also compressed.
fn requests(method: &str, path: &str, tried: &Tried) -> Vec<(http::request::Builder, Body)> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&tried.query);
    let address = format!("{path}?{}", query.finish());
    let request = || Request::builder().method(method).uri(&address);
    let Some((kind, body)) = &tried.body else {
        return vec![(request(), Body::empty())];
    };
    let request = || request().header("content-type", kind);
    let packed = request().header("content-encoding", "gzip");
    vec![
        (request(), body.clone().into()),
        (packed, gzip(body.as_bytes()).into()),
    ]
}

#[tokio::test]
async fn every_example_works_and_is_answered_as_described() {
    let house = House::new(TestDb::sqlite().await).await;
    let document = Document::of(&mut house.client()).await;
    let mut operations = document.operations();
    // A month is over in which somebody was in the portal.
    usage(&house).await;
    // There is nothing to read before something was sent, and nothing to follow before a list.
    let is_followed = |operation: &Operation| {
        let links = format!("\"operationId\":\"{}\",\"parameters\"", operation.id());
        operation.path.contains('{') && document.0["paths"].to_string().contains(&links)
    };
    operations.sort_by_key(|operation| {
        let is_read = operation.method == "GET";
        (is_followed(operation), is_read, operation.path.contains('{'))
    });
    let mut told = Told::new();
    let mut count = 0;
    for operation in &operations {
        let key = house.key(&[Scope::EmailWrite]).await.1;
        let scopes = operation.scopes();
        let mut program = house.client();
        if let Some(scopes) = &scopes {
            program = house.program(scopes).await;
        }
        let path = filled_in(&document, operation, &told, &key);
        for tried in tried(operation) {
            for (request, body) in requests(&operation.method, &path, &tried) {
                let whose = format!("{request:?}");
                let answer = program.send(request, body).await;
                assert!((200..300).contains(&answer.status), "{whose}: {}", answer.body);
                let faults = document.faults_of_answer(operation, &answer);
                assert_eq!(faults, Vec::<String>::new(), "{whose}");
                if tried.query.is_none() && answer.header("content-type") == "application/json" {
                    told.insert(operation.id().to_owned(), answer.json());
                }
                count += 1;
            }
        }
        if let Some(scopes) = &scopes {
            let request = Request::builder().method(operation.method.as_str()).uri(&path);
            let mut others = [Scope::AnalyticsRead, Scope::EmailWrite].into_iter();
            let other = others.find(|scope| !scopes.contains(scope)).unwrap();
            let mut lesser = house.program(&[other]).await;
            lesser.send(request, Body::empty()).await.problem(403, "scope");
        }
    }
    assert!(count > 50, "{count}");
    // Nothing that was sent was refused in part.
    for received in ["sendEvents", "reportEmails"] {
        assert_eq!(told[received]["rejected"], Value::Array(Vec::new()), "{received}");
    }
}
