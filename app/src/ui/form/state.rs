//! How a form's last try ended.

use crate::{
    error::AppError,
    flash::{Flash, use_flash},
};
use daybook_domain::Error;
use leptos::{prelude::*, server_fn::ServerFn};

/// What a form knows of its last try. Copied into each of its parts.
#[derive(Debug, Clone, Copy)]
pub struct FormState {
    error: Signal<Option<Error>>,
    pending: Signal<bool>,
    flash: RwSignal<Option<Flash>>,
    /// Where the form is sent: a page may have several with fields of the same name.
    to: Option<&'static str>,
    above: bool,
}

impl FormState {
    /// The state of a form that is sent by `action`.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        let value = action.value();
        let flash = use_flash();
        let error = Signal::derive(move || {
            let error = value.try_with(|value| match value {
                Some(Err(error)) => Some(error.kind().clone()),
                _ => None,
            });
            error.flatten()
        });
        // What was said before is past once something is refused; a secret may not have been copied yet.
        Effect::new(move |before: Option<bool>| {
            let refused = error.with(Option::is_some);
            let past = |flash: &Option<Flash>| flash.as_ref().is_some_and(|flash| flash.secret.is_none());
            if refused && before == Some(false) && flash.with_untracked(past) {
                flash.set(None);
            }
            refused
        });
        Self {
            error,
            pending: action.pending().into(),
            flash,
            to: Some(S::PATH),
            above: false,
        }
    }

    /// The state of a form that the browser itself sends to a handler of the server.
    pub fn plain() -> Self {
        Self {
            error: Signal::stored(None),
            pending: Signal::stored(false),
            flash: use_flash(),
            to: None,
            above: false,
        }
    }

    /// As [`Self::plain`], for a form whose problems belong to no field: the message of the page says it all.
    pub fn said_above() -> Self {
        Self {
            above: true,
            ..Self::plain()
        }
    }

    /// Whether this is a form's first appearance, not its return after a refusal.
    pub fn is_fresh(self) -> bool {
        let refused = |flash: &Option<Flash>| {
            self.own(flash.as_ref())
                .is_some_and(|flash| flash.field.is_some())
        };
        self.above || (self.error.with_untracked(Option::is_none) && !self.flash.with_untracked(refused))
    }

    /// Whether the page came back with what was typed because the form as a whole was refused.
    pub fn returned(self) -> bool {
        let whole = |flash: &Option<Flash>| {
            let flash = self.own(flash.as_ref());
            flash.is_some_and(|flash| flash.field.is_none() && !flash.values.is_empty())
        };
        self.flash.with_untracked(whole)
    }

    /// Whether an answer is awaited.
    pub fn pending(self) -> Signal<bool> {
        self.pending
    }

    /// What is wrong with `field`.
    pub fn problem(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let problem = self.error.try_with(|error| match error {
                Some(Error::Invalid { field: wrong, reason }) => (wrong == field).then(|| reason.clone()),
                Some(_) => None,
                None => {
                    let said = self.flash.try_with(|flash| {
                        let flash = self.own(flash.as_ref())?;
                        (!self.above && flash.field.as_deref() == Some(field)).then(|| flash.message.clone())
                    });
                    said.flatten()
                }
            });
            problem.flatten()
        })
    }

    /// What is wrong with the form as a whole; `fields` are the ones that show their own problems.
    ///
    /// Without JavaScript this is already said at the top of the page.
    pub fn general_problem(self, fields: Vec<&'static str>) -> Signal<Option<String>> {
        Signal::derive(move || {
            let problem = self.error.try_with(|error| match error {
                Some(Error::Invalid { field, .. }) if fields.contains(&field.as_str()) => None,
                Some(error) => Some(error.to_string()),
                None => None,
            });
            problem.flatten()
        })
    }

    /// What was typed into `field` before the form was refused.
    pub fn typed(self, field: &str) -> Option<String> {
        self.flash
            .with_untracked(|flash| self.own(flash.as_ref())?.value(field).map(str::to_owned))
    }

    /// How often a try was refused because of what is there by now.
    pub fn conflicts(self) -> Memo<usize> {
        counted(move || {
            self.error
                .with(|error| matches!(error, Some(Error::Conflict { .. })))
        })
    }

    /// The message of the page, where it is about this form.
    fn own(self, flash: Option<&Flash>) -> Option<&Flash> {
        flash.filter(|flash| flash.form.is_none() || flash.form.as_deref() == self.to)
    }
}

/// How often `action` has done what it was asked. For what has to be read again then, and not after a refusal, which
/// would take what was typed away.
pub fn successes<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    counted(move || value.with(|value| matches!(value, Some(Ok(_)))))
}

/// How often `action` was refused because of what is there by now. For what has to be read again then, so that the next
/// try is made in its sight.
pub fn conflicts<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    counted(move || {
        value
            .with(|value| matches!(value, Some(Err(error)) if matches!(error.kind(), Error::Conflict { .. })))
    })
}

/// How often it was so when what it looks at changed.
fn counted(is_so: impl Fn() -> bool + Send + Sync + 'static) -> Memo<usize> {
    Memo::new(move |before: Option<&usize>| before.copied().unwrap_or_default() + usize::from(is_so()))
}

/// What is wrong, or nothing once the page is gone: an effect that was due before runs after that, and must not fail.
pub(super) fn still(problem: Signal<Option<String>>) -> Option<String> {
    problem.try_get().flatten()
}
