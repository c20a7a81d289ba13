//! Life: the stories that the demo promises are there, and can be told from the records alone.

use super::{LIFE, change, metadata, of_type};
use crate::demo::people;
use daybook_domain::{
    account::UserStatus,
    event::{Action, ActorKind, Automation, EventBody, Outcome},
    log::LogKind,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn failed(event: &EventBody) -> bool {
    event.outcome == Outcome::Failure
}

#[test]
fn an_employee_leaves_and_comes_back_to_a_locked_door() {
    let gone: Vec<_> = people(7)
        .users
        .into_iter()
        .filter(|user| user.status == UserStatus::Deactivated)
        .collect();
    let deactivated = of_type("user.deactivated");
    assert_eq!(deactivated.len(), gone.len());
    for event in &deactivated {
        let id = event.target().unwrap().id.clone();
        let with_it: BTreeSet<_> = LIFE
            .iter()
            .filter(|other| other.correlation_id == event.correlation_id)
            .map(|other| other.event_type.as_str())
            .collect();
        for part in [
            "user.updated",
            "service_agent.updated",
            "session.revoked",
            "conversations.reassigned",
        ] {
            assert!(with_it.contains(part), "{part} not among {with_it:?}");
        }
        let mut later = LIFE
            .iter()
            .filter(|other| other.occurred_at > event.occurred_at && other.actor.id == id);
        let not_refused = later.find(|other| !failed(other));
        assert_eq!(not_refused, None);
    }
    let denied = LIFE
        .iter()
        .filter(|event| event.reason.as_deref() == Some("The account is deactivated"));
    assert_eq!(denied.count(), 3);
    // Whoever was only invited has never been here.
    let invited = people(7)
        .users
        .into_iter()
        .find(|user| user.status == UserStatus::Invited)
        .unwrap();
    assert!(
        LIFE.iter()
            .all(|event| event.actor.email.as_ref() != Some(&invited.email))
    );
}

#[test]
fn an_attack_happens_and_is_answered() {
    let entry = LIFE
        .iter()
        .find(|event| {
            event.event_type == "user.signed_in" && event.ip == Some("2001:db8:bad:7::66".parse().unwrap())
        })
        .unwrap();
    let hour_before = entry.occurred_at.plus_seconds(-3600);
    let tries: Vec<_> = LIFE
        .iter()
        .filter(|event| event.event_type == "user.sign_in_failed")
        .filter(|event| (hour_before..entry.occurred_at).contains(&event.occurred_at))
        .collect();
    assert!(tries.len() >= 60, "{} tries", tries.len());
    let accounts: BTreeSet<_> = tries.iter().map(|event| event.actor.email.clone()).collect();
    let addresses: BTreeSet<_> = tries.iter().map(|event| event.ip).collect();
    assert!(
        accounts.len() >= 10 && addresses.len() <= 6,
        "{accounts:?} from {addresses:?}"
    );

    let inside: Vec<_> = LIFE
        .iter()
        .filter(|event| event.correlation_id == entry.correlation_id)
        .collect();
    let export = inside
        .iter()
        .find(|event| event.action == Action::Export)
        .unwrap();
    assert_eq!(
        export.impersonator.as_ref().map(|actor| &actor.id),
        Some(&entry.actor.id)
    );
    assert_ne!(export.actor.id, entry.actor.id);
    let key = inside
        .iter()
        .find(|event| event.event_type == "api_key.created")
        .unwrap();

    let revoked = LIFE
        .iter()
        .find(|event| event.event_type == "api_key.revoked")
        .unwrap();
    assert_eq!(revoked.target(), key.target());
    let answer: BTreeSet<_> = LIFE
        .iter()
        .filter(|event| event.correlation_id == revoked.correlation_id)
        .map(|event| event.event_type.as_str())
        .collect();
    for part in [
        "session.revoked",
        "user.password_reset",
        "general_settings.updated",
    ] {
        assert!(answer.contains(part), "{part} not among {answer:?}");
    }
}

#[test]
fn one_day_everything_fails() {
    let mut days: BTreeMap<String, usize> = BTreeMap::new();
    for event in LIFE.iter().filter(|event| event.log == LogKind::WebhookFailure) {
        *days
            .entry(event.occurred_at.to_string()[..10].to_owned())
            .or_default() += 1;
    }
    let mut counts: Vec<_> = days.values().copied().collect();
    counts.sort_unstable();
    let (worst, usual) = (counts[counts.len() - 1], counts[counts.len() / 2]);
    assert!(
        worst > usual * 4,
        "{worst} on the worst day, {usual} on a usual one"
    );
    let outage = of_type("integration.call_failed");
    let outage = outage
        .iter()
        .filter(|event| metadata(event, "failure_type") == "unavailable");
    assert!(outage.count() >= 10);
    let off = of_type("webhook.updated");
    let switched = |to: bool| {
        let active =
            |event: &&&EventBody| change(event, "Active").is_some_and(|change| change.after == json!(to));
        off.iter().filter(active).count()
    };
    assert_eq!((switched(false), switched(true)), (3, 3));
}

#[test]
fn a_failed_webhook_can_be_debugged_from_its_record() {
    for event in LIFE.iter().filter(|event| event.log == LogKind::WebhookFailure) {
        assert_eq!(event.target().unwrap().kind, "webhook");
        for path in [
            "/request/url",
            "/request/headers/webhook-id",
            "/error/class",
            "/duration_ms",
            "/attempt",
        ] {
            let found = Value::Object(event.metadata.clone())
                .pointer(path)
                .is_some_and(|value| !value.is_null());
            assert!(found, "{path}: {event:?}");
        }
    }
    // Attempts of one message can be found together.
    let second = LIFE
        .iter()
        .find(|event| event.metadata.get("attempt") == Some(&json!(2)))
        .unwrap();
    let siblings = LIFE
        .iter()
        .filter(|event| event.correlation_id == second.correlation_id);
    assert!(siblings.count() >= 2);
}

#[test]
fn a_sign_in_leaves_the_trace_of_r2() {
    let traces = of_type("user.signed_in");
    let messages: Vec<_> = traces[0].steps.iter().map(|step| step.message.as_str()).collect();
    assert!(messages[0].starts_with("Cloud "), "{messages:?}");
    assert_eq!(messages[1], "Directory user resolved");
    assert!(messages[2].contains("tries to sign in to the"), "{messages:?}");
    assert!(messages[3].ends_with("found for the login"), "{messages:?}");
    assert!(
        messages[4].starts_with("Member ") && messages[4].ends_with(" is valid"),
        "{messages:?}"
    );
    assert_eq!(
        (messages[5], &traces[0].steps[5].data["rememberMe"]),
        ("Cookie issued", &json!(false))
    );
    for event in &traces {
        assert!(
            event.steps.windows(2).all(|pair| pair[0].at <= pair[1].at),
            "{event:?}"
        );
        assert!(event.steps.iter().all(|step| !step.data.is_null()));
    }
    let several = traces
        .iter()
        .filter_map(|event| event.steps[3].data.as_array())
        .find(|members| members.len() > 1);
    let members = several.unwrap();
    assert_eq!(members[0]["email"], members[1]["email"]);
    assert_ne!(members[0]["entityId"], members[1]["entityId"]);
}

#[test]
fn contacts_leave_what_the_identity_provider_knows() {
    let mut methods = BTreeSet::new();
    for event in LIFE
        .iter()
        .filter(|event| event.log == LogKind::ContactAuthentication)
    {
        let auth = event.auth.as_ref().unwrap();
        assert!(auth.id.is_some() && event.ip.is_some() && event.contact.is_some());
        methods.extend(auth.method.clone());
        if auth.method.as_deref() == Some("microsoft") {
            for key in ["correlation_id", "request_id", "tenant_id", "object_id"] {
                assert_eq!(metadata(event, key).len(), 36, "{key}");
            }
            assert_eq!(auth.id.as_deref(), Some(metadata(event, "request_id")));
        }
    }
    assert_eq!(methods.len(), 6, "{methods:?}");
}

#[test]
fn shifts_show_connection_loss_and_capacity() {
    let lost = LIFE.iter().filter(|event| {
        event.event_type == "routing-status-changed"
            && event.actor.kind == ActorKind::System
            && change(event, "Routing status").is_some_and(|change| change.after == "Unavailable")
    });
    assert!(lost.count() >= 20);
    for (over, event_type) in [(1, "capacity-exceeded"), (0, "capacity-restored")] {
        let records = of_type(event_type);
        assert!(records.len() >= 20, "{} {event_type}", records.len());
        for event in records {
            let held = change(event, "Conversations held")
                .unwrap()
                .after
                .as_i64()
                .unwrap();
            assert_eq!(held, event.metadata["capacity"].as_i64().unwrap() + over);
            assert!(event.conversation.is_some());
        }
    }
    for event in of_type("work-session-ended") {
        assert!(
            event.metadata.contains_key("duration_seconds")
                && event.metadata.contains_key("conversations_assigned")
        );
    }
}

#[test]
fn all_kinds_of_actors_and_acts_are_there() {
    let automations: BTreeSet<_> = LIFE.iter().filter_map(|event| event.actor.automation).collect();
    assert_eq!(automations.len(), Automation::ALL.len());
    let kinds: BTreeSet<_> = LIFE.iter().map(|event| event.actor.kind).collect();
    assert_eq!(kinds.len(), ActorKind::ALL.len());
    let acts: BTreeSet<_> = LIFE.iter().map(|event| event.action).collect();
    for act in [
        Action::Create,
        Action::Update,
        Action::Delete,
        Action::Restore,
        Action::Merge,
        Action::Export,
        Action::Import,
    ] {
        assert!(acts.contains(&act), "{act}");
    }
    for event_type in [
        "chat-opened",
        "chat-assigned-to-user",
        "user-joined-to-chat",
        "chat-closed",
        "plan.changed",
        "seats.added",
    ] {
        assert!(!of_type(event_type).is_empty(), "{event_type}");
    }
    let bounces: BTreeSet<_> = of_type("email.bounced")
        .iter()
        .map(|event| metadata(event, "bounce_type"))
        .collect();
    assert_eq!(bounces, BTreeSet::from(["blocked", "permanent", "transient"]));
}

#[test]
fn hard_cases_for_a_page_are_there() {
    let some = |what: &str, fits: &dyn Fn(&EventBody) -> bool| {
        assert!(LIFE.iter().filter(|event| fits(event)).count() >= 3, "{what}");
    };
    some("no address", &|event| event.ip.is_none());
    some("an actor without a name", &|event| event.actor.name.is_none());
    some("an actor with nothing but an id", &|event| {
        event.actor.name.is_none() && event.actor.email.is_none()
    });
    some("forty changes", &|event| event.changes.len() == 40);
    some("a secret", &|event| {
        event.changes.iter().any(|change| change.secret)
    });
    some("a number", &|event| {
        event.changes.iter().any(|change| change.after.is_i64())
    });
    some("a condition", &|event| {
        event.changes.iter().any(|change| change.after.is_object())
    });
    some("a long text", &|event| {
        event
            .changes
            .iter()
            .any(|change| change.after.as_str().is_some_and(|text| text.lines().count() > 4))
    });
    some("A as B with a reason", &|event| {
        event.event_type == "impersonation.started" && event.reason.is_some()
    });
    some("done by A as B", &|event| event.impersonator.is_some());
    some("a name from right to left", &|event| {
        event
            .actor
            .name
            .as_ref()
            .is_some_and(|name| name.starts_with(['ل', 'م', 'נ', 'د', 'ع']))
    });
    some("a deleted thing with its last state", &|event| {
        event.action == Action::Delete
            && event.changes.len() > 3
            && event.changes.iter().all(|change| change.after.is_null())
    });
    let mut groups: BTreeMap<_, usize> = BTreeMap::new();
    for event in LIFE.iter().filter(|event| event.metadata.contains_key("bulk")) {
        *groups.entry(&event.correlation_id).or_default() += 1;
    }
    assert!(
        groups.values().filter(|count| **count >= 5).count() >= 3,
        "{groups:?}"
    );
}
