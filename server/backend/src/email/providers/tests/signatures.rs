//! What is signed by whom it should be, and what isn't.

use super::{
    HeaderMap, HeaderName, HeaderValue, Provider, Refused, Timestamp, Value, enveloped, json, ses, verify,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use secrecy::SecretString;
use sha2::Sha256;

const NOW: i64 = 1_700_000_000;
pub(super) const CERTIFICATE: &[u8] = include_bytes!("../fixtures/ses/certificate.pem");
const PRIVATE_KEY: &[u8] = include_bytes!("../fixtures/ses/key.pem");
const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:MyTopic";

pub(super) fn key(text: &str) -> SecretString {
    SecretString::from(text)
}

fn check(provider: Provider, with: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), Refused> {
    let now = Timestamp::from_micros(NOW * 1_000_000).unwrap();
    verify(provider, Some(&key(with)), headers, body, now)
}

fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&'static str, &str)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        )
    };
    of.iter().map(header).collect()
}

#[test]
fn without_a_key_nothing_is_checked_and_with_an_empty_one_nothing_passes() {
    let now = Timestamp::from_micros(0).unwrap();
    for provider in Provider::ALL {
        let unchecked = verify(*provider, None, &HeaderMap::new(), b"", now);
        assert_eq!(unchecked.is_ok(), *provider != Provider::Ses, "{provider:?}");
        assert!(
            verify(*provider, Some(&key("")), &HeaderMap::new(), b"", now).is_err(),
            "{provider:?}"
        );
    }
}

#[test]
fn what_stands_in_authorization_is_compared() {
    let basic = headers(&[(
        "authorization",
        &format!("Basic {}", STANDARD.encode("user:pass:word")),
    )]);
    let bearer = headers(&[("authorization", "bearer T0ken ")]);
    for provider in [Provider::Postmark, Provider::Brevo, Provider::Mailjet] {
        assert_eq!(check(provider, "user:pass:word", &basic, b""), Ok(()));
        assert_eq!(check(provider, "T0ken", &bearer, b""), Ok(()));
        assert_eq!(check(provider, "user:pass", &basic, b""), Err(Refused::Wrong));
        assert_eq!(check(provider, "t0ken", &bearer, b""), Err(Refused::Wrong));
        assert_eq!(
            check(provider, "T0ken", &HeaderMap::new(), b""),
            Err(Refused::Missing)
        );
        for wrong in ["T0ken", "Basic T0ken", "Digest T0ken", "Bearer"] {
            assert_eq!(
                check(provider, "T0ken", &headers(&[("authorization", wrong)]), b""),
                Err(Refused::Wrong),
                "{wrong}"
            );
        }
    }
}

fn mailgun(key: &str, timestamp: Value) -> Value {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    let text = timestamp
        .as_str()
        .map_or_else(|| timestamp.to_string(), str::to_owned);
    mac.update(format!("{text}token").as_bytes());
    json!({
        "signature": {"timestamp": timestamp, "token": "token", "signature": hex::encode(mac.finalize().into_bytes())},
        "event-data": {"event": "opened"},
    })
}

#[test]
fn mailgun_signs_with_a_shared_key() {
    let check = |body: &Value| {
        check(
            Provider::Mailgun,
            "signing key",
            &HeaderMap::new(),
            body.to_string().as_bytes(),
        )
    };
    let signed = mailgun("signing key", json!(NOW.to_string()));
    assert_eq!(check(&signed), Ok(()));
    assert_eq!(check(&mailgun("signing key", json!(NOW))), Ok(()));
    assert_eq!(
        check(&mailgun("another key", json!(NOW.to_string()))),
        Err(Refused::Wrong)
    );
    for (part, value) in [
        ("token", "Token"),
        ("timestamp", "1700000001"),
        ("signature", "00"),
        ("signature", "no hex"),
    ] {
        let mut altered = signed.clone();
        altered["signature"][part] = json!(value);
        assert_eq!(check(&altered), Err(Refused::Wrong), "{part}");
        altered["signature"].as_object_mut().unwrap().remove(part);
        assert_eq!(check(&altered), Err(Refused::Missing), "{part}");
    }
    for (offset, told) in [
        (-900, Ok(())),
        (900, Ok(())),
        (-901, Err(Refused::Expired)),
        (901, Err(Refused::Expired)),
    ] {
        assert_eq!(
            check(&mailgun("signing key", json!((NOW + offset).to_string()))),
            told,
            "{offset}"
        );
    }
    assert_eq!(check(&mailgun("signing key", json!("soon"))), Err(Refused::Wrong));
    assert_eq!(check(&json!([])), Err(Refused::Missing));
}

struct Sendgrid {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Sendgrid {
    fn new() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).unwrap();
        Self { pair, random }
    }

    /// As SendGrid shows it.
    fn public_key(&self) -> String {
        let prefix = hex::decode("3059301306072a8648ce3d020106082a8648ce3d030107034200").unwrap();
        STANDARD.encode([&prefix, self.pair.public_key().as_ref()].concat())
    }

    fn sign(&self, timestamp: &str, body: &[u8]) -> HeaderMap {
        let signed = [timestamp.as_bytes(), body].concat();
        let signature = self.pair.sign(&self.random, &signed).unwrap();
        headers(&[
            (
                "x-twilio-email-event-webhook-signature",
                &STANDARD.encode(signature.as_ref()),
            ),
            ("x-twilio-email-event-webhook-timestamp", timestamp),
        ])
    }
}

#[test]
fn sendgrid_signs_with_a_key_of_its_own() {
    let (sendgrid, body) = (Sendgrid::new(), b"[{\"event\":\"open\"}]\r\n");
    let public_key = sendgrid.public_key();
    let check = |headers: &HeaderMap, body: &[u8]| check(Provider::Sendgrid, &public_key, headers, body);
    let signed = sendgrid.sign(&NOW.to_string(), body);
    assert_eq!(check(&signed, body), Ok(()));
    assert_eq!(
        check(&signed, b"[{\"event\":\"click\"}]\r\n"),
        Err(Refused::Wrong)
    );
    assert_eq!(
        check(&Sendgrid::new().sign(&NOW.to_string(), body), body),
        Err(Refused::Wrong)
    );
    for name in [
        "x-twilio-email-event-webhook-signature",
        "x-twilio-email-event-webhook-timestamp",
    ] {
        let mut partly = signed.clone();
        partly.remove(name);
        assert_eq!(check(&partly, body), Err(Refused::Missing), "{name}");
        partly.insert(name, HeaderValue::from_static("1700000001"));
        assert_eq!(check(&partly, body), Err(Refused::Wrong), "{name}");
    }
    for (offset, told) in [
        (-90_000, Ok(())),
        (-90_001, Err(Refused::Expired)),
        (90_001, Err(Refused::Expired)),
    ] {
        assert_eq!(
            check(&sendgrid.sign(&(NOW + offset).to_string(), body), body),
            told,
            "{offset}"
        );
    }
    assert_eq!(check(&sendgrid.sign("soon", body), body), Err(Refused::Wrong));
}

#[test]
fn a_key_that_is_none_of_sendgrid_passes_nothing() {
    let (sendgrid, body) = (Sendgrid::new(), b"[]");
    let signed = sendgrid.sign(&NOW.to_string(), body);
    let key = STANDARD.decode(sendgrid.public_key()).unwrap();
    let cut = STANDARD.encode(&key[..key.len() - 1]);
    let longer = STANDARD.encode([key.as_slice(), &[0]].concat());
    let bare = STANDARD.encode(sendgrid.pair.public_key().as_ref());
    for wrong in ["key", "====", &cut, &longer, &bare] {
        assert_eq!(
            check(Provider::Sendgrid, wrong, &signed, body),
            Err(Refused::Wrong),
            "{wrong}"
        );
    }
    let spaced = format!(" {}\n", sendgrid.public_key());
    assert_eq!(check(Provider::Sendgrid, &spaced, &signed, body), Ok(()));
}

/// Signed as SNS does in version 2.
fn sns(mut envelope: Value, lines: &str) -> Value {
    let key = PrivatePkcs8KeyDer::from_pem_slice(PRIVATE_KEY).unwrap();
    let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        lines.as_bytes(),
        &mut signature,
    )
    .unwrap();
    envelope["SignatureVersion"] = json!("2");
    envelope["Signature"] = json!(STANDARD.encode(signature));
    envelope
}

fn notification() -> Value {
    let mut envelope = enveloped(&json!({}));
    envelope["Message"] = json!("two\nlines \"ä\"\n");
    sns(
        envelope,
        "Message\ntwo\nlines \"ä\"\n\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nAmazon SES Email Event \
         Notification\nTimestamp\n2017-08-09T23:59:00.000Z\nTopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\n\
         Notification\n",
    )
}

fn confirmation() -> Value {
    let url = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f";
    let envelope = json!({
        "Type": "SubscriptionConfirmation", "MessageId": "165545c9", "Token": "2336412f", "TopicArn": TOPIC,
        "Message": "You have chosen to subscribe", "SubscribeURL": url, "Timestamp": "2012-04-26T20:45:04.751Z",
        "SigningCertURL": "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224.pem",
    });
    let lines = format!(
        "Message\nYou have chosen to subscribe\nMessageId\n165545c9\nSubscribeURL\n{url}\nTimestamp\n\
         2012-04-26T20:45:04.751Z\nToken\n2336412f\nTopicArn\n{TOPIC}\nType\nSubscriptionConfirmation\n"
    );
    sns(envelope, &lines)
}

fn check_sns(envelope: &Value, topic: Option<&str>) -> Result<(), Refused> {
    ses::verify(envelope.to_string().as_bytes(), CERTIFICATE, topic)
}

#[test]
fn sns_signs_what_it_sends() {
    for signed in [notification(), confirmation()] {
        assert_eq!(check_sns(&signed, None), Ok(()));
        assert_eq!(check_sns(&signed, Some(TOPIC)), Ok(()));
        assert_eq!(
            check_sns(&signed, Some("arn:aws:sns:us-west-2:123456789012:Other")),
            Err(Refused::Wrong)
        );
        for part in [
            "Message",
            "MessageId",
            "Timestamp",
            "TopicArn",
            "Type",
            "Signature",
            "SignatureVersion",
        ] {
            for wrong in [json!("x"), json!("1"), json!(1), json!("AAAA")] {
                let mut altered = signed.clone();
                altered[part] = wrong.clone();
                assert!(check_sns(&altered, None).is_err(), "{part} {wrong}");
            }
            let mut altered = signed.clone();
            altered.as_object_mut().unwrap().remove(part);
            assert!(check_sns(&altered, None).is_err(), "{part}");
        }
    }
    let mut unsigned = notification();
    unsigned.as_object_mut().unwrap().remove("Signature");
    assert_eq!(check_sns(&unsigned, None), Err(Refused::Missing));
    let mut altered = notification();
    altered["Subject"] = json!("Another");
    assert_eq!(check_sns(&altered, None), Err(Refused::Wrong));
    altered.as_object_mut().unwrap().remove("Subject");
    assert_eq!(check_sns(&altered, None), Err(Refused::Wrong));
    let lines = "Message\nm\nMessageId\ni\nTimestamp\nt\nTopicArn\na\nType\nNotification\n";
    let without =
        json!({"Type": "Notification", "MessageId": "i", "Message": "m", "Timestamp": "t", "TopicArn": "a"});
    assert_eq!(check_sns(&sns(without, lines), None), Ok(()));
}

/// Signed by `openssl dgst -sha1`: ring doesn't.
#[test]
fn sns_signs_in_version_1() {
    let mut signed: Value = serde_json::from_str(include_str!("../fixtures/ses/version_1.json")).unwrap();
    assert_eq!(check_sns(&signed, Some(TOPIC)), Ok(()));
    signed["SignatureVersion"] = json!("2");
    assert_eq!(check_sns(&signed, None), Err(Refused::Wrong));
    signed["SignatureVersion"] = json!("1");
    signed["MessageId"] = json!("j");
    assert_eq!(check_sns(&signed, None), Err(Refused::Wrong));
}

#[test]
fn a_certificate_that_is_none_passes_nothing() {
    let body = notification().to_string();
    for wrong in [
        b"".as_slice(),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        PRIVATE_KEY,
    ] {
        assert_eq!(ses::verify(body.as_bytes(), wrong, None), Err(Refused::Wrong));
    }
}

#[test]
fn only_amazon_is_asked_for_certificates_and_confirmations() {
    let cert = |url: &str| ses::signing_cert_url(json!({"SigningCertURL": url}).to_string().as_bytes());
    for right in [
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-f3ec.pem",
        "https://SNS.us-gov-west-1.amazonaws.com:443/SimpleNotificationService-f3ec.pem",
    ] {
        assert!(cert(right).is_ok(), "{right}");
    }
    for wrong in [
        "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        // A bucket of anybody's.
        "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem?Action=Publish",
        "https://sns.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com/?SimpleNotificationService-f3ec.pem",
        "https://sns.us-west-2.amazonaws.com:8443/SimpleNotificationService-f3ec.pem",
        "https://user@sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-f3ec.pem",
        "https://sns.us-west-2.amazonaws.com.cn.example/SimpleNotificationService-f3ec.pem",
        "https://evil.example/sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.a.b.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.us.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://s3.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://xsns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
        "https://sns.us-west-2.amazonaws.com./SimpleNotificationService-f3ec.pem",
        "sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem",
    ] {
        assert_eq!(cert(wrong), Err(Refused::Wrong), "{wrong}");
    }
    assert_eq!(ses::signing_cert_url(b"{}"), Err(Refused::Missing));
    assert_eq!(ses::signing_cert_url(b"<xml>"), Err(Refused::Missing));

    let mut body = confirmation();
    let url = ses::confirmation(body.to_string().as_bytes()).unwrap();
    assert_eq!(url.query(), Some("Action=ConfirmSubscription&Token=2336412f"));
    body["Type"] = json!("UnsubscribeConfirmation");
    assert_eq!(ses::confirmation(body.to_string().as_bytes()), None);
    body["Type"] = json!("SubscriptionConfirmation");
    body["SubscribeURL"] = json!("https://evil.example/");
    assert_eq!(ses::confirmation(body.to_string().as_bytes()), None);
}
