//! The menu over a list: the views of its log, and the way to save this one.

use super::{
    api::{CreateView, ReplaceView},
    save::{ReplaceWith, SaveView},
    text, use_kept,
};
use crate::{
    audit_logs::state::ListState,
    routes,
    ui::{
        form::{FormState, successes},
        menu::closes,
    },
};
use daybook_domain::{query::LogQuery, view::SavedView};
use leptos::{
    html::{Details, Form},
    prelude::*,
};

#[component]
pub fn ViewsMenu(state: ListState) -> impl IntoView {
    let create = ServerAction::<CreateView>::new();
    let replace = ServerAction::<ReplaceView>::new();
    let (created, replaced) = (successes(create), successes(replace));
    use_kept().refresh_after([created, replaced]);
    let (menu, form) = (NodeRef::<Details>::new(), NodeRef::<Form>::new());
    Effect::new(move |before: Option<usize>| {
        let done = created.get() + replaced.get();
        if before.is_some_and(|before| before != done) {
            if let Some(form) = form.get_untracked() {
                form.reset();
            }
            if let Some(menu) = menu.get_untracked() {
                menu.set_open(false);
            }
        }
        done
    });
    // Back from a refusal, without JavaScript: where the form is.
    let open = !FormState::of(create).is_fresh();
    view! {
        <details class="menu views" node_ref=menu on:keydown=closes(menu) open=open>
            <summary class="button">{text::MENU}</summary>
            <div class="menu__panel views__panel">
                <Links state menu/>
                <Show when=move || state.is_readable()>
                    <SaveView state action=create form/>
                    <ReplaceWith state action=replace/>
                </Show>
                <a class="views__more" href=routes::SAVED_VIEWS>{text::MANAGE}</a>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Links(state: ListState, menu: NodeRef<Details>) -> impl IntoView {
    let kept = use_kept();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let link = move |query: LogQuery, label: AnyView| {
        let shown = query.clone();
        let current = move || {
            state
                .query
                .with(|query| query.at(None) == shown)
                .then_some("true")
        };
        let href = routes::log(state.scope(), &query);
        view! { <li><a class="views__view" href=href aria-current=current on:click=move |_| close()>{label}</a></li> }
            .into_any()
    };
    let views =
        Memo::new(move |_| kept.read(|lists| lists.views_of(state.scope()).cloned().collect::<Vec<_>>()));
    let links = move || {
        let everything = link(LogQuery::default(), text::EVERYTHING.into_any());
        let saved = views.get().into_iter().map(|view| match view.query.clone() {
            Some(query) => link(query, label(&view)),
            None => view! { <li class="views__view quiet">{label(&view)} " " {text::BROKEN}</li> }.into_any(),
        });
        std::iter::once(everything)
            .chain(saved.collect::<Vec<_>>())
            .collect_view()
    };
    view! { <nav aria-label=text::LIST><ul class="views__list">{links}</ul></nav> }
}

/// The name, whose it is where it is another's, and whether it opens first.
fn label(view: &SavedView) -> AnyView {
    let owner = (!view.mine).then(|| text::by(&view.owner));
    let notes = [owner, view.is_default.then(|| text::FIRST.to_owned())];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <bdi>{view.name.clone()}</bdi>
        {(!notes.is_empty()).then(|| view! { " " <span class="views__note">{notes}</span> })}
    }
    .into_any()
}
