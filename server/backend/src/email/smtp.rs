//! Handing a message to a mail server (RFC 5321), and what its answer means.

use super::{attachments::Attachment, providers::OUR_HEADERS};
use daybook_domain::email::{BounceType, MailSecurity};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment as AttachedPart, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    error::Error,
    time::{Duration, SystemTime},
};

/// How long it may take until there is a connection.
const CONNECT: Duration = Duration::from_secs(20);
/// How long handing in a message may take in all: less than it is leased for.
const WHOLE: Duration = Duration::from_mins(1);
/// Longest answer that is kept, in characters.
const TOLD: usize = 1_000;

/// Where mail is handed in.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub credentials: Option<(String, SecretString)>,
}

/// A message as it goes out.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub to: Mailbox,
    pub subject: String,
    /// Without angle brackets.
    pub message_id: String,
    /// In seconds of the Unix epoch.
    pub date: u64,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
}

/// What came of handing one in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server has taken it.
    Taken(Said),
    /// It won't take it, now or later.
    Refused(BounceType, Said),
    /// It doesn't now, or can't be spoken to.
    Later(Said),
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The enhanced status code (RFC 3463), or the reply code.
    pub code: Option<String>,
    pub detail: String,
}

impl Letter {
    fn message(self) -> Result<Message, lettre::error::Error> {
        let header =
            |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut message = Message::builder()
            .from(self.from)
            .to(self.to)
            .subject(self.subject)
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(self.date))
            // Nobody's absence is answered to a machine (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        for name in OUR_HEADERS {
            message = message.raw_header(header(name, self.message_id.clone()));
        }
        if let Some(reply_to) = self.reply_to {
            message = message.reply_to(reply_to);
        }
        let said = match self.html {
            Some(html) => MultiPart::alternative_plain_html(self.text, html),
            None if self.attachments.is_empty() => return message.singlepart(SinglePart::plain(self.text)),
            None => MultiPart::mixed().singlepart(SinglePart::plain(self.text)),
        };
        if self.attachments.is_empty() {
            return message.multipart(said);
        }
        let parts = self.attachments.into_iter().map(attached);
        message.multipart(parts.fold(MultiPart::mixed().multipart(said), MultiPart::singlepart))
    }
}

/// A file as a part of a message: byte for byte, whatever stands in it.
fn attached(file: Attachment) -> SinglePart {
    let kind = ContentType::parse(&file.media_type).unwrap_or(ContentType::TEXT_PLAIN);
    let body = match Body::new_with_encoding(file.bytes, ContentTransferEncoding::Base64) {
        Ok(body) => body,
        // Base64 takes any bytes.
        Err(bytes) => Body::new(bytes),
    };
    AttachedPart::new(file.name).body(body, kind)
}

/// A connection for each message: one that is given up halfway can't be gone on with.
pub(super) type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// # Errors
/// Why it can't be spoken to at all.
pub(super) fn transport(server: &Server) -> Result<Transport, String> {
    let trust = || TlsParameters::new(server.host.clone()).map_err(|error| error.to_string());
    let tls = match server.security {
        MailSecurity::Tls => Tls::Wrapper(trust()?),
        MailSecurity::StartTls => Tls::Required(trust()?),
        MailSecurity::None => Tls::None,
    };
    let mut builder = Transport::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(CONNECT));
    if let Some((user, password)) = &server.credentials {
        let password = password.expose_secret().to_owned();
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(builder.build())
}

/// Hands a message in, in a time that is bounded.
pub(super) async fn hand_in(transport: &Transport, letter: Letter) -> Outcome {
    let message = match letter.message() {
        Ok(message) => message,
        Err(error) => {
            let said = Said {
                code: None,
                detail: format!("No message can be made of it: {error}."),
            };
            return Outcome::Refused(BounceType::Blocked, said);
        }
    };
    match tokio::time::timeout(WHOLE, transport.send(message)).await {
        Ok(Ok(response)) => {
            let text = response.message().collect::<Vec<_>>().join(" ");
            Outcome::Taken(said(&response.code().to_string(), &text))
        }
        Ok(Err(error)) => failed(&error),
        Err(_) => Outcome::Later(Said {
            code: None,
            detail: format!("The mail server took longer than {} s.", WHOLE.as_secs()),
        }),
    }
}

fn failed(error: &lettre::transport::smtp::Error) -> Outcome {
    let text = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let Some(code) = error.status() else {
        let detail = if is_untrusted(error) {
            format!("There is no trusted connection to the mail server: {text}.")
        } else if error.is_timeout() {
            "The mail server didn't answer in time.".to_owned()
        } else if error.is_response() {
            // Whatever answers there may be none of the askers' business.
            "What answers there isn't a mail server, or can't be understood.".to_owned()
        } else {
            format!("The mail server can't be spoken to: {text}.")
        };
        return Outcome::Later(Said {
            code: None,
            detail: cut(&detail),
        });
    };
    let code = code.to_string();
    let said = said(&code, &text);
    match refused(&code, &said) {
        Some(bounce) => Outcome::Refused(bounce, said),
        None => Outcome::Later(said),
    }
}

/// Whether trust is what is missing.
fn is_untrusted(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(this) = cause {
        let within = this
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        let is_tls = |error: &(dyn Error + 'static)| error.is::<rustls::Error>();
        if is_tls(this) || within.is_some_and(|within| is_tls(within)) {
            return true;
        }
        cause = this.source();
    }
    error.is_tls()
}

/// As it is kept: no database takes every character.
fn cut(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).take(TOLD).collect()
}

fn said(reply: &str, text: &str) -> Said {
    Said {
        code: Some(enhanced(text).unwrap_or(reply).to_owned()),
        detail: cut(&format!("{reply} {text}")),
    }
}

/// The enhanced status code that a text begins with.
fn enhanced(text: &str) -> Option<&str> {
    let first = text.split_whitespace().next()?;
    let mut parts = first.split('.');
    let class = parts.next().filter(|class| ["2", "4", "5"].contains(class));
    let is_number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let rest = parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number);
    (class.is_some() && rest && parts.next().is_none()).then_some(first)
}

/// How lasting a refusal is; `None` where it is none, or is about ourselves and not about the message.
///
/// Only what is clearly said of the mailbox is lasting: an address that is taken for dead gets nothing more.
fn refused(reply: &str, said: &Said) -> Option<BounceType> {
    // Of the command, of who we are, and of what isn't offered (RFC 5321, RFC 4954, RFC 7504).
    const OURSELVES: [&str; 15] = [
        "421", "454", "500", "501", "502", "503", "504", "521", "523", "524", "525", "530", "534", "535",
        "538",
    ];
    if !reply.starts_with('5') || OURSELVES.contains(&reply) {
        return None;
    }
    let text = said.detail.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    Some(match said.code.as_deref().unwrap_or_default() {
        // A mailbox that is full, or a message too large for it.
        "5.2.2" | "5.2.3" | "5.3.4" | "552" => BounceType::Soft,
        "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1" => BounceType::Hard,
        code @ ("550" | "551" | "553")
            if code == reply
                && says(&[
                    "no such",
                    "unknown",
                    "not exist",
                    "doesn't exist",
                    "not found",
                    "no mailbox",
                ])
                && !says(&["sender", "your ", "domain", "relay", "policy"]) =>
        {
            BounceType::Hard
        }
        _ => BounceType::Blocked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_servers_mean() {
        let of = |reply: &str, text: &str| refused(reply, &said(reply, text));
        assert_eq!(of("550", "5.1.1 No such user"), Some(BounceType::Hard));
        assert_eq!(of("550", "No such user"), Some(BounceType::Hard));
        // What is said of us, and not of who was to get it.
        assert_eq!(of("550", "Relaying denied"), Some(BounceType::Blocked));
        assert_eq!(of("550", "Your account is suspended"), Some(BounceType::Blocked));
        assert_eq!(
            of("550", "User not allowed to send as"),
            Some(BounceType::Blocked)
        );
        assert_eq!(
            of("550", "5.1.8 Sender address rejected"),
            Some(BounceType::Blocked)
        );
        assert_eq!(of("554", "No SMTP service here"), Some(BounceType::Blocked));
        assert_eq!(of("504", "5.5.2 Helo command rejected"), None);
        assert_eq!(of("552", "5.2.2 Mailbox full"), Some(BounceType::Soft));
        assert_eq!(of("554", "5.7.1 Rejected by policy"), Some(BounceType::Blocked));
        assert_eq!(of("554", "Message looks like spam"), Some(BounceType::Blocked));
        assert_eq!(of("451", "4.7.1 Greylisted"), None);
        assert_eq!(of("535", "5.7.8 Authentication failed"), None);
    }

    #[test]
    fn the_enhanced_code_is_the_one_that_is_kept() {
        assert_eq!(said("550", "5.1.1 No such user").code.as_deref(), Some("5.1.1"));
        assert_eq!(said("250", "OK queued as 4711").code.as_deref(), Some("250"));
        for odd in ["", "5.1", "5.1.1.1", "9.1.1", "5.1234.1", "5.a.1"] {
            assert_eq!(enhanced(odd), None, "{odd}");
        }
    }
}
