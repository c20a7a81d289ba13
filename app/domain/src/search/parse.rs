//! From text to [`Expr`]: a lexer, a parser by recursive descent, and what to say where it ends.

use super::{
    Expr, MAX_BYTES, MAX_DEPTH, MAX_TERMS, Term, Value,
    field::{Field, Kind},
};
use serde::{Deserialize, Serialize};
use std::{net::IpAddr, ops::Range};

/// Longest value of a term, in characters.
const MAX_VALUE_CHARS: usize = 200;

/// Where a query can't be read, and what would have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{expected}")]
pub struct SyntaxProblem {
    /// What to mark, in bytes of the query. Empty at its end.
    pub at: Range<usize>,
    pub expected: Expected,
}

/// What was expected, as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Expected {
    #[error("A query has at most {MAX_BYTES} bytes")]
    Shorter,
    #[error("A query has at most {MAX_TERMS} terms; this would be one more")]
    FewerTerms,
    #[error("Parentheses and NOT go at most {MAX_DEPTH} deep")]
    LessDepth,
    #[error("A value has at most {MAX_VALUE_CHARS} characters")]
    ShorterValue,
    #[error("Expected a word, “field:value” or “(” after {after}")]
    Term { after: String },
    #[error("Expected “)” for this “(”")]
    ClosingParenthesis,
    #[error("This “)” has no “(”")]
    OpeningParenthesis,
    #[error("Expected a closing quotation mark for this one")]
    ClosingQuote,
    #[error("There is nothing between these quotation marks")]
    QuotedText,
    #[error("There is no field “{name}”. To search for it as text, put it in quotation marks")]
    Field { name: String },
    #[error("There is no field “{name}”. Did you mean “{nearest}”?")]
    NearestField { name: String, nearest: String },
    #[error("Expected a value after “{field}:”")]
    Value { field: String },
    #[error("“{field}” is one of {choices}")]
    Choice { field: String, choices: String },
    #[error("“*” can only end a word or a quotation")]
    StarAtTheEnd,
    #[error(
        "“ip” is an address (203.0.113.7), a network (203.0.113.0/24) or a range (203.0.113.1..203.0.113.9)"
    )]
    Ip,
    #[error("A range needs numbers, such as 10..20, 10.. or ..20")]
    Numbers,
    #[error("“{field}” has no ranges")]
    NoRange { field: String },
    #[error("This range ends before it starts")]
    RangeInOrder,
    #[error("Expected letters or digits to search for")]
    Words,
}

/// Reads a query; `None` where there is nothing but space.
///
/// # Errors
/// The first place that can't be read.
pub fn parse(text: &str) -> Result<Option<Expr>, SyntaxProblem> {
    if text.len() > MAX_BYTES {
        return Err(problem(MAX_BYTES..text.len(), Expected::Shorter).on_char(text));
    }
    let tokens = Lexer { text, at: 0 }.tokens()?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser {
        end: text.len(),
        tokens,
        next: 0,
        terms: 0,
        depth: 0,
    };
    let expr = parser.any(None)?;
    match parser.peek() {
        None => Ok(Some(expr)),
        // Only a parenthesis too many ends an expression before its end.
        Some(token) => Err(problem(token.at.clone(), Expected::OpeningParenthesis)),
    }
}

fn problem(at: Range<usize>, expected: Expected) -> SyntaxProblem {
    SyntaxProblem { at, expected }
}

impl SyntaxProblem {
    /// Moved back to where a character begins.
    fn on_char(mut self, text: &str) -> Self {
        self.at.start = text.floor_char_boundary(self.at.start);
        self
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kinds {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `field:`, the value is the next token.
    Field(Field),
    /// A word or a quotation, and whether a `*` follows.
    Text {
        text: String,
        prefix: bool,
        quoted: bool,
    },
}

#[derive(Debug, Clone)]
struct Token {
    at: Range<usize>,
    kind: Kinds,
    /// Whether it begins where the token before ends.
    joined: bool,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"')
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn tokens(mut self) -> Result<Vec<Token>, SyntaxProblem> {
        let mut tokens: Vec<Token> = Vec::new();
        loop {
            let space = self.rest().len() - self.rest().trim_start().len();
            self.at += space;
            let Some(first) = self.rest().chars().next() else {
                return Ok(tokens);
            };
            let start = self.at;
            let after_field = space == 0
                && matches!(
                    tokens.last(),
                    Some(Token {
                        kind: Kinds::Field(_),
                        ..
                    })
                );
            let kind = match first {
                '(' => self.one(Kinds::Open),
                ')' => self.one(Kinds::Close),
                '"' => self.quotation()?,
                '-' if !after_field
                    && self.rest().len() > 1
                    && !self.rest()[1..].starts_with(char::is_whitespace) =>
                {
                    self.one(Kinds::Not)
                }
                _ => self.word(after_field)?,
            };
            tokens.push(Token {
                at: start..self.at,
                kind,
                joined: space == 0,
            });
        }
    }

    fn one(&mut self, kind: Kinds) -> Kinds {
        self.at += 1;
        kind
    }

    fn quotation(&mut self) -> Result<Kinds, SyntaxProblem> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        let end = loop {
            match chars.next() {
                None => return Err(problem(start..start + 1, Expected::ClosingQuote)),
                Some((offset, '"')) => break start + offset + 1,
                Some((_, '\\')) => match chars.next() {
                    None => return Err(problem(start..start + 1, Expected::ClosingQuote)),
                    Some((_, c @ ('"' | '\\'))) => text.push(c),
                    Some((_, c)) => text.extend(['\\', c]),
                },
                Some((_, c)) => text.push(c),
            }
        };
        self.at = end;
        let prefix = self.rest().starts_with('*');
        self.at += usize::from(prefix);
        if text.trim().is_empty() {
            return Err(problem(start..end, Expected::QuotedText));
        }
        Ok(Kinds::Text {
            text,
            prefix,
            quoted: true,
        })
    }

    fn word(&mut self, is_value: bool) -> Result<Kinds, SyntaxProblem> {
        let start = self.at;
        let rest = self.rest();
        let end = rest.find(ends_word).unwrap_or(rest.len());
        let word = &rest[..end];
        if !is_value {
            match word {
                "AND" => return Ok(self.upto(end, Kinds::And)),
                "OR" => return Ok(self.upto(end, Kinds::Or)),
                "NOT" => return Ok(self.upto(end, Kinds::Not)),
                _ => {}
            }
            if let Some((name, _)) = word.split_once(':').filter(|(name, value)| is_name(name, value)) {
                let at = start..start + name.len();
                let field = Field::from_name(name).ok_or_else(|| problem(at, unknown(name)))?;
                return Ok(self.upto(name.len() + 1, Kinds::Field(field)));
            }
        }
        self.at += end;
        let (text, prefix) = word.strip_suffix('*').map_or((word, false), |text| (text, true));
        if let Some(star) = text.find('*') {
            return Err(problem(start + star..start + star + 1, Expected::StarAtTheEnd));
        }
        Ok(Kinds::Text {
            text: text.to_owned(),
            prefix,
            quoted: false,
        })
    }

    fn upto(&mut self, length: usize, kind: Kinds) -> Kinds {
        self.at += length;
        kind
    }
}

/// Whether what stands before a colon is meant as the name of a field: not in `10:30`, `::1` or `https://…`.
fn is_name(name: &str, value: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && !value.starts_with("//")
}

fn unknown(name: &str) -> Expected {
    let name = name.chars().take(40).collect::<String>();
    match Field::nearest(&name) {
        Some(nearest) => Expected::NearestField {
            nearest: nearest.to_owned(),
            name,
        },
        None => Expected::Field { name },
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    terms: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, kind: &Kinds) -> Option<Range<usize>> {
        let at = self.peek().filter(|token| token.kind == *kind)?.at.clone();
        self.next += 1;
        Some(at)
    }

    /// `a OR b`. `field` is the one that the values in parentheses belong to.
    fn any(&mut self, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let mut parts = vec![self.all(field)?];
        while self.take(&Kinds::Or).is_some() {
            parts.push(self.all(field)?);
        }
        Ok(joined(parts, Expr::Any))
    }

    /// `a b`, `a AND b`.
    fn all(&mut self, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let mut parts = vec![self.one(field)?];
        loop {
            let and = self.take(&Kinds::And).is_some();
            let more = self
                .peek()
                .is_some_and(|token| !matches!(token.kind, Kinds::Or | Kinds::Close));
            if !and && !more {
                return Ok(joined(parts, Expr::All));
            }
            parts.push(self.one(field)?);
        }
    }

    fn one(&mut self, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let Some(token) = self.tokens.get(self.next).cloned() else {
            return Err(self.missing());
        };
        match token.kind {
            Kinds::Not => {
                self.next += 1;
                self.deeper(token.at, |parser| Ok(Expr::Not(Box::new(parser.one(field)?))))
            }
            Kinds::Open => {
                self.next += 1;
                self.deeper(token.at.clone(), |parser| parser.rest_of_group(token.at, field))
            }
            Kinds::Text { text, prefix, quoted } => {
                self.next += 1;
                self.term(field.cloned(), &token.at, text, prefix, quoted)
            }
            Kinds::Field(inner) => {
                self.next += 1;
                self.value_of(inner, token.at)
            }
            Kinds::Close | Kinds::And | Kinds::Or => Err(self.missing()),
        }
    }

    fn deeper(
        &mut self,
        at: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<Expr, SyntaxProblem>,
    ) -> Result<Expr, SyntaxProblem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(problem(at, Expected::LessDepth));
        }
        let expr = inner(self)?;
        self.depth -= 1;
        Ok(expr)
    }

    fn rest_of_group(&mut self, open: Range<usize>, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let expr = self.any(field)?;
        if self.take(&Kinds::Close).is_none() {
            return Err(problem(open, Expected::ClosingParenthesis));
        }
        Ok(expr)
    }

    fn value_of(&mut self, field: Field, at: Range<usize>) -> Result<Expr, SyntaxProblem> {
        let missing = Expected::Value { field: field.name() };
        let Some(token) = self.peek().filter(|token| token.joined).cloned() else {
            return Err(problem(at, missing));
        };
        self.next += 1;
        match token.kind {
            Kinds::Text { text, prefix, quoted } => self.term(Some(field), &token.at, text, prefix, quoted),
            Kinds::Open => self.deeper(token.at.clone(), |parser| {
                parser.rest_of_group(token.at, Some(&field))
            }),
            _ => Err(problem(at, missing)),
        }
    }

    /// What to say where a term should be and isn't.
    fn missing(&self) -> SyntaxProblem {
        let before = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        let after = match before.map(|token| &token.kind) {
            None => "the beginning",
            Some(Kinds::Open) => "“(”",
            Some(Kinds::Not) => "NOT",
            Some(Kinds::Or) => "OR",
            _ => "AND",
        };
        let at = self.peek().map_or(self.end..self.end, |token| token.at.clone());
        problem(
            at,
            Expected::Term {
                after: after.to_owned(),
            },
        )
    }

    fn term(
        &mut self,
        field: Option<Field>,
        at: &Range<usize>,
        text: String,
        prefix: bool,
        quoted: bool,
    ) -> Result<Expr, SyntaxProblem> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(problem(at.clone(), Expected::FewerTerms));
        }
        if text.chars().nth(MAX_VALUE_CHARS).is_some() {
            return Err(problem(at.clone(), Expected::ShorterValue));
        }
        let value =
            value(field.as_ref(), text, prefix, quoted).map_err(|expected| problem(at.clone(), expected))?;
        Ok(Expr::Term(Term { field, value }))
    }
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return only;
    }
    join(parts)
}

/// What a value means for its field.
fn value(field: Option<&Field>, text: String, prefix: bool, quoted: bool) -> Result<Value, Expected> {
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

/// Levenshtein's distance, with neighbours swapped counting one (optimal string alignment).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last()
        .and_then(|row| row.last())
        .copied()
        .unwrap_or_default()
}
