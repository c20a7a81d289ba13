//! Texts that somebody else wrote, made fit for a place that is ours.

/// The first of a text, of at most so many characters; the last is an ellipsis where more followed.
pub(super) fn cut(text: &str, chars: usize) -> String {
    within(text, chars, |_| 1)
}

/// The first of a text whose characters weigh no more than `most` altogether. An ellipsis, where more followed, is weighed
/// too.
pub(super) fn within(text: &str, most: usize, weight: impl Fn(char) -> usize) -> String {
    const MORE: char = '…';
    let room = most.saturating_sub(weight(MORE));
    // Where the text would end if it had to make room for the ellipsis.
    let (mut used, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        used += weight(c);
        if used <= room {
            end = at + c.len_utf8();
        }
        if used > most {
            let mut kept = text[..end].to_owned();
            kept.push(MORE);
            return kept;
        }
    }
    text.to_owned()
}

/// A text on one line. What breaks lines or can't be printed is a space, what turns the direction of writing around or is
/// invisible is left out: neither may rearrange what stands beside it.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = !line.is_empty();
            continue;
        }
        if gap {
            line.push(' ');
            gap = false;
        }
        line.push(c);
    }
    line
}

/// Joiners stay: emoji and whole scripts need them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Its words: of `user.two_step-reset` they are user, two, step and reset.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
