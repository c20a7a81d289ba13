//! The few icons, inlined from Lucide (ISC). An icon stands beside a word, never for one.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Book,
    Chevron,
    Close,
    Failure,
    Gear,
    Key,
    Mask,
    Menu,
    Success,
    Unplugged,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Book => {
                "M8 8h8M8 12h8M8 16h5M6.5 3h11A2.5 2.5 0 0 1 20 5.5v13a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 18.5v-13A2.5 2.5 0 0 1 6.5 3Z"
            }
            Self::Chevron => "m9 18 6-6-6-6",
            Self::Close => "M18 6 6 18M6 6l12 12",
            Self::Failure => "M12 8v5M12 16.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
            Self::Gear => {
                "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM12 2.5v3M12 18.5v3M21.5 12h-3M5.5 12h-3M18.7 5.3l-2.1 2.1M7.4 16.6l-2.1 2.1M18.7 18.7l-2.1-2.1M7.4 7.4 5.3 5.3"
            }
            Self::Key => {
                "m15.5 7.5 2.3 2.3a1 1 0 0 0 1.4 0l2.1-2.1a1 1 0 0 0 0-1.4L19 4M21 2l-9.6 9.6M7.5 21a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Z"
            }
            Self::Mask => {
                "M3 5c3 1.5 6 2 9 2s6-.5 9-2v7c0 4-4 7-9 7s-9-3-9-7V5ZM7 11.5c1-.8 2.5-.8 3.5 0M13.5 11.5c1-.8 2.5-.8 3.5 0"
            }
            Self::Menu => "M4 6h16M4 12h16M4 18h16",
            Self::Success => "M20 6 9 17l-5-5",
            Self::Unplugged => {
                "m19 5 3-3M2 22l3-3M6.3 20.3a2.4 2.4 0 0 0 3.4 0L12 18l-6-6-2.3 2.3a2.4 2.4 0 0 0 0 3.4ZM7.5 13.5 10 11M10.5 16.5 13 14M12 6l6 6 2.3-2.3a2.4 2.4 0 0 0 0-3.4l-2.6-2.6a2.4 2.4 0 0 0-3.4 0Z"
            }
        }
    }

    /// For use as a value in a view.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d=self.path()/>
            </svg>
        }
    }
}
