//! The list of messages: search, dates, filters with counts, the table, the pager. The same wherever it stands.

use super::{
    cells::{Paused, Status, or_nothing, thing},
    text,
};
use crate::{
    account::when::When,
    audit_logs::text::bound as bound_text,
    routes,
    ui::list::{Chip, ChipList, DateBound, Facets, ListSearch, NothingMatches, Pager},
    viewer::lacking,
};
use daybook_domain::{
    email::{BRAND, COMPANY, CONTACT, Email, EmailPage, FROM, TO},
    event::NamedRef,
    id::ObjectId,
    object::{ObjectKind, ObjectQuery},
    permission::Permission,
    time::TimeBound,
};
use leptos::prelude::*;

/// Whose messages they are: everybody's, or those of a company or a contact.
pub type Of = Option<(ObjectKind, ObjectId)>;

#[component]
pub fn EmailSearch(of: Of, #[prop(into)] query: Signal<ObjectQuery>) -> impl IntoView {
    let bound = move |name| {
        Memo::new(move |_| query.with(|query| query.values(name).first()?.parse::<TimeBound>().ok()))
    };
    let all = routes::emails(of, &ObjectQuery::default());
    view! {
        <ListSearch action=all label=text::SEARCH query fields=&[FROM, TO]>
            <DateBound id="list-from".to_owned() name=FROM label=text::FROM bound=bound(FROM)/>
            <DateBound id="list-to".to_owned() name=TO label=text::UNTIL bound=bound(TO)/>
        </ListSearch>
    }
    .into_any()
}

pub fn list(of: Of, query: &ObjectQuery, mut page: EmailPage) -> AnyView {
    let is_empty = page.rows.is_empty();
    if is_empty && !query.is_narrowed() && query.cursor.is_none() {
        return none_yet(of);
    }
    let link = move |query: &ObjectQuery| routes::emails(of, query);
    // What the whole page is about tells no two of its messages apart.
    if of.is_some() {
        page.facets.retain(|facet| facet.property != COMPANY);
    }
    let at = |cursor| link(&query.at(cursor));
    let (before, after) = (
        page.before.clone().map(Some).map(at),
        page.after.clone().map(Some).map(at),
    );
    let all = link(&ObjectQuery::default());
    let chips = chips(of, query, &page);
    let chips = (!chips.is_empty()).then(|| view! { <ChipList chips clear=all.clone()/> });
    let paused = page.paused.take();
    let paused = paused.map(|at| view! { <Paused at then=text::THEY_WAIT/> });
    let total = text::total(page.total);
    let table = if is_empty {
        view! { <NothingMatches all/> }.into_any()
    } else {
        table(of, page.rows)
    };
    view! {
        <div class="things emails">
            <Facets link query=query.clone() facets=page.facets/>
            <section class="things__main" aria-label=text::TABLE>
                {paused} {chips}
                <p class="things__total" role="status">{total}</p>
                {table}
                <Pager before after/>
            </section>
        </div>
    }
    .into_any()
}

fn none_yet(of: Of) -> AnyView {
    let advice = if of.is_some() {
        view! { <p>{text::NONE_OF_THING}</p> }.into_any()
    } else {
        let set_up = lacking(&[Permission::SettingsManage]).is_none().then(|| {
            view! { <p><a class="button button--primary" href=routes::MAIL_SETTINGS>{text::SET_UP}</a></p> }
        });
        view! { <p>{text::NONE_YET_ADVICE} " " <code>{text::REPORT}</code> "."</p> {set_up} }.into_any()
    };
    view! { <div class="notice"><h2 class="notice__title">{text::NONE_YET}</h2> {advice}</div> }.into_any()
}

/// What the list is narrowed by, also where that is no value of a filter with counts.
fn chips(of: Of, query: &ObjectQuery, page: &EmailPage) -> Vec<Chip> {
    let link = |query: &ObjectQuery| routes::emails(of, query);
    let text = query.q.iter().map(|q| Chip {
        label: text::SEARCHED.to_owned(),
        value: q.clone(),
        without: link(&query.without_text()),
    });
    let values = query
        .filters
        .iter()
        .flat_map(|(filter, values)| values.iter().map(move |value| (filter, value)));
    let filters = values.map(|(filter, value)| {
        let (label, value_label) = called(page, filter, value);
        Chip {
            label,
            value: value_label,
            without: link(&query.toggled(filter, value)),
        }
    });
    text.chain(filters).collect()
}

/// What a person reads for a filter and its value.
fn called(page: &EmailPage, filter: &str, value: &str) -> (String, String) {
    let facet = page.facets.iter().find(|facet| facet.property == filter);
    if let Some(facet) = facet {
        let known = facet.values.iter().find(|known| known.value == value);
        let label = known.map_or(value, |known| &known.label);
        return (facet.title.clone(), label.to_owned());
    }
    let bound = || {
        let bound = value.parse().ok();
        bound.map_or_else(|| value.to_owned(), |bound| bound_text(&bound))
    };
    let named = |of: fn(&Email) -> Option<&NamedRef>| {
        let mut named = page.rows.iter().filter_map(of);
        let named = named.find(|named| named.id.as_deref() == Some(value));
        named.map_or(value, NamedRef::label).to_owned()
    };
    match filter {
        FROM => (text::FROM.to_owned(), bound()),
        TO => (text::UNTIL.to_owned(), bound()),
        CONTACT => (text::CONTACT.to_owned(), named(|email| email.contact.as_ref())),
        COMPANY => (text::COMPANY.to_owned(), named(|email| email.company.as_ref())),
        BRAND => (text::BRAND.to_owned(), named(|email| email.brand.as_ref())),
        other => (other.replace('_', " "), value.to_owned()),
    }
}

fn table(of: Of, emails: Vec<Email>) -> AnyView {
    // The thing whose page it is needs no column.
    let shows = move |kind| of.is_none_or(|(of, _)| of != kind);
    let company = shows(ObjectKind::Company).then(|| view! { <th scope="col">{text::COMPANY}</th> });
    let rows = emails.into_iter().map(|email| row(email, shows));
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TABLE>
                <thead>
                    <tr>
                        <th scope="col">{text::RECIPIENT}</th>
                        <th scope="col">{text::SUBJECT}</th>
                        <th scope="col">{text::STATUS}</th>
                        {company}
                        <th scope="col">{text::TEMPLATE}</th>
                        <th scope="col">{text::SENT_AT}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(email: Email, shows: impl Fn(ObjectKind) -> bool) -> AnyView {
    let company = email.company.map(|company| thing(ObjectKind::Company, &company));
    let company =
        shows(ObjectKind::Company).then(|| view! { <td data-label=text::COMPANY>{or_nothing(company)}</td> });
    // Who isn't known has no name but the address.
    let contact = email.contact.filter(|contact| contact.name.is_some());
    let contact = contact.filter(|_| shows(ObjectKind::Contact));
    let to = match contact {
        Some(contact) => view! {
            {thing(ObjectKind::Contact, &contact)} " " <span class="sub"><bdi>{email.to}</bdi></span>
        }
        .into_any(),
        None => view! { <bdi>{email.to}</bdi> }.into_any(),
    };
    let subject = text::subject(&email.subject);
    let template = or_nothing(
        email
            .template
            .map(|template| view! { <bdi>{template}</bdi> }.into_any()),
    );
    view! {
        <tr class="plain-table__row">
            <th scope="row" class="emails__to">{to}</th>
            <td data-label=text::SUBJECT class="emails__subject"><a class="link" href=routes::email(email.id)><bdi>{subject}</bdi></a></td>
            <td data-label=text::STATUS><Status status=email.status bounce=email.bounce/></td>
            {company}
            <td data-label=text::TEMPLATE class="emails__template">{template}</td>
            <td data-label=text::SENT_AT><When at=email.at/></td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        email::EmailFilters,
        facet::Count,
        object::{ObjectFacet, ObjectFacetValue},
    };

    #[test]
    fn each_chip_drops_itself_only() {
        let query =
            ObjectQuery::parse(&EmailFilters, "q=ann&status=sent&from=2026-11-20&contact=c1").unwrap();
        let sent = ObjectFacetValue {
            value: "sent".into(),
            label: "Sent".into(),
            count: 3,
        };
        let page = EmailPage {
            rows: Vec::new(),
            total: Count::Exactly(0),
            facets: vec![ObjectFacet {
                property: "status".into(),
                title: "Status".into(),
                values: vec![sent],
                more: false,
                exact: true,
            }],
            before: None,
            after: None,
            paused: None,
        };
        let chips = chips(None, &query, &page);
        let shown: Vec<_> = chips
            .iter()
            .map(|chip| (chip.label.as_str(), chip.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("Search", "ann"),
                ("Contact", "c1"),
                ("From", "2026-11-20"),
                ("Status", "Sent")
            ]
        );
        assert_eq!(
            chips[2].without,
            "/email/delivery-history?q=ann&contact=c1&status=sent"
        );
    }
}
