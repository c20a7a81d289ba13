//! The page: logs, holds, and the removal.

use super::{
    PLACE_PATH,
    api::{PlaceHold, PurgeNow, ReleaseHold, SetRetention, show_retention},
    hold::HoldList,
    log::LogList,
    place::PlacePanel,
    purge::PurgePart,
    text,
};
use crate::{
    admin::panel::{own_history, use_chosen, use_flag, when_moved},
    ui::{form::successes, problem::Problem},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RetentionPage() -> impl IntoView {
    let set = ServerAction::<SetRetention>::new();
    let place = ServerAction::<PlaceHold>::new();
    let release = ServerAction::<ReleaseHold>::new();
    let purge = ServerAction::<PurgeNow>::new();
    let counts = [
        successes(set),
        successes(place),
        successes(release),
        successes(purge),
    ];
    let changes = Memo::new(move |_| counts.iter().map(Memo::get).sum::<usize>());
    let retention = Resource::new(move || changes.get(), |_| show_retention());
    let placing = use_flag("hold");
    let (edited, released) = (use_chosen("edit"), use_chosen("release"));
    let panel = Memo::new(move |_| (placing.get(), edited.get(), released.get()));
    when_moved(panel, move || {
        set.value().set(None);
        place.value().set(None);
        release.value().set(None);
    });
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <div class="page-head__actions">
                {own_history(text::SECTIONS, None)}
                <a class="button" href=PLACE_PATH data-noscroll="">{text::PLACE}</a>
            </div>
        </header>
        <Show when=move || placing.get()>
            <PlacePanel action=place/>
        </Show>
        <Transition>
            {move || Suspend::new(async move {
                match retention.await {
                    Ok(known) => view! {
                        <LogList logs=known.logs action=set chosen=edited/>
                        <PurgePart known=known.purge action=purge/>
                        <HoldList holds=known.holds action=release chosen=released/>
                    }
                    .into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
