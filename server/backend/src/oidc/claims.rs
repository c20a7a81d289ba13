//! What a provider says about somebody, as Daybook takes it.

use super::{Identity, Ids};
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) type Claims = Map<String, Value>;

/// Names that are told of what came, and characters of each: all have to fit into one record.
const NAMES: usize = 60;
const NAME: usize = 64;
/// Characters of an id.
const ID: usize = 128;
/// Characters of a text. What is longer is left out: a part of it could be the name of another role.
const LONG: usize = 512;
/// Texts that are kept of all claims. Microsoft names 200 groups at most, Keycloak all roles.
const TEXTS: usize = 1_000;
/// How deep claims lie within another: Keycloak's roles are in `resource_access.NAME.roles`.
const DEEPEST: usize = 3;
/// Octets of an address (RFC 5321, 4.5.3.1.3).
const EMAIL: usize = 254;
/// Characters of a subject (OpenID Connect Core 1.0, 2).
const SUBJECT: usize = 255;
/// What is about the token and not about the person.
const OF_THE_TOKEN: [&str; 12] = [
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "c_hash",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "s_hash",
];
/// Headers by which providers and what stands before them name a request.
const OF_REQUESTS: [&str; 8] = [
    "cf-ray",
    "request-id",
    "x-amzn-requestid",
    "x-correlation-id",
    "x-ms-request-id",
    "x-okta-request-id",
    "x-request-id",
    "x-trace-id",
];

/// Whom an ID token is about; `None` without a subject that can be kept.
pub(super) fn identity(token: &Claims, details: Option<&Claims>) -> Option<Identity> {
    let subject = text(token, "sub").filter(|subject| subject.chars().count() <= SUBJECT)?;
    // Whether it is verified is said by who says which it is.
    let sources = [Some(token), details];
    let told = sources
        .into_iter()
        .flatten()
        .find_map(|claims| Some((email(claims)?, is_verified(claims))));
    let (email, email_verified) = told.map_or((None, false), |(email, is)| (Some(email), is));
    Some(Identity {
        subject: subject.to_owned(),
        email,
        email_verified,
        name: name(token).or_else(|| details.and_then(name)),
        claims: gathered(token, details),
    })
}

/// A text that is one.
fn text<'c>(claims: &'c Claims, name: &str) -> Option<&'c str> {
    let text = claims.get(name)?.as_str()?;
    let is_one = !text.trim().is_empty() && !text.chars().any(char::is_control);
    is_one.then_some(text)
}

fn email(claims: &Claims) -> Option<String> {
    let email = text(claims, "email")?.trim();
    let is_one = email.len() <= EMAIL && email.contains('@') && !email.contains(char::is_whitespace);
    is_one.then(|| email.to_owned())
}

/// Some write it as a text.
fn is_verified(claims: &Claims) -> bool {
    match claims.get("email_verified") {
        Some(Value::Bool(is)) => *is,
        Some(Value::String(said)) => said == "true",
        _ => false,
    }
}

fn name(claims: &Claims) -> Option<String> {
    let parts = ["given_name", "family_name"].map(|part| text(claims, part));
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = text(claims, "name").map_or(joined, str::to_owned);
    let name: String = name.trim().chars().take(LONG).collect();
    (!name.is_empty()).then_some(name)
}

/// The names of claims, which tell what came without telling it.
pub(super) fn names(claims: &Claims) -> Vec<String> {
    claims.keys().take(NAMES).map(|name| shown(name, NAME)).collect()
}

pub(super) fn cut(id: &str) -> String {
    shown(id, ID)
}

fn shown(text: &str, most: usize) -> String {
    let letters = text.chars().filter(|letter| !letter.is_control());
    letters.take(most).collect()
}

/// Names and texts, for who maps them to roles. What the ID token says isn't said anew by the details.
fn gathered(token: &Claims, details: Option<&Claims>) -> BTreeMap<String, Vec<String>> {
    let mut room = TEXTS;
    let mut gathered = BTreeMap::new();
    let others = details.into_iter().flatten();
    let others = others.filter(|(name, _)| !token.contains_key(*name));
    for (name, value) in token.iter().chain(others) {
        if !OF_THE_TOKEN.contains(&name.as_str()) {
            gather(&mut gathered, &mut room, name, value, DEEPEST);
        }
    }
    gathered
}

fn gather(
    into: &mut BTreeMap<String, Vec<String>>,
    room: &mut usize,
    name: &str,
    value: &Value,
    deeper: usize,
) {
    match value {
        Value::Object(within) if deeper > 0 => {
            for (part, value) in within {
                gather(into, room, &format!("{name}.{part}"), value, deeper - 1);
            }
        }
        Value::Array(values) => {
            for value in values
                .iter()
                .filter(|value| !value.is_array() && !value.is_object())
            {
                gather(into, room, name, value, 0);
            }
        }
        value => {
            let fits = |text: &str| text.chars().count() <= LONG;
            if let Some(text) = plain(value).filter(|text| *room > 0 && fits(text) && fits(name)) {
                *room -= 1;
                into.entry(name.to_owned()).or_default().push(text);
            }
        }
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Ids {
    /// Those that stand in an ID token.
    pub(super) fn of_token(&mut self, claims: &Claims) {
        let id = |name| text(claims, name).map(cut);
        self.sid = id("sid");
        self.jti = id("jti");
        self.tid = id("tid");
        self.oid = id("oid");
    }

    /// Those by which an answer names its request.
    pub(super) fn of_headers(&mut self, headers: &HeaderMap) {
        for name in OF_REQUESTS {
            let id = headers.get(name).and_then(|id| id.to_str().ok());
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                self.requests.insert(name.to_owned(), cut(id));
            }
        }
    }

    /// Those that Microsoft puts beside an error.
    pub(super) fn of_error(&mut self, said: &Claims) {
        for name in ["correlation_id", "trace_id"] {
            if let Some(id) = text(said, name) {
                self.requests.insert(name.to_owned(), cut(id));
            }
        }
    }
}
