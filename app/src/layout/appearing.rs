//! The banner over every page while somebody appears as another (R46): as whom, until when, why, and the way back.

use crate::{routes, ui::icon::Icon};
use daybook_domain::viewer::ViewerInfo;
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn Appearing(viewer: ViewerInfo) -> impl IntoView {
    let really = viewer.impersonation?;
    // The server ends it by itself; what is on the screen then is no longer what there is to see.
    let left = Duration::from_secs(really.seconds_left.max(0).unsigned_abs() + 1);
    Effect::new(move || {
        set_timeout(
            || {
                let _ = window().location().reload();
            },
            left,
        );
    });
    let until = really.until;
    Some(view! {
        <aside class="appearing" aria-label="Appearing as another user">
            <p class="appearing__who">
                {Icon::Mask.view()}
                <span>
                    <bdi>{really.by}</bdi> " as " <strong><bdi>{viewer.name}</bdi></strong>
                    " until " <time datetime=until.utc.to_string()>{until.time}</time>
                    ". Everything you do is recorded as both."
                </span>
            </p>
            <p class="appearing__why"><bdi>{really.reason}</bdi></p>
            <form method="post" action=routes::END_IMPERSONATION>
                <button type="submit" class="button appearing__end">"Be yourself again"</button>
            </form>
        </aside>
    })
}
