//! One style sheet out of `style/`: `@import` lines are replaced by what they name, in their order, so that cascade
//! layers come out as `main.css` declares them. No other transformation: what is written is what the browser gets.

use crate::problem::problem;
use anyhow::Result;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// `main.css` of the folder with all it imports. `compact` leaves the comments out.
pub fn bundle(folder: &Path, compact: bool) -> Result<String> {
    let mut seen = Vec::new();
    let text = inline(&folder.join("main.css"), &mut seen)?;
    Ok(if compact { without_comments(&text) } else { text })
}

/// Style sheets in the folder that nothing imports: they would be forgotten without a word.
pub fn orphans(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut seen = Vec::new();
    inline(&folder.join("main.css"), &mut seen)?;
    let seen = seen.into_iter().collect::<BTreeSet<_>>();
    let mut all = Vec::new();
    style_sheets(folder, &mut all)?;
    all.retain(|file| !seen.contains(file));
    all.sort();
    Ok(all)
}

fn style_sheets(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            style_sheets(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    Ok(())
}

fn inline(file: &Path, seen: &mut Vec<PathBuf>) -> Result<String> {
    let text = fs::read_to_string(file).map_err(|error| {
        problem(
            format!("can't read the style sheet {}: {error}", file.display()),
            "Is it there?",
        )
    })?;
    seen.push(file.to_path_buf());
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(import) = (!in_comment)
            .then(|| line.trim().strip_prefix("@import"))
            .flatten()
        {
            let place = format!("{}:{}", file.display(), number + 1);
            let Some(import) = Import::parse(import) else {
                return Err(problem(
                    format!("{place}: this @import can't be bundled"),
                    "Write it as `@import \"file.css\";` or `@import url(\"file.css\") layer(name);` on its own line.",
                ));
            };
            let target = file.parent().unwrap_or(Path::new(".")).join(import.path);
            if seen.contains(&target) {
                return Err(problem(
                    format!("{place}: {} is imported twice", target.display()),
                    "Import each style sheet once.",
                ));
            }
            let inner = inline(&target, seen)?;
            match import.layer {
                Some(layer) => out.extend(["@layer ", layer, " {\n", &inner, "}\n"]),
                None => out.push_str(&inner),
            }
        } else {
            in_comment = ends_in_comment(line, in_comment);
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

/// Whether a comment is open after the line.
fn ends_in_comment(line: &str, mut open: bool) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(if open { "*/" } else { "/*" }) {
        rest = &rest[at + 2..];
        open = !open;
    }
    open
}

/// What stands behind `@import`.
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    path: &'a str,
    layer: Option<&'a str>,
}

impl<'a> Import<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim().strip_suffix(';')?.trim();
        let (path, rest) = if let Some(inner) = text.strip_prefix("url(") {
            inner.split_once(')')?
        } else {
            let quote = text.chars().next().filter(|&c| c == '"' || c == '\'')?;
            text[1..].split_once(quote)?
        };
        let rest = rest.trim();
        let layer = match rest {
            "" => None,
            _ => Some(rest.strip_prefix("layer(")?.strip_suffix(')')?.trim()),
        };
        let path = path.trim().trim_matches(['"', '\'']);
        (!path.is_empty()).then_some(Self { path, layer })
    }
}

/// Leaves out comments, indentation and empty lines. Strings stay as they are.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quote = None;
    while let Some(c) = characters.next() {
        match quote {
            Some(open) => {
                kept.push(c);
                if c == '\\' {
                    kept.extend(characters.next());
                } else if c == open {
                    quote = None;
                }
            }
            None if c == '/' && characters.peek() == Some(&'*') => {
                characters.next();
                let mut last = ' ';
                for c in characters.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            None => {
                if c == '"' || c == '\'' {
                    quote = Some(c);
                }
                kept.push(c);
            }
        }
    }
    let mut out = String::with_capacity(kept.len());
    for line in kept.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn imports_come_in_their_order() {
        let style = folder(&[
            (
                "main.css",
                "@layer a, b;\n@import \"b.css\";\n@import url(\"deep/a.css\") layer(a);\n",
            ),
            ("b.css", "@layer b { b { top: 0 } }\n"),
            ("deep/a.css", "@import 'c.css';\na { top: 0 }\n"),
            ("deep/c.css", "c { top: 0 }\n"),
        ]);
        assert_eq!(
            bundle(style.path(), false).unwrap(),
            "@layer a, b;\n@layer b { b { top: 0 } }\n@layer a {\nc { top: 0 }\na { top: 0 }\n}\n"
        );
        assert!(orphans(style.path()).unwrap().is_empty());
    }

    #[test]
    fn an_import_in_a_comment_is_none() {
        let style = folder(&[("main.css", "/*\n@import \"gone.css\";\n*/\n")]);
        assert!(bundle(style.path(), false).unwrap().contains("gone.css"));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let style = folder(&[("main.css", "\n@import \"gone.css\";\n")]);
        assert!(
            bundle(style.path(), false)
                .unwrap_err()
                .to_string()
                .contains("gone.css")
        );
        let style = folder(&[("main.css", "\n@import gone.css;\n")]);
        assert!(
            bundle(style.path(), false)
                .unwrap_err()
                .to_string()
                .contains("main.css:2")
        );
        let style = folder(&[("main.css", "@import \"main.css\";\n")]);
        assert!(
            bundle(style.path(), false)
                .unwrap_err()
                .to_string()
                .contains("imported twice")
        );
    }

    #[test]
    fn what_nothing_imports_is_found() {
        let style = folder(&[("main.css", "a { top: 0 }\n"), ("ui/lost.css", "")]);
        assert_eq!(orphans(style.path()).unwrap(), [style.path().join("ui/lost.css")]);
    }

    #[test]
    fn compact_keeps_strings() {
        let text = "/* one */\na::before {\n  content: \"/* \\\" */\"; /* two\n lines */\n}\n";
        assert_eq!(
            without_comments(text),
            "a::before {\ncontent: \"/* \\\" */\";\n}\n"
        );
    }
}
