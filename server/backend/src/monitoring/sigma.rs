//! Sigma rules: a public format for what to look for in logs (<https://sigmahq.io>). Somebody writes or pastes one; here it is
//! held to what can be looked at quickly for every record, and said where it is wrong.
//!
//! Field names are those of a record's JSON. Beside them `target` is the first of `targets`, and `changes.<property>.before` and
//! `.after` are what a property was and is. What its `logsource` says is for people: it isn't looked at.

use super::rules::{Finding, Subject};
use daybook_domain::{
    Error as Told,
    event::Event,
    monitoring::{MAX_SIGMA_BYTES, Severity},
};
use serde_json::{Map, Value, json};
use serde_norway::Value as Yaml;
use sigma_rust::{Rule, rule_from_yaml};
use std::fmt;

/// Most values of a rule: each may be compared with each record.
const MAX_VALUES: usize = 500;
/// Most regular expressions, and the longest. They are run in linear time.
const MAX_REGEXES: usize = 10;
const MAX_REGEX_CHARS: usize = 200;
/// Most stars in a value: each is one more place to try from.
const MAX_STARS: usize = 4;
const MAX_CONDITION_CHARS: usize = 500;
const MAX_TITLE_CHARS: usize = 120;
/// The field of the form.
const FIELD: &str = "sigma";

pub(super) struct Sigma {
    pub title: String,
    pub severity: Severity,
    pub description: String,
    rule: Rule,
}

impl fmt::Debug for Sigma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sigma({})", self.title)
    }
}

fn refused(line: Option<usize>, reason: &str) -> Told {
    let reason = reason.trim_end_matches('.');
    Told::invalid(
        FIELD,
        match line {
            Some(line) => format!("Line {line}: {reason}."),
            None => format!("{reason}."),
        },
    )
}

/// The first line that has a text, from 1 on.
fn line_of(text: &str, part: &str) -> Option<usize> {
    let place = text.lines().position(|line| line.contains(part))?;
    Some(place + 1)
}

/// The line that a message of the parser is about: the one it names, or the one with what it quotes.
fn about(text: &str, error: &serde_norway::Error) -> (Option<usize>, String) {
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or(&said).to_owned();
    if let Some(at) = error.location()
        && said.contains(" at line ")
    {
        return (Some(at.line()), reason);
    }
    let quoted = said.split(['\'', '"', '`']).skip(1).step_by(2);
    let line = quoted
        .filter(|part| part.len() > 1)
        .find_map(|part| line_of(text, part));
    let within = match () {
        () if said.contains("regular expression") => "|re",
        () if said.contains("ondition") || said.contains("operator") || said.contains("parenthesis") => {
            "condition:"
        }
        () => "detection:",
    };
    (line.or_else(|| line_of(text, within)).or(Some(1)), reason)
}

impl Sigma {
    /// Reads and checks a rule.
    ///
    /// # Errors
    /// `Invalid{field: "sigma"}` with the line and the reason.
    pub fn read(text: &str) -> Result<Self, Told> {
        if text.trim().is_empty() {
            return Err(refused(None, "Paste a Sigma rule, in YAML"));
        }
        if text.len() > MAX_SIGMA_BYTES {
            return Err(refused(
                None,
                &format!("A rule has at most {MAX_SIGMA_BYTES} bytes"),
            ));
        }
        let wrong = |error: serde_norway::Error| {
            let (line, reason) = about(text, &error);
            refused(line, &reason)
        };
        let yaml: Yaml = serde_norway::from_str(text).map_err(wrong)?;
        let detection = yaml.get("detection");
        let Some(Yaml::Mapping(detection)) = detection else {
            return Err(refused(
                Some(1),
                "There is no detection: the part that says what to look for",
            ));
        };
        let condition = detection.get("condition").and_then(Yaml::as_str);
        let condition = condition.ok_or_else(|| {
            let reason = "The detection has no condition, or one that isn’t a text";
            refused(line_of(text, "detection:"), reason)
        })?;
        if condition.len() > MAX_CONDITION_CHARS {
            let reason = format!("A condition has at most {MAX_CONDITION_CHARS} characters");
            return Err(refused(line_of(text, "condition:"), &reason));
        }
        if condition.contains('|') || detection.contains_key("timeframe") {
            let reason = "Counting within a timeframe isn’t supported: a rule looks at one record at a time";
            let line = line_of(text, "timeframe:").or_else(|| line_of(text, "condition:"));
            return Err(refused(line, reason));
        }
        let mut size = Size::default();
        for (name, value) in detection {
            size.add(text, name.as_str().unwrap_or_default(), value)?;
        }
        let rule = rule_from_yaml(text).map_err(wrong)?;
        let title = rule.title.trim();
        if title.is_empty() || title.chars().count() > MAX_TITLE_CHARS || title.chars().any(char::is_control)
        {
            let reason = format!("A title has 1 to {MAX_TITLE_CHARS} characters");
            return Err(refused(line_of(text, "title:"), &reason));
        }
        let severity = yaml.get("level").and_then(Yaml::as_str);
        let description = rule.description.clone().unwrap_or_default();
        Ok(Self {
            title: title.to_owned(),
            severity: severity.and_then(Severity::from_name).unwrap_or(match severity {
                Some("informational") => Severity::Low,
                _ => Severity::Medium,
            }),
            description: description.trim().chars().take(1_000).collect(),
            rule,
        })
    }

    pub fn matches(&self, told: &sigma_rust::Event) -> bool {
        self.rule.is_match(told)
    }

    pub fn found(&self, event: &Event) -> Finding {
        let summary = event.body.summary.clone();
        let summary = summary.unwrap_or_else(|| event.body.event_type.clone());
        Finding {
            subject: Subject {
                key: format!("{}:{}", event.body.actor.kind, event.body.actor.key()),
                kind: event.body.actor.kind.name().to_owned(),
                id: event.body.actor.id.clone(),
                name: event.body.actor.label(),
            },
            summary: format!("{}: {summary}", self.title).chars().take(1_000).collect(),
            at: event.body.occurred_at,
            records: vec![event.sequence],
        }
    }
}

/// How much there is to compare.
#[derive(Debug, Default)]
struct Size {
    values: usize,
    regexes: usize,
}

impl Size {
    /// `name` is of the field whose value it is.
    fn add(&mut self, text: &str, name: &str, value: &Yaml) -> Result<(), Told> {
        match value {
            Yaml::Sequence(all) => all.iter().try_for_each(|of| self.add(text, name, of)),
            Yaml::Mapping(all) => {
                let mut all = all.iter();
                all.try_for_each(|(name, of)| self.add(text, name.as_str().unwrap_or_default(), of))
            }
            Yaml::Tagged(_) => Err(refused(line_of(text, "!"), "Tags aren’t supported")),
            Yaml::String(value) => self.add_text(text, name, value),
            _ => self.add_text(text, name, ""),
        }
    }

    fn add_text(&mut self, text: &str, name: &str, value: &str) -> Result<(), Told> {
        let line = line_of(text, name);
        self.values += 1;
        if self.values > MAX_VALUES {
            let reason = format!("There are more than {MAX_VALUES} values to compare with");
            return Err(refused(line, &reason));
        }
        let mut modifiers = name.split('|').skip(1);
        if modifiers.any(|modifier| modifier == "re") {
            self.regexes += 1;
            if self.regexes > MAX_REGEXES {
                let reason = format!("There are more than {MAX_REGEXES} regular expressions");
                return Err(refused(line, &reason));
            }
            if value.chars().count() > MAX_REGEX_CHARS {
                let reason = format!("A regular expression has at most {MAX_REGEX_CHARS} characters");
                return Err(refused(line, &reason));
            }
        } else if value.matches('*').count() > MAX_STARS {
            let reason = format!("A value has at most {MAX_STARS} stars");
            return Err(refused(line_of(text, value).or(line), &reason));
        }
        Ok(())
    }
}

/// An event as Sigma rules see it.
pub(super) fn told(event: &Event) -> sigma_rust::Event {
    let Ok(Value::Object(mut record)) = serde_json::to_value(&event.body) else {
        return sigma_rust::Event::default();
    };
    if let Some(Value::Array(targets)) = record.get("targets")
        && let Some(first) = targets.first().cloned()
    {
        record.insert("target".to_owned(), first);
    }
    let changes = event.body.changes.iter().filter(|change| !change.secret);
    let changes: Map<String, Value> = changes
        .map(|change| {
            let value = json!({"before": plain(&change.before), "after": plain(&change.after)});
            (change.property.clone(), value)
        })
        .collect();
    record.insert("changes".to_owned(), Value::Object(changes));
    sigma_rust::Event::try_from(Value::Object(record)).unwrap_or_default()
}

/// Lists and objects as one text: rules compare texts.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) => Value::String(value.to_string()),
        other => other.clone(),
    }
}
