//! The system log by type of event (R15): each area of it brings its own columns and filters. Data, like the logs.

use super::kind::{Column, FilterField, LogKind, LogScope};
use crate::{
    event::{EventBody, words},
    query::LogQuery,
};
use serde::{Deserialize, Serialize};

use Column as C;
use FilterField as F;

words! {
    /// What part of the system an event is about.
    Area {
        Authorization = "authorization", "Authorization";
        Billing = "billing", "Billing";
        Settings = "settings", "Settings";
        WorkSession = "work_session", "Work session";
        Conversation = "conversation", "Conversation";
        Customer = "customer", "Customer";
    }
}

/// Sections under the name they are asked for by.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    pub title: &'static str,
    pub sections: &'static [&'static str],
}

/// What a list of one area shows.
#[derive(Debug)]
pub struct AreaSpec {
    pub area: Area,
    pub columns: &'static [Column],
    /// Among those of the log, in the order they are offered; the log's others only where they are set.
    pub filters: &'static [FilterField],
    /// Offered by name before the filters.
    pub choices: &'static [Choice],
    /// A list of one of these categories of the activity log is one of the area.
    categories: &'static [&'static str],
}

/// What an administrator calls users; a change of one is about who may sign in.
const USERS: &[&str] = &["User", "Service agent", "Invitation"];
const USER_CATEGORIES: &[&str] = &[
    "Authorization",
    "Impersonation",
    "Users & permissions",
    "Service agents",
];

static SPECS: [AreaSpec; Area::ALL.len()] = [
    AreaSpec {
        area: Area::Authorization,
        columns: &[
            C::Time,
            C::Actor,
            C::Action,
            C::Target,
            C::Property,
            C::Summary,
            C::Ip,
        ],
        filters: &[F::Area, F::Actor, F::Action, F::Outcome],
        choices: &[
            Choice {
                title: "Sign-in and sign-out",
                sections: &["Admin Center", "Agent portal", "Customer portal", "Session"],
            },
            Choice {
                title: "Updates to users",
                sections: USERS,
            },
        ],
        categories: USER_CATEGORIES,
    },
    AreaSpec {
        area: Area::Billing,
        columns: &[
            C::Time,
            C::Actor,
            C::Action,
            C::EventType,
            C::Property,
            C::Summary,
        ],
        filters: &[F::Area, F::EventType, F::Actor],
        choices: &[],
        categories: &["Billing"],
    },
    AreaSpec {
        area: Area::Settings,
        columns: &[
            C::Time,
            C::Actor,
            C::Action,
            C::Target,
            C::Property,
            C::Summary,
            C::Ip,
        ],
        filters: &[F::Area, F::Section, F::Actor, F::Action, F::Outcome],
        choices: &[
            Choice {
                title: "Searches",
                sections: &["Search"],
            },
            Choice {
                title: "Shortcuts",
                sections: &["Shortcut"],
            },
            Choice {
                title: "Business rules",
                sections: &["Business rule"],
            },
            Choice {
                title: "Access",
                sections: &["API key", "Board access", "Role", "User group"],
            },
        ],
        categories: &[
            "API keys",
            "Business rules",
            "General",
            "Roles & permissions",
            "Searches",
            "Settings",
            "Shortcuts",
            "User groups",
        ],
    },
    AreaSpec {
        area: Area::WorkSession,
        columns: &[
            C::Time,
            C::Agent,
            C::Happened,
            C::Status,
            C::SignedIn,
            C::Capacity,
        ],
        filters: &[F::Area, F::Agent, F::Routing, F::EventType, F::Actor],
        choices: &[],
        categories: &[],
    },
    AreaSpec {
        area: Area::Conversation,
        columns: &[C::Time, C::Actor, C::Action, C::Target, C::Company, C::Summary],
        filters: &[F::Area, F::EventType, F::Actor, F::Company],
        choices: &[],
        categories: &[],
    },
    AreaSpec {
        area: Area::Customer,
        columns: &[C::Time, C::Actor, C::Action, C::Section, C::Property, C::Summary],
        filters: &[F::Area, F::Section, F::Company, F::Actor],
        choices: &[],
        categories: &[],
    },
];

impl Area {
    pub fn spec(self) -> &'static AreaSpec {
        // The table is in declaration order; a test holds it to that.
        &SPECS[self as usize]
    }

    /// The area of a record. Failures of deliveries and automations are none of it: they have logs of their own.
    pub fn of(body: &EventBody) -> Option<Self> {
        match body.log {
            LogKind::Access | LogKind::ContactAuthentication => Some(Self::Authorization),
            LogKind::Billing => Some(Self::Billing),
            LogKind::WorkSession => Some(Self::WorkSession),
            LogKind::Conversation => Some(Self::Conversation),
            LogKind::Customer => Some(Self::Customer),
            LogKind::Activity => {
                let about_users = match &body.section {
                    Some(section) => USERS.contains(&section.as_str()),
                    None => body
                        .category
                        .as_deref()
                        .is_some_and(|category| USER_CATEGORIES.contains(&category)),
                };
                Some(if about_users {
                    Self::Authorization
                } else {
                    Self::Settings
                })
            }
            _ => None,
        }
    }
}

/// Filters that only an area brings.
const OF_AN_AREA: &[FilterField] = &[F::Agent, F::Routing];

impl LogScope {
    /// The area a list is narrowed to: by itself, or by a category that belongs to one.
    pub fn area(self, query: &LogQuery) -> Option<Area> {
        if !self.spec().filters.contains(&F::Area) {
            return None;
        }
        match (query.values(F::Area), query.values(F::Category)) {
            ([area], _) => Area::from_name(area),
            ([], [category]) if self == Self::One(LogKind::Activity) => Area::ALL
                .iter()
                .copied()
                .find(|area| area.spec().categories.contains(&category.as_str())),
            _ => None,
        }
    }

    /// The columns of a list: those of its area, else the log's own.
    pub fn columns(self, query: &LogQuery) -> &'static [Column] {
        match self.area(query) {
            Some(area) => area.spec().columns,
            None => self.spec().columns,
        }
    }

    /// The filters offered for a list: those of its area, else the log's own; and what is set.
    pub fn filters(self, query: &LogQuery) -> Vec<FilterField> {
        let own = self.spec().filters;
        let area = self.area(query).map(Area::spec);
        let offered = |field: &FilterField| match area {
            Some(area) => area.filters.contains(field),
            None => self.kind().is_some() || !OF_AN_AREA.contains(field),
        };
        let mut filters: Vec<_> = area.map_or(own, |area| area.filters).to_vec();
        filters.retain(|field| own.contains(field) && offered(field));
        let set = own.iter().filter(|field| !query.values(**field).is_empty());
        for field in set {
            if !filters.contains(field) {
                filters.push(*field);
            }
        }
        filters
    }

    /// What is offered by name before the filters of a list.
    pub fn choices(self, query: &LogQuery) -> &'static [Choice] {
        self.area(query).map_or(&[], |area| area.spec().choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Actor, ActorKind};
    use crate::time::Timestamp;

    const ALL: LogScope = LogScope::All;
    const ACTIVITY: LogScope = LogScope::One(LogKind::Activity);

    fn query(text: &str) -> LogQuery {
        LogQuery::parse(text).unwrap()
    }

    #[test]
    fn every_area_has_its_own_row() {
        for area in Area::ALL.iter().copied() {
            let spec = area.spec();
            assert_eq!(spec.area, area);
            assert_eq!(spec.filters[0], FilterField::Area);
            // The log counts the values of its own filters.
            assert!(
                spec.filters
                    .iter()
                    .all(|field| ALL.spec().filters.contains(field))
            );
            assert!(spec.choices.is_empty() || ALL.spec().filters.contains(&FilterField::Section));
        }
    }

    #[test]
    fn one_area_decides_columns_and_filters() {
        let settings = query("area=settings");
        assert_eq!(ALL.columns(&settings), Area::Settings.spec().columns);
        assert_eq!(ALL.filters(&settings), Area::Settings.spec().filters);
        assert_eq!(ALL.choices(&settings)[2].title, "Business rules");
        let sessions = query("area=work_session");
        assert!(ALL.columns(&sessions).contains(&Column::Agent));
        assert!(ALL.filters(&sessions).contains(&FilterField::Agent));
        let both = query("area=settings&area=billing");
        assert_eq!(ALL.columns(&both), ALL.spec().columns);
        assert!(ALL.choices(&both).is_empty());
        assert!(!ALL.filters(&both).contains(&FilterField::Agent));
    }

    #[test]
    fn what_is_set_stays_in_sight() {
        let filters = ALL.filters(&query("area=billing&company=Harbor+IT"));
        assert_eq!(filters.last(), Some(&FilterField::Company));
        assert!(ALL.filters(&query("agent=u1")).contains(&FilterField::Agent));
    }

    #[test]
    fn a_category_of_the_activity_log_brings_its_area() {
        let searches = query("category=Searches");
        assert_eq!(ACTIVITY.columns(&searches), Area::Settings.spec().columns);
        assert!(ACTIVITY.filters(&searches).contains(&FilterField::Category));
        let users = query("category=Users+%26+permissions");
        assert_eq!(ACTIVITY.columns(&users), Area::Authorization.spec().columns);
        assert_eq!(ACTIVITY.columns(&query("category=Else")), ACTIVITY.spec().columns);
        // Another log has its own.
        let access = LogScope::One(LogKind::Access);
        assert_eq!(
            access.columns(&query("category=Authorization")),
            access.spec().columns
        );
    }

    #[test]
    fn a_record_has_the_area_it_is_about() {
        let area = |log, section: Option<&str>, category: &str| {
            let mut body = EventBody::new("x", Actor::new(ActorKind::User), Timestamp::MIN);
            body.log = log;
            body.section = section.map(str::to_owned);
            body.category = Some(category.to_owned());
            Area::of(&body)
        };
        let activity = |section, category| area(LogKind::Activity, section, category);
        assert_eq!(activity(Some("User"), ""), Some(Area::Authorization));
        assert_eq!(
            activity(Some("Role"), "Users & permissions"),
            Some(Area::Settings)
        );
        assert_eq!(activity(None, "Users & permissions"), Some(Area::Authorization));
        assert_eq!(area(LogKind::Access, None, ""), Some(Area::Authorization));
        assert_eq!(area(LogKind::WebhookFailure, None, ""), None);
    }
}
