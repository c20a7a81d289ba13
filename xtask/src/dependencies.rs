//! What may be built in: licences, banned crates, crates that must exist once, sources. The same lists as `deny.toml`,
//! read from cargo itself, so that the check runs where cargo-deny isn't installed.

use crate::{command, problem::problem, project::Project};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One TLS stack: rustls with ring. The others bring C builds, or another library of the system's.
const BANNED: [&str; 4] = ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl-sys"];

/// Two of any of these in one binary are two worlds whose types don't fit, or two copies of one C library.
const ONCE: [&str; 6] = [
    "axum",
    "leptos",
    "libsqlite3-sys",
    "rustls",
    "sqlx-core",
    "wasm-bindgen",
];

/// Permissive ones, and weak copyleft that ends at the file (none so far).
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Exceptions only widen a licence.
const EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// Our own lists against the lock file.
pub fn check(project: &Project) -> Result<()> {
    let mut cargo = project.cargo()?;
    cargo.args(["metadata", "--format-version", "1", "--locked"]);
    let text = command::output(&mut cargo).map_err(|error| {
        problem(
            format!("{error:#}"),
            "If Cargo.lock is behind: run `cargo check` and commit it.",
        )
    })?;
    let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata can't be read")?;
    let faults = metadata.faults();
    if faults.is_empty() {
        println!(
            "    {} packages: licences, bans, single copies and sources are as they should be",
            metadata.resolve.nodes.len()
        );
        return Ok(());
    }
    Err(problem(
        format!(
            "{} dependencies aren't as agreed:\n  {}",
            faults.len(),
            faults.join("\n  ")
        ),
        "`cargo tree -i NAME` shows who brings a crate in. The lists are in xtask/src/dependencies.rs and deny.toml.",
    ))
}

impl Metadata {
    /// A sentence for each breach, of the packages that some target or feature in use builds.
    fn faults(&self) -> Vec<String> {
        let packages: HashMap<&str, &Package> = self.packages.iter().map(|p| (p.id.as_str(), p)).collect();
        let mut faults = BTreeSet::new();
        let mut versions = BTreeMap::<&str, BTreeSet<&str>>::new();
        for package in self
            .resolve
            .nodes
            .iter()
            .filter_map(|node| packages.get(node.id.as_str()))
        {
            let Package { name, version, .. } = package;
            versions.entry(name).or_default().insert(version);
            if BANNED.contains(&name.as_str()) {
                faults.insert(format!(
                    "{name} {version} is banned; {}",
                    self.who_wants(&package.id, &packages)
                ));
            }
            match &package.source {
                Some(source) if !source.starts_with("registry+") && !source.starts_with("sparse+") => {
                    faults.insert(format!(
                        "{name} {version} comes from {source}, not from the registry"
                    ));
                }
                _ => {}
            }
            match package.license.as_deref().map(permitted) {
                Some(Ok(true)) => {}
                None => {
                    faults.insert(format!("{name} {version} names no licence"));
                }
                Some(_) => {
                    let licence = package.license.as_deref().unwrap_or_default();
                    faults.insert(format!("{name} {version} has the licence {licence}"));
                }
            }
        }
        for name in ONCE {
            if let Some(found) = versions.get(name).filter(|found| found.len() > 1) {
                let found = found.iter().copied().collect::<Vec<_>>().join(" and ");
                faults.insert(format!("{name} is there as {found}; it has to be one"));
            }
        }
        faults.into_iter().collect()
    }

    fn who_wants(&self, id: &str, packages: &HashMap<&str, &Package>) -> String {
        let parents = self
            .resolve
            .nodes
            .iter()
            .filter(|node| node.dependencies.iter().any(|d| d == id));
        let names = parents
            .filter_map(|node| packages.get(node.id.as_str()))
            .map(|package| package.name.as_str());
        format!("wanted by {}", names.collect::<Vec<_>>().join(", "))
    }
}

/// Whether an SPDX expression can be satisfied with [`LICENCES`]. The old
/// `MIT/Apache-2.0` means `OR`.
fn permitted(expression: &str) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words = spaced.split_whitespace().collect::<Vec<_>>();
    let mut parser = Spdx { words: &words, at: 0 };
    let answer = parser.any()?;
    if parser.at == words.len() {
        Ok(answer)
    } else {
        Err(format!("can't read {expression}"))
    }
}

struct Spdx<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Spdx<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = self
            .words
            .get(self.at)
            .is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let answer = self.any()?;
            return if self.take(")") {
                Ok(answer)
            } else {
                Err("a parenthesis stays open".to_owned())
            };
        }
        let licence = *self.words.get(self.at).ok_or("a licence is missing")?;
        self.at += 1;
        let mut answer = LICENCES.contains(&licence);
        if self.take("WITH") {
            let exception = *self.words.get(self.at).ok_or("an exception is missing")?;
            self.at += 1;
            answer &= EXCEPTIONS.contains(&exception);
        }
        Ok(answer)
    }
}

/// cargo-deny, if it is here. `install` compiles it first, which takes a quarter of an hour on two cores.
///
/// The advisories are left to whoever can reach their database: `cargo deny check advisories`.
pub fn deny(project: &Project, install: bool) -> Result<()> {
    if command::find("cargo-deny").is_none() {
        if !install {
            println!(
                "    cargo-deny isn't here; our own check above has the same lists. To have it too: \
                 cargo install --locked cargo-deny (or --strict-deny)"
            );
            return Ok(());
        }
        let mut cargo = command::cargo();
        cargo.args(["install", "--locked", "cargo-deny"]);
        command::step("install cargo-deny", || command::run(&mut cargo))?;
    }
    let mut deny = project.program("cargo-deny");
    command::run(deny.args(["--workspace", "check", "licenses", "bans", "sources"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spdx_expressions_are_understood() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(permitted(good), Ok(true), "{good}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "(MIT OR ISC) AND SSPL-1.0",
            "MIT WITH Some-exception",
        ] {
            assert_eq!(permitted(bad), Ok(false), "{bad}");
        }
        assert_eq!(permitted("MPL-2.0"), Ok(false));
        assert!(permitted("(MIT").is_err());
        assert!(permitted("MIT MIT").is_err());
    }

    fn package(name: &str, version: &str, license: Option<&str>, source: &str) -> Package {
        Package {
            id: format!("{name}@{version}"),
            name: name.to_owned(),
            version: version.to_owned(),
            license: license.map(str::to_owned),
            source: Some(source.to_owned()),
        }
    }

    #[test]
    fn every_breach_is_named() {
        let packages = vec![
            package("openssl-sys", "0.9.0", Some("MIT"), "registry+r"),
            package("axum", "0.7.0", Some("MIT"), "registry+r"),
            package("axum", "0.8.0", Some("MIT"), "registry+r"),
            package("fork", "1.0.0", Some("MIT"), "git+https://example.org/fork"),
            package("secret", "1.0.0", None, "registry+r"),
            package("viral", "1.0.0", Some("GPL-3.0-only"), "registry+r"),
            package("unused", "1.0.0", Some("GPL-3.0-only"), "registry+r"),
        ];
        let in_use = packages.iter().filter(|package| package.name != "unused");
        let nodes = in_use
            .map(|package| Node {
                id: package.id.clone(),
                dependencies: Vec::new(),
            })
            .collect();
        let faults = Metadata {
            packages,
            resolve: Resolve { nodes },
        }
        .faults();
        assert_eq!(
            faults,
            [
                "axum is there as 0.7.0 and 0.8.0; it has to be one",
                "fork 1.0.0 comes from git+https://example.org/fork, not from the registry",
                "openssl-sys 0.9.0 is banned; wanted by ",
                "secret 1.0.0 names no licence",
                "viral 1.0.0 has the licence GPL-3.0-only",
            ]
        );
    }
}
