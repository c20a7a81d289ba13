//! A property of a thing: what it may hold, and how what comes in becomes that.
//!
//! One value has one form, whichever way it came (a form, a file, the API): texts are trimmed, sets are sorted and hold
//! nothing twice, references are ids, and what is empty isn't there. So comparing two values is comparing JSON.

use super::{
    ObjectKind,
    conditions::{Conditions, Unreadable},
    custom,
};
use crate::{email::address, id::ObjectId, search};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The properties that have a value, by name.
pub type Values = BTreeMap<String, Value>;

/// Members of a set.
pub const MAX_MEMBERS: usize = 200;
/// Longest member of a set of words, in characters.
const MAX_WORD_CHARS: usize = 100;
/// The most that a value may weigh as JSON, in bytes: a record holds it twice.
pub const MAX_VALUE_BYTES: usize = 24_000;
/// RFC 1035, 2.3.4.
const MAX_HOST_CHARS: usize = 253;
/// Longest phone number, in characters.
pub const MAX_PHONE_CHARS: usize = 50;
/// Longest picture as it is written, in characters: 16 KB of bytes.
pub const MAX_PICTURE_CHARS: u16 = 22_000;
/// The pictures that every browser shows, by their media types.
const PICTURES: [&str; 4] = ["png", "jpeg", "webp", "svg+xml"];
/// Longest outline of conditions, in characters.
const MAX_OUTLINE_CHARS: usize = 60_000;
/// Terms of a query that every record is held against.
const MAX_QUERY_TERMS: usize = 20;
/// RFC 5321, 4.5.3.1.3, without the brackets.
const MAX_EMAIL_CHARS: usize = 254;

/// What a property may hold, and its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of text, at most so many characters: a string.
    Text(u16),
    /// Text with lines, at most so many characters: a string.
    Lines(u16),
    /// An address as RFC 5321 has it, as it was written: a string.
    Email,
    /// An address that mail can be sent from, in the form in which every mail server takes it: a string.
    Sender,
    /// Digits with what people write between them: a string.
    Phone,
    /// An address of the web, `https://…` or `http://…`: a string.
    Url,
    /// `#rrggbb`, in lower case: a string.
    Colour,
    /// A small picture as a `data:` address (RFC 2397): a string.
    Picture,
    /// The name of a machine, or its IP address: a string.
    Host,
    /// A plain name, as folders and indices have it, at most so many characters: a string.
    Plain(u16),
    /// A whole number from and to: a number.
    Number(i64, i64),
    /// Yes, or nothing: `true`, or not there.
    Flag,
    /// One of some words with their titles: a string.
    Choice(&'static [(&'static str, &'static str)]),
    /// Any of them: an array of strings in order.
    Choices(&'static [(&'static str, &'static str)]),
    /// Free words, such as tags: an array of strings in order.
    Words,
    /// IP networks in CIDR notation (RFC 4632): an array of strings in order.
    Networks,
    /// One thing of a kind: its id as a string.
    One(ObjectKind),
    /// Any number of them: an array of ids in order.
    Many(ObjectKind),
    /// When a rule holds: the outline of [`Conditions`], a string.
    Conditions,
    /// Records, in the query language ([`crate::search`]): a string.
    Query,
    /// Whatever the workspace keeps beyond: an object of any JSON.
    Custom,
}

/// One property of a kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    /// In JSON, forms, the API and records.
    pub name: &'static str,
    pub title: &'static str,
    pub shape: Shape,
    /// One sentence on what it is; the catalogue and the API show it.
    pub meaning: &'static str,
    /// Under the field of the form, where the title doesn't say enough.
    pub hint: Option<&'static str>,
    pub required: bool,
    /// The variants that have it (see [`KindSpec::variant`](super::KindSpec::variant)); none for all.
    pub only: &'static [&'static str],
    /// Whether it is refused that a thing comes back to itself by what it refers to: A to B, B to A.
    pub acyclic: bool,
}

impl Property {
    pub(super) const fn new(
        name: &'static str,
        title: &'static str,
        shape: Shape,
        meaning: &'static str,
    ) -> Self {
        Self {
            name,
            title,
            shape,
            meaning,
            hint: None,
            required: false,
            only: &[],
            acyclic: false,
        }
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// See the field.
    pub(super) const fn only(mut self, variants: &'static [&'static str]) -> Self {
        self.only = variants;
        self
    }

    /// See the field.
    pub(super) const fn acyclic(mut self) -> Self {
        self.acyclic = true;
        self
    }

    pub(super) const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Whether lists can be narrowed to some of its values.
    pub fn is_filter(&self) -> bool {
        matches!(
            self.shape,
            Shape::Flag
                | Shape::Choice(_)
                | Shape::Choices(_)
                | Shape::Words
                | Shape::One(_)
                | Shape::Many(_)
        )
    }

    /// Whether every thing of the kind must have it. Where only some variants have it, [`KindSpec::whole`] says whether one
    /// must.
    ///
    /// [`KindSpec::whole`]: super::KindSpec::whole
    pub fn is_always_required(&self) -> bool {
        self.required && self.only.is_empty()
    }

    /// Whether a thing of a variant has it.
    pub fn fits(&self, variant: Option<&str>) -> bool {
        self.only.is_empty() || variant.is_some_and(|variant| self.only.contains(&variant))
    }

    /// Whether it may hold several values.
    pub fn is_set(&self) -> bool {
        matches!(
            self.shape,
            Shape::Choices(_) | Shape::Words | Shape::Networks | Shape::Many(_) | Shape::Custom
        )
    }

    /// The kind of the things it refers to.
    pub fn refers_to(&self) -> Option<ObjectKind> {
        match self.shape {
            Shape::One(kind) | Shape::Many(kind) => Some(kind),
            _ => None,
        }
    }

    /// The value of what was typed: one text, or the members of a set. `None` where nothing was.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(&self, typed: &[String]) -> Result<Option<Value>, String> {
        let mut given = typed
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty());
        let value = match self.shape {
            Shape::Choices(_) | Shape::Many(_) => given.map(Value::from).collect(),
            Shape::Words => members(given, |c| c == ',' || c == '\n'),
            Shape::Networks => members(given, |c: char| c == ',' || c.is_whitespace()),
            Shape::Custom => custom::lines(given)?,
            // The spaces before its lines mean something.
            Shape::Conditions => typed.last().map_or(Value::Null, |text| text.as_str().into()),
            Shape::Flag => given.next_back().map_or(Value::Null, |text| match text {
                "true" | "on" | "yes" | "1" => Value::Bool(true),
                "false" | "no" | "0" => Value::Null,
                other => Value::from(other),
            }),
            Shape::Number(..) => given.next_back().map_or(Value::Null, |text| {
                text.parse::<i64>()
                    .map_or_else(|_| Value::from(text), Value::from)
            }),
            _ => given.next_back().map_or(Value::Null, Value::from),
        };
        self.check(&value)
    }

    /// The value in its one form. `None` where it holds nothing.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn check(&self, value: &Value) -> Result<Option<Value>, String> {
        let checked = match self.shape {
            Shape::Text(most) => text(value, most.into())?
                .map(|text| one_line(&text))
                .transpose()?,
            Shape::Lines(most) => lines(value, most.into())?,
            Shape::Email => text(value, MAX_EMAIL_CHARS)?
                .map(|text| email(&text))
                .transpose()?,
            Shape::Sender => text(value, MAX_EMAIL_CHARS)?
                .map(|text| sender(&text).map(Value::from))
                .transpose()?,
            Shape::Phone => text(value, MAX_PHONE_CHARS)?
                .map(|text| phone(&text))
                .transpose()?,
            Shape::Url => text(value, 500)?.map(|text| url(&text)).transpose()?,
            Shape::Colour => text(value, 7)?.map(|text| colour(&text)).transpose()?,
            Shape::Picture => text(value, MAX_PICTURE_CHARS.into())?
                .map(|text| picture(&text))
                .transpose()?,
            Shape::Host => text(value, MAX_HOST_CHARS)?.map(|text| host(&text)).transpose()?,
            Shape::Plain(most) => text(value, most.into())?.map(|text| plain(&text)).transpose()?,
            Shape::Number(least, most) => number(value, least, most)?,
            Shape::Flag => match value {
                Value::Null | Value::Bool(false) => None,
                Value::Bool(true) => Some(Value::Bool(true)),
                _ => return Err("This is neither true nor false.".to_owned()),
            },
            Shape::Choice(words) => text(value, MAX_WORD_CHARS)?
                .map(|word| chosen(&word, words))
                .transpose()?,
            Shape::Choices(words) => set(value, |member| chosen(&member, words))?,
            Shape::Words => set(value, |member| one_line(&member))?,
            Shape::Networks => set(value, |member| network(&member))?,
            Shape::One(_) => text(value, 36)?.map(|id| reference(&id)).transpose()?,
            Shape::Many(_) => set(value, |member| reference(&member))?,
            Shape::Conditions => conditions(value)?,
            Shape::Query => text(value, search::MAX_BYTES)?
                .map(|text| query(&text))
                .transpose()?,
            Shape::Custom => custom::all(value)?,
        };
        let may_be_large = matches!(self.shape, Shape::Lines(_) | Shape::Words | Shape::Conditions);
        let bytes = checked.as_ref().filter(|_| may_be_large);
        let bytes = bytes.map_or(0, |value| value.to_string().len());
        if bytes > MAX_VALUE_BYTES {
            return Err(format!(
                "This weighs {bytes} bytes, more than the {MAX_VALUE_BYTES} a record can tell of."
            ));
        }
        if checked.is_none() && self.is_always_required() {
            return Err("This is required.".to_owned());
        }
        Ok(checked)
    }

    /// The value's parts as texts: what stands in a form, a file and a list's filter.
    pub fn texts(&self, value: Option<&Value>) -> Vec<String> {
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(members)) => members
                .iter()
                .filter_map(|member| member.as_str().map(str::to_owned))
                .collect(),
            Some(Value::Object(map)) => map
                .iter()
                .map(|(name, value)| custom::line(name, value))
                .collect(),
            Some(other) => vec![other.to_string()],
        }
    }

    /// The things a value refers to.
    pub fn references(&self, value: Option<&Value>) -> Vec<ObjectId> {
        if self.refers_to().is_none() {
            return Vec::new();
        }
        let texts = self.texts(value);
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// What a person reads for a word of a choice.
    pub fn title_of(&self, word: &str) -> Option<&'static str> {
        match self.shape {
            Shape::Choice(words) | Shape::Choices(words) => words
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, title)| *title),
            Shape::Flag => Some(if word == "true" { "Yes" } else { "No" }),
            _ => None,
        }
    }
}

fn colour(text: &str) -> Result<Value, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase().into())
    } else {
        Err("This is not a colour such as #1f6f5c.".to_owned())
    }
}

/// Shown as an image, where an SVG can neither run scripts nor load anything.
fn picture(text: &str) -> Result<Value, String> {
    let data = PICTURES.iter().find_map(|kind| {
        let rest = text.strip_prefix("data:image/")?.strip_prefix(kind)?;
        rest.strip_prefix(";base64,")
    });
    match data {
        Some(data) if BASE64_STANDARD.decode(data).is_ok_and(|bytes| !bytes.is_empty()) => Ok(text.into()),
        _ => Err("This is not a picture such as data:image/png;base64,…".to_owned()),
    }
}

/// A text that isn't empty.
fn text(value: &Value, most: usize) -> Result<Option<String>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim(),
        _ => return Err("This is not a text.".to_owned()),
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > most {
        return Err(format!("This is longer than {most} characters."));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err("This holds characters that can't be shown.".to_owned());
    }
    Ok(Some(text.to_owned()))
}

/// A browser ends each line by two characters: one is meant.
fn lines(value: &Value, most: usize) -> Result<Option<Value>, String> {
    let value = match value {
        Value::String(text) => text.replace("\r\n", "\n").into(),
        other => other.clone(),
    };
    Ok(text(&value, most)?.map(Value::from))
}

fn one_line(text: &str) -> Result<Value, String> {
    if text.contains(['\n', '\r', '\t']) {
        return Err("This has more than one line.".to_owned());
    }
    Ok(text.into())
}

fn conditions(value: &Value) -> Result<Option<Value>, String> {
    let Some(outline) = text(value, MAX_OUTLINE_CHARS)? else {
        return Ok(None);
    };
    // Without its lines' own spaces it would mean something else.
    let outline = value.as_str().unwrap_or(&outline);
    let conditions: Conditions = outline.parse().map_err(|error: Unreadable| error.to_string())?;
    Ok(Some(conditions.to_string().into()))
}

fn query(text: &str) -> Result<Value, String> {
    let problem = match search::parse(text) {
        Ok(Some(query)) if query.terms() > MAX_QUERY_TERMS => {
            return Err(format!("This has more than {MAX_QUERY_TERMS} terms."));
        }
        Ok(_) => return one_line(text),
        Err(problem) => problem,
    };
    let place = text
        .get(..problem.at.start)
        .map(|before| before.chars().count() + 1);
    Err(match place {
        Some(place) => format!("{problem} (at character {place})."),
        None => format!("{problem}."),
    })
}

fn number(value: &Value, least: i64, most: i64) -> Result<Option<Value>, String> {
    if value.is_null() {
        return Ok(None);
    }
    match value.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(Some(number.into())),
        _ => Err(format!("This is not a whole number from {least} to {most}.")),
    }
}

fn email(text: &str) -> Result<Value, String> {
    let fits = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"@".contains(c))
    };
    match text.rsplit_once('@') {
        Some((local, domain)) if fits(local) && fits(domain) && domain.contains('.') => Ok(text.into()),
        _ => Err("This is not an email address such as mara@northdesk.example.".to_owned()),
    }
}

/// An address that mail can be sent from, in lower case: a mailbox of RFC 5321 (4.1.2) without quoted parts, address
/// literals or letters that only some servers take.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn sender(typed: &str) -> Result<String, String> {
    let address = address(typed)?;
    let atom = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        !part.is_empty() && part.chars().all(fits)
    };
    let label = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&part.len())
            && part.chars().all(fits)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    match address.rsplit_once('@') {
        Some((local, domain))
            if local.split('.').all(atom) && domain.contains('.') && domain.split('.').all(label) =>
        {
            Ok(address)
        }
        _ => Err("Nothing can be sent from such an address.".to_owned()),
    }
}

/// A phone number as it is kept; `None` for a text without one.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn phone_number(typed: &str) -> Result<Option<String>, String> {
    let Some(number) = text(&typed.into(), MAX_PHONE_CHARS)? else {
        return Ok(None);
    };
    phone(&number)?;
    Ok(Some(number))
}

fn phone(text: &str) -> Result<Value, String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+-/(). #*,;".contains(c));
    if digits >= 3 && fits {
        Ok(text.into())
    } else {
        Err("This is not a phone number.".to_owned())
    }
}

fn url(text: &str) -> Result<Value, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let fits = |host: &str| !host.is_empty() && !host.contains(['@', '<', '>', '"', '\'', '\\']);
    if host.is_some_and(fits) && !text.contains(char::is_whitespace) {
        Ok(text.into())
    } else {
        Err("This is not an address that begins with https:// or http://.".to_owned())
    }
}

fn host(text: &str) -> Result<Value, String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let is_name = text.split('.').all(|label| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    });
    if bare.parse::<IpAddr>().is_ok() {
        Ok(bare.into())
    } else if is_name {
        Ok(text.to_ascii_lowercase().into())
    } else {
        Err("This is not the name of a machine, such as logs.example.com, or an IP address.".to_owned())
    }
}

fn plain(text: &str) -> Result<Value, String> {
    let begins = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if begins
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    {
        Ok(text.into())
    } else {
        Err("This is not a plain name: letters and digits, and “-”, “_” and “.” between them.".to_owned())
    }
}

fn chosen(word: &str, words: &[(&str, &str)]) -> Result<Value, String> {
    if words.iter().any(|(known, _)| *known == word) {
        return Ok(word.into());
    }
    let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
    Err(format!("“{word}” is none of {}.", known.join(", ")))
}

fn reference(id: &str) -> Result<Value, String> {
    match id.parse::<ObjectId>() {
        Ok(id) => Ok(id.to_string().into()),
        Err(_) => Err(format!("“{id}” is no id.")),
    }
}

fn network(text: &str) -> Result<Value, String> {
    let (ip, bits) = text
        .split_once('/')
        .map_or((text, None), |(ip, bits)| (ip, Some(bits)));
    let most = |ip: IpAddr| if ip.is_ipv4() { 32 } else { 128 };
    let network = ip.parse::<IpAddr>().ok().and_then(|ip| {
        let bits = bits.map_or(Some(most(ip)), |bits| bits.parse::<u8>().ok())?;
        (bits <= most(ip)).then(|| format!("{ip}/{bits}").into())
    });
    network.ok_or_else(|| format!("“{text}” is no IP address or network, such as 203.0.113.0/24."))
}

/// A set in its order, none of its members twice.
fn set(value: &Value, member: impl Fn(String) -> Result<Value, String>) -> Result<Option<Value>, String> {
    let members = match value {
        Value::Null => return Ok(None),
        Value::Array(members) => members,
        _ => return Err("This is not a list.".to_owned()),
    };
    let mut checked = BTreeSet::new();
    for value in members {
        let Some(text) = text(value, MAX_WORD_CHARS)? else {
            continue;
        };
        if let Value::String(text) = member(text)? {
            checked.insert(text);
        }
    }
    if checked.len() > MAX_MEMBERS {
        return Err(format!("This has more than {MAX_MEMBERS} entries."));
    }
    Ok((!checked.is_empty()).then(|| checked.into_iter().collect()))
}

/// Texts, each of which may hold several.
fn members<'a>(texts: impl Iterator<Item = &'a str>, between: impl Fn(char) -> bool + Copy) -> Value {
    texts
        .flat_map(|text| text.split(between))
        .map(Value::from)
        .collect()
}
