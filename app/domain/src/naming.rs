//! What agents are called (R24): “Members” with `ConnectWise`, “Resources” with Autotask. Whoever comes from there reads
//! the word they know.
//!
//! Records keep the standard word: what is stored never changes, and a record means the same whatever is set. Only what
//! a person reads goes through [`Naming`]; and what a person types is understood whatever is set (see [`meant`]), so that
//! a link, a saved view or a legal hold goes on to mean the same.

use crate::{
    event::words,
    log::{Column, FilterField},
    object::ObjectKind,
    search::{Expr, Field, Term, Value},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

words! {
    /// The helpdesk product whose log Daybook keeps.
    Helpdesk {
        Nothing = "none", "None";
        ConnectWise = "connectwise", "ConnectWise";
        Autotask = "autotask", "Autotask";
    }
}

/// What things are called where Daybook serves a helpdesk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Naming(Helpdesk);

/// One agent and several, at the beginning of a sentence and within one.
struct Agents {
    one: &'static str,
    many: &'static str,
    within: [&'static str; 2],
    /// Where there is no room for more than a word.
    short: &'static str,
}

/// As it stands in records: the section of an agent's records, and their category.
const STORED: Agents = Agents {
    one: "Service agent",
    many: "Service agents",
    within: ["service agent", "service agents"],
    short: "Agent",
};
const MEMBERS: Agents = Agents {
    one: "Member",
    many: "Members",
    within: ["member", "members"],
    short: "Member",
};
const RESOURCES: Agents = Agents {
    one: "Resource",
    many: "Resources",
    within: ["resource", "resources"],
    short: "Resource",
};

impl Default for Naming {
    fn default() -> Self {
        Self(Helpdesk::Nothing)
    }
}

impl Naming {
    pub fn of(helpdesk: Helpdesk) -> Self {
        Self(helpdesk)
    }

    fn agents(self) -> &'static Agents {
        match self.0 {
            Helpdesk::Nothing => &STORED,
            Helpdesk::ConnectWise => &MEMBERS,
            Helpdesk::Autotask => &RESOURCES,
        }
    }

    /// What one of a kind is called.
    pub fn title(self, kind: ObjectKind) -> &'static str {
        match kind {
            ObjectKind::ServiceAgent => self.agents().one,
            _ => kind.title(),
        }
    }

    /// What several of a kind are called.
    pub fn plural(self, kind: ObjectKind) -> &'static str {
        match kind {
            ObjectKind::ServiceAgent => self.agents().many,
            _ => kind.spec().plural,
        }
    }

    /// What one of a kind is called within a sentence.
    pub fn singular(self, kind: ObjectKind) -> String {
        self.title(kind).to_lowercase()
    }

    /// What several are called within a sentence: `companies`, `members`.
    pub fn plural_in_sentence(self, kind: ObjectKind) -> String {
        self.plural(kind).to_lowercase()
    }

    /// A text of Daybook's own with the agents in it called as they are called here. Not for what others wrote: a
    /// stored sentence is what was said then.
    pub fn says(self, text: &str) -> Cow<'_, str> {
        let agents = self.agents();
        if self.0 == Helpdesk::Nothing || !text.to_ascii_lowercase().contains(STORED.within[0]) {
            return Cow::Borrowed(text);
        }
        // The longer ones first: one agent stands in the word for several.
        let text = text
            .replace(STORED.many, agents.many)
            .replace(STORED.one, agents.one)
            .replace(STORED.within[1], agents.within[1])
            .replace(STORED.within[0], agents.within[0]);
        Cow::Owned(text)
    }

    /// The same for a text that says “agent” for short. Not for one about the agent portal or the role Agent: those are
    /// called so everywhere.
    pub fn says_of_agents(self, text: &str) -> Cow<'_, str> {
        let agents = self.agents();
        if self.0 == Helpdesk::Nothing {
            return Cow::Borrowed(text);
        }
        let text = text.replace(STORED.short, agents.short);
        Cow::Owned(text.replace("agent", agents.within[0]))
    }

    /// What a person reads for the stored value of a filter.
    pub fn value(self, field: FilterField, stored: &str) -> &str {
        match field {
            FilterField::Section | FilterField::Category => self.section(stored),
            _ => stored,
        }
    }

    /// What a person reads for a stored section or category.
    pub fn section(self, stored: &str) -> &str {
        if stored == STORED.one {
            self.agents().one
        } else if stored == STORED.many {
            self.agents().many
        } else {
            stored
        }
    }

    /// The title of a column.
    pub fn column(self, column: Column) -> &'static str {
        match column {
            Column::Agent => self.agents().short,
            _ => column.title(),
        }
    }

    /// The title of a filter.
    pub fn filter(self, field: FilterField) -> &'static str {
        match field {
            FilterField::Agent => self.agents().short,
            _ => field.title(),
        }
    }
}

/// The stored section or category for which somebody may know another word, in any case.
pub fn stored(word: &str) -> Option<&'static str> {
    [&MEMBERS, &RESOURCES].into_iter().find_map(|agents| {
        if word.eq_ignore_ascii_case(agents.one) {
            Some(STORED.one)
        } else if word.eq_ignore_ascii_case(agents.many) {
            Some(STORED.many)
        } else {
            None
        }
    })
}

/// What a text asks for, with the words of each helpdesk understood: `section:Member` finds what is stored as “Service
/// agent”, and what others send with the section “Member”.
#[must_use]
pub fn meant(expr: Expr) -> Expr {
    match expr {
        Expr::All(parts) => Expr::All(parts.into_iter().map(meant).collect()),
        Expr::Any(parts) => Expr::Any(parts.into_iter().map(meant).collect()),
        Expr::Not(inner) => Expr::Not(Box::new(meant(*inner))),
        Expr::Term(term) => match also(&term) {
            Some(other) => Expr::Any(vec![Expr::Term(term), Expr::Term(other)]),
            None => Expr::Term(term),
        },
    }
}

/// The term that asks for the stored word.
fn also(term: &Term) -> Option<Term> {
    let (Some(Field::Section | Field::Category), Value::Text { text, prefix }) = (&term.field, &term.value)
    else {
        return None;
    };
    let known = if *prefix {
        let begins = |word: &str| word.to_lowercase().starts_with(&text.to_lowercase());
        // One word for both: what is stored begins alike.
        let known = [&MEMBERS, &RESOURCES]
            .into_iter()
            .any(|agents| begins(agents.many));
        known.then_some(STORED.one)
    } else {
        stored(text)
    };
    known.map(|known| Term {
        field: term.field.clone(),
        value: Value::Text {
            text: known.to_owned(),
            prefix: *prefix,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search;

    const CONNECTWISE: Naming = Naming(Helpdesk::ConnectWise);
    const AUTOTASK: Naming = Naming(Helpdesk::Autotask);

    #[test]
    fn agents_are_called_as_in_the_helpdesk() {
        let agent = ObjectKind::ServiceAgent;
        for (naming, one, many) in [
            (Naming::default(), "Service agent", "Service agents"),
            (CONNECTWISE, "Member", "Members"),
            (AUTOTASK, "Resource", "Resources"),
        ] {
            assert_eq!((naming.title(agent), naming.plural(agent)), (one, many));
            assert_eq!(naming.section("Service agent"), one);
            assert_eq!(naming.section("Service agents"), many);
            // Nothing else is called another.
            for kind in ObjectKind::ALL.iter().filter(|kind| **kind != agent) {
                assert_eq!(naming.title(*kind), kind.title());
                assert_eq!(naming.plural(*kind), kind.spec().plural);
            }
            assert_eq!(naming.section("Service group"), "Service group");
        }
        assert_eq!(CONNECTWISE.singular(agent), "member");
        assert_eq!(CONNECTWISE.plural_in_sentence(agent), "members");
        assert_eq!(CONNECTWISE.column(Column::Agent), "Member");
        assert_eq!(AUTOTASK.filter(FilterField::Agent), "Resource");
        assert_eq!(Naming::default().column(Column::Agent), "Agent");
    }

    #[test]
    fn sentences_follow_and_the_roles_in_them_do_not() {
        let text = "Service agents see companies; a service agent answers, and service agents help.";
        assert_eq!(Naming::default().says(text), text);
        assert_eq!(
            CONNECTWISE.says(text),
            "Members see companies; a member answers, and members help."
        );
        assert_eq!(AUTOTASK.says("Service agent changed"), "Resource changed");
        assert_eq!(AUTOTASK.says("Service groups"), "Service groups");
        assert_eq!(
            CONNECTWISE.says_of_agents("Agent’s day: agents and the agent"),
            "Member’s day: members and the member"
        );
    }

    #[test]
    fn the_words_of_each_helpdesk_find_what_is_stored() {
        let meant = |text: &str| meant(search::parse(text).unwrap().unwrap()).to_string();
        let found = |text: &str| search::parse(text).unwrap().unwrap().to_string();
        assert_eq!(
            meant("section:member"),
            found(r#"section:member OR section:"Service agent""#)
        );
        assert_eq!(
            meant("-category:Resources a"),
            found(r#"-(category:Resources OR category:"Service agents") a"#)
        );
        assert_eq!(
            meant("section:Mem*"),
            found(r#"section:Mem* OR section:"Service agent"*"#)
        );
        for same in [
            "member",
            "section:User",
            "summary:member",
            r#"section:"Service agent""#,
        ] {
            assert_eq!(meant(same), found(same));
        }
    }
}
