//! The house rules that cargo can answer for: which crate may know which.

use crate::{command, css, problem::problem, project::Project};
use anyhow::Result;

/// A room and what must not be found in it, directly or further down.
struct Rule {
    package: &'static str,
    target: Option<&'static str>,
    /// Names of crates; one that ends in `*` stands for all that begin so.
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 3] = [
    Rule {
        package: "daybook",
        target: Some("wasm32-unknown-unknown"),
        forbidden: &[
            "axum",
            "chrono-tz",
            "daybook-backend",
            "daybook-entity",
            "daybook-migration",
            "lettre",
            "libsqlite3-sys",
            "reqwest",
            "sea-orm*",
            "sqlx*",
            "tokio-postgres",
            "tower-sessions*",
            "utoipa*",
        ],
        why: "the browser half holds pages and shared types, nothing of the server",
    },
    Rule {
        package: "daybook-domain",
        target: None,
        forbidden: &[
            "axum",
            "hyper",
            "leptos",
            "reqwest",
            "sea-orm*",
            "sqlx*",
            "tokio",
            "tower-sessions*",
        ],
        why: "the domain does no input or output",
    },
    Rule {
        package: "daybook-backend",
        target: None,
        forbidden: &["axum", "daybook-app", "leptos*", "tower-sessions*"],
        why: "what does the work knows neither pages nor HTTP",
    },
];

/// Every rule, and every style sheet is imported.
pub fn check(project: &Project) -> Result<()> {
    let mut faults = Vec::new();
    for rule in &RULES {
        let mut cargo = project.cargo()?;
        cargo.args([
            "tree",
            "--package",
            rule.package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
        if let Some(target) = rule.target {
            cargo.args(["--target", target]);
        }
        let tree = command::output(&mut cargo)?;
        for name in rule.breaches(&tree) {
            faults.push(format!("{} depends on {name}: {}", rule.package, rule.why));
        }
    }
    for orphan in css::orphans(&project.root.join("style"))? {
        faults.push(format!("{} is imported by no style sheet", orphan.display()));
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(problem(
        faults.join("\n  "),
        "`cargo tree -p PACKAGE -i NAME` shows how it gets in. The rules are in xtask/src/architecture.rs.",
    ))
}

impl Rule {
    fn breaches(&self, tree: &str) -> Vec<String> {
        let names = tree.lines().filter_map(|line| line.split_whitespace().next());
        let mut found = names
            .filter(|name| {
                self.forbidden
                    .iter()
                    .any(|forbidden| match forbidden.strip_suffix('*') {
                        Some(beginning) => name.starts_with(beginning),
                        None => name == forbidden,
                    })
            })
            .map(str::to_owned)
            .collect::<Vec<_>>();
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_crates_are_found_by_name_and_by_beginning() {
        let tree =
            "daybook v0.1.0\nsqlx-core v0.9.0\nserde v1.0.0 (*)\nsqlx-core v0.9.0 (*)\nreqwest v0.13.5\n";
        assert_eq!(RULES[0].breaches(tree), ["reqwest", "sqlx-core"]);
        assert!(
            RULES[1]
                .breaches("daybook-domain v0.1.0\ntokio-util v0.7.0\n")
                .is_empty()
        );
    }
}
