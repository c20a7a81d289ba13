//! The browser tests: a Chromium, npm's Playwright, and the server they start.

use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
    setup,
};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

/// Debian's Chromium without windows. The others draw theirs though nobody looks, and take twice the time.
const SHELL: &str = "chromium-headless-shell";
const OTHERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The Chromium that `CHROMIUM` names, or the one without windows, which apt-get installs, or another that PATH has.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if !command::is_executable(&path) {
            return Err(problem(
                format!("CHROMIUM is {}, which isn't a program", path.display()),
                "Let it name Chromium's program, or unset it.",
            ));
        }
        return Ok(path);
    }
    if let Some(path) = installed(SHELL) {
        return Ok(path);
    }
    let other = OTHERS.into_iter().find_map(installed);
    // Nobody who has one is asked for a password.
    if let Some(path) = other.as_ref().filter(|_| !setup::is_root()) {
        return Ok(path.clone());
    }
    let installing = setup::apt_install(
        &[SHELL, "fonts-liberation"],
        "the browser tests need Chromium, which isn't here",
    );
    match (installed(SHELL).or(other), installing) {
        (Some(path), _) => Ok(path),
        (None, Ok(())) => Err(problem(
            format!("apt-get installed no program named {SHELL}"),
            "Let CHROMIUM name a Chromium or Chrome.",
        )),
        (None, Err(error)) => Err(match error.downcast_ref::<crate::problem::Problem>() {
            Some(known) => problem(
                known.to_string(),
                format!(
                    "{}\nOr let CHROMIUM name a Chromium or Chrome; or leave these tests out: --skip-browser.",
                    known.remedy()
                ),
            ),
            None => error,
        }),
    }
}

/// One on PATH that starts: some systems have a `chromium` that only says how to install the real one.
fn installed(name: &str) -> Option<PathBuf> {
    command::find(name).filter(|path| command::succeeds(Command::new(path).arg("--version")))
}

/// Runs `end2end/` against the server's dev build, which must be there.
pub fn test(project: &Project, filter: Option<&str>) -> Result<()> {
    let chromium = chromium()?;
    setup::npm_packages(project)?;
    let mut playwright = project.program(project.npm_program("playwright"));
    playwright
        .args(["test", "--config", "end2end/playwright.config.ts"])
        .env("CHROMIUM", chromium)
        .env("DAYBOOK_BIN", project.binary(Mode::Dev))
        .env("DAYBOOK_SITE_DIR", project.site());
    if let Some(filter) = filter {
        playwright.args(["--grep", filter, "--pass-with-no-tests"]);
    }
    command::run(&mut playwright)
}
