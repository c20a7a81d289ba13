//! Schemas of what is written out as one text. They are only there where the API is described: on the server.

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};

/// One of some words.
pub(crate) fn one_of(words: &[&str]) -> RefOr<Schema> {
    let words = words.iter().copied();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .into()
}

/// A text of a form that JSON Schema has a name for.
pub(crate) fn text(format: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .into()
}
