//! The list of what could come next, worked from the text field: the combobox pattern of the ARIA practices. Nothing
//! is chosen unless somebody goes to it, so Enter sends what stands there.

use super::{
    Search, caret,
    complete::{Completion, Offer, complete},
};
use crate::audit_logs::overview::Overviews;
use leptos::{
    prelude::*,
    web_sys::{KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition},
};

pub const LISTBOX: &str = "search-options";

pub fn option_id(at: usize) -> String {
    format!("search-option-{at}")
}

#[derive(Debug, Clone, Copy)]
pub struct Combobox {
    search: Search,
    overview: Overviews,
    offered: RwSignal<Option<Completion>>,
    active: RwSignal<Option<usize>>,
}

impl Combobox {
    pub fn new(search: Search, overview: Overviews) -> Self {
        Self {
            search,
            overview,
            offered: RwSignal::new(None),
            active: RwSignal::new(None),
        }
    }

    pub fn is_open(&self) -> bool {
        self.offered.with(Option::is_some)
    }

    pub fn active(&self) -> Option<usize> {
        self.active.get()
    }

    pub fn offers(&self) -> Vec<Offer> {
        self.offered.with(|offered| {
            offered
                .as_ref()
                .map(|offered| offered.offers.clone())
                .unwrap_or_default()
        })
    }

    pub fn close(&self) {
        self.active.set(None);
        self.offered.set(None);
    }

    /// What goes on from the letters before the caret; nothing where there are none.
    pub fn offer(&self) {
        self.look(false);
    }

    fn look(&self, unasked_too: bool) {
        self.active.set(None);
        let text = self.search.typed.get_untracked();
        let Some(input) = self.search.input.get_untracked() else {
            return;
        };
        let caret = caret(&input, &text);
        let begun = text[..caret].ends_with(|c: char| !c.is_whitespace() && c != '(');
        let facets = self.overview.with_untracked(|overview| {
            let overview = overview.as_ref();
            overview.map(|overview| overview.facets().to_vec())
        });
        let offered = complete(&text, caret, &facets.unwrap_or_default());
        self.offered.set(offered.filter(|_| begun || unasked_too));
    }

    pub fn choose(&self, at: usize) {
        let text = self.search.typed.get_untracked();
        let offered = self.offered.get_untracked();
        let applied = offered.and_then(|offered| offered.applied(&text, at));
        let (Some((text, caret)), Some(input)) = (applied, self.search.input.get_untracked()) else {
            return;
        };
        let units = text[..caret].encode_utf16().count();
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        // At once, not with the next effect: the caret is set in it.
        input.set_value(&text);
        // It fails for fields that have no caret, which this isn't.
        let _ = input.set_selection_range(units, units);
        let goes_on = text[..caret].ends_with(':');
        self.search.type_in(text);
        self.close();
        if goes_on {
            self.offer();
        }
    }

    pub fn pressed(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        let count = self
            .offered
            .with_untracked(|offered| offered.as_ref().map_or(0, |offered| offered.offers.len()));
        let active = self.active.get_untracked();
        match (event.key().as_str(), active) {
            ("ArrowDown", _) if count == 0 => self.look(true),
            ("ArrowDown", _) => self.go(active.map_or(0, |at| (at + 1) % count)),
            ("ArrowUp", _) if count > 0 => self.go(active.unwrap_or(0).checked_sub(1).unwrap_or(count - 1)),
            ("Enter" | "Tab", Some(at)) => self.choose(at),
            ("Escape", _) if count > 0 => self.close(),
            ("Enter", None) => return self.close(),
            _ => return,
        }
        event.prevent_default();
    }

    fn go(&self, at: usize) {
        self.active.set(Some(at));
        if let Some(option) = document().get_element_by_id(&option_id(at)) {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }
}
