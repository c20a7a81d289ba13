//! `cargo xtask build` and `cargo xtask run`: both halves, and then the server in our place.

use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
    setup, site,
};
use anyhow::Result;
use std::process::Command;

/// The site and the server.
pub fn build(project: &Project, mode: Mode) -> Result<()> {
    setup::rust()?;
    site::build(project, mode)?;
    let mut cargo = project.cargo()?;
    cargo.args(["build", "--bin", "daybook"]);
    if mode == Mode::Release {
        // Alone: what the other packages ask of their dependencies is not for the product.
        cargo.args(["--package", "daybook-server", "--release"]);
    }
    command::step("server: compile", || command::run(&mut cargo))
}

/// Builds and becomes `daybook serve`, so that an interrupt reaches the server and nothing stands in between.
pub fn run(project: &Project, mode: Mode, empty: bool, arguments: &[String]) -> Result<()> {
    build(project, mode)?;
    let mut server = project.program(project.binary(mode));
    server.arg("serve").env("DAYBOOK_SITE_DIR", project.site());
    if !empty {
        server.arg("--demo");
    }
    server.args(arguments);
    become_it(server)
}

#[cfg(unix)]
fn become_it(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = server.exec();
    Err(problem(
        format!("the server can't be started: {error}"),
        "Is it there? `cargo xtask build` makes it.",
    ))
}

#[cfg(not(unix))]
fn become_it(mut server: Command) -> Result<()> {
    let status = server.status();
    let status =
        status.map_err(|error| problem(format!("the server can't be started: {error}"), "Is it there?"))?;
    std::process::exit(status.code().unwrap_or(1));
}
