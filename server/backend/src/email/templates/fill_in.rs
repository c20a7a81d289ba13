//! Filling in what stands between braces, within bounds: a wording is typed by somebody, and must not be able to take the
//! process down. There are no includes, no files, no filters and no functions to call.

use super::{BuiltIn, LINK};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
};

/// What a wording may cost: about so many steps, or 64 times as many bytes of memory.
const FUEL: u64 = 10_000;
/// How deep it may be nested. Each level takes some of the stack.
const DEPTH: usize = 50;
/// Longest text once it is filled in, in bytes.
pub(super) const MAX_BYTES: usize = 100_000;
/// Longest subject once it is filled in, in characters. Longer ones are cut.
pub(super) const MAX_LINE: usize = 250;

/// What is wrong with a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// From 1 on.
    line: Option<usize>,
    reason: String,
}

impl Mistake {
    fn new(reason: String) -> Self {
        Self { line: None, reason }
    }

    fn of(error: &Error) -> Self {
        let detail = error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned);
        let reason = match error.kind() {
            ErrorKind::OutOfFuel => "this takes too much to fill in".to_owned(),
            ErrorKind::UndefinedError => "this has no value".to_owned(),
            ErrorKind::WriteFailure => format!("this becomes longer than {MAX_BYTES} characters"),
            _ => detail,
        };
        Self {
            line: error.line(),
            reason: format!("{}.", reason.trim_end_matches('.')),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Line {line}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// What is filled in.
#[derive(Debug, Clone)]
pub(super) struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// All variables of a template; those that aren't given are empty.
    pub(super) fn of(template: &BuiltIn, given: &[(&'static str, &str)]) -> Self {
        let value = |name: &str| {
            given
                .iter()
                .find(|(given, _)| *given == name)
                .map(|(_, value)| *value)
        };
        let values = template.variables.iter();
        Self(
            values
                .map(|variable| (variable.name, value(variable.name).unwrap_or_default().to_owned()))
                .collect(),
        )
    }

    pub(super) fn samples(template: &BuiltIn) -> Self {
        let samples = template.variables.iter();
        Self(
            samples
                .map(|variable| (variable.name, variable.sample.to_owned()))
                .collect(),
        )
    }

    /// Values as nobody expects them, with a link that no sample has.
    pub(super) fn others(template: &BuiltIn, text: &str) -> Self {
        let values = template.variables.iter().map(|variable| {
            let value = if variable.name == LINK {
                "https://other.example/5f0c1d9e"
            } else {
                text
            };
            (variable.name, value.to_owned())
        });
        Self(values.collect())
    }

    pub(super) fn link(&self) -> &str {
        self.0.get(LINK).map_or("", String::as_str)
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    environment
}

/// Refuses what can't be read, and variables that aren't there. `offers` says which of them may stand here.
pub(super) fn known(template: &BuiltIn, source: &str, offers: impl Fn(&str) -> bool) -> Result<(), Mistake> {
    let environment = environment();
    let parsed = environment
        .template_from_str(source)
        .map_err(|error| Mistake::of(&error))?;
    let there: Vec<_> = template.variables.iter().map(|variable| variable.name).collect();
    let there: Vec<_> = there.into_iter().filter(|name| offers(name)).collect();
    let used: BTreeSet<_> = parsed.undeclared_variables(false).into_iter().collect();
    let Some(unknown) = used.iter().find(|name| !there.contains(&name.as_str())) else {
        return Ok(());
    };
    Err(Mistake::new(format!(
        "There is no “{unknown}” here. There are: {}.",
        there.join(", ")
    )))
}

/// A text as it is sent.
pub(super) fn text(source: &str, values: &Values) -> Result<String, Mistake> {
    let environment = environment();
    let template = environment.template_from_str(source);
    let mut written = Bounded(Vec::new());
    template
        .and_then(|template| template.render_captured_to(&values.0, &mut written).map(|_| ()))
        .map_err(|error| Mistake::of(&error))?;
    let text = String::from_utf8(written.0).map_err(|error| Mistake::new(error.to_string()))?;
    // No database takes every character.
    let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    Ok(text.trim().chars().filter(plain).collect())
}

/// The same for what stands on one line.
pub(super) fn line(source: &str, values: &Values) -> Result<String, Mistake> {
    let text = text(source, values)?;
    let words: Vec<_> = text.split_whitespace().collect();
    Ok(words.join(" ").chars().take(MAX_LINE).collect())
}

/// Takes no more than it may.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BYTES {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
