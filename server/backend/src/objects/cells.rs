//! Values as cells of a spreadsheet, there and back.

use daybook_domain::{
    id::ObjectId,
    object::{Names, Property, Shape},
};
use serde_json::Value;

/// Between the members of a set. Names hold commas, and hardly ever this.
const BETWEEN: char = ';';

/// What stands in a cell: titles and names rather than words and ids.
pub(super) fn cell(property: &Property, value: Option<&Value>, names: &Names) -> String {
    let shown = |text: String| {
        let name = property
            .refers_to()
            .and_then(|_| names.get(&text.parse::<ObjectId>().ok()?));
        name.cloned()
            .or_else(|| property.title_of(&text).map(str::to_owned))
            .unwrap_or(text)
    };
    let texts: Vec<_> = property.texts(value).into_iter().map(shown).collect();
    match property.shape {
        Shape::Custom => texts.join("\n"),
        _ => texts.join("; "),
    }
}

/// What was typed into a form that would mean the same as a cell.
pub(super) fn typed(property: &Property, cell: &str) -> Vec<String> {
    let members = || cell.split(BETWEEN).map(str::trim).filter(|text| !text.is_empty());
    match property.shape {
        Shape::Many(_) | Shape::Words | Shape::Networks => members().map(str::to_owned).collect(),
        Shape::Choices(words) => members()
            .flat_map(|member| member.split(','))
            .map(|member| word(words, member))
            .collect(),
        Shape::Choice(words) => vec![word(words, cell)],
        Shape::Flag => vec![cell.trim().to_lowercase()],
        _ => vec![cell.to_owned()],
    }
}

/// The word that is meant, by itself or by its title.
fn word(words: &[(&str, &str)], text: &str) -> String {
    let text = text.trim();
    let found = words
        .iter()
        .find(|(word, title)| word.eq_ignore_ascii_case(text) || title.eq_ignore_ascii_case(text));
    found.map_or_else(|| text.to_owned(), |(word, _)| (*word).to_owned())
}
