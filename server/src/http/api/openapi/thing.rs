//! Companies, contacts and service agents, by the properties that their kind has.

use daybook_domain::object::{MAX_MEMBERS, ObjectKind, ObjectStatus, Property, Shape};
use serde_json::{Map, Value, json};

/// A thing as it is sent.
pub(super) fn given(kind: ObjectKind) -> Value {
    let mut properties = Map::new();
    for property in kind.spec().properties {
        let schema = described(property, given_value(property));
        properties.insert(property.name.to_owned(), schema);
    }
    properties.insert("status".to_owned(), nullable(status()));
    json!({
        "type": "object",
        "description": "A property that isn't said stays as it is, null takes it away. One that isn't known here is kept under \
                        `custom`. What is answered can be sent back.",
        "properties": properties,
    })
}

/// A thing as it is answered.
pub(super) fn stored(kind: ObjectKind) -> Value {
    let mut properties = Map::new();
    for property in kind.spec().properties {
        let schema = described(property, stored_value(property));
        properties.insert(property.name.to_owned(), schema);
    }
    for (name, schema) in [
        (
            "id",
            json!({"type": "string", "format": "uuid", "description": "Its own id."}),
        ),
        ("kind", json!({"const": kind.name()})),
        ("status", status()),
        (
            "version",
            json!({"type": "integer", "minimum": 1, "description": "Counts its changes."}),
        ),
        (
            "changed_at",
            json!({"type": "string", "format": "date-time", "description": "When it was last changed."}),
        ),
        (
            "not_kept",
            json!({
                "type": "array",
                "items": {"$ref": "#/components/schemas/NotKept"},
                "description": "What was sent and can't be kept.",
            }),
        ),
    ] {
        properties.insert(name.to_owned(), schema);
    }
    json!({
        "type": "object",
        "description": "It with the properties it has.",
        "required": ["id", "kind", "status", "version", "changed_at", "name"],
        "properties": properties,
    })
}

/// What a thing refers to, as it is answered.
pub(super) fn named() -> Value {
    json!({
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": ["string", "null"]}},
    })
}

fn status() -> Value {
    json!({"type": "string", "enum": ObjectStatus::names(), "description": "Whether it is in use."})
}

fn described(property: &Property, mut schema: Value) -> Value {
    schema["description"] = property.meaning.into();
    schema
}

fn nullable(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn given_value(property: &Property) -> Value {
    let reference = json!({
        "anyOf": [
            {"type": "string", "description": "Its external id, its name or its id."},
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        ],
    });
    nullable(match property.shape {
        Shape::One(_) => reference,
        Shape::Many(_) => set(reference),
        _ => value(property.shape),
    })
}

fn stored_value(property: &Property) -> Value {
    let reference = json!({"$ref": "#/components/schemas/NamedThing"});
    match property.shape {
        Shape::One(_) => reference,
        Shape::Many(_) => set(reference),
        _ => value(property.shape),
    }
}

fn set(of: Value) -> Value {
    json!({"type": "array", "items": of, "maxItems": MAX_MEMBERS})
}

/// What a property may hold that refers to nothing.
fn value(shape: Shape) -> Value {
    let words = |choices: &[(&str, &str)]| {
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        json!({"type": "string", "enum": words})
    };
    match shape {
        Shape::Text(most) | Shape::Lines(most) | Shape::Plain(most) => {
            json!({"type": "string", "maxLength": most})
        }
        Shape::Email | Shape::Sender => json!({"type": "string", "examples": ["ann@harbor.example"]}),
        Shape::Url => json!({"type": "string", "maxLength": 500, "examples": ["https://harbor.example"]}),
        Shape::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Colour => json!({"type": "string", "pattern": "^#[0-9a-f]{6}$", "examples": ["#1f6f5c"]}),
        Shape::Picture => json!({"type": "string", "examples": ["data:image/png;base64,iVBORw0KGgo="]}),
        Shape::Choice(choices) => words(choices),
        Shape::Choices(choices) => set(words(choices)),
        Shape::Words | Shape::Networks => set(json!({"type": "string"})),
        Shape::Custom => json!({"type": "object"}),
        Shape::One(_) | Shape::Many(_) | Shape::Phone | Shape::Host | Shape::Conditions | Shape::Query => {
            json!({"type": "string"})
        }
    }
}
