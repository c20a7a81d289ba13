//! Wordings that people could type.

use super::{
    built_in::built_in,
    fill_in::{self, MAX_BYTES, MAX_LINE, Values},
    layout, preview,
};
use daybook_domain::{
    Error as Told,
    email_template::{MAX_TEXT, MailTemplate, Wording},
};
use proptest::prelude::*;

const OF: MailTemplate = MailTemplate::Invitation;

fn wording(subject: &str, text: &str) -> Wording {
    Wording {
        subject: subject.to_owned(),
        text: text.to_owned(),
    }
}

/// The field a wording is refused for, and why.
fn refused(subject: &str, text: &str) -> (String, String) {
    match preview(OF, &wording(subject, text)) {
        Err(Told::Invalid { field, reason }) => (field, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_comes_with_daybook_is_as_it_should_be() {
    for of in MailTemplate::ALL.iter().copied() {
        let template = built_in(of);
        let made = preview(of, &template.wording()).unwrap();
        assert!(made.subject.chars().count() < 100, "{of}: {}", made.subject);
        for variable in template.variables {
            let used = format!("{}{}", template.subject, template.text);
            assert!(
                used.contains(&format!("{{{{ {} }}}}", variable.name)),
                "{of}: {}",
                variable.name
            );
            assert!(variable.meaning.ends_with('.'), "{of}: {}", variable.name);
        }
        // Without any values, too, where one may be missing.
        assert!(
            fill_in::text(template.text, &Values::of(template, &[])).is_ok(),
            "{of}"
        );
        let has_required_link = template.variables.iter().any(|variable| variable.is_required);
        assert_eq!(has_required_link, of.has_secret_link(), "{of}");
    }
}

#[test]
fn a_mistake_is_told_at_its_field_with_its_line() {
    let good = "Hello\n{{ link }}";
    let (field, reason) = refused("Hi", "Hello\n\n{{ name \n\n{{ link }}");
    assert_eq!(field, "text");
    assert!(reason.starts_with("Line "), "{reason}");
    assert_eq!(
        refused("Hi {{ nmae }}", good),
        (
            "subject".to_owned(),
            "There is no “nmae” here. There are: name, workspace, inviter, days.".to_owned()
        )
    );
    // Everybody who may read the history reads subjects.
    assert_eq!(refused("{{ link }}", good).0, "subject");
    assert_eq!(
        refused(" ", good),
        ("subject".to_owned(), "This can't be empty.".to_owned())
    );
    let (field, reason) = refused("Hi", "Hello {{ name }}");
    assert_eq!(field, "text");
    assert!(reason.contains("{{ link }}"), "{reason}");
    // It is mentioned, and never stands there.
    assert_eq!(refused("Hi", "{% if not name %}{{ link }}{% endif %}").0, "text");
    assert_eq!(
        refused("Hi", &format!("{{{{ link }}}}{}", "x".repeat(MAX_TEXT))).0,
        "text"
    );
    assert_eq!(refused("Hi", "{{ link }}\u{0}").0, "text");
    for odd in [
        "{{ link|upper }}",
        "{{ link.secret }}",
        "{{ range(3) }}",
        "{% include 'x' %}",
        "{{ link() }}",
    ] {
        assert_eq!(refused("Hi", &format!("{odd} {{{{ link }}}}")).0, "text", "{odd}");
    }
}

#[test]
fn what_takes_too_much_is_refused() {
    let (field, reason) = refused(
        "Hi",
        "{{ link }}{% for a in link %}{% for b in link %}{% for c in link %}{{ link }}{% endfor %}{% endfor %}{% endfor %}",
    );
    assert_eq!(
        (field.as_str(), reason.as_str()),
        ("text", "Line 1: this takes too much to fill in.")
    );
    for costly in [
        "{{ 'x' * 40000000 }}",
        "{% set x = 'xxxxxxxxxxxxxxxx' %}{% set x = x ~ x ~ x ~ x %}{% set x = x ~ x ~ x ~ x %}{% set x = x ~ x ~ x ~ x %}\
         {% set x = x ~ x ~ x ~ x %}{% set x = x ~ x ~ x ~ x %}{% set x = x ~ x ~ x ~ x %}{% set x = x ~ x ~ x ~ x %}{{ x }}",
        &"{% if name %}".repeat(120),
        &format!("{{{{ {}1{} }}}}", "(".repeat(600), ")".repeat(600)),
    ] {
        assert_eq!(refused("Hi", costly).0, "text");
    }
}

#[test]
fn values_are_text_whatever_they_hold() {
    let template = built_in(OF);
    let link = "https://daybook.example.org/invite/a&b";
    let values = Values::of(template, &[("name", "<b>{{ link }}\r\n</b>"), ("link", link)]);
    let text = fill_in::text(
        "Hello {{ name }}\n\n{{ link }} or http://elsewhere.example",
        &values,
    )
    .unwrap();
    assert_eq!(
        text,
        format!("Hello <b>{{{{ link }}}}\n</b>\n\n{link} or http://elsewhere.example")
    );
    let parts = layout::parts(text, values.link());
    let html = parts.html.unwrap();
    assert!(
        html.contains("Hello &lt;b&gt;{{ link }}<br>\n&lt;/b&gt;</p>"),
        "{html}"
    );
    let shown = "https://daybook.example.org/invite/a&amp;b";
    assert!(
        html.contains(&format!(
            "<a href=\"{shown}\">{shown}</a> or http://elsewhere.example"
        )),
        "{html}"
    );
    assert_eq!(html.matches("<a ").count(), 1);
    // A subject stays on its line.
    assert_eq!(
        fill_in::line("Hi {{ name }}", &values).unwrap(),
        "Hi <b>{{ link }} </b>"
    );
}

proptest! {
    #[test]
    fn any_text_is_made_or_refused(text in wild(), subject in wild(), name in any::<String>()) {
        let template = built_in(OF);
        let values = Values::of(template, &[("name", &name), ("link", &text)]);
        if let Ok(made) = fill_in::text(&text, &values) {
            prop_assert!(made.len() <= MAX_BYTES);
            let parts = layout::parts(made.clone(), values.link());
            prop_assert!(parts.html.unwrap().len() <= 2_000 + 20 * MAX_BYTES);
        }
        if let Ok(line) = fill_in::line(&subject, &values) {
            prop_assert!(line.chars().count() <= MAX_LINE);
            prop_assert!(!line.contains(char::is_control));
        }
        let _either = preview(OF, &wording(&subject, &text));
    }
}

/// Texts that look like templates more often than chance would have it.
fn wild() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("{{ link }}".to_owned()),
        Just("{{ name }}".to_owned()),
        Just("{% if name %}".to_owned()),
        Just("{% endif %}".to_owned()),
        Just("{% for c in name %}".to_owned()),
        Just("{% endfor %}".to_owned()),
        Just("{% set x = name ~ name %}".to_owned()),
        Just("{{ x * 99999 }}".to_owned()),
        Just("{#".to_owned()),
        Just("{% raw %}".to_owned()),
        "[ -~\n]{0,12}",
        "\\PC{0,6}",
    ];
    proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}
