//! Work sessions (R19): the cells of their columns, what a likely connection loss is, and an agent's day.
//!
//! What a record means is read in [`daybook_domain::work_session`]; here it is only shown.

mod cells;
mod day;
mod strip;
mod tables;
mod text;

pub use cells::{agent, capacity, happened, signed_in, status};
pub use day::AgentDayPage;

use crate::ui::icon::Icon;
use daybook_domain::{event::EventBody, time::Timestamp, work_session::is_likely_connection_loss};
use leptos::prelude::*;

/// The mark of a likely connection loss.
#[component]
pub fn LossBadge() -> impl IntoView {
    view! { <span class="badge badge--signin" title=text::loss_is_inferred()>{Icon::Unplugged.view()} {text::LOSS}</span> }
}

/// In an opened record: the mark, and that it is an inference.
pub fn loss_note(body: &EventBody) -> Option<AnyView> {
    let last_seen = body
        .metadata
        .get("last_heartbeat")
        .and_then(|seen| seen.as_str()?.parse::<Timestamp>().ok())
        .map(|seen| {
            let utc = seen.to_string();
            let shown = utc
                .get(..19)
                .map(|seconds| format!("{} UTC", seconds.replace('T', " ")));
            view! { " " {text::LAST_SIGN_OF_LIFE} " " <time datetime=utc>{shown}</time> "." }
        });
    is_likely_connection_loss(body).then(|| {
        view! { <p class="record__inference"><LossBadge/> " " {text::loss_is_inferred()} {last_seen}</p> }
            .into_any()
    })
}
