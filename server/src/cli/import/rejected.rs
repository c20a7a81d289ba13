//! The file of rejected lines, each with its reason: to be mended and sent again.

use crate::Problem;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// A line that isn't JSON is repeated this far.
const MAX_CHARS: usize = 4000;

/// Made when the first line is rejected, in place of one from an earlier run.
#[derive(Debug)]
pub struct Rejected {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    pub count: u64,
}

#[derive(Serialize)]
struct Entry<'a> {
    line: u64,
    field: &'a str,
    reason: &'a str,
    event: Event<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Event<'a> {
    Json(&'a RawValue),
    Text(String),
}

impl Rejected {
    /// Beside the file that is read; in this folder for standard input.
    pub fn beside(path: &Path) -> Self {
        let mut name = if path == Path::new("-") {
            "stdin".into()
        } else {
            path.as_os_str().to_owned()
        };
        name.push(".rejected.ndjson");
        Self {
            path: name.into(),
            file: None,
            count: 0,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn add(&mut self, line: u64, field: &str, reason: &str, bytes: &[u8]) -> Result<(), Problem> {
        let event = serde_json::from_slice(bytes).map_or_else(
            |_| Event::Text(String::from_utf8_lossy(bytes).chars().take(MAX_CHARS).collect()),
            Event::Json,
        );
        let entry = Entry {
            line,
            field,
            reason,
            event,
        };
        self.count += 1;
        self.write(&entry).map_err(|error| {
            Problem::new(format!(
                "The file of rejected lines, {}, can't be written: {error}. What was stored stays; mend this and \
                 import again.",
                self.path.display()
            ))
        })
    }

    fn write(&mut self, entry: &Entry<'_>) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(File::create(&self.path)?)),
        };
        serde_json::to_writer(&mut *file, entry)?;
        file.write_all(b"\n")?;
        // Rare, and worth having where the process is killed.
        file.flush()
    }
}
