//! What narrows a list, each with the way to drop it.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// One value that narrows a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub value: String,
    /// The list without it.
    pub without: String,
}

#[component]
pub fn ChipList(
    chips: Vec<Chip>,
    /// The list without any of them.
    #[prop(into)]
    clear: Signal<String>,
) -> impl IntoView {
    let chips = chips.into_iter().map(|chip| {
        view! {
            <li>
                <a class="chip" href=chip.without data-noscroll>
                    <span class="visually-hidden">"Remove filter "</span>
                    <span class="chip__label">{chip.label}</span>
                    " "
                    <bdi class="chip__value">{chip.value}</bdi>
                    {Icon::Close.view()}
                </a>
            </li>
        }
    });
    view! {
        <ul class="chips" aria-label="Active filters">
            {chips.collect_view()}
            <li><a class="chips__clear" href=clear data-noscroll>"Clear"</a></li>
        </ul>
    }
    .into_any()
}
