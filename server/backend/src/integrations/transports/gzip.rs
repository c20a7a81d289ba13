//! Lines of JSON as one file. The same lines make the same bytes: a file that is written again is the one that was.

use flate2::{Compression, GzBuilder};
use std::io::{self, Write};

/// Packs lines, each of which is ended here. That they have no line ends of their own is up to who made them.
///
/// # Errors
/// None that memory knows.
pub(crate) fn pack<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> io::Result<Vec<u8>> {
    // Neither a time nor a name nor the system's kind (RFC 1952, 2.3.1): they would differ from one try to the next.
    let mut packed = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::default());
    for line in lines {
        packed.write_all(line.as_ref())?;
        packed.write_all(b"\n")?;
    }
    packed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn lines_come_back_and_are_packed_alike() {
        let lines = [r#"{"a":1}"#, r#"{"b":"ä"}"#];
        let packed = pack(lines).unwrap();
        let mut text = String::new();
        GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"a\":1}\n{\"b\":\"ä\"}\n");
        assert_eq!(packed, pack(lines.map(str::to_owned)).unwrap());
        // No time, and no system.
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, packed[8], 255]);
    }

    #[test]
    fn no_lines_are_a_file_too() {
        let mut text = String::new();
        let packed = pack(Vec::<String>::new()).unwrap();
        GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "");
    }
}
