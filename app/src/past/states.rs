//! Then and now side by side, and what of then is wanted back.

use super::text;
use crate::ui::form::{FormProblem, FormState, SubmitButton};
use daybook_domain::compare::{Moment, Point};
use leptos::prelude::*;

/// One line of the comparison.
pub struct Line {
    pub property: String,
    pub title: String,
    pub then: AnyView,
    /// `None` where there is nothing now.
    pub now: Option<AnyView>,
    pub differs: bool,
    /// Whether it can be given back, by whoever may change it.
    pub gives_back: bool,
}

/// The moment in a form: as it was understood, because a span back from now would mean another one when it is sent.
pub fn sent_as(moment: &Moment) -> String {
    match moment.point {
        Point::Record(id) => id.to_string(),
        _ => moment.at.utc.to_string(),
    }
}

/// All lines, for somebody who may give none of it back.
pub fn beside(lines: Vec<Line>) -> AnyView {
    let same = (!lines.iter().any(|line| line.differs)).then(|| view! { <p>{text::SAME_AS_NOW}</p> });
    view! { {same} {rows(lines, false)} }.into_any()
}

/// All lines, with a box before each that can be given back, and the button: the inside of a form.
pub fn table(lines: Vec<Line>, state: FormState) -> AnyView {
    view! {
        {rows(lines, true)}
        <p class="quiet">{text::RESTORE_ABOUT}</p>
        <FormProblem state fields=Vec::new()/>
        <SubmitButton state label=text::RESTORE pending=text::RESTORING/>
    }
    .into_any()
}

fn rows(lines: Vec<Line>, may_restore: bool) -> AnyView {
    let rows = lines
        .into_iter()
        .map(|line| row(line, may_restore))
        .collect_view();
    view! {
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
        gives_back,
    } = line;
    let tick = (differs && gives_back && may_restore).then(|| {
        let label = text::restore_property(&title);
        view! { <input type="checkbox" name="properties[]" value=property checked aria-label=label/> }
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
