//! What was written is read back by a reader of the format.

use super::{super::cef, *};
use proptest::prelude::*;

/// The header's eight parts and the extension's fields, as a collector has them.
fn read(line: &str) -> (Vec<String>, Vec<(String, String)>) {
    assert!(!line.contains(['\n', '\r']), "{line}");
    let mut parts = vec![String::new()];
    let mut chars = line.char_indices();
    let rest = loop {
        let (at, c) = chars.next().unwrap();
        match c {
            '\\' => parts.last_mut().unwrap().push(chars.next().unwrap().1),
            '|' if parts.len() == 7 => break &line[at + 1..],
            '|' => parts.push(String::new()),
            c => parts.last_mut().unwrap().push(c),
        }
    };
    let (mut fields, mut escaped, mut text): (Vec<(String, String)>, bool, String) =
        (Vec::new(), false, String::new());
    for c in rest.chars() {
        match (escaped, c) {
            (true, 'n') => text.push('\n'),
            (true, 'r') => text.push('\r'),
            (false, '\\') => {}
            (false, '=') => {
                // A key is the last word before its sign; what is before that word is the value of the one before.
                let key = text.split_off(text.rfind(' ').map_or(0, |space| space + 1));
                if let Some((_, value)) = fields.last_mut() {
                    text.pop();
                    *value = std::mem::take(&mut text);
                }
                fields.push((key, String::new()));
            }
            (_, c) => text.push(c),
        }
        escaped = !escaped && c == '\\';
    }
    fields.last_mut().unwrap().1 = text;
    (parts, fields)
}

fn check(event: &Event) {
    let line = cef::line(event, &ORIGIN);
    let (header, fields) = read(&line);
    assert_eq!(header[..3], ["CEF:0", "Daybook", "Daybook"], "{line}");
    assert_eq!(header.len(), 7);
    assert!(header[4].chars().count() <= 1023 && header[5].chars().count() <= 512);
    assert!((0..=10).contains(&header[6].parse::<i32>().unwrap()));
    let written: Vec<(String, String)> = cef::fields(event, &ORIGIN)
        .into_iter()
        .map(|field| (field.key.to_owned(), field.text))
        .collect();
    assert_eq!(fields, written, "{line}");
    let keys: BTreeSet<&String> = fields.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), fields.len(), "no key is there twice: {line}");
    for (key, text) in &fields {
        let most = match key.as_str() {
            "act" | "outcome" => 63,
            "externalId" => 40,
            "dvchost" => 100,
            key if key.starts_with("flexString") && key.ends_with("Label") => 128,
            key if key.starts_with("cs") && !key.ends_with("Label") => 4000,
            _ => 1023,
        };
        assert!(text.chars().count() <= most, "{key}");
        assert!(key.chars().all(char::is_alphanumeric), "{key}");
    }
}

#[test]
fn every_event_is_read_back() {
    all().iter().for_each(check);
    check(&saying(&"long ".repeat(500)));
}

#[test]
fn a_line_is_as_the_format_has_it() {
    let mut body = grant("Agent".into(), "Admin=all".into());
    body.event_type = "user|updated".to_owned();
    body.summary = Some("Made Tomás\nan admin | \\".to_owned());
    body.ip = Some("2001:db8::1".parse().unwrap());
    body.outcome = Outcome::Failure;
    body.changes.push(Change::secret("Password"));
    let expected = "CEF:0|Daybook|Daybook|VERSION|user\\|updated|Made Tomás an admin \\| \\\\|7|rt=1795356771481 \
         deviceCustomDate1=1795356771483 deviceCustomDate1Label=Recorded at \
         externalId=019aad3b-1e4d-7b20-9c3f-000000000007 cn1=42 cn1Label=Sequence cat=activity act=update \
         outcome=failure msg=Made Tomás\\nan admin | \\\\ suser=mara@northdesk.example suid=u-1 spriv=User \
         duser=Tomás Rey duid=u-2 c6a2=2001:db8::1 c6a2Label=Source IPv6 Address \
         request=https://daybook.example.org/audit-logs/event/019aad3b-1e4d-7b20-9c3f-000000000007 \
         dvchost=daybook.example.org sourceServiceName=daybook cs1=Northdesk cs1Label=Workspace \
         cs3=user: Tomás Rey (u-2) cs3Label=Targets cs5=Support role: Agent → Admin\\=all; Password: (secret) \
         cs5Label=Changes";
    let expected = expected.replace("VERSION", env!("CARGO_PKG_VERSION"));
    assert_eq!(cef::line(&event(body), &ORIGIN), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_text_is_read_back(text in prop_oneof!["[ -~\n\r\\\\=|]{0,80}", any::<String>()]) {
        check(&saying(&text));
    }
}
