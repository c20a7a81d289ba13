use super::*;
use daybook_domain::{facet::FacetValue, search::parse};

fn facets() -> Vec<Facet> {
    let value = |label: &str| FacetValue {
        value: label.to_owned(),
        label: label.to_owned(),
        count: 1234,
    };
    let section = Facet {
        field: FilterField::Section,
        values: vec![value("Role"), value("Board access"), value("Signed \"off\"")],
        more: false,
        exact: false,
    };
    vec![section]
}

/// The offers for a text with the caret at `|`, and the text once the first of them is chosen.
fn offered(marked: &str) -> (Vec<String>, String) {
    let caret = marked.find('|').unwrap();
    let text = marked.replace('|', "");
    let Some(completion) = complete(&text, caret, &facets()) else {
        return (Vec::new(), text);
    };
    let labels = completion.offers.iter().map(|offer| offer.label.clone());
    let (applied, caret) = completion.applied(&text, 0).unwrap();
    let (before, after) = applied.split_at(caret);
    (labels.collect(), format!("{before}|{after}"))
}

#[test]
fn names_are_offered_where_a_term_begins() {
    assert_eq!(offered("sec|"), (vec!["section:".into()], "section:|".into()));
    assert_eq!(offered("a -act| b").0, ["action:", "actor:", "actor.kind:"]);
    assert_eq!(offered("(Imp|)").1, "(impersonator:|)");
    assert_eq!(offered("meta|").1, "metadata.|");
    assert_eq!(offered("|").0.len(), Field::ALL.len() + 1);
    for none in ["xyz|", "10:3|", "\"sec|", "\"x\"|", "(a)|", "se|c"] {
        assert_eq!(offered(none).0, Vec::<String>::new(), "{none}");
    }
}

#[test]
fn values_are_offered_after_a_field() {
    let (labels, applied) = offered("section:|");
    assert_eq!(labels, ["Role", "Board access", "Signed \"off\""]);
    assert_eq!(applied, "section:Role |");
    assert_eq!(offered("x section:board|").1, "x section:\"Board access\" |");
    assert_eq!(offered("section:\"Board a|").1, "section:\"Board access\" |");
    assert_eq!(offered("section:\"Board a|\" y").1, "section:\"Board access\"| y");
    assert_eq!(offered("section:\"Board access\"|").0, Vec::<String>::new());
    assert_eq!(
        offered("section:(Role OR acc|)").1,
        "section:(Role OR \"Board access\"|)"
    );
    assert_eq!(offered("-outcome:f|").1, "-outcome:failure |");
    // By what a person reads, too.
    assert_eq!(offered("action:sign-i|").1, "action:login |");
}

#[test]
fn what_is_there_already_is_not_offered() {
    assert_eq!(offered("section:Role|").0, Vec::<String>::new());
}

#[test]
fn what_is_offered_can_be_read() {
    for text in ["section:signed|", "section:b|", "log:web|", "portal:|"] {
        let applied = offered(text).1.replace('|', "");
        assert!(parse(&applied).is_ok(), "{applied}");
    }
}

#[test]
fn how_many_there_are_is_told() {
    let completion = complete("section:ro", 10, &facets()).unwrap();
    assert_eq!(completion.offers[0].about, "1,234+");
}
