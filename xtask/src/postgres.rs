//! A PostgreSQL of our own for the tests: made in a temporary folder, gone when dropped. It never touches a server that
//! is already there.

use crate::{command, problem::problem, setup};
use anyhow::{Context, Result};
use std::{
    fmt, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

/// What is running, so that an interrupt can stop it too.
static RUNNING: Mutex<Vec<Stop>> = Mutex::new(Vec::new());

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Test,
    Bench,
}

impl Purpose {
    fn settings(self) -> &'static [&'static str] {
        match self {
            // Durability is not what the tests test on this side, speed is; each test has a database of its own, hence
            // many connections.
            Self::Test => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=300",
                "shared_buffers=128MB",
            ],
            // As it would be where it is used, on a small machine.
            Self::Bench => &["shared_buffers=256MB", "max_wal_size=4GB"],
        }
    }
}

/// Where PostgreSQL's programs are, and as whom to run them.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    as_user: Option<SwitchUser>,
}

/// PostgreSQL refuses to run as root; these programs become its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SwitchUser {
    Runuser,
    Setpriv,
    Su,
}

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    data: PathBuf,
    programs: Programs,
}

#[derive(Debug, Clone)]
struct Stop {
    programs: Programs,
    data: PathBuf,
}

impl fmt::Display for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.folder.display())
    }
}

impl Programs {
    /// The newest installed, or Debian's.
    pub fn find_or_install() -> Result<Self> {
        let folder = match find() {
            Some(folder) => folder,
            None => install()?,
        };
        Self::of(folder)
    }

    fn of(folder: PathBuf) -> Result<Self> {
        let as_user = if setup::is_root() {
            Some(SwitchUser::find()?)
        } else {
            None
        };
        Ok(Self { folder, as_user })
    }

    /// The program as the user that may run it.
    fn command(&self, program: impl AsRef<Path>, arguments: &[&str]) -> Command {
        let program = program.as_ref().to_string_lossy().into_owned();
        let mut words = vec![program];
        words.extend(arguments.iter().map(|&argument| argument.to_owned()));
        if let Some(switch) = self.as_user {
            words = switch.wrap(words);
        }
        let mut command = Command::new(&words[0]);
        // The user may not enter our folder.
        command.args(&words[1..]).current_dir("/");
        command
    }

    fn own(&self, program: &str, arguments: &[&str]) -> Command {
        self.command(self.folder.join(program), arguments)
    }
}

fn find() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions = debian
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect::<Vec<_>>();
    versions.sort_unstable();
    let on_path = command::find("initdb").and_then(|file| Some(file.parent()?.to_path_buf()));
    let mut folders = versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(on_path);
    folders.find(|folder| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|p| command::is_executable(&folder.join(p)))
    })
}

fn install() -> Result<PathBuf> {
    let installed = setup::apt_install(
        &["postgresql"],
        "the tests run on PostgreSQL too, which isn't here",
    );
    installed.map_err(|error| match error.downcast_ref::<crate::problem::Problem>() {
        Some(known) => problem(
            known.to_string(),
            format!("{}\nOr leave them out: --without-postgres.", known.remedy()),
        ),
        None => error,
    })?;
    find().ok_or_else(|| {
        problem(
            "apt-get installed a PostgreSQL without a server",
            "Put its initdb on PATH, or use --without-postgres.",
        )
    })
}

impl SwitchUser {
    fn find() -> Result<Self> {
        let remedy = "Run the tests as another user than root, or use --without-postgres.";
        if !command::succeeds(Command::new("id").args(["-u", "postgres"])) {
            return Err(problem(
                "PostgreSQL doesn't run as root, and there is no user named postgres",
                remedy,
            ));
        }
        let known = [
            ("runuser", Self::Runuser),
            ("setpriv", Self::Setpriv),
            ("su", Self::Su),
        ];
        let found = known.into_iter().find(|(name, _)| command::find(name).is_some());
        found.map(|(_, switch)| switch).ok_or_else(|| {
            problem(
                "PostgreSQL doesn't run as root, and none of runuser, setpriv and su is here",
                remedy,
            )
        })
    }

    fn wrap(self, command: Vec<String>) -> Vec<String> {
        let prefix: &[&str] = match self {
            Self::Runuser => &["runuser", "-u", "postgres", "--"],
            Self::Setpriv => &[
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--",
            ],
            Self::Su => {
                let quoted = command
                    .iter()
                    .map(|word| format!("'{}'", word.replace('\'', r"'\''")));
                let line = quoted.collect::<Vec<_>>().join(" ");
                return ["su", "postgres", "-s", "/bin/sh", "-c", &line]
                    .map(str::to_owned)
                    .to_vec();
            }
        };
        prefix
            .iter()
            .map(|&word| word.to_owned())
            .chain(command)
            .collect()
    }
}

impl Cluster {
    /// Makes and starts one, on a socket in its own folder and on a free port of the loopback address.
    pub fn start(programs: &Programs, purpose: Purpose) -> Result<Self> {
        let template = std::env::temp_dir().join("daybook-postgres.XXXXXX");
        let made = command::output(&mut programs.command("mktemp", &["-d", &template.to_string_lossy()]))?;
        let data = PathBuf::from(made.trim());
        lock().push(Stop {
            programs: programs.clone(),
            data: data.clone(),
        });
        // From here on dropping it cleans up.
        let mut cluster = Self {
            port: 0,
            data,
            programs: programs.clone(),
        };
        cluster
            .initialise()
            .context("PostgreSQL's temporary cluster couldn't be made")?;
        cluster
            .listen(purpose)
            .context("PostgreSQL's temporary cluster didn't start")?;
        Ok(cluster)
    }

    fn initialise(&self) -> Result<()> {
        let data = self.data.to_string_lossy();
        let arguments = [
            "--pgdata",
            &*data,
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ];
        command::run_quietly(&mut self.programs.own("initdb", &arguments))
    }

    fn listen(&mut self, purpose: Purpose) -> Result<()> {
        let data = self.data.to_string_lossy().into_owned();
        let log = format!("{data}/server.log");
        let mut attempts = 0;
        loop {
            // Another program may take the port in between; then the next one is tried.
            self.port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let mut options = format!("-h 127.0.0.1 -p {} -k {data}", self.port);
            for setting in purpose.settings() {
                options.push_str(" -c ");
                options.push_str(setting);
            }
            // Its output goes to the log: a server that kept our pipe open would keep us waiting.
            let mut start = self.programs.own(
                "pg_ctl",
                &[
                    "start", "--wait", "--silent", "-D", &data, "-l", &log, "-o", &options,
                ],
            );
            if command::succeeds(&mut start) {
                return Ok(());
            }
            attempts += 1;
            if attempts == 3 {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let last = said
                    .lines()
                    .rev()
                    .take(5)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect::<Vec<_>>();
                return Err(problem(
                    last.join("\n"),
                    "Leave PostgreSQL's tests out with --without-postgres if it can't be helped.",
                ));
            }
        }
    }

    /// For `DAYBOOK_TEST_POSTGRES`: the tests make their own databases in it.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database; returns its URL.
    pub fn create(&self, database: &str) -> Result<String> {
        self.ask(&format!("CREATE DATABASE \"{database}\""))?;
        Ok(self.url_of(database))
    }

    /// Removes a database.
    pub fn remove(&self, database: &str) -> Result<()> {
        self.ask(&format!("DROP DATABASE \"{database}\""))?;
        Ok(())
    }

    /// Bytes on disk.
    pub fn size(&self, database: &str) -> Result<u64> {
        Ok(self
            .ask(&format!("SELECT pg_database_size('{database}')"))?
            .trim()
            .parse()?)
    }

    fn ask(&self, sql: &str) -> Result<String> {
        let url = self.url();
        let arguments = ["--no-align", "--tuples-only", "--command", sql, &*url];
        command::output(&mut self.programs.own("psql", &arguments))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut running = lock();
        if let Some(index) = running.iter().position(|stop| stop.data == self.data) {
            running.swap_remove(index).now();
        }
    }
}

impl Stop {
    fn now(self) {
        let data = self.data.to_string_lossy();
        command::succeeds(
            &mut self
                .programs
                .own("pg_ctl", &["stop", "--wait", "--mode=immediate", "-D", &data]),
        );
        if let Err(error) = fs::remove_dir_all(&self.data) {
            eprintln!("warning: {data} couldn't be removed: {error}");
        }
    }
}

/// Stops whatever is still running; for the moment of an interrupt.
pub fn stop_all() {
    for stop in lock().drain(..) {
        stop.now();
    }
}

fn lock() -> std::sync::MutexGuard<'static, Vec<Stop>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn su_gets_one_quoted_line() {
        let words = SwitchUser::Su.wrap(vec!["pg_ctl".to_owned(), "it's".to_owned()]);
        assert_eq!(words.last().map(String::as_str), Some(r"'pg_ctl' 'it'\''s'"));
    }

    #[test]
    fn runuser_gets_the_words_as_they_are() {
        let words = SwitchUser::Runuser.wrap(vec!["initdb".to_owned(), "-D".to_owned()]);
        assert_eq!(words, ["runuser", "-u", "postgres", "--", "initdb", "-D"]);
    }

    /// Where PostgreSQL is; `cargo xtask test` has already seen to that unless it was told to do without.
    #[test]
    fn a_cluster_starts_and_leaves_nothing_behind() {
        let Some(folder) = find() else { return };
        let programs = Programs::of(folder).unwrap();
        let cluster = Cluster::start(&programs, Purpose::Test).unwrap();
        let data = cluster.data.clone();
        assert!(std::net::TcpStream::connect(("127.0.0.1", cluster.port)).is_ok());
        assert!(data.join("PG_VERSION").exists());
        let url = cluster.create("daybook-1").unwrap();
        assert!(url.ends_with("/daybook-1") && cluster.size("daybook-1").unwrap() > 1_000_000);
        cluster.remove("daybook-1").unwrap();
        drop(cluster);
        assert!(!data.exists());
    }
}
