//! What the schema requires, as it stands in <https://github.com/ocsf/ocsf-schema> at 1.8.0.

use super::{super::ocsf, *};
use proptest::prelude::*;

/// What every class requires.
const BASE: &[&str] = &[
    "activity_id",
    "category_uid",
    "class_uid",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
];

/// A class, what it requires beyond that, and its activities.
const CLASSES: &[(i64, &[&str], &[i64])] = &[
    (3001, &["user"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99]),
    // One of `service` and `dst_endpoint`.
    (3002, &["user", "service"], &[0, 1, 2, 3, 4, 5, 6, 7, 99]),
    (
        3004,
        &["entity"],
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99],
    ),
    (3005, &["user", "privileges"], &[0, 1, 2, 99]),
    (4009, &["direction_id", "email"], &[0, 1, 2, 3, 4, 5, 99]),
    (6001, &["web_resources"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 99]),
    (6003, &["actor", "api", "src_endpoint"], &[0, 1, 2, 3, 4, 99]),
    (6008, &[], &[0, 1, 2, 99]),
];

/// What else may stand at the top: attributes of the base event, and those that each class has of its own.
const ALLOWED: &[&str] = &[
    "activity_name",
    "category_name",
    "class_name",
    "message",
    "severity",
    "status",
    "status_detail",
    "status_id",
    "timezone_offset",
    "type_name",
    "unmapped",
    // By the profile "host", where the class doesn't have it.
    "actor",
];
const IAM: &[&str] = &["http_request", "src_endpoint"];
const OWN: &[(i64, &[&str])] = &[
    (3001, IAM),
    (
        3002,
        &[
            "http_request",
            "src_endpoint",
            "account_switch_type",
            "account_switch_type_id",
            "auth_protocol",
            "auth_protocol_id",
            "is_remote",
            "session",
        ],
    ),
    (3004, &["http_request", "src_endpoint", "entity_result"]),
    (3005, IAM),
    (4009, &["direction"]),
    (6001, IAM),
    (6003, &["http_request", "resources"]),
    (6008, &[]),
];

/// Of each object one of these is required, or all of them.
const ONE_OF: &[(&str, &[&str])] = &[
    ("/metadata/product", &["name"]),
    ("/metadata/reporter", &["hostname", "name"]),
    ("/actor/user", &["name", "uid"]),
    ("/user", &["name", "uid"]),
    ("/service", &["name", "uid"]),
    ("/src_endpoint", &["ip"]),
    ("/entity", &["name", "uid"]),
    ("/entity_result", &["name", "uid"]),
    ("/email", &["to"]),
    ("/api", &["operation"]),
    ("/web_resources/0", &["name", "uid"]),
    ("/resources/0", &["name", "uid"]),
];

fn check(event: &Event) -> i64 {
    let written = ocsf::event(event, &ORIGIN);
    let fields = written.as_object().unwrap();
    let uid = written["class_uid"].as_i64().unwrap();
    let (_, required, activities) = CLASSES.iter().find(|(class, ..)| *class == uid).unwrap();
    let (_, own) = OWN.iter().find(|(class, _)| *class == uid).unwrap();
    for name in BASE.iter().chain(*required) {
        assert!(fields.contains_key(*name), "{uid} without {name}: {written:#}");
    }
    for name in fields.keys() {
        let known = [BASE, required, ALLOWED, own]
            .iter()
            .any(|names| names.contains(&name.as_str()));
        assert!(known, "{uid} has no {name}");
    }
    for (object, names) in ONE_OF {
        if let Some(object) = written.pointer(object) {
            assert!(names.iter().any(|name| object.get(name).is_some()), "{object}");
        }
    }
    let activity = written["activity_id"].as_i64().unwrap();
    assert!(activities.contains(&activity), "{uid} has no {activity}");
    assert_eq!(written["type_uid"], uid * 100 + activity);
    assert_eq!(written["category_uid"], uid / 1000);
    assert_eq!(written["metadata"]["version"], "1.8.0");
    let in_class = uid / 1000 == 3 || uid == 6003;
    assert_eq!(written["metadata"].get("profiles").is_none(), in_class, "{uid}");
    assert_eq!(lost(event, &written), Vec::<String>::new(), "{written:#}");
    uid
}

#[test]
fn every_event_has_what_its_class_requires_and_loses_nothing() {
    let seen: BTreeSet<i64> = all().iter().map(check).collect();
    let classes: BTreeSet<i64> = CLASSES.iter().map(|(uid, ..)| *uid).collect();
    assert_eq!(seen, classes, "each class is seen");
}

/// Log, action, kind of target and type to class and activity.
#[test]
fn events_are_of_the_class_that_fits() {
    use Action as A;
    use LogKind as L;
    let cases = [
        (L::Access, A::Login, "user", "user.signed_in", 300_201),
        (L::Access, A::Logout, "user", "user.signed_out", 300_202),
        (
            L::Access,
            A::ImpersonateStart,
            "user",
            "impersonation.started",
            300_207,
        ),
        (
            L::ContactAuthentication,
            A::Other,
            "contact",
            "magic_link.sent",
            300_299,
        ),
        (L::Activity, A::Create, "user", "user.created", 300_101),
        (L::Activity, A::Update, "USER", "user.password_reset", 300_104),
        (L::Activity, A::Update, "user", "user.password_changed", 300_103),
        (L::Activity, A::Update, "user", "user.two_step_reset", 300_111),
        (L::Activity, A::Update, "user", "user.mfa.factor.update", 300_199),
        (L::Activity, A::Update, "user", "user.renamed", 300_199),
        (
            L::Activity,
            A::Disable,
            "service_agent",
            "service_agent.deactivated",
            300_105,
        ),
        (L::Activity, A::Update, "role", "role.updated", 300_403),
        (L::Activity, A::Read, "audit_log", "audit_logs.viewed", 300_402),
        (L::Customer, A::Delete, "company", "company.deleted", 300_404),
        (L::WorkSession, A::Update, "agent", "agent.away", 300_403),
        (L::Activity, A::Merge, "board", "board.merged", 300_499),
        (L::Access, A::Export, "file", "data.exported", 600_107),
        (L::Activity, A::Import, "file", "data.imported", 600_106),
        (
            L::WebhookFailure,
            A::Send,
            "webhook",
            "webhook.attempt_failed",
            600_801,
        ),
        (
            L::EmailFailure,
            A::Send,
            "email_message",
            "email.bounced",
            600_801,
        ),
    ];
    for (log, action, kind, event_type, expected) in cases {
        let mut body = body(log, action);
        body.event_type = event_type.to_owned();
        body.targets = vec![Target::new(kind, "1", "One")];
        let written = ocsf::event(&event(body), &ORIGIN);
        assert_eq!(written["type_uid"], expected, "{event_type}");
    }
}

#[test]
fn a_change_of_rights_says_which() {
    let written = |before, after| ocsf::event(&event(grant(before, after)), &ORIGIN);
    let given = written("Agent".into(), "Administrator".into());
    assert_eq!(given["type_uid"], 300_501);
    assert_eq!(given["privileges"], json!(["Administrator"]));
    assert_eq!(given["user"]["uid"], "u-2");
    assert_eq!(given["severity_id"], 2);
    let taken = written(json!(["a", "b"]), Value::Null);
    assert_eq!(
        (&taken["type_uid"], &taken["privileges"]),
        (&json!(300_502), &json!(["a", "b"]))
    );
    let mut hidden = grant(Value::Null, Value::Null);
    hidden.changes = vec![Change::secret("Role")];
    let hidden = ocsf::event(&event(hidden), &ORIGIN);
    assert_eq!(hidden["class_uid"], 3001, "nobody knows which rights");
    assert_eq!(
        hidden["unmapped"]["changes"],
        json!([{"property": "Role", "secret": true}])
    );
}

#[test]
fn an_email_goes_to_whom_it_went_and_a_sign_in_says_how() {
    let mut body = body(LogKind::EmailFailure, Action::Send);
    body.targets = vec![Target::new("email_message", "m-1", "Your ticket")];
    body.metadata
        .insert("recipient".to_owned(), "ann@harbor.example".into());
    body.outcome = Outcome::Failure;
    body.reason = Some("550 no such user".to_owned());
    let written = ocsf::event(&event(body), &ORIGIN);
    let expected = json!({"to": ["ann@harbor.example"], "subject": "Your ticket", "uid": "m-1"});
    assert_eq!(
        (&written["email"], &written["status"]),
        (&expected, &json!("Failure"))
    );
    assert_eq!(written["status_detail"], "550 no such user");

    let mut login = super::body(LogKind::Access, Action::Login);
    login.login_source = Some("SAML".to_owned());
    login.ip = Some("2001:db8::1".parse().unwrap());
    let written = ocsf::event(&event(login), &ORIGIN);
    assert_eq!(
        (&written["auth_protocol_id"], &written["auth_protocol"]),
        (&json!(5), &json!("SAML"))
    );
    assert_eq!(written["src_endpoint"], json!({"ip": "2001:db8::1"}));
    assert_eq!(written["time"], 1_795_356_771_481_i64);
    assert_eq!(written["user"]["email_addr"], "mara@northdesk.example");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_lost(text in ".{0,60}") {
        check(&saying(&text));
    }
}
