//! Reading a body: its type, its compression, its bound.

use super::{in_flight::Memory, problem::Problem};
use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use bytes::Bytes;
use daybook_backend::ingest::{Format, MAX_BODY};
use flate2::read::MultiGzDecoder;
use futures::StreamExt;
use std::io::Read;

const TYPES: &str =
    "Send application/json (one event or an array of them) or application/x-ndjson (one event per line).";

/// How the events are packed, as the sender says.
///
/// # Errors
/// 415.
pub fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let unsupported = |said: &str| {
        Problem::new(415, "content-type", "Not a type that can be read").detail(format!("{said} {TYPES}"))
    };
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return Err(unsupported("There is no Content-Type."));
    };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Format::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        _ => Err(unsupported(&format!("Content-Type is “{}”.", shown(kind)))),
    }
}

/// The header's value as far as it is worth repeating.
fn shown(value: &str) -> String {
    value.chars().take(100).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Plain,
    Gzip,
}

/// How the body is compressed.
///
/// # Errors
/// 415.
pub fn coding(headers: &HeaderMap) -> Result<Coding, Problem> {
    let said = headers
        .get(CONTENT_ENCODING)
        .map(|said| said.to_str().unwrap_or_default());
    match said.map(|said| said.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "identity") => Ok(Coding::Plain),
        Some("gzip" | "x-gzip") => Ok(Coding::Gzip),
        Some(other) => Err(
            Problem::new(415, "content-encoding", "Not a compression that can be read")
                .detail(format!(
                    "Content-Encoding is “{}”. Send gzip, or no compression.",
                    shown(other)
                ))
                .header(ACCEPT_ENCODING, "gzip"),
        ),
    }
}

/// The whole body, decompressed, in `memory`.
///
/// # Errors
/// 413; 400 where it ends early, its sender pauses too long, or it isn't what it says it is.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    coding: Coding,
    memory: &mut Memory,
) -> Result<Bytes, Problem> {
    let said = headers.get(CONTENT_LENGTH);
    let said = said.and_then(|said| said.to_str().ok()?.parse::<usize>().ok());
    let mut raw = Vec::new();
    if let Some(bytes) = said {
        // At once: a body that has begun never waits for one that waits for it.
        grow(&mut raw, bytes, memory).await?;
    }
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a body ended early");
            Problem::new(400, "incomplete", "The body ended early")
                .detail("Nothing of it was stored. Send it again.")
        })?;
        let size = raw.len() + chunk.len();
        grow(&mut raw, size, memory).await?;
        raw.extend_from_slice(&chunk);
    }
    match coding {
        Coding::Plain => Ok(raw.into()),
        Coding::Gzip => {
            memory.hold(raw.len() + MAX_BODY).await?;
            tokio::task::spawn_blocking(move || decompress(&raw))
                .await
                .map_err(|_| Problem::new(500, "broken", "Something broke"))?
        }
    }
}

async fn grow(raw: &mut Vec<u8>, size: usize, memory: &mut Memory) -> Result<(), Problem> {
    if size > MAX_BODY {
        return Err(too_large());
    }
    if size > raw.capacity() {
        memory.hold(size).await?;
        raw.reserve(size - raw.len());
    }
    Ok(())
}

fn decompress(raw: &[u8]) -> Result<Bytes, Problem> {
    let mut plain = Vec::new();
    // One byte more than allowed, to tell "just fits" from "too large".
    let mut reader = MultiGzDecoder::new(raw).take(MAX_BODY as u64 + 1);
    match reader.read_to_end(&mut plain) {
        Ok(_) if plain.len() > MAX_BODY => Err(too_large()),
        Ok(_) => Ok(plain.into()),
        Err(error) => Err(Problem::new(400, "not-gzip", "The body is not gzip")
            .detail(format!("Content-Encoding says gzip, but: {error}."))),
    }
}

pub fn too_large() -> Problem {
    Problem::new(413, "too-large", "Too much at once")
        .detail("A body holds at most 10,000 events and 16 MiB, also after decompression. Send several.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn compression_is_bounded_by_what_comes_out() {
        assert_eq!(decompress(&gzip(b"[]")).unwrap(), "[]");
        assert_eq!(decompress(&gzip(&vec![b' '; MAX_BODY])).unwrap().len(), MAX_BODY);
        assert!(decompress(&gzip(&vec![b' '; MAX_BODY + 1])).is_err());
        let members = [gzip(b"[1,"), gzip(b"2]")].concat();
        assert_eq!(decompress(&members).unwrap(), "[1,2]");
        let whole = gzip(b"[1,2,3]");
        assert!(decompress(&whole[..whole.len() - 4]).is_err());
        assert!(decompress(b"[]").is_err());
    }
}
