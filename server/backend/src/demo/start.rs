//! What the directory and the Admin Center hold when the story begins, under the ids that its events name them by. What is
//! said here is typed, as somebody would into the pages: it is checked and recorded like theirs.

use super::{
    DemoOptions,
    calendar::Calendar,
    data::start::{ABOUT, ACCESS_RULES, AGENT_TAGS, COMPANY_TAGS, CONTACT_TAGS, JOBS, PORTAL, RULES, TITLES},
    dice::{Dice, Purpose},
    directory::{self, Directory},
    people::people,
    things::{KindName, Thing, Things},
};
use daybook_domain::{
    object::{ObjectKind as K, Typed},
    permission::BuiltInRole,
    portal::SEES_COMPANY,
    time::Timestamp,
};
use serde_json::Value;

/// Of the brands' portals.
const COLOURS: [&str; 4] = ["#1f5f8b", "#7a2f4f", "#2f6b3a", "#f2b632"];

/// Things of one kind, which refer to nothing that comes later.
#[derive(Debug)]
pub struct DemoThings {
    pub kind: K,
    /// What is typed for each, with the external id that tells it from others. One that was there already is changed.
    pub typed: Vec<Typed>,
}

/// When they are made.
pub fn begins(options: &DemoOptions) -> Timestamp {
    Calendar::new(options.until, options.days).start()
}

/// All of them, in the order in which they can be made.
pub fn things(seed: u64) -> Vec<DemoThings> {
    let mut start = Start {
        dice: Dice::new(seed, Purpose::Start),
        things: Things::new(seed, Vec::new()),
        agents: Vec::new(),
    };
    let users = people(seed).users;
    let serve = users.iter().filter(|user| user.role != BuiltInRole::Auditor);
    start.agents = serve.clone().map(|user| user.id.to_string()).collect();
    let agents: Vec<_> = serve
        .map(|user| (user.id.to_string(), &user.name, &user.email))
        .collect();
    let directory = Directory::new(seed);
    let of = |kind, typed| DemoThings { kind, typed };
    vec![
        of(K::UserGroup, start.described(KindName::UserGroup)),
        of(K::Brand, Start::brands()),
        of(K::ServiceGroup, start.described(KindName::ServiceGroup)),
        of(K::Board, start.boards()),
        of(K::ServiceType, start.service_types()),
        of(K::Menu, start.menus()),
        of(
            K::ServiceAgent,
            agents.into_iter().map(|agent| start.agent(agent)).collect(),
        ),
        of(K::ServiceGroup, start.leads()),
        of(K::Search, start.searches()),
        of(K::Shortcut, start.shortcuts()),
        of(K::AccessRule, Start::access_rules()),
        of(K::BusinessRule, start.rules()),
        of(
            K::Company,
            directory.companies.iter().map(|one| start.company(one)).collect(),
        ),
        of(
            K::Contact,
            directory
                .contacts
                .iter()
                .enumerate()
                .map(|(place, one)| {
                    let before = &directory.contacts[..place];
                    let is_first = before.iter().all(|other| other.company != one.company);
                    start.contact(one, &directory, is_first)
                })
                .collect(),
        ),
    ]
}

struct Start {
    dice: Dice,
    things: Things,
    /// The external ids of those who serve customers.
    agents: Vec<String>,
}

/// One thing while it is typed.
struct Form(Typed);

impl Form {
    fn of(external_id: impl Into<String>, name: impl Into<String>) -> Self {
        Self(Typed::new())
            .with("external_id", external_id)
            .with("name", name)
    }

    fn with(self, property: &str, text: impl Into<String>) -> Self {
        self.with_all(property, [text])
    }

    fn with_all(mut self, property: &str, texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let texts = texts.into_iter().map(Into::into).collect();
        self.0.insert(property.to_owned(), texts);
        self
    }
}

fn words(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

impl Start {
    /// Those of a kind that are there at first, with their places.
    fn at_first(&self, kind: KindName) -> Vec<(usize, String, String)> {
        let things = self.things.living(kind as usize).iter();
        let named = |&place: &usize| {
            let Thing { id, name, .. } = self.things.get(place);
            (place, id.clone(), name.clone())
        };
        things.map(named).collect()
    }

    /// The text of a property in the story.
    fn told(&self, thing: usize, property: &str) -> String {
        self.things
            .value(thing, property)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Some of the things of a kind, by their ids.
    fn some(&mut self, kind: KindName, most: usize) -> Vec<String> {
        let all = self.at_first(kind);
        let count = 1 + self.dice.index(most);
        let chosen = self.dice.some(count, all.len());
        chosen.into_iter().map(|place| all[place].1.clone()).collect()
    }

    fn one(&mut self, kind: KindName) -> String {
        let all = self.at_first(kind);
        all[self.dice.index(all.len())].1.clone()
    }

    fn some_of(&mut self, words: &[&'static str], most: usize) -> Vec<&'static str> {
        let count = self.dice.index(most + 1);
        let chosen = self.dice.some(count, words.len());
        chosen.into_iter().map(|place| words[place]).collect()
    }

    fn phone(&mut self) -> String {
        format!("+49 30 5550 {:04}", self.dice.below(10_000))
    }

    fn described(&self, kind: KindName) -> Vec<Typed> {
        let described = |(_, id, name): (usize, String, String)| {
            let about = ABOUT.iter().find(|(of, _)| *of == name);
            Form::of(id, name)
                .with("description", about.map_or("", |(_, about)| about))
                .0
        };
        self.at_first(kind).into_iter().map(described).collect()
    }

    fn brands() -> Vec<Typed> {
        let brand = |(place, (id, name)): (usize, &(&str, &str))| {
            let domain = directory::slug(name);
            Form::of(*id, *name)
                .with("address", format!("https://help.{domain}.example"))
                .with("support_email", format!("support@{domain}.example"))
                .with("colour", COLOURS[place % COLOURS.len()])
                .with(
                    "languages",
                    if name.starts_with("Nord") { "en, de" } else { "en" },
                )
                .with("signature", format!("Your team at {name}"))
                .0
        };
        directory::BRANDS.iter().enumerate().map(brand).collect()
    }

    fn boards(&mut self) -> Vec<Typed> {
        let all = self.at_first(KindName::Board);
        let board = |(thing, id, name): (usize, String, String)| {
            let (brand, _) = directory::BRANDS[self.dice.index(directory::BRANDS.len())];
            let statuses = words(self.things.value(thing, "Statuses")).join(", ");
            let about = ABOUT.iter().find(|(of, _)| *of == name);
            Form::of(id, name)
                .with("description", about.map_or("", |(_, about)| about))
                .with("brand", brand)
                .with("service_group", self.one(KindName::ServiceGroup))
                .with("priority", self.told(thing, "Default priority").to_lowercase())
                .with("statuses", statuses)
                .0
        };
        all.into_iter().map(board).collect()
    }

    fn service_types(&mut self) -> Vec<Typed> {
        let all = self.at_first(KindName::ServiceType);
        let service_type = |(thing, id, name): (usize, String, String)| {
            Form::of(id, name)
                .with("description", self.told(thing, "Description"))
                .with("board", self.one(KindName::Board))
                .with(
                    "response_minutes",
                    self.dice.pick(&["15", "30", "60", "240", "480"]),
                )
                .0
        };
        all.into_iter().map(service_type).collect()
    }

    fn menus(&mut self) -> Vec<Typed> {
        let all = self.at_first(KindName::Menu);
        let menu = |(thing, id, name): (usize, String, String)| {
            let audience = if name.starts_with("Agent") {
                "agents"
            } else {
                "customers"
            };
            Form::of(id, name)
                .with("audience", audience)
                .with("items", words(self.things.value(thing, "Items")).join(", "))
                .with_all("user_groups", self.some(KindName::UserGroup, 2))
                .0
        };
        all.into_iter().map(menu).collect()
    }

    fn agent(&mut self, (id, name, email): (String, &String, &String)) -> Typed {
        let (first, ..) = directory::BRANDS[0];
        let (second, ..) = directory::BRANDS[self.dice.index(directory::BRANDS.len())];
        Form::of(id, name)
            .with("email", email)
            .with("job_title", self.dice.pick(&JOBS))
            .with("phone", self.phone())
            .with("capacity", self.dice.range(3, 6).to_string())
            .with_all("brands", [first, second])
            .with_all("permissions", ["tickets.assign", "contacts.edit"])
            .with_all("boards", self.some(KindName::Board, 3))
            .with_all("service_groups", self.some(KindName::ServiceGroup, 2))
            .with_all("service_types", self.some(KindName::ServiceType, 4))
            .with("tags", self.some_of(&AGENT_TAGS, 2).join(", "))
            .with("signature", name)
            .0
    }

    fn leads(&mut self) -> Vec<Typed> {
        let groups = self.at_first(KindName::ServiceGroup);
        let lead = |(_, id, name): (usize, String, String)| {
            Form::of(id, name)
                .with("lead", self.agents[self.dice.index(self.agents.len())].clone())
                .0
        };
        groups.into_iter().map(lead).collect()
    }

    fn searches(&mut self) -> Vec<Typed> {
        let all = self.at_first(KindName::Search);
        let search = |(thing, id, name): (usize, String, String)| {
            Form::of(id, name)
                .with("query", self.told(thing, "Query"))
                .with_all("service_groups", self.some(KindName::ServiceGroup, 2))
                .0
        };
        all.into_iter().map(search).collect()
    }

    fn shortcuts(&mut self) -> Vec<Typed> {
        let all = self.at_first(KindName::Shortcut);
        let shortcut = |(thing, id, name): (usize, String, String)| {
            Form::of(id, name)
                .with("keys", self.told(thing, "Keys"))
                .with("text", self.told(thing, "Text"))
                .with_all("service_groups", self.some(KindName::ServiceGroup, 2))
                .0
        };
        all.into_iter().map(shortcut).collect()
    }

    fn access_rules() -> Vec<Typed> {
        let rule = |(number, rule): (usize, &(&str, &str, &str, &str))| {
            let (name, portals, networks, two_factor) = rule;
            Form::of(format!("access-rule-{}", number + 1), *name)
                .with_all("portals", portals.split(' '))
                .with("networks", *networks)
                .with("two_factor", *two_factor)
                .0
        };
        ACCESS_RULES.iter().enumerate().map(rule).collect()
    }

    fn rules(&mut self) -> Vec<Typed> {
        let rules = self.at_first(KindName::BusinessRule);
        let rule = |(number, (_, id, name)): (usize, (usize, String, String))| {
            let (trigger, conditions, sets) = RULES[number % RULES.len()];
            let form = Form::of(id, name)
                .with("trigger", trigger)
                .with("conditions", conditions)
                .with("position", (number + 1).to_string());
            let form = sets
                .iter()
                .fold(form, |form, (property, text)| form.with(property, *text));
            form.with("board", self.one(KindName::Board)).0
        };
        rules.into_iter().enumerate().map(rule).collect()
    }

    fn company(&mut self, company: &directory::Company) -> Typed {
        let (brand, _) = directory::BRANDS[company.brand];
        let manager = self.agents[self.dice.index(self.agents.len())].clone();
        Form::of(&company.id, &company.name)
            .with("domains", &company.domain)
            .with("phone", self.phone())
            .with("website", format!("https://www.{}", company.domain))
            .with("brand", brand)
            .with("account_manager", manager)
            .with("portal", "yes")
            .with_all("permissions", self.some_of(&PORTAL, 4))
            .with_all("boards", self.some(KindName::Board, 2))
            .with_all("service_types", self.some(KindName::ServiceType, 3))
            .with_all("service_groups", self.some(KindName::ServiceGroup, 2))
            .with("tags", self.some_of(&COMPANY_TAGS, 2).join(", "))
            .with("custom", format!("Contract: 2025-{:03}", self.dice.below(1000)))
            .0
    }

    /// The first of a company looks after what it has here.
    fn contact(&mut self, contact: &directory::Contact, directory: &Directory, is_first: bool) -> Typed {
        let company = &directory.companies[contact.company];
        let mut permissions = self.some_of(&PORTAL, 3);
        if is_first {
            permissions.push(SEES_COMPANY);
        }
        Form::of(&contact.id, contact.label())
            .with("email", &contact.email)
            .with("company", &company.id)
            .with("job_title", self.dice.pick(&TITLES))
            .with("phone", self.phone())
            .with("vip", if self.dice.percent(3) { "yes" } else { "no" })
            .with_all("permissions", permissions)
            .with_all("user_groups", self.some(KindName::UserGroup, 1))
            .with("tags", self.some_of(&CONTACT_TAGS, 1).join(", "))
            .0
    }
}
