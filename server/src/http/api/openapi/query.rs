//! What stands behind the `?`, and in headers that the API reads.

use crate::http::api::{dashboards, events::DEFAULT_LIMIT};
use daybook_backend::store::events::MAX_RECORDS;
use daybook_domain::{
    analytics::UsageType,
    log::{FilterField, LogKind},
    query::{MAX_VALUE_CHARS, MAX_VALUES},
    search,
};
use serde_json::json;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, RefOr, Required, Schema,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ArrayBuilder, Type},
    },
};

/// Of a list of records, page by page.
#[derive(Debug)]
pub enum Listing {}

/// Of all records of a list at once.
#[derive(Debug)]
pub enum Exporting {}

/// Of events on their way in.
#[derive(Debug)]
pub enum Receiving {}

/// Of any body on its way in.
#[derive(Debug)]
pub enum Sending {}

/// Of monthly reports.
#[derive(Debug)]
pub enum MonthlyListing {}

/// Of the lines of one.
#[derive(Debug)]
pub enum Paging {}

impl IntoParams for MonthlyListing {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let of = text()
            .enum_values(Some(UsageType::names()))
            .default(Some(json!(UsageType::General.name())))
            .examples([UsageType::General.name(), UsageType::Files.name()]);
        let month = text()
            .pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$"))
            .examples(["2026-10"]);
        vec![
            query("type", "What is counted; `courses` where their module is on.", of),
            query("month", "Only this month.", month),
        ]
    }
}

impl IntoParams for Paging {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(dashboards::MAX_LIMIT))
            .default(Some(json!(dashboards::DEFAULT_LIMIT)))
            .examples([20]);
        let cursor = "Which page: the `next_cursor` of the one before.";
        vec![
            query("limit", "How many lines a page has at most.", limit),
            query("cursor", cursor, text()),
        ]
    }
}

impl IntoParams for Listing {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MAX_RECORDS))
            .default(Some(json!(DEFAULT_LIMIT)))
            .examples([20]);
        let cursor = "Which page: the `next_cursor` of the one before.";
        let mut parameters = narrowing();
        parameters.extend([
            query("limit", "How many records a page has at most.", limit),
            query("cursor", cursor, text()),
        ]);
        parameters
    }
}

impl IntoParams for Exporting {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let format = text()
            .enum_values(Some(["jsonl", "csv"]))
            .default(Some(json!("jsonl")))
            .examples(["csv"]);
        let about = "JSON lines, as they are stored, or CSV with a line of names.";
        let mut parameters = narrowing();
        parameters.push(query("format", about, format));
        parameters
    }
}

impl IntoParams for Receiving {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let atomic = ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .default(Some(json!(false)))
            .examples([true]);
        vec![query(
            "atomic",
            "All or nothing: one that is refused refuses all.",
            atomic,
        )]
    }
}

impl IntoParams for Sending {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let coding = text().enum_values(Some(["gzip", "identity"]));
        let coding = ParameterBuilder::new()
            .name("Content-Encoding")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Whether the body is compressed. Its bounds hold for what comes out.",
            ))
            .schema(Some(coding));
        vec![coding.build()]
    }
}

/// What lists and exports are narrowed by.
///
/// The examples stand in the schemas: those of a parameter itself are typed into each form of Swagger UI, and all of them
/// together find nothing.
fn narrowing() -> Vec<Parameter> {
    let logs = LogKind::ALL.iter().map(|log| log.name()).chain(["all"]);
    let log = text()
        .enum_values(Some(logs))
        .default(Some(json!("all")))
        .examples(["activity"]);
    let q = text()
        .max_length(Some(search::MAX_BYTES))
        .examples(["action:update OR outcome:failure"]);
    let time = "RFC 3339, a day, or a span back from now: `-30m`, `-24h`, `-7d`, `-4w`.";
    let tz = text().max_length(Some(64)).examples(["Europe/Berlin"]);
    let mut parameters = vec![
        query("log", "Which log.", log),
        query(
            "q",
            "Text in the query language, such as `action:update -actor:sync-bot ip:203.0.113.0/24`.",
            q,
        ),
        query(
            "from",
            &format!("From when, inclusive. {time}"),
            text().examples(["-30d"]),
        ),
        query(
            "to",
            &format!("Until when, exclusive; a day is included. {time}"),
            text().examples(["2026-12-31"]),
        ),
        query(
            "tz",
            "The IANA time zone that days and times without an offset are of.",
            tz,
        ),
        query(
            "about",
            "The thing whose own log it is: what kind of thing, a colon, its id.",
            text().examples(["user:4711"]),
        ),
    ];
    parameters.extend(FilterField::ALL.iter().copied().map(filter));
    parameters
}

/// Values of one filter are alternatives; filters narrow each other.
fn filter(field: FilterField) -> Parameter {
    let words = field.words();
    let value = if words.is_empty() {
        text().max_length(Some(MAX_VALUE_CHARS))
    } else {
        text().enum_values(Some(words.iter().copied()))
    };
    let examples = words.first().map(|word| json!([word]));
    let values = ArrayBuilder::new()
        .items(value)
        .max_items(Some(MAX_VALUES))
        .examples(examples);
    let description = format!("{}: any of these. Repeat it for several.", field.title());
    query(field.name(), &description, values)
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn query(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}
