//! The lines of a file of events: plain or gzip, one event a line.

use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Longest line, in bytes. An event is much smaller; this bounds the memory for a file that isn't one of events.
pub const MAX_LINE: usize = 1024 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One line as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u64,
    pub bytes: Vec<u8>,
    /// How it ended.
    pub end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With a line end, as it should.
    Line,
    /// With the file: whole, or cut off.
    File,
    /// It is longer than [`MAX_LINE`]; `bytes` hold its beginning.
    TooLong,
    /// The file could not be read any further.
    Broken,
}

/// Reads lines, skipping blank ones. After an error the lines end.
pub struct Lines {
    input: Box<dyn BufRead + Send>,
    number: u64,
    error: Option<io::Error>,
}

/// How many bytes of the file itself were read, shared with whoever shows it.
pub type BytesRead = Arc<AtomicU64>;

impl Lines {
    /// The file at `path`, or standard input for `-`; with the size of the file where it is known.
    pub fn open(path: &Path, read: &BytesRead) -> io::Result<(Self, Option<u64>)> {
        let (input, size): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path)?;
            let meta = file.metadata()?;
            if meta.is_dir() {
                return Err(io::Error::other("it is a folder"));
            }
            (Box::new(file), meta.is_file().then_some(meta.len()))
        };
        let counted = Counted {
            input,
            read: Arc::clone(read),
        };
        Ok((Self::new(counted)?, size))
    }

    fn new(mut input: impl Read + Send + 'static) -> io::Result<Self> {
        let mut head = Vec::with_capacity(GZIP.len());
        input.by_ref().take(GZIP.len() as u64).read_to_end(&mut head)?;
        let is_gzip = head == GZIP;
        let whole = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(input));
        Ok(Self {
            input: if is_gzip {
                Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(whole)))
            } else {
                Box::new(whole)
            },
            number: 0,
            error: None,
        })
    }

    /// What ended the lines early.
    pub fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Reads up to and with the line end, at most [`MAX_LINE`] bytes of it into `bytes`.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> End {
        let mut is_too_long = false;
        loop {
            let found = match self.input.fill_buf() {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.error = Some(error);
                    return End::Broken;
                }
            };
            if found.is_empty() {
                return if is_too_long { End::TooLong } else { End::File };
            }
            let line_end = found.iter().position(|byte| *byte == b'\n');
            let part = &found[..line_end.unwrap_or(found.len())];
            let room = MAX_LINE - bytes.len();
            is_too_long |= part.len() > room;
            bytes.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(line_end.is_some());
            self.input.consume(used);
            if line_end.is_some() {
                return if is_too_long { End::TooLong } else { End::Line };
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            if self.error.is_some() {
                return None;
            }
            let mut bytes = Vec::new();
            let end = self.fill(&mut bytes);
            self.number += 1;
            if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
                bytes.drain(..BYTE_ORDER_MARK.len());
            }
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                return Some(Line {
                    number: self.number,
                    bytes,
                    end,
                });
            }
            if matches!(end, End::File | End::Broken) {
                return None;
            }
        }
    }
}

struct Counted {
    input: Box<dyn Read + Send>,
    read: BytesRead,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> (Vec<(u64, String, End)>, bool) {
        let mut lines = Lines::new(Cursor::new(bytes)).unwrap();
        let all = lines
            .by_ref()
            .map(|line| (line.number, String::from_utf8(line.bytes).unwrap(), line.end))
            .collect();
        (all, lines.take_error().is_some())
    }

    #[test]
    fn lines_are_numbered_as_an_editor_does() {
        let expected = vec![
            (1, "a".to_owned(), End::Line),
            (4, "b".to_owned(), End::Line),
            (5, "c".to_owned(), End::File),
        ];
        let text = "\u{feff}a\n\n  \nb\nc";
        assert_eq!(read(text.into()), (expected.clone(), false));
        assert_eq!(read(gzip(text)), (expected, false));
        assert_eq!(read(Vec::new()), (vec![], false));
        assert_eq!(read(b"\n".to_vec()), (vec![], false));
    }

    #[test]
    fn a_file_cut_off_ends_with_what_is_there() {
        let numbers: Vec<_> = (0..200_u64)
            .map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string())
            .collect();
        let text = numbers.join("\n");
        let mut cut = gzip(&text);
        cut.truncate(cut.len() / 2);
        let (lines, is_broken) = read(cut);
        assert!(is_broken && lines.len() > 1 && lines.len() < 200);
        assert!(text.contains(&lines[lines.len() - 2].1));
    }

    #[test]
    fn an_endless_line_takes_bounded_memory_and_no_other_line() {
        let text = format!("a\n{}\nb\n", "x".repeat(3 * MAX_LINE));
        let (lines, _) = read(text.into());
        assert_eq!(lines.len(), 3);
        assert_eq!((lines[1].1.len(), lines[1].2), (MAX_LINE, End::TooLong));
        assert_eq!(lines[2], (3, "b".to_owned(), End::Line));
        let (exact, _) = read("y".repeat(MAX_LINE).into_bytes());
        assert_eq!(exact[0].2, End::File);
    }
}
