//! Both side by side: of each property that differs, whose value stays.

use super::{
    super::{api::MergeObjects, text as common, values::value},
    text,
};
use crate::{
    routes,
    ui::form::{FormProblem, FormState, SubmitButton, Weight},
    viewer::use_viewer,
};
use daybook_domain::object::{Keep, Names, ObjectKind, Pair, Property};
use leptos::{form::ActionForm, prelude::*};
use serde_json::Value;

pub fn form(pair: Pair, merge: ServerAction<MergeObjects>) -> AnyView {
    let (kind, names) = (pair.stays.kind, pair.names());
    let (stays, goes) = (pair.stays.name().to_owned(), pair.goes.name().to_owned());
    let state = FormState::of::<MergeObjects>(merge);
    let from_elsewhere = pair.goes.values.contains_key("external_id");
    let lines = kind.spec().properties.iter().filter_map(|property| {
        let this = pair.stays.values.get(property.name);
        let other = pair.goes.values.get(property.name);
        // What both lack says nothing.
        (this.is_some() || other.is_some()).then(|| Line {
            property,
            this,
            other,
            names: &names,
            called: (&stays, &goes),
        })
    });
    let rows = lines.map(|line| line.row(state)).collect_view();
    let viewer = use_viewer();
    let may = |kind: &ObjectKind| {
        viewer
            .as_ref()
            .is_some_and(|viewer| viewer.may(kind.spec().change))
    };
    let out_of_reach = pair.uses.iter().map(|(kind, _)| *kind).find(|kind| !may(kind));
    let submit = if let Some(kind) = out_of_reach {
        view! { <p class="notice">{text::out_of_reach(kind, &goes)}</p> }.into_any()
    } else {
        let label = text::merge(&goes, &stays);
        view! { <SubmitButton state label pending=text::MERGING weight=Weight::Danger/> }.into_any()
    };
    let swap = routes::merge_with(kind, pair.goes.id, pair.stays.id);
    let (this, other) = (
        routes::thing(kind, pair.stays.id),
        routes::thing(kind, pair.goes.id),
    );
    view! {
        <p class="merge__becomes" dir="auto">{text::becomes(&goes, &stays, &pair.uses)}</p>
        {from_elsewhere.then(|| view! { <p class="notice">{text::comes_again(kind, &goes)}</p> })}
        <p class="merge__others">
            <a class="button" href=swap>{text::SWAP}</a>
            <a class="button" href=routes::merge_thing(kind, pair.stays.id)>{text::ANOTHER}</a>
        </p>
        <ActionForm action=merge>
            <input type="hidden" name="kind" value=kind.name()/>
            <input type="hidden" name="id" value=pair.stays.id.to_string()/>
            <input type="hidden" name="version" value=pair.stays.version/>
            <input type="hidden" name="with" value=pair.goes.id.to_string()/>
            <input type="hidden" name="with_version" value=pair.goes.version/>
            <div class="plain-table__frame">
                <table class="plain-table merge__table" aria-label=text::merge(&goes, &stays)>
                    <thead>
                        <tr>
                            <th scope="col">{common::PROPERTY}</th>
                            <th scope="col">
                                <a class="link" href=this><bdi>{stays.clone()}</bdi></a>
                                " " <span class="badge badge--create">{text::STAYS}</span>
                            </th>
                            <th scope="col">
                                <a class="link" href=other><bdi>{goes.clone()}</bdi></a>
                                " " <span class="badge badge--delete">{text::GOES}</span>
                            </th>
                            <th scope="col">{text::KEEP_BOTH}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="quiet merge__about">{text::FINAL}</p>
            <FormProblem state fields=Vec::new()/>
            <div class="form__actions">
                {submit}
                <a class="button" href=routes::thing(kind, pair.stays.id)>{common::CANCEL}</a>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// One property of the two.
struct Line<'a> {
    property: &'static Property,
    this: Option<&'a Value>,
    other: Option<&'a Value>,
    names: &'a Names,
    /// What the one that stays is called, and the one that goes.
    called: (&'a str, &'a str),
}

impl Line<'_> {
    fn row(&self, state: FormState) -> AnyView {
        let Self {
            property,
            this,
            other,
            names,
            called: (stays, goes),
        } = *self;
        let differs = this != other;
        let shown = |of: Option<&Value>| value(property, of, names);
        let wanted = state.typed(property.name).and_then(|name| Keep::from_name(&name));
        let usual = wanted.unwrap_or_else(|| Keep::usual(property, this, other));
        let radio = |keep: Keep| {
            let fits = differs && Keep::of(property).any(|fits| fits == keep);
            fits.then(|| {
                view! {
                    <input
                        type="radio"
                        name=format!("kept[{}]", property.name)
                        value=keep.name()
                        checked=keep == usual
                        aria-label=text::keep(property.title, keep, stays, goes)
                    />
                }
            })
        };
        let both = if differs {
            radio(Keep::Both).into_any()
        } else {
            view! { <span class="quiet">{text::SAME}</span> }.into_any()
        };
        view! {
            <tr class="plain-table__row">
                <th scope="row">{property.title}</th>
                <td data-label=text::STAYS><div class="value-choice">{radio(Keep::This)} <div>{shown(this)}</div></div></td>
                <td data-label=text::GOES><div class="value-choice">{radio(Keep::Other)} <div>{shown(other)}</div></div></td>
                <td data-label=text::KEEP_BOTH>{both}</td>
            </tr>
        }
        .into_any()
    }
}
