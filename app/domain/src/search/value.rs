//! What a value means for its field.

use super::{
    Value,
    field::{Field, Kind},
    problem::Expected,
};
use std::net::IpAddr;

/// What a value means for its field.
pub(super) fn value(
    field: Option<&Field>,
    text: String,
    prefix: bool,
    quoted: bool,
) -> Result<Value, Expected> {
    let Some(field) = field else {
        return words_of(text, prefix);
    };
    if text.is_empty() {
        // Only `field:*` gets here.
        return Ok(Value::Present);
    }
    let range = text.split_once("..").filter(|_| !quoted && !prefix);
    match field.kind() {
        Kind::Choice(choices) => choice(field, &choices(), &text, prefix),
        Kind::Ip => ip(&text, prefix, range),
        Kind::Text => match range {
            Some((from, to)) if is_open_number(from) && is_open_number(to) && from.len() + to.len() > 0 => {
                numbers(from, to)
            }
            _ => words_of(text, prefix),
        },
        Kind::Keyword | Kind::Name => Ok(Value::Text { text, prefix }),
    }
}

fn words_of(text: String, prefix: bool) -> Result<Value, Expected> {
    if super::words(&text).next().is_none() {
        return Err(Expected::Words);
    }
    Ok(Value::Text { text, prefix })
}

fn choice(field: &Field, choices: &[&'static str], text: &str, prefix: bool) -> Result<Value, Expected> {
    let wanted = text.to_lowercase().replace('-', "_");
    let known = choices
        .iter()
        .any(|choice| *choice == wanted || (prefix && choice.starts_with(&wanted)));
    if !known {
        return Err(Expected::Choice {
            field: field.name(),
            choices: choices.join(", "),
        });
    }
    Ok(Value::Text { text: wanted, prefix })
}

fn is_open_number(text: &str) -> bool {
    text.is_empty() || text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn numbers(from: &str, to: &str) -> Result<Value, Expected> {
    if let (Ok(from), Ok(to)) = (from.parse::<f64>(), to.parse::<f64>())
        && to < from
    {
        return Err(Expected::RangeInOrder);
    }
    Ok(range_of(from, to))
}

fn range_of(from: &str, to: &str) -> Value {
    let end = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Value::Range {
        from: end(from),
        to: end(to),
    }
}

fn ip(text: &str, prefix: bool, range: Option<(&str, &str)>) -> Result<Value, Expected> {
    if prefix {
        return Err(Expected::Ip);
    }
    if let Some((from, to)) = range {
        let from: IpAddr = from.parse().map_err(|_| Expected::Ip)?;
        let to: IpAddr = to.parse().map_err(|_| Expected::Ip)?;
        if from.is_ipv4() != to.is_ipv4() {
            return Err(Expected::Ip);
        }
        if to < from {
            return Err(Expected::RangeInOrder);
        }
        return Ok(range_of(&from.to_string(), &to.to_string()));
    }
    if let Some((address, bits)) = text.split_once('/') {
        let address: IpAddr = address.parse().map_err(|_| Expected::Ip)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits
            .parse()
            .ok()
            .filter(|bits| *bits <= most)
            .ok_or(Expected::Ip)?;
        return Ok(Value::Network { address, bits });
    }
    let address: IpAddr = text.parse().map_err(|_| Expected::Ip)?;
    Ok(Value::Text {
        text: address.to_canonical().to_string(),
        prefix: false,
    })
}
