//! A text of the query language that can't be read: where it goes wrong, what was expected, and what may have been
//! meant.

use daybook_domain::{
    query::LogQuery,
    search::{Expected, SyntaxProblem, parse},
};
use leptos::prelude::*;

/// A text with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    text: String,
    problem: SyntaxProblem,
}

impl Mistake {
    /// `None` where the text can be read.
    pub fn find(text: &str) -> Option<Self> {
        let problem = parse(text).err()?;
        Some(Self {
            text: text.to_owned(),
            problem,
        })
    }

    pub fn of(query: &LogQuery) -> Option<Self> {
        Self::find(query.q.as_deref()?)
    }

    /// What stands before the mistake, the mistake, and what follows it. All of the text, whatever the range says.
    fn parts(&self) -> (&str, &str, &str) {
        let text = self.text.as_str();
        let start = text.floor_char_boundary(self.problem.at.start);
        let end = text.floor_char_boundary(self.problem.at.end.max(start));
        (&text[..start], &text[start..end], &text[end..])
    }

    /// The sentence, whole.
    pub fn sentence(&self) -> String {
        let mut sentence = self.problem.to_string();
        if !sentence.ends_with('?') {
            sentence.push('.');
        }
        sentence
    }

    /// The text that was probably meant.
    fn mended(&self) -> Option<String> {
        let (before, _, after) = self.parts();
        let mended = match &self.problem.expected {
            Expected::NearestField { nearest, .. } => return Some(format!("{before}{nearest}{after}")),
            Expected::ClosingParenthesis => format!("{})", self.text),
            Expected::ClosingQuote => format!("{}\"", self.text),
            _ => return None,
        };
        // Only the name of a field is sure to be better; the rest may be one mistake of several.
        parse(&mended).is_ok().then_some(mended)
    }

    /// For the reader: the sentence, the text with the place marked, and the way to what may have been meant. `href`
    /// is the list of another text.
    pub fn view(&self, href: impl Fn(&str) -> String) -> AnyView {
        let (before, wrong, after) = self.parts();
        let wrong = if wrong.is_empty() {
            view! { <mark class="mistake__caret"><span class="visually-hidden">" here "</span></mark> }
                .into_any()
        } else {
            view! { <mark class="mistake__wrong">{wrong.to_owned()}</mark> }.into_any()
        };
        let mended = self.mended().map(|text| {
            view! { <p class="mistake__mend">"Search for " <a class="link mono" href=href(&text) data-noscroll>{text.clone()}</a></p> }
        });
        view! {
            <p class="mistake__sentence">{self.sentence()}</p>
            <p class="mistake__text" dir="ltr"><code>{before.to_owned()} {wrong} {after.to_owned()}</code></p>
            {mended}
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> Mistake {
        Mistake::find(text).unwrap_or_else(|| panic!("{text} can be read"))
    }

    #[test]
    fn the_place_is_marked_and_nothing_is_lost() {
        for (text, wrong) in [
            ("a secton:Role b", "secton"),
            ("a OR", ""),
            ("(action:update", "("),
            ("ip:999 x", "999"),
            ("ä \"ö", "\""),
        ] {
            let mistake = mistake(text);
            let (before, marked, after) = mistake.parts();
            assert_eq!(marked, wrong, "{text}");
            assert_eq!(format!("{before}{marked}{after}"), text);
        }
        assert_eq!(Mistake::find("section:Role"), None);
        assert_eq!(Mistake::find("  "), None);
    }

    #[test]
    fn what_was_probably_meant_is_offered() {
        let mended = |text| mistake(text).mended();
        assert_eq!(mended("a secton:Role b").as_deref(), Some("a section:Role b"));
        assert_eq!(
            mended("(action:update OR x").as_deref(),
            Some("(action:update OR x)")
        );
        assert_eq!(
            mended("section:\"Board access").as_deref(),
            Some("section:\"Board access\"")
        );
        assert_eq!(mended("((a").as_deref(), None);
        assert_eq!(mended("nothinglike:x"), None);
    }

    #[test]
    fn a_question_needs_no_full_stop() {
        assert!(mistake("secton:Role").sentence().ends_with('?'));
        assert!(mistake("a OR").sentence().ends_with('.'));
    }
}
