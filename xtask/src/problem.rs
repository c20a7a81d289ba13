//! What a person is told when a step can't be done: what is wrong, and what to do about it. Never a stack trace.

use std::fmt;

/// A failure with its remedy.
#[derive(Debug)]
pub struct Problem {
    what: String,
    remedy: String,
}

impl Problem {
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

/// An error that says what is wrong and what helps.
pub fn problem(what: impl Into<String>, remedy: impl Into<String>) -> anyhow::Error {
    Problem {
        what: what.into(),
        remedy: remedy.into(),
    }
    .into()
}

/// `error: …`; below it, indented, what it comes from and the remedy of the innermost [`Problem`].
pub fn report(error: &anyhow::Error) -> String {
    let remedy = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Problem>())
        .map(Problem::remedy);
    let causes = error
        .chain()
        .skip(1)
        .map(ToString::to_string)
        .chain(remedy.map(str::to_owned));
    let mut text = format!("error: {error}");
    for line in causes.collect::<Vec<_>>().iter().flat_map(|text| text.lines()) {
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_is_found_below_the_context() {
        let error = problem("there is no Chromium", "Install it.").context("browser tests");
        assert_eq!(
            report(&error),
            "error: browser tests\n  there is no Chromium\n  Install it."
        );
    }

    #[test]
    fn an_error_without_a_remedy_is_one_line() {
        assert_eq!(report(&anyhow::anyhow!("no")), "error: no");
    }
}
