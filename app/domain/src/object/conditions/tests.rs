use super::*;
use crate::object::{ObjectKind, Property};
use proptest::prelude::*;
use serde_json::json;

fn read(text: &str) -> Result<String, String> {
    let read: Result<Conditions, _> = text.parse();
    read.map(|read| read.to_string())
        .map_err(|error| error.to_string())
}

#[test]
fn what_people_write_is_understood() {
    let meant =
        "all of\n  priority is urgent\n  any of\n    subject contains \"printer\"\n    hours_open is over 4";
    for typed in [
        meant,
        "All of:\r\n\tPriority is Urgent\r\n\r\n\tany of\r\n\t\tSubject contains printer\r\n\t\tHours since it was opened is over 4\r\n",
        // Nothing joins them: all of them are meant.
        "   priority is urgent\n   any of\n      subject contains \"printer\"\n      hours_open is over 04",
    ] {
        assert_eq!(read(typed), Ok(meant.to_owned()), "{typed}");
    }
    assert_eq!(
        read("subject is not \"is \\\"empty\\\"\\\\\""),
        Ok("all of\n  subject is not \"is \\\"empty\\\"\\\\\"".to_owned())
    );
    assert_eq!(
        read("none of\n tags is not empty"),
        Ok("none of\n  tags is not empty".to_owned())
    );
    assert_eq!(
        read("company_tags contains a\ncompany contains مركز"),
        Ok("all of\n  company_tags contains \"a\"\n  company contains \"مركز\"".to_owned())
    );
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let many = "vip is yes\n".repeat(MAX_CONDITIONS + 1);
    let deep = "all of\n any of\n  all of\n   any of\n    none of\n     vip is yes";
    let unjoined = "vip is yes\nall of\n any of\n  all of\n   any of\n    vip is no";
    let long = format!("subject is {}", "x".repeat(MAX_COMPARED_CHARS + 1));
    for (typed, reason) in [
        ("", "Line 1: There is no condition."),
        ("all of\n\n", "Line 1: Nothing stands under “all of”."),
        (
            "all of\n  any of\n  vip is yes",
            "Line 2: Nothing stands under “any of”.",
        ),
        (
            "all of\n    vip is yes\n  vip is no",
            "Line 3: What belongs together has the same spaces before it.",
        ),
        (
            "vip is yes\n  vip is no",
            "Line 2: What belongs together has the same spaces before it.",
        ),
        ("vip is maybe", "Line 1: “Contact is VIP” is one of: yes, no."),
        ("vip contains yes", "Line 1: After “vip” comes one of: is."),
        (
            "hours_open is over -1",
            "Line 1: “Hours since it was opened” is compared with a whole number.",
        ),
        (
            "\nsubject contains",
            "Line 2: It doesn't say what “Subject” is compared with.",
        ),
        (
            "subject contains \"\"",
            "Line 1: It doesn't say what “Subject” is compared with.",
        ),
        ("subject is \" \"", "Line 1: There is nothing between the quotes."),
        ("subject is \"a", "Line 1: The quotes aren't closed."),
        (
            "subject is \"a\" b",
            "Line 1: Something stands behind the closing quotes.",
        ),
        ("tags is empty now", "Line 1: Nothing comes after “is empty”."),
        (&long, "Line 1: This is longer than 200 characters."),
        (&many, "Line 101: There can be 100 conditions."),
        (deep, "Line 5: Groups can stand within each other 4 levels deep."),
        (
            unjoined,
            "Line 1: Groups can stand within each other 4 levels deep.",
        ),
    ] {
        assert_eq!(read(typed), Err(reason.to_owned()), "{typed}");
    }
    let unknown = read("colour is blue").unwrap_err();
    assert!(unknown.starts_with("Line 1: “colour” is no field. The fields are subject, message, "));
}

#[test]
fn a_property_holds_the_outline() {
    let property: &Property = ObjectKind::BusinessRule.spec().property("conditions").unwrap();
    // The spaces before the first line count, so the form's text is taken as it is.
    let typed = ["  vip is yes\n  priority is low\n".to_owned()];
    let stored = json!("all of\n  vip is yes\n  priority is low");
    assert_eq!(property.read(&typed), Ok(Some(stored.clone())));
    assert_eq!(property.check(&stored), Ok(Some(stored)));
    assert_eq!(
        property
            .read(&["colour is".to_owned()])
            .unwrap_err()
            .split(". ")
            .next(),
        Some("Line 1: “colour” is no field")
    );
    assert_eq!(
        property.check(&json!({"all": []})),
        Err("This is not a text.".to_owned())
    );
    assert_eq!(
        property.read(&[" \n ".to_owned()]),
        Err("This is required.".to_owned())
    );
}

fn any_test() -> impl Strategy<Value = Condition> {
    let field = prop::sample::select(FIELDS.iter().collect::<Vec<_>>());
    (
        field,
        any::<prop::sample::Index>(),
        "[!-~é] {0,2}[ -~]{0,8}[!-~]",
        0..u32::MAX,
    )
        .prop_map(|(field, at, text, number)| {
            let is = *at.get(field.comparisons());
            let value = match (field.asked, field.words()) {
                _ if !is.needs_value() => String::new(),
                (_, Some(words)) => at.get(words).0.to_owned(),
                (Asked::Number, None) => number.to_string(),
                _ => text,
            };
            Condition::Test(Test { field, is, value })
        })
}

fn any_group() -> impl Strategy<Value = Group> {
    let join = || prop::sample::select(Join::ALL);
    let group = move |of| (join(), prop::collection::vec(of, 1..4)).prop_map(|(join, of)| Group { join, of });
    let inner = any_test().prop_recursive(2, 20, 4, move |of| group(of).prop_map(Condition::Group));
    (join(), prop::collection::vec(inner, 1..4)).prop_map(|(join, of)| Group { join, of })
}

proptest! {
    #[test]
    fn conditions_survive_their_outline(group in any_group()) {
        let conditions = Conditions(group);
        let again: Conditions = conditions.to_string().parse().map_err(|error: Unreadable| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again, conditions);
    }

    /// Whatever is typed is read or refused, and what is read has one form.
    #[test]
    fn nothing_typed_does_harm(text in "(all of|any of|vip is yes|tags contains \"?[a-z\"\\\\]{1,4}|[ \t\n]){0,20}") {
        if let Ok(conditions) = text.parse::<Conditions>() {
            let outline = conditions.to_string();
            prop_assert_eq!(outline.parse::<Conditions>().map(|again| again.to_string()), Ok(outline));
        }
    }
}
