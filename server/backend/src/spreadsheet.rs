//! Tables for spreadsheets (RFC 4180). What one would take for a formula begins with an apostrophe, as OWASP's “CSV
//! Injection” advises; reading takes it away again.

use crate::{Error, Result};
use bytes::Bytes;
use csv::{Terminator, Writer, WriterBuilder};
use std::borrow::Cow;

/// What a spreadsheet may begin a formula with.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Tells a spreadsheet that this is UTF-8.
const MARK: &str = "\u{feff}";

/// Lines on their way out.
pub(crate) struct Lines(Writer<Vec<u8>>);

impl Lines {
    /// The beginning of a file.
    pub(crate) fn head(columns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Bytes> {
        let mut lines = Self::into(MARK.as_bytes().to_vec());
        lines.line(columns)?;
        lines.finish()
    }

    /// The lines that follow, of about so many bytes.
    pub(crate) fn of_about(bytes: usize) -> Self {
        Self::into(Vec::with_capacity(bytes))
    }

    fn into(file: Vec<u8>) -> Self {
        Self(
            WriterBuilder::new()
                .terminator(Terminator::CRLF)
                .flexible(true)
                .from_writer(file),
        )
    }

    pub(crate) fn line(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) -> Result<()> {
        for cell in cells {
            let shown = harmless(cell.as_ref());
            self.0.write_field(shown.as_bytes()).map_err(Error::damaged)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(Error::damaged)
    }

    pub(crate) fn finish(self) -> Result<Bytes> {
        self.0.into_inner().map(Bytes::from).map_err(Error::damaged)
    }
}

/// Whether a spreadsheet would run it, or it looks like one that was kept from that.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// A cell that a spreadsheet shows and doesn't run.
fn harmless(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// What a cell meant before it was made harmless.
pub(crate) fn meant(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'');
    rest.filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_harmless_cell_means_what_it_did(cell in "['=+@a-]{0,6}") {
            let shown = harmless(&cell);
            prop_assert!(!shown.starts_with(FORMULA));
            prop_assert_eq!(meant(&shown), cell.as_str());
        }
    }
}
