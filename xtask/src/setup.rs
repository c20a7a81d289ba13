//! Installs what is missing, or says in a sentence how to: the compiler's parts, npm's packages, Debian's packages.

use crate::{browser, command, postgres, problem::problem, project::Project};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, process::Command};

const WASM: &str = "wasm32-unknown-unknown";
const OLDEST_RUST: (u32, u32) = (1, 95);
const OLDEST_NODE: u32 = 20;

/// Everything that `run`, `test` and `bench` will want.
pub fn everything(project: &Project) -> Result<()> {
    command::step("Rust", rust)?;
    command::step("npm packages", || npm_packages(project))?;
    command::step("Chromium", || {
        browser::chromium().map(|path| println!("    {}", path.display()))
    })?;
    command::step("PostgreSQL", || {
        postgres::Programs::find_or_install().map(|found| println!("    {found}"))
    })
}

/// The compiler is new enough and can compile for the browser.
pub fn rust() -> Result<()> {
    let version = command::output(Command::new("rustc").arg("--version"))?;
    let found = version_of(&version).with_context(|| format!("rustc says of itself: {version}"))?;
    if found < OLDEST_RUST {
        return Err(problem(
            format!(
                "Daybook needs Rust {}.{} or newer; here is {}",
                OLDEST_RUST.0,
                OLDEST_RUST.1,
                version.trim()
            ),
            "Run `rustup update stable`.",
        ));
    }
    wasm_target()
}

fn wasm_target() -> Result<()> {
    let folder = command::output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let remedy =
        format!("Run `rustup target add {WASM}`; without rustup, install the target as your system does it.");
    if command::find("rustup").is_none() {
        return Err(problem(
            format!("this Rust can't compile for the browser: {WASM} is missing"),
            remedy,
        ));
    }
    println!("    installing Rust's target {WASM}");
    command::run(Command::new("rustup").args(["target", "add", WASM])).map_err(|error| {
        problem(
            format!("the target {WASM} couldn't be installed: {error}"),
            remedy,
        )
    })
}

/// `rustc 1.95.0 (…)` → `(1, 95)`.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let number = text.split_whitespace().find_map(|word| {
        let word = word.trim_start_matches('v');
        word.starts_with(|c: char| c.is_ascii_digit()).then_some(word)
    })?;
    let mut parts = number.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `npm ci`, unless `node_modules` is of this very `package-lock.json`. Downloads no browser: see [`browser`].
pub fn npm_packages(project: &Project) -> Result<()> {
    let lock = fs::read(project.root.join("package-lock.json")).context("package-lock.json can't be read")?;
    let wanted = hex(&Sha256::digest(&lock));
    let stamp = project.root.join("node_modules/.daybook-lock");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    node()?;
    println!("    npm ci");
    let mut npm = project.program("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command::run(&mut npm).map_err(|error| {
        problem(
            format!("npm's packages couldn't be installed: {error}"),
            "See what npm said above; `npm ci` in the root of the checkout tries it alone.",
        )
    })?;
    fs::write(&stamp, wanted).with_context(|| format!("can't write {}", stamp.display()))
}

fn node() -> Result<()> {
    let remedy =
        format!("Install Node {OLDEST_NODE} or newer together with npm (nodejs.org, nvm, or your system's).");
    if command::find("node").is_none() || command::find("npm").is_none() {
        return Err(problem(
            "the browser tests and `wasm-opt` need Node and npm, which aren't here",
            remedy,
        ));
    }
    let version = command::output(Command::new("node").arg("--version"))?;
    match version_of(&version) {
        Some((major, _)) if major >= OLDEST_NODE => Ok(()),
        _ => Err(problem(format!("Node {} is too old", version.trim()), remedy)),
    }
}

/// Installs Debian packages, through sudo if need be. `for_what` begins the sentence when that can't be.
pub fn apt_install(packages: &[&str], for_what: &str) -> Result<()> {
    let list = packages.join(" ");
    let cannot = |why: &str, remedy: String| problem(format!("{for_what}, and {why}"), remedy);
    if command::find("apt-get").is_none() {
        return Err(cannot(
            "this system has no apt-get to install it with",
            format!("Install what your system calls `{list}`, then try again."),
        ));
    }
    let prefix: &[&str] = match (is_root(), command::find("sudo")) {
        (true, _) => &[],
        (false, Some(_)) if std::env::var_os("CI").is_some() => &["sudo", "--non-interactive"],
        (false, Some(_)) => &["sudo"],
        (false, None) => {
            return Err(cannot(
                "installing it needs root",
                format!("As root: apt-get install {list}"),
            ));
        }
    };
    println!("    installing {list} with apt-get");
    for arguments in [
        vec!["update", "-qq"],
        [
            &["install", "-y", "-qq", "--no-install-recommends"][..],
            // Another apt may be at work.
            &["-o", "DPkg::Lock::Timeout=300"],
            packages,
        ]
        .concat(),
    ] {
        let mut words = prefix.to_vec();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        words.extend(arguments);
        command::run_quietly(Command::new(words[0]).args(&words[1..])).map_err(|error| {
            cannot(
                &format!("apt-get couldn't install it: {error}"),
                format!("As root: apt-get update && apt-get install {list}"),
            )
        })?;
    }
    Ok(())
}

/// Whether we run as root.
pub fn is_root() -> bool {
    command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(version_of("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version_of("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version_of("no number"), None);
    }
}
