//! What somebody else has changed while a form was open: shown above what was typed, so that whoever saves again has seen
//! it. The same for whatever a form changes, with JavaScript and without.

use super::FormState;
use daybook_domain::seen::{Seen, Tag};
use leptos::prelude::*;
use std::future::Future;

/// The field with which a form says what it has shown.
pub const SEEN: &str = "seen";

const TITLE: &str = "Somebody else has changed it. This is what it is now";
const ADVICE: &str = "Saving again puts what stands in the form in its place.";
const BEGIN_AGAIN: &str = "Drop what I typed";

/// What a form changes, as it is at a moment.
pub trait Shown: Clone + Send + Sync + 'static {
    fn seen(&self) -> Seen;

    /// What a person calls a property, and reads for its value. `None` for one that isn't shown to people.
    fn property(&self, name: &str) -> Option<(String, AnyView)>;

    /// Where its changes are counted, how many there were.
    fn version(&self) -> Option<i32> {
        None
    }
}

/// The part of a form that says what it has shown. Where the last try was refused because that isn't what is there any
/// more, it says what is, and from then on that is what the form has shown.
///
/// `again` asks what is there now; `begin_again` is where the form is empty of what was typed.
pub fn meanwhile<T, F>(
    state: FormState,
    opened: T,
    again: impl Fn() -> F + Send + Sync + 'static,
    begin_again: String,
) -> AnyView
where
    T: Shown,
    F: Future<Output = Option<T>> + Send + 'static,
{
    // To a part of the page one is on, a browser only scrolls.
    let begin_again = begin_again
        .split_once('#')
        .map_or(begin_again.clone(), |(page, _)| page.to_owned());
    let conflicts = state.conflicts();
    // Not a resource: those are made with the page, and this is asked for only then.
    let look = Action::new(move |(): &()| again());
    let now = Signal::derive(move || look.value().get().flatten());
    Effect::new(move || {
        if conflicts.get() > 0 {
            look.dispatch(());
        }
    });
    let tag = opened.seen().tag();
    let seen = {
        let opened = tag.clone();
        move || {
            let now = now.with(|now| now.as_ref().map(|now| now.seen().tag()));
            now.as_ref().unwrap_or(&opened).as_str().to_owned()
        }
    };
    let version = opened.version().map(|opened| {
        let version = move || now.with(|now| now.as_ref().and_then(T::version).unwrap_or(opened));
        view! { <input type="hidden" name="version" value=opened prop:value=move || version().to_string()/> }
    });
    // Without JavaScript the page came back with the thing as it is, and what the form had shown.
    let before = state.returned().then(|| state.typed(SEEN)).flatten();
    let returned = before.and_then(|before| notice(&opened, &Tag::new(before), &begin_again));
    let told = {
        let tag = tag.clone();
        move || now.with(|now| notice(now.as_ref()?, &tag, &begin_again))
    };
    view! {
        <input type="hidden" name=SEEN value=tag.as_str().to_owned() prop:value=seen/>
        {version}
        {returned}
        {told}
    }
    .into_any()
}

/// Nothing where nothing differs: the try was refused for another reason.
fn notice<T: Shown>(now: &T, before: &Tag, begin_again: &str) -> Option<AnyView> {
    let changed = now.seen().since(before);
    if changed.is_empty() {
        return None;
    }
    let rows = changed.iter().filter_map(|name| now.property(name));
    let rows = rows.map(|(title, value)| {
        view! { <div class="thing-facts__row"><dt>{title}</dt><dd>{value}</dd></div> }
    });
    let begin_again = begin_again.to_owned();
    let notice = view! {
        <div class="notice notice--problem" role="alert">
            <h2 class="notice__title">{TITLE}</h2>
            <p>{ADVICE} " " <a class="link" href=begin_again rel="external">{BEGIN_AGAIN}</a></p>
            <dl class="thing-facts">{rows.collect_view()}</dl>
        </div>
    };
    Some(notice.into_any())
}
