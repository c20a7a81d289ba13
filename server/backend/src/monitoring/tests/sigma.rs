//! Sigma rules: what is taken, what is refused and where, and what they find.

use super::SIGMA;
use crate::monitoring::sigma::{Sigma, told};
use daybook_domain::{Error as Told, catalogue::OwnType, monitoring::Severity};

fn rule(detection: &str) -> String {
    format!("title: Found\nlogsource:\n  product: daybook\ndetection:\n{detection}level: medium\n")
}

fn refusal(text: &str) -> String {
    match Sigma::read(text) {
        Err(Told::Invalid { field, reason }) if field == "sigma" => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_says_what_it_is_called_and_how_bad_it_is() {
    let sigma = Sigma::read(SIGMA).unwrap();
    assert_eq!(
        (sigma.title.as_str(), sigma.severity, sigma.description.as_str()),
        ("Key made", Severity::High, "Somebody made a key.")
    );
}

#[test]
fn it_finds_by_fields_of_records() {
    let event = OwnType::RoleUpdated.example();
    let told = told(&event);
    for (detection, finds) in [
        ("  a:\n    event_type: role.updated\n  condition: a\n", true),
        (
            "  a:\n    event_type|startswith: role.\n    outcome: success\n  condition: a\n",
            true,
        ),
        ("  a:\n    actor.name|contains: Mara\n  condition: a\n", true),
        ("  a:\n    target.kind: role\n  condition: a\n", true),
        (
            "  a:\n    changes.permissions.after|contains: audit_logs.export\n  condition: a\n",
            true,
        ),
        ("  a:\n    ip|cidr: 203.0.113.0/24\n  condition: a\n", true),
        (
            "  a:\n    event_type|re: ^role\\.\n  b:\n    ip: 1.2.3.4\n  condition: a and not b\n",
            true,
        ),
        ("  a:\n    event_type: user.updated\n  condition: a\n", false),
        ("  a:\n    ip|cidr: 10.0.0.0/8\n  condition: a\n", false),
    ] {
        let sigma = Sigma::read(&rule(detection)).unwrap();
        assert_eq!(
            sigma.matches(&told),
            finds,
            "{detection} {:?}",
            event.body.changes
        );
    }
}

#[test]
fn a_broken_rule_is_refused_with_its_line() {
    for (text, says) in [
        (String::new(), "Paste a Sigma rule"),
        ("title: [".to_owned(), "Line 2: "),
        ("title: A\n  bad: indent\n".to_owned(), "Line 2: "),
        ("title: A\n".to_owned(), "There is no detection"),
        (rule("  a:\n    x: 1\n"), "has no condition"),
        (rule("  a:\n    x: 1\n  condition: b\n"), "Line 7: "),
        (
            rule("  a:\n    x|loud: 1\n  condition: a\n"),
            "Line 6: Unknown field modifier 'loud'",
        ),
        (
            rule("  a:\n    x|re: '('\n  condition: a\n"),
            "regular expression",
        ),
        (
            rule("  a:\n    x|cidr: nowhere\n  condition: a\n"),
            "Line 6: Failed to parse IP address",
        ),
        (
            rule("  a:\n    x: 1\n  condition: (a\n"),
            "Line 7: Missing closing parenthesis",
        ),
        (
            rule("  a:\n    x: 1\n  condition: a | count() > 5\n"),
            "Line 7: Counting",
        ),
        (
            rule("  a:\n    x: 1\n  timeframe: 5m\n  condition: a\n"),
            "Line 7: Counting",
        ),
        (
            rule("  a:\n    x: a*b*c*d*e*f*\n  condition: a\n"),
            "Line 6: A value has at most 4 stars",
        ),
        (SIGMA.replace("title: Key made\n", ""), "title"),
        (SIGMA.replace("Key made", " "), "Line 1: "),
    ] {
        let said = refusal(&text);
        assert!(said.contains(says), "{text}\n{said}");
    }
}

#[test]
fn what_would_take_long_for_every_record_is_refused() {
    let many = |of: &str, count: usize| {
        let lines = (0..count).map(|number| format!("      - {of}{number}\n"));
        lines.collect::<Vec<_>>().concat()
    };
    let values = rule(&format!("  a:\n    x:\n{}  condition: a\n", many("v", 501)));
    assert!(refusal(&values).contains("more than 500 values"));
    let regexes = rule(&format!("  a:\n    x|re:\n{}  condition: a\n", many("r", 11)));
    assert!(refusal(&regexes).contains("more than 10 regular expressions"));
    let long = rule(&format!("  a:\n    x|re: {}\n  condition: a\n", "a".repeat(201)));
    assert!(refusal(&long).contains("at most 200 characters"));
    // It would be compiled to gigabytes.
    let bomb = rule("  a:\n    x|re: ((a{1000}){1000}){1000}\n  condition: a\n");
    assert!(refusal(&bomb).contains("Line 6: Failed to parse regular expression"));
    let nested = rule(&format!("  a:\n    x: 1\n  condition: {}a\n", "(".repeat(600)));
    assert!(refusal(&nested).contains("at most 500 characters"));
    assert!(refusal(&"x".repeat(16 * 1024 + 1)).contains("bytes"));
    let laugh = |level: usize| {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{before}]\n")
    };
    let laughs = (1..12).map(laugh).collect::<Vec<_>>().concat();
    refusal(&format!("a0: &a0 [lol]\n{laughs}{SIGMA}"));
}
