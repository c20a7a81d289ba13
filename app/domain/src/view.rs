//! What users keep of lists: views of them under a name, for themselves or for a role, and how each log is shown to
//! them. A view is the address of a list and nothing else: opening it asks again.

use crate::{
    Error, Result,
    event::words,
    id::{RoleId, ViewId},
    log::{Column, LogScope},
    query::LogQuery,
    seen::Seen,
};
use serde::{Deserialize, Serialize};

/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 80;
/// Most views of one user, over all logs.
pub const MAX_VIEWS: usize = 100;
/// Longest query, in bytes of its address: longer ones aren't followed by every browser and proxy.
pub const MAX_QUERY_BYTES: usize = 6 * 1024;

/// A role as the one a view is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleName {
    pub id: RoleId,
    pub name: String,
}

/// A list under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: ViewId,
    pub log: LogScope,
    pub name: String,
    /// From its first page, with nothing open. `None` where what was stored can't be read any more.
    pub query: Option<LogQuery>,
    /// Everybody with this role sees it. `None` for its owner alone.
    pub shared_with: Option<RoleName>,
    /// The owner's name.
    pub owner: String,
    /// Whether it is the asker's.
    pub mine: bool,
    /// Whether the asker may change and delete it.
    pub may_change: bool,
    /// Whether it is what the asker sees first of its log.
    pub is_default: bool,
    /// Its place among the owner's views of this log, smallest first. Places may be left out.
    pub position: i32,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// A view as its owner fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewForm {
    pub name: String,
    pub shared_with: Option<RoleId>,
}

impl ViewForm {
    /// With the name as it is stored.
    ///
    /// # Errors
    /// `Invalid{field: "name"}` where it is empty, too long or holds control characters.
    pub fn checked(self) -> Result<Self> {
        let name = self.name.trim();
        let wrong = |reason: String| Err(Error::invalid("name", reason));
        if name.is_empty() {
            return wrong("Enter a name.".to_owned());
        }
        if name.chars().count() > MAX_NAME_CHARS {
            return wrong(format!("A name has at most {MAX_NAME_CHARS} characters."));
        }
        if name.chars().any(char::is_control) {
            return wrong("A name can't hold line breaks or other control characters.".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            shared_with: self.shared_with,
        })
    }
}

/// What a view keeps of a list: all but the page and what is open there.
///
/// # Errors
/// `Invalid{field: "query"}` where the search in it can't be read, or it is too long for an address.
pub fn kept(query: &LogQuery) -> Result<LogQuery> {
    let query = query.at(None);
    if query.expr().is_err() {
        return Err(Error::invalid(
            "query",
            "The search of this list can't be read. Correct it first.",
        ));
    }
    if query.to_query_string().len() > MAX_QUERY_BYTES {
        let reason = "This list has more filters than a view can keep. Take some away.";
        return Err(Error::invalid("query", reason));
    }
    Ok(query)
}

words! {
    /// Which way a view moves among the others of its owner.
    Shift {
        Up = "up", "Up";
        Down = "down", "Down";
    }
}

words! {
    /// How much room a line of a list takes.
    Density {
        Comfortable = "comfortable", "Comfortable";
        Compact = "compact", "Compact";
    }
}

/// How one log is shown to one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSettings {
    /// In their order; empty for the log's own.
    pub columns: Vec<Column>,
    pub density: Density,
}

impl Default for ListSettings {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            density: Density::Comfortable,
        }
    }
}

/// Everything a user keeps of lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLists {
    /// Those the user sees: their own in their order, then those shared with their role, by name.
    pub views: Vec<SavedView>,
    /// The logs the user has settings for.
    pub settings: Vec<(LogScope, ListSettings)>,
    /// The roles a view can be shared with: those that may see it.
    pub roles: Vec<RoleName>,
}

impl OwnLists {
    pub fn views_of(&self, log: LogScope) -> impl Iterator<Item = &SavedView> {
        self.views.iter().filter(move |view| view.log == log)
    }

    pub fn settings_of(&self, log: LogScope) -> ListSettings {
        let found = self.settings.iter().find(|(of, _)| *of == log);
        found.map(|(_, settings)| settings.clone()).unwrap_or_default()
    }

    /// The columns shown where the address names none: the user's, else those of the list's area, else the log's own.
    pub fn columns_of(&self, log: LogScope, query: &LogQuery) -> Vec<Column> {
        let own = self.settings_of(log).columns;
        if own.is_empty() {
            log.columns(query).to_vec()
        } else {
            own
        }
    }

    /// What the user sees first of a log. `None` where that is all of it, whether or not a view says so.
    pub fn first_of(&self, log: LogScope) -> Option<&LogQuery> {
        let view = self.views_of(log).find(|view| view.is_default)?;
        view.query.as_ref().filter(|query| **query != LogQuery::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::LogKind;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn form(name: &str) -> ViewForm {
        ViewForm {
            name: name.to_owned(),
            shared_with: None,
        }
    }

    fn view(log: LogScope, query: Option<&str>, is_default: bool) -> SavedView {
        SavedView {
            id: ViewId(Uuid::from_u128(1)),
            log,
            name: "Failures".to_owned(),
            query: query.map(|text| LogQuery::parse(text).unwrap()),
            shared_with: None,
            owner: "Mara Okafor".to_owned(),
            mine: true,
            may_change: true,
            is_default,
            position: 0,
            seen: Seen::default(),
        }
    }

    proptest! {
        #[test]
        fn a_name_is_refused_or_stored_as_it_would_be_again(name in "\\PC{0,90}|[ \\t\u{0}a]{0,4}") {
            match form(&name).checked() {
                Ok(checked) => {
                    prop_assert!((1..=MAX_NAME_CHARS).contains(&checked.name.chars().count()));
                    prop_assert_eq!(checked.clone().checked(), Ok(checked));
                }
                Err(error) => prop_assert_eq!(error.status(), 422),
            }
        }

        #[test]
        fn what_is_kept_survives_its_address(
            actor in "[a-zäß ]{1,20}", page in any::<bool>(), columns in prop::sample::subsequence(Column::ALL, 0..5)
        ) {
            let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
            let open = if page { Uuid::from_u128(7).to_string() } else { String::new() };
            let pairs = [("actor", actor), ("open", open), ("columns", names.join(","))];
            let query = LogQuery::from_pairs(pairs).unwrap();
            let kept = kept(&query).unwrap();
            prop_assert!(kept.open.is_empty() && kept.cursor.is_none());
            prop_assert_eq!(LogQuery::parse(&kept.to_query_string()), Ok(kept.clone()));
            prop_assert_eq!(super::kept(&kept), Ok(kept));
        }
    }

    #[test]
    fn names_have_their_length() {
        assert_eq!(form("  Night shift ").checked().unwrap().name, "Night shift");
        assert!(form(&"ä".repeat(MAX_NAME_CHARS)).checked().is_ok());
        for wrong in ["", " \t", "a\nb", &"ä".repeat(MAX_NAME_CHARS + 1)] {
            assert!(form(wrong).checked().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_cannot_be_opened_is_not_kept() {
        assert!(kept(&LogQuery::parse("q=(a").unwrap()).is_err());
        let many = (0..40).map(|number| ("actor", format!("{number}{}", "x".repeat(190))));
        assert!(kept(&LogQuery::from_pairs(many).unwrap()).is_err());
    }

    #[test]
    fn the_address_then_the_user_then_the_log_say_which_columns() {
        let log = LogScope::One(LogKind::Access);
        let settings = ListSettings {
            columns: vec![Column::Ip, Column::Time],
            ..ListSettings::default()
        };
        let lists = OwnLists {
            settings: vec![(log, settings)],
            ..OwnLists::default()
        };
        assert_eq!(
            lists.columns_of(log, &LogQuery::default()),
            [Column::Ip, Column::Time]
        );
        let billing = LogQuery::parse("area=billing").unwrap();
        assert_eq!(
            lists.columns_of(LogScope::All, &billing),
            LogScope::All.columns(&billing)
        );
        assert_eq!(lists.settings_of(LogScope::All), ListSettings::default());
    }

    #[test]
    fn only_a_default_that_narrows_comes_first() {
        let log = LogScope::One(LogKind::Access);
        let first = |views| {
            OwnLists {
                views,
                ..OwnLists::default()
            }
            .first_of(log)
            .cloned()
        };
        let failures = LogQuery::parse("outcome=failure").unwrap();
        let views = vec![
            view(log, Some("actor=a"), false),
            view(log, Some("outcome=failure"), true),
        ];
        assert_eq!(first(views), Some(failures));
        assert_eq!(first(vec![view(LogScope::All, Some("actor=a"), true)]), None);
        assert_eq!(first(vec![view(log, None, true)]), None, "unreadable");
        assert_eq!(
            first(vec![view(log, Some(""), true)]),
            None,
            "it would lead to itself"
        );
    }
}
