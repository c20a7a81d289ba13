//! The customers: about 400 companies and 4,000 contacts. They exist before the first event and are made once.

use super::{
    data::{
        companies,
        names::{CULTURES, Culture},
    },
    dice::{Dice, Purpose},
    network,
};
use daybook_domain::event::{Actor, ActorKind, NamedRef, Target};
use std::net::IpAddr;

pub const COMPANIES: usize = 400;
pub const CONTACTS: usize = 4_000;

/// The three faces of the helpdesk.
pub static BRANDS: [(&str, &str); 3] = [
    ("brand-1", "Northdesk"),
    ("brand-2", "Harbor IT Care"),
    ("brand-3", "Nordlicht Schulservice"),
];

pub fn brand(number: usize) -> NamedRef {
    let (id, name) = BRANDS[number % BRANDS.len()];
    NamedRef::new(id, name)
}

/// How a company's people sign in to the customer portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Microsoft,
    Google,
    Password,
    MagicLink,
    Saml,
    Oidc,
}

impl Method {
    const SHARES: [(Self, u64); 6] = [
        (Self::Microsoft, 38),
        (Self::Google, 14),
        (Self::Password, 18),
        (Self::MagicLink, 14),
        (Self::Saml, 9),
        (Self::Oidc, 7),
    ];

    /// The word in `login_source`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Google => "google",
            Self::Password => "form",
            Self::MagicLink => "magic_link",
            Self::Saml => "saml",
            Self::Oidc => "oidc",
        }
    }

    /// As in "signed in with …".
    pub fn title(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft",
            Self::Google => "Google",
            Self::Password => "a password",
            Self::MagicLink => "an emailed link",
            Self::Saml => "SAML",
            Self::Oidc => "OpenID Connect",
        }
    }
}

#[derive(Debug)]
pub struct Company {
    pub id: String,
    pub name: String,
    pub domain: String,
    pub brand: usize,
    pub method: Method,
    /// Its id at the identity provider.
    pub tenant: String,
}

#[derive(Debug)]
pub struct Contact {
    pub id: String,
    pub name: String,
    pub email: String,
    /// Position of the company.
    pub company: usize,
    /// Their id at the identity provider.
    pub object: String,
    pub ip: IpAddr,
    pub browser: &'static str,
    /// Never told us their name.
    pub nameless: bool,
}

impl Company {
    pub fn named(&self) -> NamedRef {
        NamedRef::new(&self.id, &self.name)
    }
}

impl Contact {
    pub fn actor(&self) -> Actor {
        let actor = Actor::new(ActorKind::Contact)
            .with_id(&self.id)
            .with_email(&self.email);
        Actor {
            name: (!self.nameless).then(|| self.name.clone()),
            ..actor
        }
    }

    /// What a sentence calls them.
    pub fn label(&self) -> &str {
        if self.nameless { &self.email } else { &self.name }
    }

    pub fn named(&self) -> NamedRef {
        NamedRef::new(&self.id, self.label())
    }

    pub fn target(&self) -> Target {
        Target::new("contact", &self.id, self.label())
    }
}

#[derive(Debug)]
pub struct Directory {
    pub companies: Vec<Company>,
    pub contacts: Vec<Contact>,
}

impl Directory {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, Purpose::Directory);
        let companies = make_companies(&mut dice);
        let contacts = (0..CONTACTS)
            .map(|number| {
                // Few companies have many contacts, many have few.
                let company = dice.index(COMPANIES).min(dice.index(COMPANIES));
                make_contact(&mut dice, number, company, &companies[company].domain)
            })
            .collect();
        Self { companies, contacts }
    }
}

fn make_companies(dice: &mut Dice) -> Vec<Company> {
    let pairs = companies::FIRST.len() * companies::TRADES.len();
    let mut pairs: Vec<usize> = (0..pairs).collect();
    dice.shuffle(&mut pairs);
    let every = COMPANIES / companies::ALONE.len();
    (0..COMPANIES)
        .map(|number| {
            let alone = (number % every == 7).then(|| companies::ALONE.get(number / every));
            let (name, domain) = if let Some((name, domain)) = alone.flatten() {
                ((*name).to_owned(), (*domain).to_owned())
            } else {
                let first = companies::FIRST[pairs[number] % companies::FIRST.len()];
                let trade = companies::TRADES[pairs[number] / companies::FIRST.len()];
                (format!("{first} {trade}"), slug(&format!("{first} {trade}")))
            };
            let method = dice.weighted(Method::SHARES.iter().map(|(_, share)| *share));
            Company {
                id: dice.id().to_string(),
                name,
                domain: format!("{domain}.example"),
                brand: dice.index(BRANDS.len()).min(dice.index(BRANDS.len())),
                method: Method::SHARES[method].0,
                tenant: dice.foreign_id().to_string(),
            }
        })
        .collect()
}

/// The letters and digits, hyphens between them; what isn't ASCII is left out.
pub fn slug(name: &str) -> String {
    let parts: Vec<String> = name
        .split(|c: char| c.is_whitespace())
        .map(|word| {
            word.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect()
        })
        .filter(|word: &String| !word.is_empty())
        .collect();
    parts.join("-")
}

fn make_contact(dice: &mut Dice, number: usize, company: usize, domain: &str) -> Contact {
    let culture = &CULTURES[dice.weighted(CULTURES.iter().map(|culture| culture.share))];
    let (name, mailbox) = person(culture, dice);
    Contact {
        id: dice.id().to_string(),
        name,
        // The number keeps addresses apart where two people of a company have one name.
        email: format!("{mailbox}{number}@{domain}"),
        company,
        object: dice.foreign_id().to_string(),
        ip: network::customer(dice),
        browser: dice.pick(&network::BROWSERS),
        nameless: dice.percent(4),
    }
}

fn person(culture: &Culture, dice: &mut Dice) -> (String, String) {
    let mut one = |list: &'static str| {
        let names: Vec<&str> = list.split(' ').collect();
        let entry = dice.pick(&names);
        let (name, ascii) = entry.split_once('=').unwrap_or((entry, entry));
        (name.replace('_', " "), ascii.to_lowercase())
    };
    let (given, mail_given) = one(culture.given);
    let (family, mail_family) = one(culture.family);
    let name = if culture.family_first {
        format!("{family} {given}")
    } else {
        format!("{given} {family}")
    };
    (name, format!("{mail_given}.{mail_family}"))
}
