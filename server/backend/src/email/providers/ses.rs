//! Amazon SES, whose events come through Amazon SNS: an envelope, which is signed, and in it the event as a text.
//!
//! What is to be done with a request: fetch the certificate from [`signing_cert_url`] (it stays the same for months),
//! [`verify`], then fetch [`confirmation`] if there is one, and [`read`](super::read). Anybody can let a topic of their
//! own post to us, signed by Amazon: only the topic, or the secret in our URL, tells that it is ours.
//!
//! - Events: <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>
//! - Notifications, nearly the same: <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>
//! - Envelopes: <https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html>
//! - Signatures: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use super::{
    MAX_EVENTS, ProviderEvent, Read, Refused, Said, Unread,
    field::{address, code, digest, id, missing, rfc3339, text, word},
    too_many,
};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Sent, Suppressed};
use Said::{Happened, Nothing, Resubscribed, Unsubscribed};
use base64::{Engine, engine::general_purpose::STANDARD};
use daybook_domain::email::{BounceType, EmailStatus};
use reqwest::Url;
use ring::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
    pem::PemObject,
};
use serde_json::Value;
use webpki::{EndEntityCert, ring::RSA_PKCS1_2048_8192_SHA256};

/// What is signed of an event, in this order. Only `Subject` may be missing.
const OF_NOTIFICATION: &[&str] = &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
/// And where it is about the subscription.
const OF_SUBSCRIPTION: &[&str] = &[
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
];

/// The event in an envelope, once for each recipient that it is about. What is only about the subscription tells none.
pub(super) fn read(envelope: &Value) -> Result<Read, Unread> {
    match word(envelope, "/Type") {
        Some("Notification") => {}
        Some("SubscriptionConfirmation" | "UnsubscribeConfirmation") => return Ok(Read::default()),
        _ => return Err(Unread::NotThis("This is not a message of Amazon SNS.".to_owned())),
    }
    let message = word(envelope, "/Message").unwrap_or_default();
    // With a new subscription a sentence comes instead.
    if !message.starts_with('{') {
        return Ok(Read::default());
    }
    let event: Value = serde_json::from_str(message).map_err(|error| Unread::NotJson(error.to_string()))?;
    let kind = word(&event, "/eventType").or_else(|| word(&event, "/notificationType"));
    let kind = kind.ok_or_else(|| Unread::NotThis(missing("eventType")))?;
    let (part, recipients) = match kind {
        "Bounce" => ("bounce", "/bounce/bouncedRecipients"),
        "Complaint" => ("complaint", "/complaint/complainedRecipients"),
        "Delivery" => ("delivery", "/delivery/recipients"),
        "DeliveryDelay" => ("deliveryDelay", "/deliveryDelay/delayedRecipients"),
        "Rendering Failure" => ("failure", "/mail/destination"),
        "Reject" => ("reject", "/mail/destination"),
        "Open" => ("open", "/mail/destination"),
        "Click" => ("click", "/mail/destination"),
        "Subscription" => ("subscription", "/mail/destination"),
        _ => ("", "/mail/destination"),
    };
    let part = event.get(part).unwrap_or(&Value::Null);
    let said = said(kind, part);
    let recipients = event
        .pointer(recipients)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    // Which of several has opened it isn't known.
    let recipients = match (said.0, recipients) {
        (Happened(Opened | Clicked) | Unsubscribed | Resubscribed, [_, _, ..]) | (_, []) => &[Value::Null],
        (_, recipients) => recipients,
    };
    if recipients.len() > MAX_EVENTS {
        return Err(too_many(recipients.len()));
    }
    let envelope_id = id(envelope, "/MessageId").unwrap_or_else(|| digest(envelope));
    let is_read = matches!(said.0, Happened(Opened | Clicked));
    let common = ProviderEvent {
        provider_id: id(&event, "/mail/messageId"),
        message_id: id(&event, "/mail/commonHeaders/messageId"),
        subject: text(&event, "/mail/commonHeaders/subject"),
        from: text(&event, "/mail/commonHeaders/from/0").or_else(|| text(&event, "/mail/source")),
        at: rfc3339(part, "/timestamp")
            .or_else(|| rfc3339(&event, "/mail/timestamp"))
            .or_else(|| rfc3339(envelope, "/Timestamp")),
        url: text(part, "/link"),
        ip: text(part, "/ipAddress").filter(|_| is_read),
        // Of a complaint it is the program that passed it on.
        user_agent: text(part, "/userAgent").filter(|_| is_read),
        ..ProviderEvent::saying(said)
    };
    let events = recipients.iter().enumerate().map(|(index, recipient)| {
        let answer = word(recipient, "/diagnosticCode").or_else(|| word(part, "/smtpResponse"));
        let reasons = [
            "/smtpResponse",
            "/complaintFeedbackType",
            "/reason",
            "/errorMessage",
            "/bounceSubType",
            "/delayType",
        ];
        let event_id = match recipients {
            [_] => envelope_id.clone(),
            _ => format!("{envelope_id}/{index}"),
        };
        ProviderEvent {
            recipient: address(recipient, "/emailAddress").or_else(|| address(recipient, "")),
            event_id: Some(event_id),
            code: word(recipient, "/status")
                .and_then(code)
                .or_else(|| answer.and_then(code)),
            detail: text(recipient, "/diagnosticCode")
                .or_else(|| reasons.iter().find_map(|pointer| text(part, pointer))),
            ..common.clone()
        }
    });
    Ok(Read {
        events: events.collect(),
        refused: Vec::new(),
    })
}

fn said(kind: &str, part: &Value) -> (Said, Option<BounceType>) {
    match kind {
        "Send" => (Happened(Sent), None),
        "Delivery" => (Happened(Delivered), None),
        "DeliveryDelay" => (Happened(Deferred), None),
        "Open" => (Happened(Opened), None),
        "Click" => (Happened(Clicked), None),
        "Bounce" => bounced(part),
        "Complaint" => complained(part),
        // A virus, says SES.
        "Reject" => (Happened(Bounced), Some(Blocked)),
        "Rendering Failure" => (Happened(Bounced), None),
        "Subscription" => subscription(part),
        _ => (Nothing, None),
    }
}

fn bounced(part: &Value) -> (Said, Option<BounceType>) {
    let bounce = match (word(part, "/bounceType"), word(part, "/bounceSubType")) {
        // Not tried, because of what it has led to before.
        (_, Some("Suppressed" | "OnAccountSuppressionList" | "UnsubscribedRecipient")) => {
            return (Happened(Suppressed), None);
        }
        (Some("Permanent"), _) => Hard,
        (_, Some("ContentRejected" | "AttachmentRejected")) => Blocked,
        _ => Soft,
    };
    (Happened(Bounced), Some(bounce))
}

fn complained(part: &Value) -> (Said, Option<BounceType>) {
    let kind = (
        word(part, "/complaintSubType"),
        word(part, "/complaintFeedbackType"),
    );
    let said = match kind {
        (Some("OnAccountSuppressionList"), _) => Happened(Suppressed),
        // It was taken out of the folder for spam.
        (_, Some("not-spam")) => Nothing,
        _ => Happened(Complained),
    };
    (said, None)
}

fn subscription(part: &Value) -> (Said, Option<BounceType>) {
    let is_unsubscribed = |pointer| part.pointer(pointer).and_then(Value::as_bool);
    let old = is_unsubscribed("/oldTopicPreferences/unsubscribeAll");
    let new = is_unsubscribed("/newTopicPreferences/unsubscribeAll");
    let said = match (old, new) {
        (_, Some(true)) => Unsubscribed,
        (Some(true), Some(false)) => Resubscribed,
        // From single topics.
        _ => Nothing,
    };
    (said, None)
}

/// Where the certificate is that an envelope is signed with: at Amazon SNS.
pub fn signing_cert_url(body: &[u8]) -> Result<Url, Refused> {
    let envelope = envelope(body)?;
    let url = word(&envelope, "/SigningCertURL").ok_or(Refused::Missing)?;
    at_sns(url)
        .filter(|url| url.query().is_none() && is_certificate(url.path()))
        .ok_or(Refused::Wrong)
}

/// What is to be fetched, once it is verified, so that the topic posts to us. `None` for everything but a request to
/// confirm.
pub fn confirmation(body: &[u8]) -> Option<Url> {
    let envelope = envelope(body).ok()?;
    let url = word(&envelope, "/SubscribeURL")
        .filter(|_| word(&envelope, "/Type") == Some("SubscriptionConfirmation"));
    at_sns(url?)
}

/// Whether an envelope is signed with a certificate, in PEM, that was fetched from [`signing_cert_url`], and comes from the
/// topic (ARN) if that is given. It may be of any age: what comes twice is known by its id.
///
/// That it came from there by TLS is what vouches for the certificate; issuer and validity aren't looked at.
pub fn verify(body: &[u8], certificate_pem: &[u8], topic: Option<&str>) -> Result<(), Refused> {
    let envelope = envelope(body)?;
    let signature = word(&envelope, "/Signature").ok_or(Refused::Missing)?;
    let signature = STANDARD.decode(signature).map_err(|_| Refused::Wrong)?;
    let algorithm: &dyn SignatureVerificationAlgorithm = match word(&envelope, "/SignatureVersion") {
        Some("1") => &RsaSha1,
        Some("2") => RSA_PKCS1_2048_8192_SHA256,
        Some(_) => return Err(Refused::Wrong),
        None => return Err(Refused::Missing),
    };
    let signed = signed(&envelope).ok_or(Refused::Wrong)?;
    let certificate = CertificateDer::from_pem_slice(certificate_pem).map_err(|_| Refused::Wrong)?;
    EndEntityCert::try_from(&certificate)
        .and_then(|certificate| certificate.verify_signature(algorithm, signed.as_bytes(), &signature))
        .map_err(|_| Refused::Wrong)?;
    match topic {
        Some(topic) if word(&envelope, "/TopicArn") != Some(topic) => Err(Refused::Wrong),
        _ => Ok(()),
    }
}

fn envelope(body: &[u8]) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::Missing)
}

/// Whether Amazon keeps a certificate there: `/SimpleNotificationService-<hexadecimal>.pem`.
fn is_certificate(path: &str) -> bool {
    let id = path.strip_prefix("/SimpleNotificationService-");
    let id = id.and_then(|rest| rest.strip_suffix(".pem"));
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A region, such as `eu-west-1`. Other names before Amazon's belong to whoever rents them: `s3-us-west-2`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let mut parts: Vec<_> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    first.len() == 2
        && letters(first)
        && !parts.is_empty()
        && parts.iter().all(|part| letters(part))
        && !last.is_empty()
        && last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Only hosts of Amazon SNS: `sns.<region>.amazonaws.com`, in China with `.cn`.
fn at_sns(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.strip_prefix("sns.")?;
    let region = host
        .strip_suffix(".cn")
        .unwrap_or(host)
        .strip_suffix(".amazonaws.com")?;
    let is_plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (is_region(region) && is_plain).then_some(url)
}

/// The text that is signed: names and values, each on a line.
fn signed(envelope: &Value) -> Option<String> {
    let value = |name: &str| envelope.get(name).and_then(Value::as_str);
    let names = match value("Type")? {
        "Notification" => OF_NOTIFICATION,
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => OF_SUBSCRIPTION,
        _ => return None,
    };
    let mut lines = Vec::new();
    for name in names {
        match value(name) {
            Some(value) => lines.extend([*name, "\n", value, "\n"]),
            None if *name == "Subject" => {}
            None => return None,
        }
    }
    Some(lines.concat())
}

/// RSA with SHA-1, as version 1 of the signatures has it: topics sign that way unless they are told otherwise.
#[derive(Debug)]
struct RsaSha1;

impl SignatureVerificationAlgorithm for RsaSha1 {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    /// `sha1WithRSAEncryption` (RFC 8017, A.2.4), in DER.
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(&[
            0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
        ])
    }
}
