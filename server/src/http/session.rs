//! Sessions: tower-sessions minds the cookie, [`SessionRows`] the rows.
//!
//! A session exists only for somebody who is signed in. The cookie holds 128 random bits; the database their
//! SHA-256, so that who reads the table can't sign in. When it ends says the sign-in policy.

use super::AppState;
use crate::Services;
use async_trait::async_trait;
use axum::{
    extract::State,
    http::{HeaderValue, header::SET_COOKIE},
    response::Response,
};
use daybook_backend::{
    accounts::{Accounts, NewSession},
    error::chain,
};
use daybook_domain::{
    id::UserId,
    settings::SignInPolicy,
    time::{Clock, Timestamp},
    viewer::RequestContext,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, sync::Arc};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// As long as the policy can let a session last: when it is over is the server's to say, not the cookie's.
const COOKIE_SECONDS: i64 = *SignInPolicy::LONGEST_HOURS.end() as i64 * 3600;
/// A session in use is written again after this long, not at every request.
const TOUCH_SECONDS: i64 = 10 * 60;
/// A collision of 128 random bits is a broken random generator.
const TRIES: usize = 3;
const KEY: &str = "signed_in";

/// What a session holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SignedIn {
    user: UserId,
    ip: Option<IpAddr>,
    user_agent: Option<String>,
    at: Timestamp,
    touched: Timestamp,
    #[serde(default)]
    factor_vouched: bool,
}

/// The sessions in the database.
#[derive(Debug, Clone)]
pub struct SessionRows {
    accounts: Accounts,
    clock: Arc<dyn Clock>,
}

impl SessionRows {
    pub fn new(services: &Services) -> Self {
        Self {
            accounts: services.accounts.clone(),
            clock: services.clock.clone(),
        }
    }

    /// When the row can go. It is written now and then only, hence the addition; the policy itself is asked at each
    /// request, where the session's viewer is found.
    async fn expiry(&self, signed_in: &SignedIn) -> Result<Timestamp> {
        let policy = self.accounts.policy().await.map_err(away)?;
        let idle = i64::from(policy.idle_minutes) * 60 + TOUCH_SECONDS;
        let longest = i64::from(policy.longest_hours) * 3600;
        let idle = self.clock.now().plus_seconds(idle);
        Ok(idle.min(signed_in.at.plus_seconds(longest)))
    }
}

/// What the database knows a session by.
pub fn token_hash(id: Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn signed_in(record: &Record) -> Result<SignedIn> {
    let value = record.data.get(KEY).cloned();
    let value = value.ok_or_else(|| Error::Encode("a session of nobody".to_owned()))?;
    serde_json::from_value(value).map_err(|error| Error::Decode(error.to_string()))
}

fn encode(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn away(error: daybook_backend::Error) -> Error {
    Error::Backend(chain(&error))
}

#[async_trait]
impl SessionStore for SessionRows {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let signed_in = signed_in(record)?;
        for _ in 0..TRIES {
            // Always a new one: an id from before the sign-in may be known to somebody else.
            record.id = Id::default();
            let session = NewSession {
                token_hash: token_hash(record.id),
                user_id: signed_in.user,
                ip: signed_in.ip,
                user_agent: signed_in.user_agent.clone(),
                data: encode(record)?,
                expires_at: self.expiry(&signed_in).await?,
                factor_vouched: signed_in.factor_vouched,
            };
            if self.accounts.insert_session(session).await.map_err(away)? {
                return Ok(());
            }
        }
        Err(Error::Backend("no free session id".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (hash, expires) = (token_hash(record.id), self.expiry(&signed_in(record)?).await?);
        let saved = self.accounts.save_session(&hash, encode(record)?, expires);
        saved.await.map_err(away)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.accounts.load_session(&token_hash(*id)).await.map_err(away)?;
        let Some((data, expires)) = found else {
            return Ok(None);
        };
        let nanos = i128::from(expires.micros()) * 1000;
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(nanos)
                .map_err(|error| Error::Decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.accounts.delete_session(&token_hash(*id)).await.map_err(away)
    }
}

/// Over https the prefix makes browsers refuse the cookie from anybody but us.
fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-daybook_session"
    } else {
        "daybook_session"
    }
}

pub fn layer(rows: SessionRows, https: bool) -> SessionManagerLayer<SessionRows> {
    SessionManagerLayer::new(rows)
        .with_name(cookie_name(https))
        .with_http_only(true)
        .with_secure(https)
        // Strict would lose the session on the way back from an identity provider, and on a link in a mail.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::seconds(COOKIE_SECONDS)))
}

/// tower-sessions 0.15 takes its cookie back without the attributes it was set with, which browsers ignore for a
/// cookie with the `__Host-` prefix: says it again as they want to hear it.
pub async fn mend_removal(State(state): State<AppState>, mut response: Response) -> Response {
    let https = state.is_https();
    let name = cookie_name(https);
    let is_ours = |cookie: &HeaderValue| {
        cookie
            .as_bytes()
            .strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"=;"))
    };
    let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    if !cookies.iter().any(is_ours) {
        return response;
    }
    let secure = if https { "; Secure" } else { "" };
    let removal = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}");
    response.headers_mut().remove(SET_COOKIE);
    for cookie in cookies {
        let cookie = if is_ours(&cookie) {
            HeaderValue::try_from(&removal).unwrap_or(cookie)
        } else {
            cookie
        };
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

type Outcome<T> = std::result::Result<T, tower_sessions::session::Error>;

/// Makes the browser's session one of `user`, under a new id.
pub async fn begin(
    session: &Session,
    user: UserId,
    factor_vouched: bool,
    now: Timestamp,
    request: &RequestContext,
) -> Outcome<()> {
    if session.id().is_some() {
        session.cycle_id().await?;
    }
    let signed_in = SignedIn {
        user,
        ip: request.ip,
        user_agent: request.user_agent.clone(),
        at: now,
        touched: now,
        factor_vouched,
    };
    session.insert(KEY, signed_in).await
}

/// Whether there is a session under the browser's cookie. One that is used is kept alive.
pub async fn keep_alive(session: &Session, now: Timestamp) -> Outcome<bool> {
    let Some(mut signed_in) = session.get::<SignedIn>(KEY).await? else {
        return Ok(false);
    };
    if signed_in.touched.plus_seconds(TOUCH_SECONDS) < now {
        signed_in.touched = now;
        session.insert(KEY, signed_in).await?;
    }
    Ok(true)
}
