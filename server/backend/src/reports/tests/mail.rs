//! A mail as it arrives (RFC 2045, RFC 2046), as far as ours go.

use base64::{Engine, prelude::BASE64_STANDARD};

#[derive(Debug, Default)]
pub(super) struct Mail {
    pub to: String,
    pub subject: String,
    /// The text of the first part.
    pub text: String,
    pub file_name: String,
    pub file: Vec<u8>,
}

fn header<'p>(head: &'p str, name: &str) -> Option<&'p str> {
    let line = head.lines().find(|line| {
        let given = line.get(..name.len()).unwrap_or_default();
        given.eq_ignore_ascii_case(name) && line[name.len()..].starts_with(": ")
    });
    line.map(|line| &line[name.len() + 2..])
}

/// The parts of a multipart body, each with its head.
fn parts(head: &str, body: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let boundary = unfolded
        .split("boundary=\"")
        .nth(1)
        .map(|rest| rest.split('"').next().unwrap());
    let Some(boundary) = boundary else {
        return vec![(unfolded, body.to_owned())];
    };
    let (mark, end) = (format!("--{boundary}\r\n"), format!("--{boundary}--"));
    let inner = body.split(&end).next().unwrap();
    let inner = inner.split(&mark).skip(1);
    let split = inner.map(|part| part.split_once("\r\n\r\n").unwrap());
    split.flat_map(|(head, body)| parts(head, body)).collect()
}

fn decoded(head: &str, body: &str) -> Vec<u8> {
    let body = body.strip_suffix("\r\n").unwrap_or(body);
    match header(head, "Content-Transfer-Encoding") {
        Some("base64") => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        Some("quoted-printable") => quoted_printable(body),
        _ => body.as_bytes().to_vec(),
    }
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let code = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

impl Mail {
    pub(super) fn parse(raw: &str) -> Self {
        let raw = raw.strip_suffix("\r\n.\r\n").unwrap();
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let mut mail = Self {
            to: header(head, "To").unwrap_or_default().to_owned(),
            subject: header(head, "Subject").unwrap_or_default().to_owned(),
            ..Self::default()
        };
        for (head, body) in parts(head, body) {
            let kind = header(&head, "Content-Type").unwrap_or_default();
            if let Some(disposition) = header(&head, "Content-Disposition") {
                assert!(kind.starts_with("text/csv"), "{kind}");
                let name = disposition.split("filename=\"").nth(1).unwrap();
                mail.file_name = name.trim_end_matches('"').to_owned();
                mail.file = decoded(&head, &body);
            } else if kind.starts_with("text/plain") {
                let text = String::from_utf8(decoded(&head, &body)).unwrap();
                mail.text = text.replace("\r\n", "\n");
            }
        }
        mail
    }

    /// The lines of the file without the names, each by its names.
    pub(super) fn records(&self) -> Vec<std::collections::HashMap<String, String>> {
        let file = self.file.strip_prefix("\u{feff}".as_bytes()).unwrap();
        let mut reader = csv::Reader::from_reader(file);
        reader.deserialize().map(Result::unwrap).collect()
    }
}
