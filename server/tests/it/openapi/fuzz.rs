//! Requests made of the document, and of what it doesn't allow: whatever is sent, the answer is one that is documented.
//!
//! The cases are the same each time. `CASES` raised by hand looks further.

use super::{Document, Operation, examples, values, written};
use crate::{api_bounds::gzip, client::Client, dashboards::usage, house::House};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_domain::account::Scope;
use proptest::{
    prelude::*,
    sample::select,
    strategy::Union,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeSet};

/// Of each operation.
const CASES: u32 = 96;

/// A body and the headers that say what it is.
type Packed = (Vec<(&'static str, String)>, Vec<u8>);

/// A request as it is sent, but for the key.
#[derive(Debug, Clone)]
struct Sent {
    /// Which of the keys.
    key: usize,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// Nobody's key, one of each scope, one that may do everything.
async fn callers(house: &House) -> Vec<(Client, String)> {
    let mut callers = vec![
        (house.client(), "nonsense".to_owned()),
        (house.client().with_key("dbk_nonsense"), "dbk_nonsense".to_owned()),
    ];
    let each = Scope::ALL.iter().map(std::slice::from_ref);
    for scopes in each.chain([Scope::ALL]) {
        let (_, key) = house.key(scopes).await;
        callers.push((house.client().with_key(&key), key));
    }
    callers
}

/// Anything as a part of an address.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b':' | b'@' => {
            text + &char::from(byte).to_string()
        }
        byte => format!("{text}%{byte:02X}"),
    })
}

fn path(document: &Document, operation: &Operation) -> BoxedStrategy<String> {
    let mut whole = Just(operation.path.clone()).boxed();
    for parameter in operation.parameters_in("path") {
        let place = format!("{{{}}}", parameter["name"].as_str().unwrap());
        let mut parts = vec![
            (
                4,
                values::of_schema(document, &parameter["schema"], 0)
                    .prop_map(|value| escaped(&written(&value)))
                    .boxed(),
            ),
            (
                1,
                select(vec![
                    "%FF", "%C3%28", "%00", "%2F", "%2e%2e", "%", "%zz", "~", "+",
                ])
                .prop_map(str::to_owned)
                .boxed(),
            ),
            (1, "[a-z]{2000,2100}".boxed()),
        ];
        parts.extend(
            examples(parameter)
                .iter()
                .map(|example| (6, Just(written(example)).boxed())),
        );
        if examples(parameter).is_empty() {
            // Only the house knows one: see `answered`.
            parts.push((12, Just(place.clone()).boxed()));
        }
        whole = (whole, Union::new_weighted(parts))
            .prop_map(move |(whole, part)| {
                // Nothing at all is another address.
                let part: &str = if part.is_empty() { "%20" } else { &part };
                whole.replace(&place, part)
            })
            .boxed();
    }
    whole
}

fn query(document: &Document, operation: &Operation) -> BoxedStrategy<String> {
    let known = operation.parameters_in("query").map(|parameter| {
        let name = parameter["name"].as_str().unwrap();
        let schema = document.resolve(&parameter["schema"]);
        let schema = if schema["type"] == "array" {
            &schema["items"]
        } else {
            schema
        };
        let mut texts = vec![(
            4,
            values::of_schema(document, schema, 0)
                .prop_map(|value| written(&value))
                .boxed(),
        )];
        let example = |example: &Value| written(example.get(0).unwrap_or(example));
        texts.extend(
            examples(parameter)
                .iter()
                .map(|value| (3, Just(example(value)).boxed())),
        );
        (
            Just(name.to_owned()),
            prop::collection::vec(Union::new_weighted(texts), 1..3),
        )
            .boxed()
    });
    let known: Vec<_> = known.collect();
    let unknown = (
        values::odd_text(),
        prop::collection::vec(values::odd_text(), 1..2),
    )
        .boxed();
    let pairs = prop::collection::vec(Union::new(known.into_iter().chain([unknown])), 0..4);
    let written = pairs.prop_map(|pairs| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, values) in pairs {
            query.extend_pairs(values.iter().map(|value| (&name, value)));
        }
        query.finish()
    });
    let broken = select(vec![
        "%FF=%FF",
        "&&=&",
        "a",
        "=",
        "q=%",
        "limit=%31",
        "q=%C3",
        "atomic",
        "cursor=%00",
    ]);
    prop_oneof![9 => written, 1 => broken.prop_map(str::to_owned)].boxed()
}

/// What isn't taken, or means the same as what is.
const OTHER_KINDS: &[Option<&str>] = &[
    None,
    Some(""),
    Some("text/plain"),
    Some("application/json; charset=utf-16"),
    Some("multipart/form-data"),
    Some("a/b/c;;"),
];
/// What a body says of its compression, and whether it is so.
const OTHER_CODINGS: &[(&str, bool)] = &[
    ("gzip", false),
    ("identity", false),
    ("br", false),
    ("", false),
    ("gzip, gzip", true),
];

/// A body with the headers that say what it is.
fn body(document: &Document, operation: &Operation) -> BoxedStrategy<Packed> {
    let json = &operation.said["requestBody"]["content"]["application/json"];
    let value = if json.is_null() {
        values::odd()
    } else {
        values::of_schema(document, &json["schema"], 0)
    };
    let documented: Vec<_> = examples(json).into_iter().chain([Value::Null]).collect();
    let plain = prop_oneof![
        6 => value.clone().prop_map(|value| value.to_string().into_bytes()),
        3 => select(documented).prop_map(|example| example.to_string().into_bytes()),
        3 => prop::collection::vec(value.clone(), 0..4).prop_map(|lines| {
            let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
            lines.join("\n").into_bytes()
        }),
        1 => (value, any::<prop::sample::Index>()).prop_map(|(value, at)| {
            let mut cut = value.to_string().into_bytes();
            cut.truncate(at.index(cut.len().max(1)));
            cut
        }),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ];
    let kind = prop_oneof![
        8 => Just(Some("application/json")),
        3 => Just(Some("application/x-ndjson")),
        1 => select(OTHER_KINDS),
    ];
    let coding = prop_oneof![
        8 => Just(None),
        2 => Just(Some(("gzip", true))),
        1 => select(OTHER_CODINGS).prop_map(Some),
    ];
    (kind, coding, plain)
        .prop_map(|(kind, coding, plain)| {
            let kind = kind.map(|kind| ("content-type", kind.to_owned()));
            let named = coding.map(|(name, _)| ("content-encoding", name.to_owned()));
            let body = if coding.is_some_and(|(_, packed)| packed) {
                gzip(&plain)
            } else {
                plain
            };
            (kind.into_iter().chain(named).collect(), body)
        })
        .boxed()
}

/// Requests; most with a key that may, or every other test would be one of keys.
fn requests(document: &Document, operation: &Operation, callers: usize) -> BoxedStrategy<Sent> {
    let key = prop_oneof![1 => 0..callers, 4 => Just(callers - 1)];
    (
        key,
        path(document, operation),
        query(document, operation),
        body(document, operation),
    )
        .prop_map(|(key, path, query, (headers, body))| Sent {
            key,
            path: if query.is_empty() {
                path
            } else {
                format!("{path}?{query}")
            },
            headers,
            body,
        })
        .boxed()
}

/// Whom and what the requests are sent to.
struct World {
    document: Document,
    callers: Vec<(Client, String)>,
    /// The id of a record.
    event: String,
    /// The id of a monthly report.
    report: String,
}

/// The status of the answer, and what is wrong with it.
async fn answered(world: &World, operation: &Operation, sent: Sent) -> (u16, Vec<String>) {
    let World {
        document,
        callers,
        event,
        report,
    } = world;
    let (client, key) = &callers[sent.key];
    // In an address only a key that may do nothing else is taken.
    let in_address = Scope::ALL.iter().position(|scope| *scope == Scope::EmailWrite);
    let in_address = in_address.filter(|_| sent.key + 1 == callers.len());
    let in_address = in_address.map_or(key, |at| &callers[at + 2].1);
    let address = sent.path.replace("{key}", in_address).replace("{id}", event);
    let address = address.replace("{reportId}", report);
    let Ok(address) = address.parse::<http::Uri>() else {
        // It can't be sent.
        return (0, Vec::new());
    };
    let request = Request::builder().method(operation.method.as_str()).uri(address);
    let headers = sent.headers.iter();
    let request = headers.fold(request, |request, (name, value)| request.header(*name, value));
    let answer = client.clone().send(request, Body::from(sent.body)).await;
    let mut faults = document.faults_of_answer(operation, &answer);
    if answer.status >= 500 {
        faults.push(format!("{}: {}", answer.status, answer.body));
    }
    let is_problem = answer.header("content-type") == "application/problem+json";
    if is_problem && answer.json()["status"] != answer.status {
        faults.push(format!(
            "{} says it is {}",
            answer.status,
            answer.json()["status"]
        ));
    }
    (answer.status, faults)
}

#[test]
fn whatever_is_sent_is_answered_as_documented() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Its database is there for as long as it is.
    let house = runtime.block_on(async { House::new(TestDb::sqlite().await).await });
    let world = runtime.block_on(async {
        usage(&house).await;
        let mut reader = house.program(&[Scope::AnalyticsRead]).await;
        let reports = reader
            .get("/api/v2/dashboards/portal/monthly/reports")
            .await
            .json();
        World {
            report: reports["data"][0]["id"].as_str().unwrap().to_owned(),
            document: Document::of(&mut house.client()).await,
            callers: callers(&house).await,
            event: house.events().await[0].id.to_string(),
        }
    });
    let operations = world.document.operations();
    let seen = RefCell::new(BTreeSet::new());
    for operation in &operations {
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            max_shrink_iters: 500,
            ..Config::default()
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let requests = requests(&world.document, operation, world.callers.len());
        let outcome = runner.run(&requests, |sent| {
            let (status, faults) = runtime.block_on(answered(&world, operation, sent));
            seen.borrow_mut().insert((operation.id().to_owned(), status));
            prop_assert_eq!(faults, Vec::<String>::new());
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", operation.id()));
    }
    let seen = seen.into_inner();
    // It looks into every corner: what fits is taken everywhere, and whatever can be wrong is.
    for operation in &operations {
        let succeeded = |status| seen.contains(&(operation.id().to_owned(), status));
        assert!(succeeded(200) || succeeded(201), "{}: {seen:?}", operation.id());
    }
    for status in [400, 401, 403, 404, 415, 422] {
        assert!(seen.iter().any(|(_, seen)| *seen == status), "{status}: {seen:?}");
    }
}
