//! From text to tokens.

use super::{
    field::Field,
    problem::{Expected, SyntaxProblem, problem},
};
use std::ops::Range;

/// The tokens of a query, in their order.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxProblem> {
    Lexer { text, at: 0 }.tokens()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
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
pub(super) struct Token {
    pub at: Range<usize>,
    pub kind: Kind,
    /// Whether it begins where the token before ends.
    pub joined: bool,
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
                        kind: Kind::Field(_),
                        ..
                    })
                );
            let kind = match first {
                '(' => self.one(Kind::Open),
                ')' => self.one(Kind::Close),
                '"' => self.quotation()?,
                '-' if !after_field
                    && self.rest().len() > 1
                    && !self.rest()[1..].starts_with(char::is_whitespace) =>
                {
                    self.one(Kind::Not)
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

    fn one(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    fn quotation(&mut self) -> Result<Kind, SyntaxProblem> {
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
        Ok(Kind::Text {
            text,
            prefix,
            quoted: true,
        })
    }

    fn word(&mut self, is_value: bool) -> Result<Kind, SyntaxProblem> {
        let start = self.at;
        let rest = self.rest();
        let end = rest.find(ends_word).unwrap_or(rest.len());
        let word = &rest[..end];
        if !is_value {
            match word {
                "AND" => return Ok(self.upto(end, Kind::And)),
                "OR" => return Ok(self.upto(end, Kind::Or)),
                "NOT" => return Ok(self.upto(end, Kind::Not)),
                _ => {}
            }
            if let Some((name, _)) = word.split_once(':').filter(|(name, value)| is_name(name, value)) {
                let at = start..start + name.len();
                let field = Field::from_name(name).ok_or_else(|| problem(at, unknown(name)))?;
                return Ok(self.upto(name.len() + 1, Kind::Field(field)));
            }
        }
        self.at += end;
        let (text, prefix) = word.strip_suffix('*').map_or((word, false), |text| (text, true));
        if let Some(star) = text.find('*') {
            return Err(problem(start + star..start + star + 1, Expected::StarAtTheEnd));
        }
        Ok(Kind::Text {
            text: text.to_owned(),
            prefix,
            quoted: false,
        })
    }

    fn upto(&mut self, length: usize, kind: Kind) -> Kind {
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
