//! The browser tests: a Chromium, npm's Playwright, and the server they start.

use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
    setup,
};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The Chromium that `CHROMIUM` names, or that PATH has, or that apt-get installs.
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
    if let Some(path) = installed() {
        return Ok(path);
    }
    setup::apt_install(
        &["chromium", "fonts-liberation"],
        "the browser tests need Chromium, which isn't here",
    )
    .map_err(|error| match error.downcast_ref::<crate::problem::Problem>() {
        Some(known) => problem(
            known.to_string(),
            format!(
                "{}\nOr let CHROMIUM name a Chromium or Chrome; or leave these tests out: --skip-browser.",
                known.remedy()
            ),
        ),
        None => error,
    })?;
    installed().ok_or_else(|| {
        problem(
            "apt-get installed no program named chromium",
            "Let CHROMIUM name a Chromium or Chrome.",
        )
    })
}

/// One on PATH that starts: some systems have a `chromium` that only says how to install the real one.
fn installed() -> Option<PathBuf> {
    NAMES
        .iter()
        .filter_map(|name| command::find(name))
        .find(|path| command::succeeds(Command::new(path).arg("--version")))
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
