//! What a property can hold, how it is at first and what somebody changes it to.

use crate::demo::{
    data::{
        conversations::{PRIORITIES, TAGS},
        templates::LINES,
    },
    dice::Dice,
};
use serde_json::{Value, json};

/// Names that values are made of and that differ from workspace to workspace.
#[derive(Debug)]
pub struct Pools {
    pub staff: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
pub enum Values {
    OneOf(&'static [&'static str]),
    Flag,
    /// On or off, and only a story changes it.
    Kept(bool),
    Number {
        from: i64,
        to: i64,
        step: i64,
    },
    /// Some of these.
    Set(&'static [&'static str]),
    /// Some of the staff.
    People,
    /// Lines of text.
    Text,
    /// The tree of conditions of a rule.
    Conditions,
    /// Steps in an order that matters.
    Actions,
    /// An https address below this one.
    Url(&'static str),
    Phone,
    /// Office hours of the week.
    Hours,
    /// Never shown.
    Secret,
}

const FIELDS: [(&str, &[&str]); 5] = [
    ("Priority", &PRIORITIES),
    ("Tag", &TAGS),
    ("Channel", &["chat", "email", "portal", "phone"]),
    ("Company plan", &["Basic", "Standard", "Premium", "24/7"]),
    ("Hours since last reply", &["1", "4", "24", "72"]),
];
const OPERATORS: [&str; 4] = ["is", "is not", "contains", "is one of"];
const ACTIONS: [&str; 12] = [
    "Set priority to High",
    "Set priority to Urgent",
    "Assign to queue “First line”",
    "Assign to queue “Networks”",
    "Notify the account manager",
    "Add tag “vip”",
    "Add tag “waiting-for-vendor”",
    "Send reply “We are on it”",
    "Close the conversation",
    "Call webhook “Ticket mirror”",
    "Start workflow “Escalation”",
    "Set status to Waiting",
];

impl Values {
    pub fn first(self, pools: &Pools, dice: &mut Dice) -> Value {
        match self {
            Self::OneOf(list) => (dice.pick(list)).into(),
            Self::Flag => dice.percent(50).into(),
            Self::Kept(on) => on.into(),
            Self::Number { from, to, step } => (from + dice.range(0, (to - from) / step) * step).into(),
            Self::Set(list) => subset(list, 1 + dice.index(list.len().min(6)), dice),
            Self::People => {
                let staff: Vec<&str> = pools.staff.iter().map(String::as_str).collect();
                subset(&staff, 2 + dice.index(7), dice)
            }
            Self::Text => {
                let count = 3 + dice.index(6);
                let lines = dice.some(count, LINES.len());
                lines
                    .iter()
                    .map(|line| LINES[*line])
                    .collect::<Vec<_>>()
                    .join("\n")
                    .into()
            }
            Self::Conditions => {
                let conditions: Vec<Value> = (0..=dice.below(2)).map(|_| condition(dice)).collect();
                json!({ "all": conditions })
            }
            Self::Actions => subset(&ACTIONS, 1 + dice.index(3), dice),
            Self::Url(base) => format!("https://{base}/{}", dice.below(90) + 10).into(),
            Self::Phone => format!("+49 40 5550 0{}", dice.range(100, 199)).into(),
            Self::Hours => hours(dice),
            Self::Secret => Value::Null,
        }
    }

    /// Something else than `before`, as a person would change it.
    pub fn next(self, before: &Value, pools: &Pools, dice: &mut Dice) -> Value {
        match (self, before) {
            (Self::Flag, Value::Bool(on)) => (!on).into(),
            (Self::Set(list), Value::Array(set)) => reshuffled(set, list, dice),
            (Self::Actions, Value::Array(set)) => reshuffled(set, &ACTIONS, dice),
            (Self::People, Value::Array(set)) => {
                let staff: Vec<&str> = pools.staff.iter().map(String::as_str).collect();
                reshuffled(set, &staff, dice)
            }
            (Self::Text, Value::String(text)) => edited(text, dice),
            (Self::Conditions, Value::Object(tree)) => {
                let all = tree.get("all").and_then(Value::as_array);
                conditions(all.map_or(&[], Vec::as_slice), dice)
            }
            _ => {
                // Few values to choose from, so another one comes soon; a list of one never changes.
                let mut after = self.first(pools, dice);
                for _ in 0..16 {
                    if after != *before {
                        break;
                    }
                    after = self.first(pools, dice);
                }
                after
            }
        }
    }
}

fn subset(list: &[&str], count: usize, dice: &mut Dice) -> Value {
    let chosen = dice.some(count, list.len());
    chosen.into_iter().map(|position| list[position]).collect()
}

/// One or two members more, or one less, or both.
fn reshuffled(set: &[Value], list: &[&str], dice: &mut Dice) -> Value {
    let mut after = set.to_vec();
    let way = dice.below(10);
    if way < 4 && after.len() > 1 {
        after.remove(dice.index(after.len()));
    }
    if way >= 2 || after.len() == set.len() {
        for _ in 0..=dice.below(2) {
            let missing: Vec<&str> = list
                .iter()
                .copied()
                .filter(|member| !set.iter().chain(&after).any(|known| known == member))
                .collect();
            if !missing.is_empty() {
                let member = dice.pick(&missing);
                after.push(member.into());
            }
        }
    }
    if after.len() == set.len() && after.iter().all(|member| set.contains(member)) {
        // Everything was in it already.
        after.pop();
    }
    after.into()
}

fn edited(text: &str, dice: &mut Dice) -> Value {
    let mut lines: Vec<&str> = text.lines().collect();
    let fresh: Vec<&str> = LINES
        .iter()
        .copied()
        .filter(|line| !lines.contains(line))
        .collect();
    let line = dice.pick(&fresh);
    let position = dice.index(lines.len().max(1));
    match dice.below(3) {
        0 if lines.len() > 3 => {
            lines.remove(position);
        }
        1 if lines.len() < 12 => lines.insert(position, line),
        _ if position < lines.len() => lines[position] = line,
        _ => lines.push(line),
    }
    lines.join("\n").into()
}

fn condition(dice: &mut Dice) -> Value {
    let (field, values) = dice.pick(&FIELDS);
    let operator = dice.pick(&OPERATORS);
    let value = dice.pick(values);
    json!({ "field": field, "operator": operator, "value": value })
}

fn conditions(all: &[Value], dice: &mut Dice) -> Value {
    let mut all = all.to_vec();
    match dice.below(4) {
        0 if all.len() > 1 => {
            all.remove(dice.index(all.len()));
        }
        1 if all.len() < 5 => {
            let either = [condition(dice), condition(dice)];
            all.push(json!({ "any": either }));
        }
        2 if all.len() < 6 => all.push(condition(dice)),
        _ => {
            let position = dice.index(all.len().max(1));
            let mut other = condition(dice);
            while all.get(position) == Some(&other) {
                other = condition(dice);
            }
            match all.get_mut(position) {
                Some(old) => *old = other,
                None => all.push(other),
            }
        }
    }
    json!({ "all": all })
}

fn hours(dice: &mut Dice) -> Value {
    let opens = dice.range(7, 9);
    let closes = dice.range(17, 20);
    let day = format!("{opens:02}:00–{closes}:00");
    let friday = format!("{opens:02}:00–{}:00", closes - dice.range(0, 2));
    json!({ "Mon": day, "Tue": day, "Wed": day, "Thu": day, "Fri": friday })
}
