//! Picking bars with the keyboard and the pointer. In the browser only; without it every bar is a link.

use super::{
    super::state::ListState,
    geometry::{Picked, bar_at},
    narrowed,
};
use daybook_domain::facet::Bar;
use leptos::{
    ev::FocusEvent,
    html::Ul,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

type Go = StoredValue<Box<dyn Fn(String) + Send + Sync>>;

#[derive(Clone, Copy)]
pub struct Pick {
    pub list: NodeRef<Ul>,
    /// The bar that the Tab key comes to.
    pub active: RwSignal<usize>,
    range: RwSignal<Option<Picked>>,
    /// Where the pointer went down.
    began: StoredValue<Option<usize>>,
    bars: StoredValue<Vec<Bar>>,
    state: ListState,
    go: Go,
    refocus: StoredValue<bool>,
}

impl Pick {
    pub fn new(state: ListState, bars: Vec<Bar>, refocus: StoredValue<bool>) -> Self {
        let navigate = use_navigate();
        let go = move |to: String| {
            let stay = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&to, stay);
        };
        let pick = Self {
            list: NodeRef::new(),
            active: RwSignal::new(bars.len().saturating_sub(1)),
            range: RwSignal::new(None),
            began: StoredValue::new(None),
            bars: StoredValue::new(bars),
            state,
            go: StoredValue::new(Box::new(go)),
            refocus,
        };
        Effect::new(move || {
            if pick.list.get().is_some() && refocus.get_value() {
                refocus.set_value(false);
                // Only where the focus went down with the bars that were there.
                if document().active_element() == document().body().map(Into::into) {
                    pick.focus(pick.active.get_untracked());
                }
            }
        });
        pick
    }

    pub fn holds(&self, bar: usize) -> bool {
        self.range.get().is_some_and(|picked| picked.holds(bar))
    }

    pub fn range(&self) -> Option<Picked> {
        self.range.get()
    }

    pub fn cancel(&self) {
        self.began.set_value(None);
        self.range.set(None);
    }

    fn count(&self) -> usize {
        self.bars.with_value(Vec::len)
    }

    fn focus(&self, bar: usize) {
        let Some(list) = self.list.get_untracked() else {
            return;
        };
        let link = list.query_selector(&format!("[data-bar='{bar}']"));
        if let Some(link) = link
            .ok()
            .flatten()
            .and_then(|link| link.dyn_into::<HtmlElement>().ok())
        {
            // A bar that is gone can't take the focus; then nothing is lost.
            let _ = link.focus();
        }
    }

    fn narrow(&self, picked: Picked) {
        self.cancel();
        if let Some(span) = self.bars.with_value(|bars| picked.span(bars)) {
            let to = untrack(|| narrowed(self.state, span));
            self.go.with_value(|go| go(to));
        }
    }

    pub fn focused(&self, event: &FocusEvent) {
        let bar = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|link| link.get_attribute("data-bar")?.parse().ok());
        if let Some(bar) = bar {
            self.active.set(bar);
        }
    }

    pub fn pressed(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let last = self.count().saturating_sub(1);
        let active = self.active.get_untracked().min(last);
        let range = self.range.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => (active + 1).min(last),
            "ArrowLeft" => active.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                // The link does it, unless more than its bar is meant.
                self.refocus.set_value(true);
                if let Some(picked) = range {
                    event.prevent_default();
                    self.narrow(picked);
                }
                return;
            }
            "Escape" if range.is_some() => {
                event.prevent_default();
                return self.cancel();
            }
            _ => return,
        };
        event.prevent_default();
        let from = range.map_or(active, |picked| picked.from);
        let picked = Picked { from, to: next };
        self.range.set(
            event
                .shift_key()
                .then_some(picked)
                .filter(|picked| picked.is_range()),
        );
        self.focus(next);
    }

    fn under(&self, event: &PointerEvent) -> Option<usize> {
        let place = self.list.get_untracked()?.get_bounding_client_rect();
        let x = f64::from(event.client_x()) - place.left();
        Some(bar_at(x, place.width(), self.count()))
    }

    pub fn began(&self, event: &PointerEvent) {
        let plain = event.is_primary() && event.button() == 0;
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        self.began
            .set_value(self.under(event).filter(|_| plain && !modified));
    }

    pub fn moved(&self, event: &PointerEvent) {
        let (Some(from), Some(to)) = (self.began.get_value(), self.under(event)) else {
            return;
        };
        if event.buttons() == 0 {
            // It was let go outside, before it was ours.
            return self.cancel();
        }
        let picked = Picked { from, to };
        let range = self.range.get_untracked();
        if (picked.is_range() || range.is_some()) && range != Some(picked) {
            // From here on the pointer is ours, also outside, and its end is no click on a link.
            if let Some(list) = self.list.get_untracked() {
                let _ = list.set_pointer_capture(event.pointer_id());
            }
            self.range.set(Some(picked));
        }
    }

    pub fn ended(&self, event: &PointerEvent) {
        let began = self.began.get_value();
        self.began.set_value(None);
        let (Some(picked), Some(_)) = (self.range.get_untracked(), began) else {
            return;
        };
        event.prevent_default();
        self.narrow(picked);
    }
}
