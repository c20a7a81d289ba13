//! Which records are counted, and as whose.

use super::UsageType;
use crate::{
    event::{ActorKind, EventBody, NamedRef, Portal},
    search::{Expr, Field, Term, Value},
};

/// Longest key of a company or a contact, in characters. A longer id is cut: it can't be part of a database's key.
pub const MAX_KEY_CHARS: usize = 200;

impl UsageType {
    /// Whether a record is one of what is counted: a contact did it in the customer portal, in their own name. A record is
    /// about a course or a file where its event type or its section begins with one of a few words.
    pub fn counts(self, body: &EventBody) -> bool {
        let is_usage = body.portal == Some(Portal::Customer)
            && body.actor.kind == ActorKind::Contact
            && body.impersonator.as_ref().is_none_or(|really| {
                // As the query language finds them: somebody of whom nothing is known isn't found.
                really.id.is_none() && really.name.is_none() && really.email.is_none()
            });
        let words = self.words();
        is_usage
            && (words.is_empty()
                || [Some(body.event_type.as_str()), body.section.as_deref()]
                    .into_iter()
                    .flatten()
                    .map(str::to_lowercase)
                    .any(|text| words.iter().any(|word| text.starts_with(word))))
    }

    /// What the event type or the section of such a record begins with; nothing where any will do.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::General => &[],
            Self::Courses => &["course"],
            Self::Files => &["file", "folder", "document"],
        }
    }

    /// The same as a query.
    pub fn expr(self) -> Expr {
        let text = |field, text: &str, prefix| {
            let text = text.to_owned();
            term(field, Value::Text { text, prefix })
        };
        let mut all = vec![
            text(Field::Portal, Portal::Customer.name(), false),
            text(Field::ActorKind, ActorKind::Contact.name(), false),
            Expr::Not(Box::new(term(Field::Impersonator, Value::Present))),
        ];
        let begins = |word: &&str| [Field::Type, Field::Section].map(|field| text(field, word, true));
        let about: Vec<_> = self.words().iter().flat_map(begins).collect();
        if !about.is_empty() {
            all.push(Expr::Any(about));
        }
        Expr::All(all)
    }
}

pub(super) fn term(field: Field, value: Value) -> Expr {
    Expr::Term(Term {
        field: Some(field),
        value,
    })
}

/// What a company is counted as: its id, else its name. `None` where there is no company.
pub fn company_key(body: &EventBody) -> Option<String> {
    key_of(body.company.as_ref()?)
}

/// As [`company_key`], of anything that has an id and a name.
pub fn key_of(named: &NamedRef) -> Option<String> {
    first_of([&named.id, &named.name])
}

/// What a contact is counted as: the id, else the address, else the name. `None` for one of whom nothing is known: what
/// they do counts, they themselves don't.
pub fn contact_key(body: &EventBody) -> Option<String> {
    let actor = &body.actor;
    first_of([&actor.id, &actor.email, &actor.name])
}

fn first_of<const N: usize>(texts: [&Option<String>; N]) -> Option<String> {
    let mut texts = texts.into_iter().flatten();
    let text = texts.find(|text| !text.is_empty())?;
    Some(text.chars().take(MAX_KEY_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Actor, Event},
        id::EventId,
        search,
        time::Timestamp,
    };
    use proptest::prelude::*;

    fn any_body() -> impl Strategy<Value = EventBody> {
        let texts = prop::sample::select(vec![
            "course.opened",
            "Course-Completed",
            "coursing",
            "recourse.taken",
            "FILE",
            "file.downloaded",
            "folder_created",
            "Documents",
            "chat-opened",
            "a file",
        ]);
        let portals = prop::option::of(prop::sample::select(Portal::ALL.to_vec()));
        let kinds = prop::sample::select(ActorKind::ALL.to_vec());
        let actor = |kind: ActorKind, name: &Option<String>| Actor {
            name: name.clone(),
            ..Actor::new(kind)
        };
        (
            texts.clone(),
            prop::option::of(texts),
            portals,
            kinds,
            prop::option::of(prop::option::of(Just("Mara".to_owned()))),
        )
            .prop_map(move |(event_type, section, portal, kind, impersonator)| {
                let mut body = EventBody::new(event_type, Actor::new(kind), Timestamp::MIN);
                body.section = section.map(str::to_owned);
                body.portal = portal;
                body.impersonator = impersonator.map(|name| actor(ActorKind::User, &name));
                body
            })
    }

    proptest! {
        #[test]
        fn what_counts_is_what_the_query_finds(body in any_body()) {
            let event = Event {
                id: EventId(uuid::Uuid::nil()),
                sequence: 1,
                recorded_at: Timestamp::MIN,
                body,
            };
            for of in UsageType::ALL {
                prop_assert_eq!(of.counts(&event.body), of.expr().matches(&event), "{}", of);
            }
        }
    }

    #[test]
    fn the_query_is_one_that_can_be_typed() {
        for of in UsageType::ALL {
            let typed = of.expr().to_string();
            assert_eq!(search::parse(&typed), Ok(Some(of.expr())), "{typed}");
        }
        assert_eq!(
            UsageType::Courses.expr().to_string(),
            "portal:customer actor.kind:contact -impersonator:* (type:course* OR section:course*)"
        );
    }

    #[test]
    fn somebody_without_an_id_is_known_by_what_there_is() {
        let actor = Actor::named(ActorKind::Contact, "Ann").with_email("ann@harbor.example");
        let mut body = EventBody::new("x", actor, Timestamp::MIN);
        body.company = Some(NamedRef {
            id: Some(String::new()),
            name: Some("Ü".repeat(300)),
        });
        assert_eq!(contact_key(&body).as_deref(), Some("ann@harbor.example"));
        assert_eq!(company_key(&body), Some("Ü".repeat(200)));
        body.actor = Actor::new(ActorKind::Contact);
        assert_eq!(contact_key(&body), None);
    }
}
