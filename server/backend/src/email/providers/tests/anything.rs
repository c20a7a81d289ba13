//! Whatever comes, nothing breaks, and what is read is within its limits.

use super::*;
use proptest::prelude::*;

/// Any JSON that isn't too large.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[0-9.<>@ \u{0}-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{0,5}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every value of a document, by pointer.
fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{here}/{index}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(
                    field,
                    &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")),
                    all,
                );
            }
        }
        _ => {}
    }
}

/// Documents with values replaced.
fn altered() -> impl Strategy<Value = (Provider, Vec<u8>)> {
    let mut bodies: Vec<(Provider, Value)> = FIXTURES
        .iter()
        .map(|(provider, _, body)| (*provider, serde_json::from_str(body).unwrap()))
        .collect();
    let recipients =
        json!([{"emailAddress": "a@b.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 no"}]);
    let bounce = json!({"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients, "timestamp": "2017-08-05T00:41:02.669Z"});
    let ses = ses_event("Bounce", "bounce", bounce);
    bodies.push((Provider::Ses, enveloped(&ses)));
    bodies.push((Provider::Brevo, brevo("deferred")));
    bodies.push((
        Provider::Mailjet,
        mailjet("bounce", &json!({"hard_bounce": true, "error": "user unknown"})),
    ));
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), value()), 1..4);
    (proptest::sample::select(bodies), changes, any::<bool>()).prop_map(
        move |((provider, mut body), changes, inside)| {
            // Of SES the event in the envelope as well.
            let mut event = (provider == Provider::Ses && inside).then(|| ses.clone());
            let target = event.as_mut().unwrap_or(&mut body);
            for (which, new) in changes {
                let mut all = Vec::new();
                pointers(target, "", &mut all);
                let pointer: &String = which.get(&all);
                *target.pointer_mut(pointer).unwrap() = new;
            }
            let body = event.map_or(body, |event| enveloped(&event));
            (provider, body.to_string().into_bytes())
        },
    )
}

fn fits(event: &ProviderEvent) -> bool {
    let texts = [
        &event.provider_id,
        &event.message_id,
        &event.recipient,
        &event.subject,
        &event.from,
        &event.event_id,
        &event.code,
        &event.detail,
        &event.url,
        &event.ip,
        &event.user_agent,
    ];
    let fit = |text: &String| !text.is_empty() && text.len() <= 4100 && !text.contains('\0');
    texts.into_iter().flatten().all(fit)
        && event.event_id.is_some()
        && (event.bounce.is_none() || event.said == Happened(Bounced))
}

/// Nothing panics, and what is read is as promised.
fn withstands(provider: Provider, headers: &HeaderMap, body: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(read) = read(provider, body) {
        prop_assert!(read.events.iter().all(fits));
        prop_assert_eq!(super::read(provider, body), Ok(read));
    }
    let now = Timestamp::from_micros(0).unwrap();
    let key = signatures::key("user:password");
    prop_assert!(verify(provider, Some(&key), headers, body, now).is_err());
    prop_assert!(ses::verify(body, body, None).is_err());
    prop_assert!(ses::verify(body, signatures::CERTIFICATE, None).is_err());
    if let Ok(url) = ses::signing_cert_url(body) {
        prop_assert!(url.host_str().unwrap().contains("amazonaws.com"));
    }
    let _ = ses::confirmation(body);
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_withstood(
        provider in proptest::sample::select(Provider::ALL),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        header in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&header) {
            for name in ["authorization", "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"] {
                headers.insert(HeaderName::from_static(name), value.clone());
            }
        }
        withstands(provider, &headers, &body)?;
    }

    #[test]
    fn any_document_is_withstood(provider in proptest::sample::select(Provider::ALL), body in value()) {
        withstands(provider, &HeaderMap::new(), body.to_string().as_bytes())?;
    }

    #[test]
    fn altered_events_are_withstood((provider, body) in altered()) {
        withstands(provider, &HeaderMap::new(), &body)?;
    }

    #[test]
    fn seconds_with_fractions_are_read_to_the_microsecond(micros in 0_i64..4_000_000_000_000_000) {
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let event: Value = serde_json::from_str(&format!("{{\"t\": {seconds}.{fraction:06}}}")).unwrap();
        prop_assert_eq!(field::seconds(&event, "/t").map(Timestamp::micros), Some(micros));
    }
}
