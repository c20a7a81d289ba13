//! The least HTTP/1.1 that measuring needs: one keep-alive connection, requests that are bytes already. This program
//! shares its cores with the server it measures, so it had better do little.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Connection {
    /// To `host:port`.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("can't connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self {
            address: address.to_owned(),
            stream: BufReader::with_capacity(1 << 16, stream),
        })
    }

    /// Sends a whole request and waits for the whole answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let answer = Answer::read(&mut self.stream)?;
        if answer
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
        {
            *self = Self::open(&self.address)?;
        }
        Ok(answer)
    }

    pub fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        self.send(&request("GET", path, headers, b""))
    }

    /// How many lines an answer has, without keeping it.
    pub fn count_lines(&mut self, path: &str, headers: &str) -> Result<usize> {
        self.stream
            .get_mut()
            .write_all(&request("GET", path, headers, b""))?;
        let first = line(&mut self.stream)?;
        if !first.contains(" 200 ") {
            bail!("{path} was answered: {first}");
        }
        while !line(&mut self.stream)?.trim().is_empty() {}
        let mut lines = 0;
        let mut piece = Vec::new();
        loop {
            let size = line(&mut self.stream)?;
            let size = usize::from_str_radix(size.trim(), 16)?;
            piece.resize(size, 0);
            self.stream.read_exact(&mut piece)?;
            line(&mut self.stream)?;
            if size == 0 {
                return Ok(lines);
            }
            lines += piece.split(|byte| *byte == b'\n').count() - 1;
        }
    }

    /// A form as a browser sends it; `fields` are encoded already.
    pub fn post_form(&mut self, path: &str, fields: &str) -> Result<Answer> {
        let headers = "content-type: application/x-www-form-urlencoded\r\n";
        self.send(&request("POST", path, headers, fields.as_bytes()))
    }
}

/// A request as bytes. `headers` are lines with their ends.
pub fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Answer {
    fn read(stream: &mut impl BufRead) -> Result<Self> {
        let first = line(stream)?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no HTTP answer: {first}"))?;
        let mut headers = Vec::new();
        loop {
            let line = line(stream)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Self {
            status,
            headers,
            body: Vec::new(),
        };
        if answer
            .header("transfer-encoding")
            .is_some_and(|value| value.contains("chunked"))
        {
            loop {
                let size = line(stream)?;
                let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
                answer.read_body(stream, size)?;
                line(stream)?;
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = answer.header("content-length") {
            let length = length.parse()?;
            answer.read_body(stream, length)?;
        }
        Ok(answer)
    }

    fn read_body(&mut self, stream: &mut impl BufRead, size: usize) -> Result<()> {
        let begin = self.body.len();
        self.body.resize(begin + size, 0);
        stream
            .read_exact(&mut self.body[begin..])
            .context("the answer ended too early")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The cookies set, as a `cookie` header line with its end.
    pub fn cookies(&self) -> String {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        let pairs = set.filter_map(|(_, value)| value.split(';').next());
        format!("cookie: {}\r\n", pairs.collect::<Vec<_>>().join("; "))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.take(1 << 16).read_line(&mut line)? == 0 {
        bail!("the server closed the connection");
    }
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_both_kinds_are_read() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 303 See Other\r\nset-cookie: a=1; Path=/\r\n\
                    set-cookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let mut stream = text.as_bytes();
        let first = Answer::read(&mut stream).unwrap();
        assert_eq!((first.status, first.text().as_str()), (200, "hi"));
        let second = Answer::read(&mut stream).unwrap();
        assert_eq!((second.status, second.text().as_str()), (303, "abcde"));
        assert_eq!(second.cookies(), "cookie: a=1; b=2\r\n");
        assert!(Answer::read(&mut stream).is_err());
    }
}
