//! The code for tokens (RFC 6749, 4.1.3; RFC 7636, 4.5), and the details that a token opens.

use super::{
    Pending, Provider,
    claims::{Claims, names},
    fetch::{Fetch, document, short},
    known::{Metadata, accept_json},
    refused::{Asked, Refused},
    seen::Seen,
    token::malformed,
};
use crate::delivery::{
    hidden::hide,
    http::{Answer, Outgoing},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use openidconnect::url::form_urlencoded::{Serializer, byte_serialize};
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// What a code is exchanged with.
#[derive(Clone, Copy)]
pub(super) struct Exchange<'e> {
    pub provider: &'e Provider,
    pub says: &'e Metadata,
    pub pending: &'e Pending,
    pub redirect: &'e str,
    pub code: &'e str,
}

#[derive(Debug)]
pub(super) struct Tokens {
    pub id_token: SecretString,
    pub access_token: Option<SecretString>,
}

/// How a client proves that it is one (OpenID Connect Core 1.0, 9).
#[derive(Clone, Copy)]
enum Proof<'p> {
    /// None but PKCE's: a public client.
    None,
    Basic(&'p str),
    Post(&'p str),
}

impl<'p> Proof<'p> {
    fn of(provider: &'p Provider, says: &Metadata) -> Result<Self, Refused> {
        let Some(secret) = &provider.client_secret else {
            return Ok(Self::None);
        };
        let secret = secret.expose_secret();
        // Who doesn't say takes `client_secret_basic` (OpenID Connect Discovery 1.0, 3).
        let Some(offered) = &says.token_endpoint_auth_methods_supported else {
            return Ok(Self::Basic(secret));
        };
        [Self::Basic(secret), Self::Post(secret)]
            .into_iter()
            .find(|proof| offered.iter().any(|one| one == proof.name()))
            .ok_or_else(|| Refused::ClientAuthentication {
                offered: short(&offered.join(", ")),
            })
    }

    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic(_) => "client_secret_basic",
            Self::Post(_) => "client_secret_post",
        }
    }
}

impl Exchange<'_> {
    /// Whether the provider takes a way to prove who asks that is known here.
    pub fn proof(provider: &Provider, says: &Metadata) -> Result<(), Refused> {
        Proof::of(provider, says).map(|_| ())
    }

    pub async fn tokens(&self, fetch: &Fetch, seen: &mut Seen) -> Result<Tokens, Refused> {
        let proof = Proof::of(self.provider, self.says)?;
        let answer = fetch.ask(Asked::Tokens, self.message(proof)?).await?;
        seen.ids.of_headers(&answer.headers);
        let said = serde_json::from_slice::<Claims>(&answer.body);
        let data = json!({
            "authentication": proof.name(),
            "fields": said.as_ref().map(names).unwrap_or_default(),
            "status": answer.status,
        });
        seen.step("Exchanged the code", data);
        if let Ok(said) = &said {
            seen.ids.of_error(said);
        }
        read(&answer, &self.secrets())
    }

    fn message(&self, proof: Proof<'_>) -> Result<Outgoing, Refused> {
        let client = &self.provider.client_id;
        let mut headers = accept_json();
        headers.insert(CONTENT_TYPE, FORM);
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code)
            .append_pair("redirect_uri", self.redirect)
            .append_pair("code_verifier", &self.pending.verifier);
        match proof {
            Proof::None => {
                form.append_pair("client_id", client);
            }
            Proof::Post(secret) => {
                form.append_pair("client_id", client)
                    .append_pair("client_secret", secret);
            }
            Proof::Basic(secret) => {
                headers.insert(AUTHORIZATION, basic(client, secret)?);
            }
        }
        Ok(Outgoing {
            method: Method::POST,
            url: self.says.token_endpoint.clone(),
            headers,
            body: form.finish().into(),
        })
    }

    /// What providers have been seen to repeat in their errors.
    fn secrets(&self) -> Vec<SecretString> {
        let texts = [self.code, &self.pending.verifier].map(SecretString::from);
        texts
            .into_iter()
            .chain(self.provider.client_secret.clone())
            .collect()
    }
}

/// Both are written as in a form before they are joined (RFC 6749, 2.3.1).
fn basic(client: &str, secret: &str) -> Result<HeaderValue, Refused> {
    let [client, secret] = [client, secret].map(|text| byte_serialize(text.as_bytes()).collect::<String>());
    secret_header(&format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{client}:{secret}"))
    ))
}

fn secret_header(text: &str) -> Result<HeaderValue, Refused> {
    let mut value = HeaderValue::from_str(text).map_err(|_| malformed("a token can't be sent as one"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// What came for the code. None of it is shown but an error, and of that nothing that we have sent in secret.
pub(super) fn read(answer: &Answer, secrets: &[SecretString]) -> Result<Tokens, Refused> {
    let said: Claims = match serde_json::from_slice(&answer.body) {
        Ok(said) => said,
        Err(_) if answer.status == StatusCode::OK => return Err(malformed("the answer is not JSON")),
        Err(_) => Claims::new(),
    };
    let text = |name| said.get(name).and_then(|text| text.as_str());
    let shown = |text: &str| short(&hide(text, secrets));
    let description = text("error_description").map(shown);
    match text("error").map(shown) {
        Some(error) => Err(Refused::Exchange { error, description }),
        None if answer.status != StatusCode::OK => Err(Refused::Exchange {
            error: format!("status {}", answer.status),
            description,
        }),
        None => Ok(Tokens {
            id_token: text("id_token").ok_or(Refused::NoIdToken)?.into(),
            access_token: text("access_token").map(SecretString::from),
        }),
    }
}

/// What the provider tells about the subject beyond the ID token (OpenID Connect Core 1.0, 5.3). `None` where it doesn't
/// tell, of which nothing depends but that nothing more is known.
///
/// # Errors
/// Where it tells of somebody else (5.3.2).
pub(super) async fn details(
    fetch: &Fetch,
    url: &str,
    access: &SecretString,
    subject: &str,
    seen: &mut Seen,
) -> Result<Option<Claims>, Refused> {
    let asked = ask_for_details(fetch, url, access, seen).await;
    let details = match asked {
        Ok(details) => details,
        Err(why) => {
            seen.step(
                "Went on without the user's details",
                json!({"reason": why.to_string()}),
            );
            return Ok(None);
        }
    };
    seen.step("Asked for the user's details", json!({"claims": names(&details)}));
    let is_same = details.get("sub").and_then(|said| said.as_str()) == Some(subject);
    is_same.then_some(Some(details)).ok_or(Refused::WrongSubject)
}

async fn ask_for_details(
    fetch: &Fetch,
    url: &str,
    access: &SecretString,
    seen: &mut Seen,
) -> Result<Claims, Refused> {
    let mut headers: HeaderMap = accept_json();
    headers.insert(
        AUTHORIZATION,
        secret_header(&format!("Bearer {}", access.expose_secret()))?,
    );
    let answer = fetch.get(Asked::Details, url, headers).await?;
    seen.ids.of_headers(&answer.headers);
    document(Asked::Details, &answer)
}
