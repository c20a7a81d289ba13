//! Views whose data is there: made once, when they are drawn.
//!
//! Around what waits, Leptos makes its views again and again on the server: to find out what they read, to look whether
//! more is to be waited for, to wait for it, and then to draw them (`tachys` 0.2: `dry_resolve`, `resolve`, `to_html`).
//! For fifty rows and a few hundred values of filters that was half of a page's time.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        view::{Position, PositionState, any_view::AnyViewState},
    },
};
use std::fmt;

/// See [`ready`].
pub struct Ready(Box<dyn FnOnce() -> AnyView + Send>);

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").finish_non_exhaustive()
    }
}

/// A view inside of a `Transition` in which nothing is waited for: whatever resource it reads was read around it.
pub fn ready<V: IntoAny>(view: impl FnOnce() -> V + Send + 'static) -> Ready {
    Ready(Box::new(|| view().into_any()))
}

/// Reads a resource for the views that are [`ready`] in the same `Transition`, so that the server waits for it. The
/// browser draws them without it, and again what reads it.
pub fn await_on_server<T: Send + Sync + 'static>(resource: Resource<T>) {
    if cfg!(feature = "ssr") {
        resource.with(|_| ());
    }
}

impl Render for Ready {
    type State = AnyViewState;

    fn build(self) -> Self::State {
        self.0().build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0().rebuild(state);
    }
}

impl AddAnyAttr for Ready {
    type Output<NewAttr: Attribute> = <AnyView as AddAnyAttr>::Output<NewAttr>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self.0().add_any_attr(attr)
    }
}

impl RenderHtml for Ready {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0().to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0().hydrate::<FROM_SERVER>(cursor, position)
    }

    async fn hydrate_async(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0().hydrate_async(cursor, position).await
    }

    fn into_owned(self) -> Self {
        self
    }
}
