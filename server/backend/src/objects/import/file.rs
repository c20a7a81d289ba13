//! What stands in a file: its text, its lines, its cells.

use crate::spreadsheet::meant;
use csv::{ReaderBuilder, StringRecord};
use daybook_domain::{
    Error as Told,
    object::{ColumnMeaning, ImportColumn, ImportSettings, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES, ObjectKind},
};

/// Cells shown of a column, and the longest of them, in characters.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 60;
/// Longest head of a column, in characters.
const HEAD_CHARS: usize = 100;

/// A file, read.
#[derive(Debug)]
pub(super) struct Table {
    pub heads: Vec<String>,
    pub lines: Vec<Line>,
}

/// A line that isn't the head.
#[derive(Debug)]
pub(super) struct Line {
    /// As a text editor counts them, from 1.
    pub number: u64,
    pub cells: StringRecord,
}

impl Line {
    /// What stands in a cell, without what protects a spreadsheet from it.
    pub(super) fn cell(&self, column: usize) -> &str {
        meant(self.cells.get(column).unwrap_or_default().trim())
    }
}

fn refused(reason: impl Into<String>) -> Told {
    Told::invalid("file", reason)
}

/// The text of a file: UTF-8, or UTF-16 with its mark.
pub(super) fn text(bytes: &[u8]) -> Result<String, Told> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map_err(|_| refused("This is no readable UTF-16. Save the file as “CSV UTF-8”."))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        rest => utf8(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest)),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Told> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            Err(refused(format!(
                "Line {line} holds letters that aren't UTF-8. Save the file as “CSV UTF-8” and choose it again."
            )))
        }
    }
}

/// Commas, semicolons or tabs: what most often stands in the head.
fn separator(text: &str) -> u8 {
    let head = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    // The last of the largest wins, so the usual one comes last.
    *[b'\t', b';', b',']
        .iter()
        .max_by_key(|separator| count(separator))
        .unwrap_or(&b',')
}

/// Counts lines as a text editor does; the reader's own count is off after `\r\n`.
struct LineCounter<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> LineCounter<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of what begins at a place, or after the line ends there. Places come in order.
    fn line_at(&mut self, place: usize) -> u64 {
        while let Some(byte) = self.bytes.get(self.at) {
            let breaks = match byte {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + 1) != Some(&b'\n'),
                _ if self.at >= place => break,
                _ => false,
            };
            self.line += u64::from(breaks);
            self.at += 1;
        }
        self.line
    }
}

pub(super) fn table(text: &str) -> Result<Table, Told> {
    if text.contains('\0') {
        return Err(refused("This is no text. Choose a CSV file."));
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| refused(format!("The file can't be read: {error}."));
    let heads = reader.headers().map_err(unreadable)?.clone();
    if heads.is_empty() || heads.iter().all(|head| head.trim().is_empty()) {
        return Err(refused("The file is empty. Its first line names the columns."));
    }
    if heads.len() > MAX_IMPORT_COLUMNS {
        return Err(refused(format!(
            "The file has more than {MAX_IMPORT_COLUMNS} columns."
        )));
    }
    let (mut lines, mut counter) = (Vec::new(), LineCounter::of(text));
    for record in reader.records() {
        let cells = record.map_err(unreadable)?;
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if lines.len() >= MAX_IMPORT_LINES {
            return Err(refused(format!(
                "The file has more than {MAX_IMPORT_LINES} lines. Split it, and import one after the other."
            )));
        }
        let at = cells.position().map_or(0, csv::Position::byte);
        let number = counter.line_at(usize::try_from(at).unwrap_or_default());
        lines.push(Line { number, cells });
    }
    if lines.is_empty() {
        return Err(refused("The file has no lines below its head."));
    }
    let head = |(at, head): (usize, &str)| match meant(head.trim()) {
        "" => format!("Column {}", at + 1),
        head => head
            .chars()
            .filter(|c| !c.is_control())
            .take(HEAD_CHARS)
            .collect(),
    };
    Ok(Table {
        heads: heads.iter().enumerate().map(head).collect(),
        lines,
    })
}

/// The columns as they are shown, and what they are likely to mean: no two the same.
pub(super) fn columns(kind: ObjectKind, table: &Table) -> (Vec<ImportColumn>, ImportSettings) {
    let mut meanings = Vec::with_capacity(table.heads.len());
    let columns = table.heads.iter().enumerate().map(|(at, head)| {
        let meaning = ColumnMeaning::guess(kind, head);
        let is_new = meaning == ColumnMeaning::Nothing || !meanings.contains(&meaning);
        meanings.push(if is_new { meaning } else { ColumnMeaning::Nothing });
        let cells = table
            .lines
            .iter()
            .map(|line| line.cell(at))
            .filter(|cell| !cell.is_empty());
        ImportColumn {
            head: head.clone(),
            samples: cells
                .take(SAMPLES)
                .map(|cell| cell.chars().take(SAMPLE_CHARS).collect())
                .collect(),
        }
    });
    let columns = columns.collect();
    let settings = ImportSettings {
        columns: meanings,
        update: true,
        clear: false,
    };
    (columns, settings)
}
