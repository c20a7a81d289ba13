//! What pages of past states have in common, whatever it is that was something else: a moment to choose, then beside now,
//! and the records that lead to other moments.

mod states;
pub mod text;

pub use states::{Line, beside, sent_as, table};

use crate::{audit_logs::Time, routes};
use daybook_domain::{
    compare::{Moment, Point},
    page::EventRow,
};
use leptos::prelude::*;

/// Gives the address of a moment.
pub type AddressOf = Box<dyn Fn(Option<&Point>) -> String>;

/// A page of past states, below its head.
pub struct PastPage {
    /// The address of a moment; without one, that of the page.
    pub address: AddressOf,
    pub moment: Moment,
    /// IANA name of the zone the times are in.
    pub zone: String,
    /// Newest first.
    pub history: Vec<EventRow>,
    /// There are older records.
    pub more: bool,
    /// Then and now; not shown where the moment is now.
    pub states: AnyView,
}

impl PastPage {
    pub fn view(self) -> AnyView {
        let Self {
            address,
            moment,
            zone,
            history,
            more,
            states,
        } = self;
        let wall = format!("{}T{}", moment.at.day, moment.at.time);
        let is_now = moment.point == Point::Now;
        let compared = (!is_now).then(|| {
            view! {
                <section class="past__states">
                    <p class="past__moment">{said(&moment)}</p>
                    {states}
                </section>
            }
        });
        view! {
            <p class="page-head__about">{text::ABOUT} " " {is_now.then_some(text::CHOOSE)}</p>
            <form class="past__choose" method="get" action=address(None)>
                <label class="field__label" for="past-at">{text::AT}</label>
                <input class="input" type="datetime-local" id="past-at" name="at" step="1" value=wall required/>
                <button type="submit" class="button">{text::SHOW}</button>
                <span class="quiet">"Times in " <strong>{zone}</strong></span>
            </form>
            {compared}
            {records(&address, history, more)}
        }
        .into_any()
    }
}

fn said(moment: &Moment) -> AnyView {
    let at = view! { <Time at=moment.at.clone()/> };
    match (&moment.point, moment.summary.clone()) {
        (Point::Record(id), Some(summary)) => {
            view! { <a class="link" href=routes::event(*id) dir="auto">{summary}</a> <br/> {at} }.into_any()
        }
        _ => at.into_any(),
    }
}

/// The records, each a moment to look at.
fn records(address: &dyn Fn(Option<&Point>) -> String, history: Vec<EventRow>, more: bool) -> AnyView {
    if history.is_empty() {
        return view! { <p class="quiet past__records">{text::NO_RECORDS}</p> }.into_any();
    }
    let rows = history.into_iter().map(|record| {
        let then = address(Some(&Point::Record(record.id)));
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
