//! `GET /api/v2/openapi.json`: that the document keeps OpenAPI's rules, that its examples work, and that the server answers
//! what it says, whatever it is sent.

mod examples;
mod fuzz;
mod rules;
mod values;

use crate::client::{Answer, Client};
use daybook_domain::account::Scope;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// The document, as the server hands it out.
#[derive(Clone)]
struct Document(Value);

/// One method of one path.
#[derive(Clone)]
struct Operation {
    method: String,
    path: String,
    said: Value,
}

impl Document {
    async fn of(client: &mut Client) -> Self {
        let answer = client.get("/api/v2/openapi.json").await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "application/json")
        );
        Self(answer.json())
    }

    fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, methods) in members(&self.0["paths"]) {
            for (method, said) in members(methods) {
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    said: said.clone(),
                });
            }
        }
        operations
    }

    /// What is meant, where a `$ref` stands for it.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else {
            return value;
        };
        let pointer = reference
            .strip_prefix('#')
            .expect("references stay in the document");
        let found = self.0.pointer(pointer);
        self.resolve(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
    }

    /// What holds values against a schema of the document.
    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .unwrap_or_else(|error| panic!("{schema}: {error}"))
    }

    /// What is wrong with a value.
    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let faults = validator.iter_errors(value);
        faults
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect()
    }

    /// The answers an operation documents: by status, what is said of it.
    fn answers<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = (u16, &'a Value)> {
        let answers = members(&operation.said["responses"]);
        answers.map(|(status, said)| (status.parse().unwrap(), self.resolve(said)))
    }

    /// What is wrong with an answer, by what is documented of it.
    fn faults_of_answer(&self, operation: &Operation, answer: &Answer) -> Vec<String> {
        let Some((_, said)) = self
            .answers(operation)
            .find(|(status, _)| *status == answer.status)
        else {
            return vec![format!("the status {} isn't documented", answer.status)];
        };
        let kind = essence(answer.header("content-type"));
        let Some((_, content)) = members(&said["content"]).find(|(documented, _)| *documented == kind) else {
            return vec![format!("“{kind}” isn't documented for {}", answer.status)];
        };
        let value = if kind == "application/json" || kind == "application/problem+json" {
            answer.json()
        } else {
            answer.body.clone().into()
        };
        self.faults(&content["schema"], &value)
    }
}

impl Operation {
    fn id(&self) -> &str {
        self.said["operationId"].as_str().unwrap()
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.said["parameters"].as_array().into_iter().flatten()
    }

    fn parameters_in(&self, place: &str) -> impl Iterator<Item = &Value> {
        self.parameters()
            .filter(move |parameter| parameter["in"] == place)
    }

    /// The scopes its key must have; `None` where there is no need of one in the request's head.
    fn scopes(&self) -> Option<Vec<Scope>> {
        let security = self.said["security"].as_array().unwrap();
        let names = security.iter().find_map(|needed| needed["key"].as_array())?;
        let scope = |name: &Value| Scope::from_name(name.as_str().unwrap());
        Some(names.iter().map(|name| scope(name).expect("a scope")).collect())
    }

    /// The types of body it takes, and what is said of each.
    fn contents(&self) -> impl Iterator<Item = (&String, &Value)> {
        members(&self.said["requestBody"]["content"])
    }
}

/// The members of an object; none of anything else.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A media type without its parameters.
fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

/// The examples of a media type or a parameter.
fn examples(said: &Value) -> Vec<Value> {
    let one = said.get("example").cloned();
    let several = members(&said["examples"]).map(|(_, example)| example["value"].clone());
    let of_schema = said["schema"]["examples"].as_array().into_iter().flatten();
    one.into_iter().chain(several).chain(of_schema.cloned()).collect()
}

/// A body as it goes over the wire.
fn written(example: &Value) -> String {
    match example {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn faults_are_found() {
    let document = Document(json!({"components": {"schemas": {"Name": {"type": "string", "maxLength": 2}}}}));
    let schema = json!({"type": "object", "properties": {"name": {"$ref": "#/components/schemas/Name"}}});
    assert!(document.faults(&schema, &json!({"name": "ab"})).is_empty());
    assert_eq!(document.faults(&schema, &json!({"name": "abc"})).len(), 1);
}
