//! `cargo xtask test`: every check and every test, the cheap ones first, each once.
//!
//! Things are compiled as few times as cargo allows: Clippy for all packages together, then one build of all packages
//! with their tests, out of which the browser tests take the server too. Another selection of packages would mean
//! other features, and all dependencies again.

use crate::{
    architecture, browser, command, dependencies,
    postgres::{Cluster, Programs, Purpose},
    problem::problem,
    project::{Mode, Project},
    setup, site,
};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub struct Options {
    /// Only tests whose name contains this; checks are left out
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only these stages
    #[arg(long, value_name = "STAGE", value_delimiter = ',', conflicts_with = "filter")]
    only: Vec<Stage>,
    /// Leave out the browser tests
    #[arg(long)]
    skip_browser: bool,
    /// Run the Rust tests on SQLite only
    #[arg(long)]
    without_postgres: bool,
    /// Install cargo-deny if it isn't here
    #[arg(long)]
    strict_deny: bool,
}

/// In the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    Format,
    Dependencies,
    Architecture,
    Clippy,
    ClippyWasm,
    Site,
    Build,
    Doc,
    Rust,
    Browser,
}

impl Stage {
    fn title(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Dependencies => "dependencies: licences, bans, sources",
            Self::Architecture => "architecture: who may know whom",
            Self::Clippy => "Clippy, server side",
            Self::ClippyWasm => "Clippy, browser half",
            Self::Site => "site",
            Self::Build => "build of everything with its tests",
            Self::Rust => "Rust tests",
            Self::Doc => "examples in the documentation",
            Self::Browser => "browser tests",
        }
    }

    fn is_test(self) -> bool {
        matches!(self, Self::Rust | Self::Doc | Self::Browser)
    }

    /// What has to be built before it.
    fn needs(self) -> &'static [Self] {
        match self {
            // The server's build embeds the site; so the site comes before, even where no browser looks at it.
            Self::Build | Self::Rust => &[Self::Site],
            Self::Browser => &[Self::Site, Self::Build],
            _ => &[],
        }
    }
}

impl Options {
    fn stages(&self) -> Vec<Stage> {
        let wanted = |stage: Stage| {
            let chosen = if !self.only.is_empty() {
                self.only.contains(&stage)
            } else if self.filter.is_some() {
                stage.is_test()
            } else {
                true
            };
            chosen && !(self.skip_browser && stage == Stage::Browser)
        };
        let all = Stage::value_variants();
        let chosen = all
            .iter()
            .copied()
            .filter(|&stage| wanted(stage))
            .collect::<Vec<_>>();
        let needed =
            |stage: &Stage| chosen.contains(stage) || chosen.iter().any(|s| s.needs().contains(stage));
        all.iter().copied().filter(needed).collect()
    }
}

/// All stages asked for; the first that fails ends it.
pub fn run(project: &Project, options: &Options) -> Result<()> {
    setup::rust()?;
    let begin = Instant::now();
    let mut done = Vec::new();
    for stage in options.stages() {
        println!("\n==> {}", stage.title());
        let stage_begin = Instant::now();
        if let Err(error) = one(stage, project, options) {
            let name = stage
                .to_possible_value()
                .map(|value| value.get_name().to_owned())
                .unwrap_or_default();
            summary("Stopped", &done, begin.elapsed());
            return Err(error.context(format!(
                "{}: failed after {}. This stage alone: cargo xtask test --only {name}",
                stage.title(),
                command::seconds(stage_begin.elapsed()),
            )));
        }
        println!(
            "    {}: {}",
            stage.title(),
            command::seconds(stage_begin.elapsed())
        );
        done.push((stage, stage_begin.elapsed()));
    }
    summary("Done", &done, begin.elapsed());
    Ok(())
}

fn summary(word: &str, done: &[(Stage, Duration)], whole: Duration) {
    println!("\n{word} after {}:", command::seconds(whole));
    for (stage, duration) in done {
        println!("  {:<42} {:>12}", stage.title(), command::seconds(*duration));
    }
}

fn one(stage: Stage, project: &Project, options: &Options) -> Result<()> {
    let cargo = |arguments: &[&str]| {
        let mut cargo = project.cargo()?;
        command::run(cargo.args(arguments))
    };
    match stage {
        Stage::Format => cargo(&["fmt", "--all", "--check"]).map_err(|error| {
            problem(
                error.to_string(),
                "Run `cargo fmt --all` and commit what it changed.",
            )
        }),
        Stage::Dependencies => {
            dependencies::check(project)?;
            dependencies::deny(project, options.strict_deny)
        }
        Stage::Architecture => architecture::check(project),
        Stage::Clippy => cargo(&[
            "clippy",
            "--locked",
            "--keep-going",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        Stage::ClippyWasm => cargo(&[
            "clippy",
            "--locked",
            "--package=daybook",
            "--lib",
            "--target=wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ]),
        Stage::Site => site::build(project, Mode::Dev),
        Stage::Build => cargo(&["build", "--locked", "--all-targets"]),
        Stage::Rust => rust(project, options),
        Stage::Doc => {
            let mut arguments = vec!["test", "--locked", "--doc"];
            arguments.extend(options.filter.iter().flat_map(|filter| ["--", filter.as_str()]));
            cargo(&arguments)
        }
        Stage::Browser => browser::test(project, options.filter.as_deref()),
    }
}

fn rust(project: &Project, options: &Options) -> Result<()> {
    let cluster = if options.without_postgres {
        println!("    without PostgreSQL, as asked");
        None
    } else {
        Some(command::step("PostgreSQL: start", || {
            Cluster::start(&Programs::find_or_install()?, Purpose::Test)
        })?)
    };
    let mut cargo = project.cargo()?;
    match &cluster {
        Some(cluster) => cargo.env("DAYBOOK_TEST_POSTGRES", cluster.url()),
        None => cargo.env_remove("DAYBOOK_TEST_POSTGRES"),
    };
    if command::find("cargo-nextest").is_some() {
        cargo.args(["nextest", "run", "--locked", "--all-targets", "--no-fail-fast"]);
        if options.filter.is_some() {
            cargo.arg("--no-tests=pass");
        }
    } else {
        cargo.args(["test", "--locked", "--all-targets", "--no-fail-fast"]);
    }
    cargo.args(options.filter.as_deref());
    command::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn stages(line: &[&str]) -> Vec<Stage> {
        Line::try_parse_from([&["test"], line].concat())
            .unwrap()
            .options
            .stages()
    }

    #[test]
    fn everything_runs_unless_said_otherwise() {
        assert_eq!(stages(&[]), Stage::value_variants());
        assert!(!stages(&["--skip-browser"]).contains(&Stage::Browser));
    }

    #[test]
    fn a_stage_brings_what_it_needs() {
        assert_eq!(
            stages(&["--only", "browser"]),
            [Stage::Site, Stage::Build, Stage::Browser]
        );
        assert_eq!(
            stages(&["--only", "format,clippy"]),
            [Stage::Format, Stage::Clippy]
        );
    }

    #[test]
    fn a_filter_leaves_the_checks_out() {
        assert_eq!(
            stages(&["--filter", "cursor", "--skip-browser"]),
            [Stage::Site, Stage::Doc, Stage::Rust]
        );
    }
}
