//! The ways to other periods, and to other things that are counted.

use super::{text, view::Address};
use crate::ui::page_head::{TabLink, tabs};
use daybook_domain::{
    activity::last_days,
    analytics::{Grain, Usage, UsageQuery, UsageType},
    time::TimeBound,
};
use leptos::prelude::*;

/// The spans offered, in days back from now.
const SPANS: [u64; 4] = [7, 28, 90, 366];

/// Portal, courses where there are any, files.
pub fn types(usage: &Usage, address: &Address) -> AnyView {
    let shown = UsageType::ALL.iter().copied();
    let shown = shown.filter(|of| *of != UsageType::Courses || usage.courses);
    let links = shown.map(|of| TabLink {
        title: text::tab(of),
        href: address(&UsageQuery {
            of,
            ..usage.query.clone()
        }),
        current: of == usage.query.of,
    });
    tabs(text::PAGES.to_owned(), links)
}

pub fn period(usage: &Usage, address: &Address) -> AnyView {
    let query = &usage.query;
    let spans = SPANS.map(|days| {
        // Today is one of them.
        let from = u32::try_from(days - 1).ok().map(last_days);
        let other = UsageQuery {
            from,
            to: None,
            by: None,
            ..query.clone()
        };
        let chosen = (query.from == from && query.to.is_none()).then_some("true");
        view! { <li><a class="presets__item" href=address(&other) aria-current=chosen data-noscroll="">{text::last(days)}</a></li> }
    });
    view! {
        <div class="activity__period">
            <ul class="presets" aria-label=text::PERIOD>{spans.into_iter().collect_view()}</ul>
            {form(usage, address)}
        </div>
    }
    .into_any()
}

/// What the form doesn't ask for goes along unseen.
fn form(usage: &Usage, address: &Address) -> AnyView {
    let bare = UsageQuery {
        from: None,
        to: None,
        by: None,
        ..usage.query.clone()
    };
    let address = address(&bare);
    let (path, rest) = address.split_once('?').unwrap_or((&address, ""));
    let hidden = form_urlencoded::parse(rest.as_bytes()).map(|(name, value)| {
        view! { <input type="hidden" name=name.into_owned() value=value.into_owned()/> }
    });
    let hidden = hidden.collect_view();
    let shown = usage.period;
    let [from, to] = [shown.from, shown.to].map(|day| TimeBound::Day(day).to_string());
    let options = Grain::ALL.iter().map(|by| {
        let selected = *by == usage.by;
        view! { <option value=by.name() selected=selected>{by.title()}</option> }
    });
    view! {
        <form method="get" action=path.to_owned()>
            {hidden}
            <label class="field__label" for="usage-from">{text::FROM}</label>
            <input class="input" type="date" id="usage-from" name="from" value=from.clone() prop:value=from/>
            <label class="field__label" for="usage-to">{text::TO}</label>
            <input class="input" type="date" id="usage-to" name="to" value=to.clone() prop:value=to/>
            <label class="field__label" for="usage-by">{text::BY}</label>
            <select class="input input--select" id="usage-by" name="by" prop:value=usage.by.name()>{options.collect_view()}</select>
            <button type="submit" class="button">{text::SHOW}</button>
        </form>
    }
    .into_any()
}
