//! OpenAPI's rules, and ours: that everything is described.

use super::{Document, Operation, examples, members};
use crate::house::House;
use daybook_backend::testing::TestDb;
use daybook_domain::{account::Scope, log::FilterField};
use daybook_server::http::API_ROUTES;
use serde_json::Value;
use std::collections::BTreeSet;

async fn document() -> Document {
    let house = House::new(TestDb::sqlite().await).await;
    Document::of(&mut house.client()).await
}

fn is_said(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let operations = document().await.operations();
    let described: BTreeSet<_> = operations
        .iter()
        .map(|operation| (operation.method.as_str(), operation.path.as_str()))
        .collect();
    assert_eq!(described, API_ROUTES.iter().copied().collect());
    let ids: BTreeSet<_> = operations.iter().map(Operation::id).collect();
    assert_eq!(ids.len(), operations.len(), "each has an id of its own");
}

#[tokio::test]
async fn the_document_keeps_the_rules() {
    let document = document().await;
    let version = document.0["openapi"].as_str().unwrap();
    assert!(version.starts_with("3.1."), "{version}");
    for said in ["title", "version", "description"] {
        assert!(is_said(&document.0["info"][said]), "{said}");
    }
    let tags = document.0["tags"].as_array().unwrap();
    let tags: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut used = BTreeSet::new();
    for operation in document.operations() {
        let whose = operation.id();
        assert!(is_said(&operation.said["summary"]), "{whose}");
        let own = operation.said["tags"].as_array().unwrap();
        used.extend(own.iter().map(|tag| tag.as_str().unwrap().to_owned()));
        parameters_are_described(&document, &operation);
        answers_are_described(&document, &operation);
        let scopes = operation.scopes();
        assert!(scopes.is_none_or(|scopes| scopes.len() == 1), "{whose}");
    }
    assert_eq!(used.iter().map(String::as_str).collect::<BTreeSet<_>>(), tags);
}

fn parameters_are_described(document: &Document, operation: &Operation) {
    let whose = operation.id();
    let mut names = BTreeSet::new();
    for parameter in operation.parameters() {
        let name = parameter["name"].as_str().unwrap();
        assert!(
            names.insert((parameter["in"].as_str().unwrap(), name)),
            "{whose}: {name} twice"
        );
        assert!(is_said(&parameter["description"]), "{whose}: {name}");
        let schema = &parameter["schema"];
        assert!(schema.is_object(), "{whose}: {name}");
        for example in examples(parameter) {
            assert_eq!(
                document.faults(schema, &example),
                Vec::<String>::new(),
                "{whose}: {name}"
            );
        }
    }
    let in_path: BTreeSet<_> = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .collect();
    let described = operation.parameters_in("path");
    let described = described.inspect(|parameter| assert_eq!(parameter["required"], true, "{whose}"));
    let described: BTreeSet<_> = described
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert_eq!(described, in_path, "{whose}");
}

fn answers_are_described(document: &Document, operation: &Operation) {
    let whose = operation.id();
    let answers: Vec<_> = document.answers(operation).collect();
    assert!(
        answers.iter().any(|(status, _)| (200..300).contains(status)),
        "{whose}"
    );
    for (status, said) in answers {
        assert!(is_said(&said["description"]), "{whose}: {status}");
        assert!(members(&said["content"]).next().is_some(), "{whose}: {status}");
        if status >= 400 && status != 422 {
            assert!(
                said["content"]["application/problem+json"].is_object(),
                "{whose}: {status}"
            );
        }
    }
    for (kind, content) in operation.contents() {
        assert!(!examples(content).is_empty(), "{whose}: {kind} has no example");
        assert_eq!(operation.said["requestBody"]["required"], true, "{whose}");
        for example in examples(content) {
            assert_eq!(
                document.faults(&content["schema"], &example),
                Vec::<String>::new(),
                "{whose}: {kind}"
            );
        }
    }
}

#[tokio::test]
async fn schemas_are_json_schema_and_references_lead_somewhere() {
    let document = document().await;
    for (name, schema) in members(&document.0["components"]["schemas"]) {
        jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        document.validator(schema);
    }
    let mut references = BTreeSet::new();
    collect(&document.0, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference
            .strip_prefix('#')
            .unwrap_or_else(|| panic!("{reference}"));
        assert!(document.0.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// Every `$ref`, wherever it stands.
fn collect<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| collect(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// What the code knows as data is there whole.
#[tokio::test]
async fn scopes_and_filters_are_all_there() {
    let document = document().await;
    let key = &document.0["components"]["securitySchemes"]["key"];
    assert_eq!((&key["type"], &key["scheme"]), (&"http".into(), &"bearer".into()));
    let said = key["description"].as_str().unwrap();
    assert!(Scope::ALL.iter().all(|scope| said.contains(scope.name())));
    for id in ["listEvents", "exportEvents"] {
        let operations = document.operations();
        let operation = operations.iter().find(|operation| operation.id() == id).unwrap();
        let names: Vec<_> = operation
            .parameters()
            .map(|parameter| &parameter["name"])
            .collect();
        let missing = FilterField::ALL
            .iter()
            .find(|field| !names.contains(&&field.name().into()));
        assert_eq!(missing, None, "{id}");
    }
}
