//! A receiver for tests: a real one on this machine that answers as it is told.

use serde_json::Value;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    /// Method and target.
    pub line: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Answers what it is told to, and 204 once there is nothing more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Receiver {
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
    pub url: String,
}

impl Receiver {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/in?token=abc", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let this = receiver.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move {
                    let mut bytes = Vec::new();
                    let got = loop {
                        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                            return;
                        }
                        if let Some(got) = parse(&bytes) {
                            break got;
                        }
                    };
                    this.got.lock().unwrap().push(got);
                    let answer = this.answers.lock().unwrap().pop_front();
                    let answer = answer.unwrap_or_else(|| "204 No Content\r\n".to_owned());
                    let answer = format!("HTTP/1.1 {answer}connection: close\r\n\r\n");
                    let _sent = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        receiver
    }

    /// Status and headers of the next answers, each with its end of line.
    pub fn answers(&self, with: impl IntoIterator<Item = &'static str>) {
        let with = with.into_iter().map(str::to_owned);
        self.answers.lock().unwrap().extend(with);
    }

    /// The next answer says yes, and this.
    pub fn tells(&self, body: &str) {
        let answer = format!(
            "200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        self.answers.lock().unwrap().push_back(answer);
    }

    pub fn count(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    pub fn take(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

/// A request, where it is all there.
fn parse(bytes: &[u8]) -> Option<Got> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    (body.len() >= length).then(|| Got {
        line,
        headers,
        body: body.to_vec(),
    })
}
