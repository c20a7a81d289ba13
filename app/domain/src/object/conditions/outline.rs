//! Conditions as an outline, there and back.

use super::{
    Asked, Comparison, Condition, ConditionField, FIELDS, Group, Join, MAX_COMPARED_CHARS, MAX_CONDITIONS,
    MAX_LEVELS, Test,
};
use std::fmt;

/// Spaces of a level.
const INDENT: usize = 2;

/// Why an outline can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// From 1.
    pub line: usize,
    /// A sentence.
    pub reason: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.reason)
    }
}

pub(super) fn write(group: &Group) -> String {
    let mut lines = Vec::new();
    write_group(group, 0, &mut lines);
    lines.join("\n")
}

fn write_group(group: &Group, level: usize, lines: &mut Vec<String>) {
    lines.push(indented(level, group.join.name()));
    for condition in &group.of {
        match condition {
            Condition::Group(group) => write_group(group, level + 1, lines),
            Condition::Test(test) => lines.push(indented(level + 1, &line(test))),
        }
    }
}

fn indented(level: usize, text: &str) -> String {
    format!("{}{text}", " ".repeat(level * INDENT))
}

fn line(test: &Test) -> String {
    let Test { field, is, value } = test;
    let compared = match field.asked {
        _ if !is.needs_value() => return format!("{} {is}", field.name),
        Asked::Text | Asked::Words => quoted(value),
        _ => value.clone(),
    };
    format!("{} {is} {compared}", field.name)
}

/// A text as it stands in an outline.
pub fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// A group that is being read.
struct Open {
    /// Spaces before what opened it, and before what stands in it once there is something.
    at: usize,
    inside: Option<usize>,
    line: usize,
    group: Group,
}

pub(super) fn read(text: &str) -> Result<Group, Unreadable> {
    let mut open: Vec<Open> = Vec::new();
    let mut whole = Vec::new();
    let (mut tests, mut outermost) = (0, None);
    for (line, (indent, text)) in text.lines().enumerate().map(|(at, line)| (at + 1, parts(line))) {
        let unreadable = |reason: String| Unreadable { line, reason };
        if text.is_empty() {
            continue;
        }
        close(&mut open, &mut whole, indent)?;
        let place = match open.last_mut() {
            Some(group) => *group.inside.get_or_insert(indent),
            None => *outermost.get_or_insert(indent),
        };
        if indent != place {
            return Err(unreadable(
                "What belongs together has the same spaces before it.".to_owned(),
            ));
        }
        if let Some(join) = join(text) {
            if open.len() == MAX_LEVELS {
                return Err(unreadable(too_deep()));
            }
            let group = Group { join, of: Vec::new() };
            open.push(Open {
                at: indent,
                inside: None,
                line,
                group,
            });
        } else {
            tests += 1;
            if tests > MAX_CONDITIONS {
                return Err(unreadable(format!("There can be {MAX_CONDITIONS} conditions.")));
            }
            let condition = Condition::Test(test(text).map_err(unreadable)?);
            match open.last_mut() {
                Some(open) => open.group.of.push(condition),
                None => whole.push(condition),
            }
        }
    }
    while let Some(done) = open.pop() {
        finish(done, &mut open, &mut whole)?;
    }
    if let [Condition::Group(_)] = whole.as_slice()
        && let Some(Condition::Group(group)) = whole.pop()
    {
        return Ok(group);
    }
    let unreadable = |reason: String| Err(Unreadable { line: 1, reason });
    if whole.is_empty() {
        return unreadable("There is no condition.".to_owned());
    }
    // Several that nothing joins: all of them.
    let group = Group {
        join: Join::All,
        of: whole,
    };
    if levels(&group) > MAX_LEVELS {
        return unreadable(too_deep());
    }
    Ok(group)
}

fn too_deep() -> String {
    format!("Groups can stand within each other {MAX_LEVELS} levels deep.")
}

fn levels(group: &Group) -> usize {
    let inside = group.of.iter().map(|condition| match condition {
        Condition::Group(group) => levels(group),
        Condition::Test(_) => 0,
    });
    1 + inside.max().unwrap_or_default()
}

/// The spaces before a line, and the rest of it. A tab is as much as a level.
fn parts(line: &str) -> (usize, &str) {
    let text = line.trim();
    let before = &line[..line.len() - line.trim_start().len()];
    let indent = before.chars().map(|c| if c == '\t' { INDENT } else { 1 }).sum();
    (indent, text)
}

/// Closes the groups that a line with so many spaces before it isn't part of.
fn close(open: &mut Vec<Open>, whole: &mut Vec<Condition>, indent: usize) -> Result<(), Unreadable> {
    while let Some(done) = open.pop_if(|last| indent <= last.at) {
        finish(done, open, whole)?;
    }
    Ok(())
}

fn finish(done: Open, open: &mut [Open], whole: &mut Vec<Condition>) -> Result<(), Unreadable> {
    if done.group.of.is_empty() {
        return Err(Unreadable {
            line: done.line,
            reason: format!("Nothing stands under “{}”.", done.group.join),
        });
    }
    let group = Condition::Group(done.group);
    match open.last_mut() {
        Some(outer) => outer.group.of.push(group),
        None => whole.push(group),
    }
    Ok(())
}

fn join(text: &str) -> Option<Join> {
    let text = text.trim_end_matches(':').trim_end().to_lowercase();
    Join::from_name(&text)
}

/// The rest of a text that begins with a phrase, in any case, and then ends or goes on with a space.
fn after<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(phrase.len())?;
    let fits =
        begin.eq_ignore_ascii_case(phrase) && (rest.is_empty() || rest.starts_with(char::is_whitespace));
    fits.then(|| rest.trim_start())
}

fn test(text: &str) -> Result<Test, String> {
    // By its name or its title, which may have more words; the longest that fits is meant.
    let named = FIELDS.iter().flat_map(|field| {
        let names = [field.name, field.title].into_iter();
        names.filter_map(move |name| Some((name.len(), field, after(text, name)?)))
    });
    let Some((_, field, rest)) = named.max_by_key(|(length, ..)| *length) else {
        let word: String = text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect();
        let known: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        return Err(format!(
            "“{word}” is no field. The fields are {}.",
            known.join(", ")
        ));
    };
    let compared = field
        .comparisons()
        .iter()
        .filter_map(|is| Some((*is, after(rest, is.name())?)));
    let Some((is, rest)) = compared.max_by_key(|(is, _)| is.name().len()) else {
        let known: Vec<_> = field.comparisons().iter().map(|is| is.name()).collect();
        return Err(format!(
            "After “{}” comes one of: {}.",
            field.name,
            known.join(", ")
        ));
    };
    let value = compared_with(field, is, rest)?;
    Ok(Test { field, is, value })
}

fn compared_with(field: &'static ConditionField, is: Comparison, text: &str) -> Result<String, String> {
    if !is.needs_value() {
        return if text.is_empty() {
            Ok(String::new())
        } else {
            Err(format!("Nothing comes after “{is}”."))
        };
    }
    if text.is_empty() || text == "\"\"" {
        return Err(format!("It doesn't say what “{}” is compared with.", field.title));
    }
    let text = unquoted(text)?;
    if let Some(words) = field.words() {
        let meant = words
            .iter()
            .find(|(word, title)| word.eq_ignore_ascii_case(&text) || title.eq_ignore_ascii_case(&text));
        let known = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        return match meant {
            Some((word, _)) => Ok((*word).to_owned()),
            None => Err(format!("“{}” is one of: {}.", field.title, known())),
        };
    }
    if field.asked == Asked::Number {
        let number = text.parse::<u32>();
        return number
            .map(|number| number.to_string())
            .map_err(|_| format!("“{}” is compared with a whole number.", field.title));
    }
    if text.chars().count() > MAX_COMPARED_CHARS {
        return Err(format!("This is longer than {MAX_COMPARED_CHARS} characters."));
    }
    Ok(text)
}

/// A text without its quotes, and without spaces at its ends.
fn unquoted(text: &str) -> Result<String, String> {
    let Some(inside) = text.strip_prefix('"') else {
        return Ok(text.to_owned());
    };
    let mut plain = String::new();
    let mut chars = inside.chars();
    loop {
        match chars.next() {
            Some('\\') => plain.extend(chars.next()),
            Some('"') => break,
            Some(c) => plain.push(c),
            None => return Err("The quotes aren't closed.".to_owned()),
        }
    }
    if !chars.as_str().trim().is_empty() {
        return Err("Something stands behind the closing quotes.".to_owned());
    }
    let plain = plain.trim();
    if plain.is_empty() {
        return Err("There is nothing between the quotes.".to_owned());
    }
    Ok(plain.to_owned())
}
