//! The release build of the server, on a folder and a port of its own.

use super::database::Data;
use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
};
use anyhow::{Context, Result};
use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// A command of the command line, on the data in `data` and without our own configuration.
pub fn daybook(project: &Project, data: &Data, arguments: &[&str]) -> Command {
    let mut command = Command::new(project.binary(Mode::Release));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DAYBOOK_") {
            command.env_remove(name);
        }
    }
    if let Some(url) = &data.url {
        command.env("DAYBOOK_DATABASE_URL", url);
    }
    command
        .current_dir(&data.folder)
        .args(arguments)
        .arg("--data-dir")
        .arg(&data.folder)
        .stdin(Stdio::null());
    command
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    /// `host:port`.
    pub address: String,
    child: Child,
}

impl Server {
    pub fn start(project: &Project, data: &Data) -> Result<Self> {
        Self::start_with(project, data, &[])
    }

    /// With settings beside the usual ones.
    pub fn start_with(project: &Project, data: &Data, settings: &[&str]) -> Result<Self> {
        let log = data.folder.join("server.log");
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--log", "warn"];
        arguments.extend(settings);
        let mut serve = daybook(project, data, &arguments);
        serve
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?);
        let child = serve.spawn().context("the server can't be started")?;
        let mut server = Self {
            address: String::new(),
            child,
        };
        let begin = Instant::now();
        while server.address.is_empty() {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if let Some((_, rest)) = said.split_once("Daybook is at http://")
                && rest.contains('\n')
            {
                rest.split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut server.address);
            } else if server.child.try_wait()?.is_some() || begin.elapsed() > Duration::from_mins(1) {
                return Err(problem(
                    format!("the server didn't start:\n{said}"),
                    "Start it by hand to see more.",
                ));
            } else {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(server)
    }

    /// Resident memory in MB.
    pub fn memory(&self) -> Result<f64> {
        memory(self.child.id())
    }

    /// Watches the memory while something is going on.
    pub fn watch(&self) -> Watch {
        Watch::start(self.child.id())
    }

    fn stop(&mut self) {
        let process = self.child.id().to_string();
        command::succeeds(Command::new("kill").args(["-TERM", &process]));
        for _ in 0..250 {
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn memory(process: u32) -> Result<f64> {
    let file = PathBuf::from(format!("/proc/{process}/status"));
    let status = fs::read_to_string(&file).map_err(|_| {
        problem(
            "this system doesn't tell a process's memory in /proc",
            "Measure on Linux.",
        )
    })?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS in /proc")?;
    let kilobytes: u32 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(f64::from(kilobytes) / 1024.0)
}

/// The highest memory seen, sampled every 50 ms.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<f64>,
}

impl Watch {
    fn start(process: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = stop.clone();
        let thread = thread::spawn(move || {
            let mut highest: f64 = 0.0;
            while !asked.load(Ordering::Relaxed) {
                highest = memory(process).unwrap_or_default().max(highest);
                thread::sleep(Duration::from_millis(50));
            }
            highest
        });
        Self { stop, thread }
    }

    pub fn highest(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

/// Numbers for idempotency ids: never the same twice in a process.
pub fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
