//! Where things are: the checkout, the build's folder, the site in it.

use crate::{command, problem::problem};
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Paths of this checkout.
#[derive(Debug, Clone)]
pub struct Project {
    pub root: PathBuf,
    /// Cargo's target folder, absolute.
    pub target: PathBuf,
}

/// How the server and the browser half are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Dev,
    Release,
}

impl Project {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and cargo's configuration are heeded.
    pub fn find() -> Result<Self> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
            .parent()
            .context("xtask lies in the root of the checkout")?
            .to_path_buf();
        let mut metadata = command::cargo();
        metadata
            .current_dir(&root)
            .args(["metadata", "--format-version", "1", "--no-deps"]);
        let metadata: serde_json::Value = serde_json::from_str(&command::output(&mut metadata)?)?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target folder")?;
        Ok(Self {
            root,
            target: target.into(),
        })
    }

    /// What the server serves besides pages; embedded in its release build.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Our own intermediate results, kept between calls.
    pub fn cache(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The server's binary.
    pub fn binary(&self, mode: Mode) -> PathBuf {
        let folder = match mode {
            Mode::Dev => "debug",
            Mode::Release => "release",
        };
        self.target
            .join(folder)
            .join(format!("daybook{}", std::env::consts::EXE_SUFFIX))
    }

    /// A cargo call in the root, with the one variable the server's build reads. It is the same in every call, or
    /// things would be built again.
    pub fn cargo(&self) -> Result<Command> {
        // The folder must be there when the server is compiled, even if the site is not.
        std::fs::create_dir_all(self.site()).map_err(|error| {
            problem(
                format!("can't make {}: {error}", self.site().display()),
                "Make it writable.",
            )
        })?;
        let mut cargo = command::cargo();
        cargo.current_dir(&self.root).env("DAYBOOK_SITE_DIR", self.site());
        Ok(cargo)
    }

    /// A program in the root of the checkout.
    pub fn program(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root);
        command
    }

    /// A program that npm installed.
    pub fn npm_program(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }
}
