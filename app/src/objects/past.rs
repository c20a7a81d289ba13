//! A thing as it was: a moment of its life beside now, and the way back to values of then.

use super::{
    api::{RestoreObject, show_object_then},
    frame::{Head, Tab},
    state::use_thing,
    table::Status,
    text,
    values::value,
};
use crate::{
    audit_logs::Time,
    pages::NotFound,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, successes},
        problem::Problem,
    },
    viewer::use_viewer,
};
use daybook_domain::{
    Error,
    compare::{Moment, Point},
    id::ObjectId,
    object::{Object, ObjectKind, ObjectThen, STATUS, StateThen},
    page::EventRow,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;

#[component]
pub fn PastOfThing() -> impl IntoView {
    let (thing, query) = (use_thing(), use_query_map());
    let restore = ServerAction::<RestoreObject>::new();
    let restored = successes(restore);
    let point = Memo::new(move |_| {
        let at = query.read().get("at").unwrap_or_default();
        at.parse::<Point>().unwrap_or_default()
    });
    let then = Resource::new(
        move || (thing.get(), point.get(), restored.get()),
        |(thing, point, _)| async move {
            let (kind, id) = thing?;
            Some(show_object_then(kind, id, point).await)
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                Some(match then.await? {
                    Ok(then) => whole(then, restore),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Suspense>
    }
    .into_any()
}

fn whole(then: ObjectThen, restore: ServerAction<RestoreObject>) -> AnyView {
    let (kind, id) = (then.kind, then.id);
    let status = then.now.as_ref().map(|now| now.status);
    let wall = format!("{}T{}", then.moment.at.day, then.moment.at.time);
    let is_now = then.moment.point == Point::Now;
    let (history, more) = (then.history.clone(), then.more);
    let (name, zone) = (then.name.clone(), then.zone.clone());
    let compared =
        (!is_now).then(|| view! { <section class="past__states">{states(then, restore)}</section> });
    view! {
        <Head kind id name status tab=Tab::Past/>
        <p class="page-head__about">{text::PAST_ABOUT} " " {is_now.then_some(text::PAST_CHOOSE)}</p>
        <form class="past__choose" method="get" action=routes::thing_past(kind, id, None)>
            <label class="field__label" for="past-at">{text::AT}</label>
            <input class="input" type="datetime-local" id="past-at" name="at" step="1" value=wall required/>
            <button type="submit" class="button">{text::SHOW}</button>
            <span class="quiet">"Times in " <strong>{zone}</strong></span>
        </form>
        {compared}
        {records(kind, id, history, more)}
    }
    .into_any()
}

fn states(then: ObjectThen, restore: ServerAction<RestoreObject>) -> AnyView {
    let when = view! { <p class="past__moment">{moment(&then.moment)}</p> };
    match (then.then, then.now) {
        (None, _) => view! { {when} <p class="notice">{text::NOT_THERE}</p> }.into_any(),
        (Some(was), now) => view! { {when} {beside(&then.moment, &was, now, restore)} }.into_any(),
    }
}

fn moment(moment: &Moment) -> AnyView {
    let at = view! { <Time at=moment.at.clone()/> };
    match (&moment.point, moment.summary.clone()) {
        (Point::Record(id), Some(summary)) => {
            view! { <a class="link" href=routes::event(*id) dir="auto">{summary}</a> <br/> {at} }.into_any()
        }
        _ => at.into_any(),
    }
}

/// One line of the comparison.
struct Line {
    property: &'static str,
    title: &'static str,
    then: AnyView,
    now: Option<AnyView>,
    differs: bool,
}

fn lines(was: &StateThen, now: Option<&Object>, kind: ObjectKind) -> Vec<Line> {
    let status = Line {
        property: STATUS,
        title: text::STATUS,
        then: view! { <Status status=was.status/> }.into_any(),
        now: now.map(|now| view! { <Status status=now.status/> }.into_any()),
        differs: now.is_some_and(|now| now.status != was.status),
    };
    let properties = kind.spec().properties.iter().filter_map(|property| {
        let of_then = was.values.get(property.name);
        let of_now = now.map(|now| now.values.get(property.name));
        // What is empty at both moments says nothing.
        (of_then.is_some() || of_now.flatten().is_some()).then(|| Line {
            property: property.name,
            title: property.title,
            then: value(property, of_then, &was.names),
            now: now.map(|now| value(property, now.values.get(property.name), &now.names)),
            differs: of_now.is_some_and(|of_now| of_now != of_then),
        })
    });
    std::iter::once(status).chain(properties).collect()
}

/// Then and now side by side. Who may change the thing can tick what is to be as it was.
fn beside(
    moment: &Moment,
    was: &StateThen,
    now: Option<Object>,
    restore: ServerAction<RestoreObject>,
) -> AnyView {
    let Some(now) = now else {
        return ().into_any();
    };
    let lines = lines(was, Some(&now), now.kind);
    let differs = lines.iter().any(|line| line.differs);
    let may_restore = differs && use_viewer().is_some_and(|viewer| viewer.may(now.kind.spec().change));
    let rows = lines
        .into_iter()
        .map(|line| row(line, may_restore))
        .collect_view();
    let table = view! {
        <div class="plain-table__frame">
            <table class="plain-table past__table">
                <caption class="visually-hidden">{text::PAST}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text::PROPERTY}</th>
                        <th scope="col">{text::THEN}</th>
                        <th scope="col">{text::NOW}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    if !may_restore {
        let same = (!differs).then(|| view! { <p>{text::SAME_AS_NOW}</p> });
        return view! { {same} {table} }.into_any();
    }
    let at = match moment.point {
        Point::Record(id) => id.to_string(),
        // As it was understood: a span back from now would mean another moment when the form is sent.
        _ => moment.at.utc.to_string(),
    };
    let state = FormState::of::<RestoreObject>(restore);
    view! {
        <ActionForm action=restore>
            <input type="hidden" name="kind" value=now.kind.name()/>
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=now.version/>
            <input type="hidden" name="at" value=at/>
            {table}
            <p class="quiet">{text::RESTORE_ABOUT}</p>
            <FormProblem state fields=Vec::new()/>
            <SubmitButton state label=text::RESTORE pending=text::RESTORING/>
        </ActionForm>
    }
    .into_any()
}

fn row(line: Line, may_restore: bool) -> AnyView {
    let Line {
        property,
        title,
        then,
        now,
        differs,
    } = line;
    let tick = (differs && may_restore).then(|| {
        view! {
            <input
                type="checkbox"
                name="properties[]"
                value=property
                checked
                aria-label=text::restore_property(title)
            />
        }
    });
    let mark = differs.then(|| view! { " " <span class="badge badge--update">{text::DIFFERS}</span> });
    view! {
        <tr class="plain-table__row" class:past__row--differs=differs>
            <th scope="row">{title} {mark}</th>
            <td data-label=text::THEN><div class="value-choice">{tick} <div>{then}</div></div></td>
            <td data-label=text::NOW>{now}</td>
        </tr>
    }
    .into_any()
}

/// The thing's records, each a moment to look at.
fn records(kind: ObjectKind, id: ObjectId, history: Vec<EventRow>, more: bool) -> AnyView {
    let rows = history.into_iter().map(|record| {
        let then = routes::thing_past(kind, id, Some(&Point::Record(record.id)));
        let label = text::as_of(&format!("{} {}", record.occurred.date, record.occurred.time));
        view! {
            <tr class="plain-table__row">
                <td data-label=text::WHEN><Time at=record.occurred/></td>
                <td data-label=text::WHAT_HAPPENED>
                    <a class="link" href=routes::event(record.id) dir="auto">{record.summary}</a>
                    " · " <bdi>{record.actor.label()}</bdi>
                </td>
                <td><a class="link" href=then aria-label=label>{text::AS_OF_THEN}</a></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2 class="past__records">{text::RECORDS}</h2>
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::RECORDS>
                <thead>
                    <tr>
                        <th scope="col">{text::WHEN}</th>
                        <th scope="col">{text::WHAT_HAPPENED}</th>
                        <th scope="col"><span class="visually-hidden">{text::AS_OF_THEN}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more.then(|| view! { <p class="quiet">{text::OLDER_RECORDS}</p> })}
    }
    .into_any()
}
