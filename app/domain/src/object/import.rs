//! A file of things on its way in: looked at, its columns given a meaning, tried, then stored.

use super::ObjectKind;
use crate::{
    event::words,
    id::ImportId,
    naming::{Helpdesk, Naming},
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Largest file, in bytes.
pub const MAX_IMPORT_BYTES: usize = 32 * 1024 * 1024;
/// Lines of a file, its head not counted.
pub const MAX_IMPORT_LINES: usize = 200_000;
/// Columns of a file.
pub const MAX_IMPORT_COLUMNS: usize = 100;
/// Lines that can't be stored which a page lists; the file of them has all.
pub const SHOWN_PROBLEMS: usize = 100;

words! {
    /// How far an import is.
    ImportState {
        /// Waits for its columns to be given a meaning.
        Uploaded = "uploaded", "Uploaded";
        /// Is being tried: nothing is stored.
        Checking = "checking", "Being checked";
        Checked = "checked", "Checked";
        Importing = "importing", "Being imported";
        Finished = "finished", "Imported";
    }
}

impl ImportState {
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }
}

/// What a column holds. As text: empty, the name of a property or `status`, or `custom:` and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnMeaning {
    /// Nothing that is imported.
    Nothing,
    /// The values of a property of the kind, or [`STATUS`](super::STATUS).
    Property(String),
    /// Values of one custom property, by its name.
    Custom(String),
}

impl ColumnMeaning {
    pub fn name(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Property(name) => name.clone(),
            Self::Custom(name) => format!("custom:{name}"),
        }
    }

    /// `None` for a property that the kind doesn't have.
    pub fn from_name(kind: ObjectKind, name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Nothing);
        }
        if let Some(custom) = name.strip_prefix("custom:") {
            let has = kind.spec().property("custom").is_some();
            return (has && !custom.trim().is_empty()).then(|| Self::Custom(custom.trim().to_owned()));
        }
        let known = name == super::STATUS || kind.spec().property(name).is_some();
        known.then(|| Self::Property(name.to_owned()))
    }

    /// What a column is likely to hold, by its head: the name or title of a property, in any case.
    pub fn guess(kind: ObjectKind, head: &str) -> Self {
        let plain = |text: &str| {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        let head = plain(head);
        if head == plain(super::STATUS) {
            return Self::Property(super::STATUS.to_owned());
        }
        let namings = || Helpdesk::ALL.iter().map(|helpdesk| Naming::of(*helpdesk));
        let titles = namings().flat_map(|naming| [naming.title(kind), naming.plural(kind)]);
        let of_kind: Vec<_> = titles.map(plain).collect();
        let means = |name: &str, title: &str| {
            let (name, title) = (plain(name), plain(title));
            head == name
                || head == title
                || of_kind.iter().any(|kind| head == format!("{kind}{title}"))
                || matches!(
                    (name.as_str(), head.as_str()),
                    ("email", "emailaddress" | "mail" | "emails")
                        | ("phone", "telephone" | "phonenumber" | "tel")
                        | ("mobile", "mobilephone" | "cell" | "cellphone")
                        | (
                            "company",
                            "account" | "organisation" | "organization" | "companyname"
                        )
                        | ("name", "fullname" | "displayname")
                        | ("externalid", "recordid" | "remoteid")
                )
        };
        let property = kind
            .spec()
            .properties
            .iter()
            .find(|property| means(property.name, property.title));
        property.map_or(Self::Nothing, |property| Self::Property(property.name.to_owned()))
    }
}

/// How a file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSettings {
    /// What each column holds, in their order.
    pub columns: Vec<ColumnMeaning>,
    /// Whether things that are there already are changed. Otherwise they are left alone.
    pub update: bool,
    /// Whether an empty cell takes a value away. Otherwise it leaves it.
    pub clear: bool,
}

/// A column as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    pub head: String,
    /// Of the first lines, those that aren't empty.
    pub samples: Vec<String>,
}

/// What has become of the lines so far. While it is only tried, what would.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Lines that were looked at.
    pub done: u64,
    pub created: u64,
    pub changed: u64,
    /// There already, and left as they are.
    pub same: u64,
    /// Lines that can't be stored.
    pub bad: u64,
}

/// Why a line can't be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// As a text editor counts them, from 1.
    pub line: u64,
    /// The head of the column that is wrong, where it is one.
    pub column: Option<String>,
    pub reason: String,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    pub id: ImportId,
    pub kind: ObjectKind,
    /// The name of the file.
    pub file: String,
    /// Lines of the file, its head not counted.
    pub lines: u64,
    pub columns: Vec<ImportColumn>,
    pub settings: ImportSettings,
    pub state: ImportState,
    /// At work, but nobody has worked on it for a while: the server was stopped meanwhile.
    pub stalled: bool,
    pub counts: ImportCounts,
    /// The first [`SHOWN_PROBLEMS`], by line.
    pub problems: Vec<ImportProblem>,
    /// Who uploaded it.
    pub by: String,
    pub uploaded: LocalTime,
}
