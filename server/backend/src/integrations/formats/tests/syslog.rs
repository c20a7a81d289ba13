use super::{super::syslog, *};
use proptest::prelude::*;

fn check(event: &Event, payload: &str, origin: &Origin<'_>) {
    let message = syslog::message(event, payload, origin);
    let text = std::str::from_utf8(&message).unwrap();
    assert!(!text.contains(char::is_control), "{text:?}");
    let parts: Vec<&str> = text.splitn(7, ' ').collect();
    let [priority, at, host, app, process, kind, rest] = parts[..] else {
        panic!("{text}")
    };
    let priority: u8 = priority
        .strip_prefix('<')
        .unwrap()
        .strip_suffix(">1")
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(priority / 8, 13);
    assert_eq!(at, event.body.occurred_at.to_string());
    assert_eq!((app, process, kind), ("daybook", "-", event.body.log.name()));
    for (field, most) in [(host, 255), (kind, 32)] {
        assert!(!field.is_empty() && field.len() <= most && field.bytes().all(|b| b.is_ascii_graphic()));
    }
    assert!(rest.starts_with("[origin software=\"Daybook\""), "{rest}");
    assert!(rest.contains(&format!(
        "[daybook@32473 id=\"{}\" sequence=\"42\" workspace=\"",
        event.id
    )));

    let framed = syslog::framed(&message);
    let space = framed.iter().position(|byte| *byte == b' ').unwrap();
    let length: usize = std::str::from_utf8(&framed[..space]).unwrap().parse().unwrap();
    assert_eq!((length, &framed[space + 1..]), (message.len(), &message[..]));

    let datagram = syslog::datagram(&message);
    assert!(datagram.len() <= syslog::MAX_DATAGRAM);
    let sent = std::str::from_utf8(&datagram).unwrap();
    if message.len() > syslog::MAX_DATAGRAM {
        let end = format!("… [cut by Daybook: {} bytes in all]", message.len());
        assert!(sent.ends_with(&end) && text.starts_with(sent.strip_suffix(&end).unwrap()));
        assert!(
            sent.len() > syslog::MAX_DATAGRAM - 4,
            "no more is cut than must be"
        );
    } else {
        assert_eq!(sent, text);
    }
}

#[test]
fn a_message_is_as_the_standard_has_it() {
    let mut body = body(LogKind::ContactAuthentication, Action::Login);
    let origin = Origin {
        workspace: r#"North "desk" \ ]"#,
        host: "daybook example",
        url: None,
    };
    let expected = "1 2026-11-22T14:12:51.481207Z daybookexample daybook - contact_authentication \
         [origin software=\"Daybook\" swVersion=\"VERSION\"]\
         [daybook@32473 id=\"019aad3b-1e4d-7b20-9c3f-000000000007\" sequence=\"42\" \
         workspace=\"North \\\"desk\\\" \\\\ \\]\"] two lines";
    let expected = expected.replace("VERSION", env!("CARGO_PKG_VERSION"));
    // Failures are warnings, what an investigation looks for is a notice.
    for (action, outcome, priority) in [
        (Action::Login, Outcome::Success, 110),
        (Action::Delete, Outcome::Success, 109),
        (Action::Login, Outcome::Failure, 108),
    ] {
        (body.action, body.outcome) = (action, outcome);
        let message = syslog::message(&event(body.clone()), "two\nlines", &origin);
        assert_eq!(
            String::from_utf8(message).unwrap(),
            format!("<{priority}>{expected}")
        );
    }
}

#[test]
fn hosts_without_a_name_have_a_dash() {
    let message = syslog::message(&saying("a"), "", &Origin { host: "ä", ..ORIGIN });
    assert!(message.starts_with(b"<108>1 2026-11-22T14:12:51.481207Z - daybook"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_text_goes_over_any_wire(
        payload in prop_oneof![any::<String>(), "[a-zä€😀\n]{1500,3000}"],
        workspace in any::<String>(),
        host in any::<String>(),
    ) {
        let origin = Origin { workspace: &workspace, host: &host, url: None };
        check(&event(body(LogKind::Access, Action::Login)), &payload, &origin);
    }
}
