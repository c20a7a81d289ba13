//! A query as text, in one way: what is read from it again is the same query.

use super::{Expr, Term, Value};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => list(f, parts, " ", |part| matches!(part, Self::All(_) | Self::Any(_))),
            Self::Any(parts) => list(f, parts, " OR ", |part| matches!(part, Self::Any(_))),
            Self::Not(inner) => {
                f.write_char('-')?;
                nested(f, inner, !matches!(**inner, Self::Term(_)))
            }
            Self::Term(term) => term.fmt(f),
        }
    }
}

fn list(f: &mut Formatter<'_>, parts: &[Expr], between: &str, groups: fn(&Expr) -> bool) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        nested(f, part, groups(part))?;
    }
    Ok(())
}

fn nested(f: &mut Formatter<'_>, expr: &Expr, in_parentheses: bool) -> fmt::Result {
    if in_parentheses {
        write!(f, "({expr})")
    } else {
        expr.fmt(f)
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{}:", field.name())?;
        }
        match &self.value {
            Value::Text { text, prefix } => {
                text_as_typed(f, text)?;
                f.write_str(if *prefix { "*" } else { "" })
            }
            Value::Present => f.write_char('*'),
            Value::Range { from, to } => write!(
                f,
                "{}..{}",
                from.as_deref().unwrap_or_default(),
                to.as_deref().unwrap_or_default()
            ),
            Value::Network { address, bits } => write!(f, "{address}/{bits}"),
        }
    }
}

/// Bare where that can only be read as this text.
fn text_as_typed(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '/' | '+');
    let is_bare = text.starts_with(char::is_alphanumeric)
        && text.chars().all(is_plain)
        && !text.contains("..")
        && !matches!(text, "AND" | "OR" | "NOT");
    if is_bare {
        return f.write_str(text);
    }
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
