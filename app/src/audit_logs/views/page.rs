//! The page that tidies views up.

use super::{
    api::{DeleteView, MoveView, SetDefaultView, UpdateView, list_views},
    row::ViewRecord,
    text, use_kept,
};
use crate::{
    admin::panel::{use_chosen, when_moved},
    routes,
    ui::{
        form::{FormProblem, FormState, successes},
        problem::Problem,
    },
};
use daybook_domain::view::SavedView;
use leptos::prelude::*;
use leptos_meta::Title;

/// What can be done to a view here. Made once, so that a page that is read again keeps it.
#[derive(Clone, Copy)]
pub struct Actions {
    pub update: ServerAction<UpdateView>,
    pub delete: ServerAction<DeleteView>,
    pub shift: ServerAction<MoveView>,
    pub set_default: ServerAction<SetDefaultView>,
}

#[component]
pub fn ViewsPage() -> impl IntoView {
    let actions = Actions {
        update: ServerAction::new(),
        delete: ServerAction::new(),
        shift: ServerAction::new(),
        set_default: ServerAction::new(),
    };
    let changes = [
        successes(actions.update),
        successes(actions.delete),
        successes(actions.shift),
        successes(actions.set_default),
    ];
    use_kept().refresh_after(changes);
    let views = Resource::new(move || changes.map(|count| count.get()), |_| list_views());
    let chosen = use_chosen("edit");
    when_moved(chosen, move || {
        actions.update.value().set(None);
        actions.delete.value().set(None);
    });
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <p class="page-head__back"><a class="row-link" href=routes::AUDIT_LOGS>{text::BACK}</a></p>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
        </header>
        <FormProblem state=FormState::of(actions.shift)/>
        <FormProblem state=FormState::of(actions.set_default)/>
        <Transition>
            {move || Suspend::new(async move {
                match views.await {
                    Ok((seen, others)) => view! { <Lists seen others actions chosen/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Lists(
    seen: Vec<SavedView>,
    others: Vec<SavedView>,
    actions: Actions,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let seen = if seen.is_empty() {
        view! {
            <div class="notice notice--first">
                <h2 class="notice__title">{text::NONE}</h2>
                <p>{text::NONE_LEAD}</p>
            </div>
        }
        .into_any()
    } else {
        view! { <Table label=text::YOURS views=seen seen=true actions chosen/> }.into_any()
    };
    let others = (!others.is_empty()).then(|| {
        view! {
            <section class="views-page__others" aria-labelledby="views-others">
                <h2 id="views-others">{text::OTHERS}</h2>
                <p class="quiet">{text::OTHERS_LEAD}</p>
                <Table label=text::OTHERS views=others seen=false actions chosen/>
            </section>
        }
    });
    view! { {seen} {others} }.into_any()
}

#[component]
fn Table(
    label: &'static str,
    views: Vec<SavedView>,
    seen: bool,
    actions: Actions,
    chosen: Memo<Option<String>>,
) -> impl IntoView {
    let neighbours = |at: usize, view: &SavedView| {
        let is_neighbour = |other: Option<&SavedView>| {
            other.is_some_and(|other| view.mine && other.mine && other.log == view.log)
        };
        let before = at.checked_sub(1).and_then(|before| views.get(before));
        (is_neighbour(before), is_neighbour(views.get(at + 1)))
    };
    let places: Vec<_> = views
        .iter()
        .enumerate()
        .map(|(at, view)| neighbours(at, view))
        .collect();
    let records = views
        .into_iter()
        .zip(places)
        .map(|(view, can_move)| view! { <ViewRecord view can_move seen actions chosen/> })
        .collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=label>
                <thead>
                    <tr>
                        <th scope="col">{text::NAME}</th>
                        <th scope="col">"Log"</th>
                        <th scope="col">{text::WHO}</th>
                        <th scope="col"><span class="visually-hidden">"Order and first view"</span></th>
                        <th scope="col"><span class="visually-hidden">{text::CHANGE}</span></th>
                    </tr>
                </thead>
                {records}
            </table>
        </div>
    }
    .into_any()
}
