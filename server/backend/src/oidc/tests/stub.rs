//! A provider of the tests' own: real HTTP at a port of its own, where it says what it is told to.

use super::keys::Key;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) const DISCOVERY: &str = "/.well-known/openid-configuration";

#[derive(Debug, Clone)]
pub(crate) enum Says {
    Json(u16, Value),
    /// With this content, whatever it is.
    Bytes(Vec<u8>),
    /// All of an answer.
    Raw(String),
    /// Takes the request and says nothing.
    Nothing,
}

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    path: String,
    pub head: String,
    pub body: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Stub {
    pub issuer: String,
    says: Arc<Mutex<HashMap<String, Says>>>,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Stub {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        let stub = Self {
            issuer,
            says: Arc::default(),
            got: Arc::default(),
        };
        stub.says(DISCOVERY, Says::Json(200, stub.description()));
        stub.says("/keys", keys(&[Key::rsa().told("1")]));
        let this = stub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(this.clone().serve(stream));
            }
        });
        stub
    }

    /// What it says about itself.
    pub fn description(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize?theme=dark"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/keys"),
            "userinfo_endpoint": at("/userinfo"),
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post", "client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "something_else": {"of": ["which", "nothing", "depends"]},
        })
    }

    /// Says something else about itself.
    pub fn describes(&self, field: &str, value: Value) {
        let mut description = self.description();
        description[field] = value;
        self.says(DISCOVERY, Says::Json(200, description));
    }

    pub fn says(&self, path: &str, what: Says) {
        self.says.lock().unwrap().insert(path.to_owned(), what);
    }

    pub fn count(&self, path: &str) -> usize {
        let got = self.got.lock().unwrap();
        got.iter().filter(|got| got.path == path).count()
    }

    /// The last that came there.
    pub fn last(&self, path: &str) -> Got {
        let got = self.got.lock().unwrap();
        got.iter().rfind(|got| got.path == path).unwrap().clone()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let got = loop {
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(got) = parse(&bytes) {
                break got;
            }
        };
        let says = self.says.lock().unwrap().get(&got.path).cloned();
        self.got.lock().unwrap().push(got);
        let answer = match says.unwrap_or(Says::Json(404, json!({}))) {
            Says::Json(status, json) => answer(status, json.to_string().as_bytes()),
            Says::Bytes(bytes) => answer(200, &bytes),
            Says::Raw(text) => text.into_bytes(),
            Says::Nothing => {
                let _end = stream.read_u8().await;
                return;
            }
        };
        let _sent = stream.write_all(&answer).await;
    }
}

pub(crate) fn keys(all: &[Value]) -> Says {
    Says::Json(200, json!({"keys": all}))
}

fn answer(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nx-request-id: r-{status}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A request, where it is all there. Paths are those below the issuer.
fn parse(bytes: &[u8]) -> Option<Got> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = head.to_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    let path = head.split(' ').nth(1)?.trim_start_matches("/realm").to_owned();
    (body.len() >= length).then(|| Got {
        path,
        head: head.clone(),
        body: body.to_owned(),
    })
}
