//! The fields a term can name.

use crate::{
    event::{Action, Outcome, Portal},
    log::LogKind,
};

/// How a field's values are compared.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One value of a closed set.
    Choice(fn() -> Vec<&'static str>),
    /// The whole value, in any case.
    Keyword,
    /// The id or the email as a whole, or the words of the name.
    Name,
    /// The words in their order, somewhere in the text; or a range of numbers.
    Text,
    /// An address, a network or a range of addresses.
    Ip,
}

macro_rules! fields {
    ($($variant:ident = $name:literal, $kind:expr, $about:literal;)+) => {
        /// A field of the query language, by its name there.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($variant,)+
            /// `metadata.<path>`, with the path after the dot.
            Metadata(String),
        }

        impl Field {
            /// All but metadata.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$variant => $kind,)+
                    Self::Metadata(_) => Kind::Text,
                }
            }

            /// What it compares, in a few words.
            pub fn about(&self) -> &'static str {
                match self {
                    $(Self::$variant => $about,)+
                    Self::Metadata(_) => "a property of the metadata",
                }
            }

            fn simple(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn simple_name(&self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Metadata(_) => METADATA,
                }
            }
        }
    };
}

const METADATA: &str = "metadata";

fields! {
    Log = "log", Kind::Choice(LogKind::names), "the log";
    Action = "action", Kind::Choice(Action::names), "what kind of act it was";
    Type = "type", Kind::Keyword, "the event type";
    Category = "category", Kind::Keyword, "the category";
    Section = "section", Kind::Keyword, "the kind of object or setting";
    Summary = "summary", Kind::Text, "words of the summary";
    Property = "property", Kind::Text, "the name of a changed property";
    Before = "before", Kind::Text, "words of a value before the change";
    After = "after", Kind::Text, "words of a value after the change";
    Actor = "actor", Kind::Name, "who acted";
    ActorKind = "actor.kind", Kind::Choice(crate::event::ActorKind::names), "what kind of actor";
    Impersonator = "impersonator", Kind::Name, "who appeared as the actor";
    Target = "target", Kind::Name, "what was acted on";
    Company = "company", Kind::Name, "the company";
    Contact = "contact", Kind::Name, "the contact";
    Conversation = "conversation", Kind::Name, "the conversation";
    Brand = "brand", Kind::Name, "the brand";
    Ip = "ip", Kind::Ip, "the IP address";
    Portal = "portal", Kind::Choice(Portal::names), "the portal";
    Source = "source", Kind::Keyword, "who sent the record";
    Outcome = "outcome", Kind::Choice(Outcome::names), "success or failure";
    Reason = "reason", Kind::Text, "words of the reason";
    Login = "login", Kind::Keyword, "the source of a sign-in";
    Request = "request", Kind::Keyword, "the id of the request";
}

impl Field {
    /// In any case; `None` for a name no field has.
    pub fn from_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        if let Some((METADATA, path)) = lower.split_once('.') {
            // Keys of metadata are told apart by case.
            return (!path.is_empty()).then(|| Self::Metadata(name[METADATA.len() + 1..].to_owned()));
        }
        Self::simple(&lower)
    }

    /// The field that was probably meant.
    pub fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_ascii_lowercase();
        let names = Self::ALL.iter().map(Self::simple_name);
        let (far, nearest) = names
            .map(|known| (distance(&name, known), known))
            .min_by_key(|(far, _)| *far)?;
        (far <= 1 + nearest.len() / 4).then_some(nearest)
    }

    pub fn name(&self) -> String {
        match self {
            Self::Metadata(path) => format!("{METADATA}.{path}"),
            simple => simple.simple_name().to_owned(),
        }
    }
}

/// Levenshtein's distance, with neighbours swapped counting one (optimal string alignment).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last()
        .and_then(|row| row.last())
        .copied()
        .unwrap_or_default()
}
