//! What changed between two texts, word by word.

/// A stretch of text that is in both, only in the old, or only in the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// Above this many comparisons the middle is shown as replaced: nobody reads a diff of two different books, and the
/// page must not wait for one.
const MOST_COMPARISONS: usize = 250_000;

/// The pieces in reading order. Those of the old text, put together, are the old text; so for the new one.
pub fn compare(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    let prefix = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let suffix = old[prefix..]
        .iter()
        .rev()
        .zip(new[prefix..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let mut pieces = Vec::new();
    push(&mut pieces, Kind::Same, &old[..prefix]);
    middle(
        &mut pieces,
        &old[prefix..old.len() - suffix],
        &new[prefix..new.len() - suffix],
    );
    push(&mut pieces, Kind::Same, &old[old.len() - suffix..]);
    bridge(pieces)
}

/// Words, runs of white space, and every other character by itself.
fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Class {
        Word,
        Space,
        Other,
    }
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            Class::Word
        } else if c.is_whitespace() {
            Class::Space
        } else {
            Class::Other
        }
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last: Option<Class> = None;
    for (at, c) in text.char_indices() {
        let now = class(c);
        if last
            .as_ref()
            .is_some_and(|last| *last != now || now == Class::Other)
        {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = Some(now);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[derive(Clone, Copy)]
enum Kind {
    Same,
    Removed,
    Added,
}

fn push(pieces: &mut Vec<Piece>, kind: Kind, tokens: &[&str]) {
    let text = tokens.concat();
    if text.is_empty() {
        return;
    }
    match (pieces.last_mut(), kind) {
        (Some(Piece::Same(last)), Kind::Same)
        | (Some(Piece::Removed(last)), Kind::Removed)
        | (Some(Piece::Added(last)), Kind::Added) => last.push_str(&text),
        (_, Kind::Same) => pieces.push(Piece::Same(text)),
        (_, Kind::Removed) => pieces.push(Piece::Removed(text)),
        (_, Kind::Added) => pieces.push(Piece::Added(text)),
    }
}

/// Longest common subsequence by the textbook table; the ends that are alike are already cut off.
fn middle(pieces: &mut Vec<Piece>, old: &[&str], new: &[&str]) {
    if old.len().saturating_mul(new.len()) > MOST_COMPARISONS {
        push(pieces, Kind::Removed, old);
        push(pieces, Kind::Added, new);
        return;
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            push(pieces, Kind::Same, &old[i..=i]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            push(pieces, Kind::Removed, &old[i..=i]);
            i += 1;
        } else {
            push(pieces, Kind::Added, &new[j..=j]);
            j += 1;
        }
    }
    push(pieces, Kind::Removed, &old[i..]);
    push(pieces, Kind::Added, &new[j..]);
}

/// White space alone between two changes belongs to them: "red car" to "blue van" is one change, not two.
fn bridge(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut bridged: Vec<Piece> = Vec::with_capacity(pieces.len());
    let (mut removed, mut added) = (String::new(), String::new());
    let mut pieces = pieces.into_iter().peekable();
    let flush = |bridged: &mut Vec<Piece>, removed: &mut String, added: &mut String| {
        if !removed.is_empty() {
            bridged.push(Piece::Removed(std::mem::take(removed)));
        }
        if !added.is_empty() {
            bridged.push(Piece::Added(std::mem::take(added)));
        }
    };
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Removed(text) => removed.push_str(&text),
            Piece::Added(text) => added.push_str(&text),
            Piece::Same(text) => {
                let between = !(removed.is_empty() && added.is_empty()) && pieces.peek().is_some();
                if between && text.trim().is_empty() {
                    removed.push_str(&text);
                    added.push_str(&text);
                } else {
                    flush(&mut bridged, &mut removed, &mut added);
                    bridged.push(Piece::Same(text));
                }
            }
        }
    }
    flush(&mut bridged, &mut removed, &mut added);
    bridged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn old(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .filter_map(|p| {
                if let Piece::Same(t) | Piece::Removed(t) = p {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .collect()
    }

    fn new(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .filter_map(|p| {
                if let Piece::Same(t) | Piece::Added(t) = p {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(
            before in "([a-c ]|é|\u{5d0}|\\.|\n){0,40}", after in "([a-c ]|é|\u{5d0}|\\.|\n){0,40}",
        ) {
            let pieces = compare(&before, &after);
            prop_assert_eq!(old(&pieces), before);
            prop_assert_eq!(new(&pieces), after);
        }

        #[test]
        fn a_text_is_the_same_as_itself(text in ".{1,40}") {
            prop_assert_eq!(compare(&text, &text), vec![Piece::Same(text)]);
        }
    }

    #[test]
    fn words_are_compared_not_letters() {
        let pieces = compare("Thanks for the red car, Mara.", "Thanks for the blue van, Mara.");
        assert_eq!(
            pieces,
            [
                Piece::Same("Thanks for the ".into()),
                Piece::Removed("red car".into()),
                Piece::Added("blue van".into()),
                Piece::Same(", Mara.".into()),
            ]
        );
    }

    #[test]
    fn two_books_are_one_replacement() {
        let before = "alpha beta ".repeat(600);
        let after = "gamma delta ".repeat(600);
        // What is removed, what is added, and the space both end in.
        assert_eq!(compare(&before, &after).len(), 3);
    }
}
