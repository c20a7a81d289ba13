//! From tokens to [`Expr`], by recursive descent.

use super::{
    Expr, MAX_BYTES, MAX_DEPTH, MAX_TERMS, Term,
    field::Field,
    lexer::{Kind, Token, tokens},
    problem::{Expected, MAX_VALUE_CHARS, SyntaxProblem, problem},
    value::value,
};
use std::ops::Range;

/// Reads a query; `None` where there is nothing but space.
///
/// # Errors
/// The first place that can't be read.
pub fn parse(text: &str) -> Result<Option<Expr>, SyntaxProblem> {
    if text.len() > MAX_BYTES {
        return Err(problem(MAX_BYTES..text.len(), Expected::Shorter).on_char(text));
    }
    let tokens = tokens(text)?;
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

    fn take(&mut self, kind: &Kind) -> Option<Range<usize>> {
        let at = self.peek().filter(|token| token.kind == *kind)?.at.clone();
        self.next += 1;
        Some(at)
    }

    /// `a OR b`. `field` is the one that the values in parentheses belong to.
    fn any(&mut self, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let mut parts = vec![self.all(field)?];
        while self.take(&Kind::Or).is_some() {
            parts.push(self.all(field)?);
        }
        Ok(joined(parts, Expr::Any))
    }

    /// `a b`, `a AND b`.
    fn all(&mut self, field: Option<&Field>) -> Result<Expr, SyntaxProblem> {
        let mut parts = vec![self.one(field)?];
        loop {
            let and = self.take(&Kind::And).is_some();
            let more = self
                .peek()
                .is_some_and(|token| !matches!(token.kind, Kind::Or | Kind::Close));
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
            Kind::Not => {
                self.next += 1;
                self.deeper(token.at, |parser| Ok(Expr::Not(Box::new(parser.one(field)?))))
            }
            Kind::Open => {
                self.next += 1;
                self.deeper(token.at.clone(), |parser| parser.rest_of_group(token.at, field))
            }
            Kind::Text { text, prefix, quoted } => {
                self.next += 1;
                self.term(field.cloned(), &token.at, text, prefix, quoted)
            }
            Kind::Field(inner) => {
                self.next += 1;
                self.value_of(inner, token.at)
            }
            Kind::Close | Kind::And | Kind::Or => Err(self.missing()),
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
        if self.take(&Kind::Close).is_none() {
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
            Kind::Text { text, prefix, quoted } => self.term(Some(field), &token.at, text, prefix, quoted),
            Kind::Open => self.deeper(token.at.clone(), |parser| {
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
            Some(Kind::Open) => "“(”",
            Some(Kind::Not) => "NOT",
            Some(Kind::Or) => "OR",
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
