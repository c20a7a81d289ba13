//! A mail server (RFC 5321) that answers as it is told.

use super::form;
use daybook_domain::email::MailForm;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it does in place of what it usually would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// It says so once it hears who is to get the message.
    OfRecipient(&'static str),
    /// It says so once it has the message.
    OfMessage(&'static str),
    /// It takes the message and hangs up without a word.
    Silence,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct MailServer {
    /// The messages it was handed, whatever it said to them.
    got: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Instead>>>,
    port: u16,
}

impl MailServer {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            ..Self::default()
        };
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move {
                    let _gone = this.serve(stream).await;
                });
            }
        });
        server
    }

    pub(crate) fn settings(&self) -> MailForm {
        form("127.0.0.1", self.port)
    }

    pub(crate) fn answers(&self, with: impl IntoIterator<Item = Instead>) {
        self.answers.lock().unwrap().extend(with);
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 mail.test ESMTP\r\n").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let said = match line.get(..4).unwrap_or_default() {
                "EHLO" => "250-mail.test\r\n250 8BITMIME",
                "RCPT" => match self.next(|instead| matches!(instead, Instead::OfRecipient(_))) {
                    Some(Instead::OfRecipient(said)) => said,
                    _ => "250 2.1.5 OK",
                },
                "DATA" => {
                    stream.write_all(b"354 Go on\r\n").await?;
                    let mut message = String::new();
                    while !message.ends_with("\r\n.\r\n") {
                        if stream.read_line(&mut message).await? == 0 {
                            return Ok(());
                        }
                    }
                    self.got.lock().unwrap().push(message);
                    match self.next(|instead| !matches!(instead, Instead::OfRecipient(_))) {
                        Some(Instead::OfMessage(said)) => said,
                        Some(_) => return Ok(()),
                        None => "250 2.0.0 OK queued as 4711",
                    }
                }
                "QUIT" => "221 Bye",
                _ => "250 OK",
            };
            stream.write_all(format!("{said}\r\n").as_bytes()).await?;
        }
    }

    fn next(&self, fits: impl Fn(&Instead) -> bool) -> Option<Instead> {
        let mut answers = self.answers.lock().unwrap();
        if answers.front().is_some_and(fits) {
            answers.pop_front()
        } else {
            None
        }
    }
}
