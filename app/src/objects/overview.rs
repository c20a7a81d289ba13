//! A thing as it is: its properties, and what can be done with it as a whole.

use super::{
    api::{DeactivateObject, DeleteObject, ReactivateObject},
    text,
    values::value,
};
use crate::{
    account::when::When,
    audit_logs::Time,
    routes,
    ui::form::{Confirm, FormProblem, FormState, SubmitButton, Weight},
    viewer::use_viewer,
};
use daybook_domain::{
    id::ObjectId,
    object::{Names, Object, ObjectKind, ObjectStatus, ObjectThen, Property, Values},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn Overview(
    thing: Object,
    deactivate: ServerAction<DeactivateObject>,
    reactivate: ServerAction<ReactivateObject>,
    delete: ServerAction<DeleteObject>,
) -> impl IntoView {
    let spec = thing.kind.spec();
    let may_change = use_viewer().is_some_and(|viewer| viewer.may(spec.change));
    let properties = properties(thing.kind, &thing.values, &thing.names);
    let (created, changed) = (thing.created.clone(), thing.changed.clone());
    view! {
        <dl class="thing-facts">
            {properties}
            <div class="thing-facts__row"><dt>"Created"</dt><dd><When at=created/></dd></div>
            <div class="thing-facts__row"><dt>"Last changed"</dt><dd><When at=changed/></dd></div>
        </dl>
        {may_change.then(|| view! { <Ends thing deactivate reactivate delete/> })}
    }
    .into_any()
}

fn properties(kind: ObjectKind, values: &Values, names: &Names) -> AnyView {
    let (spec, variant) = (kind.spec(), kind.spec().variant_of(values));
    let has = |property: &&Property| property.fits(variant) || values.contains_key(property.name);
    let rows = spec.properties.iter().filter(has).map(|property| {
        let shown = value(property, values.get(property.name), names);
        view! {
            <div class="thing-facts__row">
                <dt>{property.title}</dt>
                <dd>{shown}</dd>
            </div>
        }
    });
    rows.collect_view().into_any()
}

/// What a deleted thing was at the end, and how it came to that.
pub fn gone_part(gone: ObjectThen) -> AnyView {
    let end = gone.history.into_iter().next().map(|end| {
        let by = end.actor.label();
        view! {
            <p>
                <a class="link" href=routes::event(end.id) dir="auto">{end.summary}</a> " · " <bdi>{by}</bdi> " · "
                <Time at=end.occurred/>
            </p>
        }
    });
    let last = gone.last.map(|last| {
        let properties = properties(gone.kind, &last.values, &last.names);
        view! {
            <p>{text::GONE_ABOUT}</p>
            <dl class="thing-facts">{properties}</dl>
        }
    });
    view! { <section class="thing__gone">{end} {last}</section> }.into_any()
}

/// Out of use, into use again, and away for good.
#[component]
fn Ends(
    thing: Object,
    deactivate: ServerAction<DeactivateObject>,
    reactivate: ServerAction<ReactivateObject>,
    delete: ServerAction<DeleteObject>,
) -> impl IntoView {
    let name = thing.name().to_owned();
    let status = match thing.status {
        ObjectStatus::Active => {
            let (state, question) = (FormState::of(deactivate), text::deactivate_question(&name));
            view! {
                <Confirm label=text::DEACTIVATE question>
                    <ActionForm action=deactivate>
                        <WhichThing kind=thing.kind id=thing.id/>
                        <SubmitButton state label=text::deactivate(&name) pending=text::DEACTIVATING weight=Weight::Danger/>
                        <FormProblem state/>
                    </ActionForm>
                </Confirm>
            }
            .into_any()
        }
        ObjectStatus::Deactivated => {
            let state = FormState::of(reactivate);
            view! {
                <ActionForm action=reactivate>
                    <WhichThing kind=thing.kind id=thing.id/>
                    <SubmitButton state label=text::REACTIVATE pending=text::REACTIVATING/>
                    <FormProblem state/>
                </ActionForm>
            }
            .into_any()
        }
    };
    let name = thing.name().to_owned();
    let (state, question) = (FormState::of(delete), text::delete_question(&name));
    view! {
        <div class="thing__ends">
            <a class="button" href=routes::merge_thing(thing.kind, thing.id)>{text::MERGE}</a>
            {status}
            <Confirm label=text::DELETE question>
                <ActionForm action=delete>
                    <WhichThing kind=thing.kind id=thing.id/>
                    <SubmitButton state label=text::delete(&name) pending=text::DELETING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        </div>
    }
    .into_any()
}

/// What a form is about.
#[component]
fn WhichThing(kind: ObjectKind, id: ObjectId) -> impl IntoView {
    view! {
        <input type="hidden" name="kind" value=kind.name()/>
        <input type="hidden" name="id" value=id.to_string()/>
    }
}
