//! `cargo xtask …`: one place for everything that has to be done with this checkout besides writing code. It installs
//! what is missing, builds both halves, starts the server, runs every check, measures.
//!
//! It is a program of the workspace, not a script, so that wasm-bindgen comes from the same `Cargo.lock` as the code it
//! works on and so that it runs wherever cargo does. It knows nothing of the server but its command line.

mod architecture;
mod bench;
mod browser;
mod command;
mod css;
mod dependencies;
mod postgres;
mod problem;
mod project;
mod run;
mod setup;
mod site;
mod test;
mod wasm;

use anyhow::Result;
use clap::{Parser, Subcommand};
use project::{Mode, Project};
use std::process::ExitCode;

/// Set-up, build, checks and measurements of Daybook.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing, build, and serve the demo workspace from ./data
    Run {
        /// Optimised, as it would be installed
        #[arg(long)]
        release: bool,
        /// Without the demo workspace: begin at /setup
        #[arg(long)]
        empty: bool,
        /// More arguments for `daybook serve`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Build the site and the server
    Build {
        /// Optimised, compressed, with the site inside the binary
        #[arg(long)]
        release: bool,
    },
    /// Run every check and every test
    Test(test::Options),
    /// Measure the release build; prints a table and writes bench.json
    Bench(bench::Options),
    /// Install all that the other tasks would install when they need it
    Setup,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let interrupted = ctrlc::set_handler(|| {
        eprintln!("\nstopped");
        postgres::stop_all();
        std::process::exit(130);
    });
    if let Err(error) = interrupted {
        eprintln!("warning: an interrupt will leave temporary files: {error}");
    }
    match perform(cli.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", problem::report(&error));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Run {
            release,
            empty,
            arguments,
        } => run::run(&project, mode(release), empty, &arguments),
        Task::Build { release } => run::build(&project, mode(release)),
        Task::Test(options) => test::run(&project, &options),
        Task::Bench(options) => bench::run(&project, &options),
        Task::Setup => setup::everything(&project),
    }
}

fn mode(release: bool) -> Mode {
    if release { Mode::Release } else { Mode::Dev }
}
