//! What came while the list was looked at: "12 new records", told by the server (server-sent events). Nothing moves
//! until it is asked for.

use super::{state::Place, text};
use crate::routes;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{EventSource, MessageEvent},
};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Deserialize)]
struct News {
    count: u64,
    exact: bool,
}

/// `last` is the sequence of the log's last record when the list was made; `reload` asks for the list again.
pub fn news(place: &Place, last: i64, reload: Callback<()>) -> AnyView {
    let told = RwSignal::new(None::<News>);
    let address = routes::live(&place.query, place.scope, last);
    Effect::new(move || listen(&address, told));
    let newest = routes::log(place.scope, &place.query.at(None));
    let shown = move || {
        let News { count, exact } = told.get().filter(|news| news.count > 0)?;
        Some(view! {
            <a class="news" href=newest.clone() data-noscroll on:click=move |_| reload.run(())>
                {text::new_records(count, exact)}
            </a>
        })
    };
    view! { <div class="news-place" role="status">{shown}</div> }.into_any()
}

type Hearing = (EventSource, Closure<dyn Fn(MessageEvent)>);

/// Listens as long as the list is there and in sight: a browser has few connections for all of its tabs. It connects
/// again by itself, after a break too.
fn listen(address: &str, told: RwSignal<Option<News>>) {
    let address = address.to_owned();
    let hearing = StoredValue::new_local(None::<Hearing>);
    let stop = move || {
        hearing.try_update_value(|hearing| {
            if let Some((source, _)) = hearing.take() {
                source.set_onmessage(None);
                source.close();
            }
        });
    };
    let follow = move || {
        if document().hidden() {
            stop();
        } else if hearing.try_with_value(Option::is_none) == Some(true) {
            hearing.set_value(hear(&address, told));
        }
    };
    follow();
    let sight = window_event_listener_untyped("visibilitychange", move |_| follow());
    on_cleanup(move || {
        sight.remove();
        stop();
    });
}

fn hear(address: &str, told: RwSignal<Option<News>>) -> Option<Hearing> {
    let source = EventSource::new(address).ok()?;
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let news = event.data().as_string();
        let news = news.and_then(|news| serde_json::from_str(&news).ok());
        if let Some(news) = news {
            told.try_set(Some(news));
        }
    });
    source.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    Some((source, hear))
}
