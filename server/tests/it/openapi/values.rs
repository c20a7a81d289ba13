//! Values made of schemas: most fit, some don't.

use super::Document;
use proptest::{prelude::*, sample::select, strategy::Union};
use serde_json::{Map, Value, json};

/// References go in circles no deeper than this.
const MAX_DEPTH: usize = 6;

/// A value that a schema describes, with something odd in it now and then.
pub(super) fn of_schema(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if depth > MAX_DEPTH {
        return Just(Value::Null).boxed();
    }
    let fitting = fitting(document, document.resolve(schema), depth + 1);
    prop_oneof![15 => fitting, 1 => odd()].boxed()
}

fn fitting(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(words) = schema["enum"].as_array() {
        return select(words.clone()).boxed();
    }
    if let Some(only) = schema.get("const") {
        return Just(only.clone()).boxed();
    }
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return Union::new(choices.iter().map(|choice| of_schema(document, choice, depth))).boxed();
    }
    match &schema["type"] {
        Value::Array(kinds) => {
            let kinds = kinds.iter().map(|kind| {
                let mut one = schema.clone();
                one["type"] = kind.clone();
                fitting(document, &one, depth)
            });
            Union::new(kinds).boxed()
        }
        Value::String(kind) => match kind.as_str() {
            "object" => object(document, schema, depth),
            "array" => prop::collection::vec(of_schema(document, &schema["items"], depth), 0..4)
                .prop_map(Value::Array)
                .boxed(),
            "integer" | "number" => number(schema),
            "boolean" => any::<bool>().prop_map(Value::Bool).boxed(),
            "null" => Just(Value::Null).boxed(),
            _ => text(schema),
        },
        _ => odd().boxed(),
    }
}

fn object(document: &Document, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = super::members(&schema["properties"]).map(|(name, property)| {
        let likely = if required.contains(&name.as_str().into()) {
            0.97
        } else {
            0.3
        };
        (
            Just(name.clone()),
            prop::option::weighted(likely, of_schema(document, property, depth)),
        )
    });
    let properties: Vec<_> = properties.collect();
    let further = prop::collection::vec((odd_text(), odd()), 0..2);
    (properties, prop::bool::weighted(0.1), further)
        .prop_map(|(properties, has_further, further)| {
            let known = properties
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            let further = further.into_iter().filter(|_| has_further);
            Value::Object(known.chain(further).collect::<Map<_, _>>())
        })
        .boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minimum"].as_i64().unwrap_or(i64::MIN);
    let most = schema["maximum"].as_i64().unwrap_or(i64::MAX);
    prop_oneof![
        (least..=most).prop_map(Value::from),
        Just(least.into()),
        Just(most.into()),
        Just(least.saturating_sub(1).into()),
        Just(most.saturating_add(1).into()),
    ]
    .boxed()
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    match schema["format"].as_str() {
        Some("date-time") => select(vec![
            "2026-11-22T13:00:00Z",
            "2026-11-22T13:00:00.123456789+05:30",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:60Z",
            "2026-02-30T00:00:00Z",
            "2062-11-22T13:00:00Z",
        ])
        .prop_map(Value::from)
        .boxed(),
        Some("uuid") => any::<u128>()
            .prop_map(|bits| uuid::Uuid::from_u128(bits).to_string().into())
            .boxed(),
        _ => {
            let most = schema["maxLength"]
                .as_u64()
                .and_then(|most| usize::try_from(most).ok());
            let long = "ä".repeat(most.unwrap_or(100).min(5000) + 1);
            prop_oneof![
                6 => "[a-zA-Z][ -~]{0,30}".prop_map(Value::from),
                3 => odd_text().prop_map(Value::from),
                1 => Just(long.into()),
                1 => Just("ann@harbor.example".into()),
                1 => Just("203.0.113.7".into()),
            ]
            .boxed()
        }
    }
}

/// Texts that programs have stumbled over.
const ODD_TEXTS: &[&str] = &[
    "",
    " ",
    "\t",
    "\r\n",
    "\0",
    "a\0b",
    "%",
    "%00",
    "*",
    "(",
    "-",
    "\"",
    "a:",
    "OR",
    "'\"--;",
    "<script>",
    "{{7*7}}",
    "../../etc",
    "null",
    "undefined",
    "NaN",
    "-0",
    "1e999",
    "İ",
    "ß",
    "ﷺ",
    "e\u{301}\u{301}",
    "👩\u{200d}👧",
    "\u{feff}",
    "\u{202e}abc",
    "\u{10ffff}",
];

/// One of those, or any other.
pub(super) fn odd_text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => select(ODD_TEXTS).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[a-z]{300,400}",
    ]
    .boxed()
}

/// Something else than what was asked for.
pub(super) fn odd() -> BoxedStrategy<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let wide: Vec<_> = (0..300).map(Value::from).collect();
    prop_oneof![
        odd_text().prop_map(Value::from),
        select(vec![
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1e308),
            json!(5e-324),
            json!(0.1),
            json!([]),
            json!({}),
            json!([null]),
            json!([[]]),
            json!({"": {"": ""}}),
            json!({"\0": 1}),
            json!({"id": null}),
            json!({"__proto__": {}}),
            deep,
            wide.into(),
        ]),
    ]
    .boxed()
}
