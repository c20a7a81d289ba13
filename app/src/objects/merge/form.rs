//! Both side by side: of each property that differs, whose value stays.

use super::{
    super::{api::MergeObjects, table::Status, text as common, values::value},
    text,
};
use crate::{
    routes,
    ui::form::{FormProblem, FormState, SubmitButton, Weight},
    viewer::use_viewer,
};
use daybook_domain::object::{Keep, ObjectKind, Pair, STATUS};
use leptos::{form::ActionForm, prelude::*};

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
            name: property.name,
            title: property.title,
            keeps: Keep::of(property).collect(),
            usual: Keep::usual(property, this, other),
            differs: this != other,
            this: value(property, this, &names),
            other: value(property, other, &names),
        })
    });
    let called = (stays.as_str(), goes.as_str());
    let lines = std::iter::once(of_status(&pair)).chain(lines);
    let rows = lines.map(|line| line.row(state, called)).collect_view();
    let viewer = use_viewer();
    let may = |kind: &ObjectKind| {
        viewer
            .as_ref()
            .is_some_and(|viewer| viewer.may(kind.spec().change))
    };
    let out_of_reach = pair.uses.iter().map(|(kind, _)| *kind).find(|kind| !may(kind));
    let submit = if pair.hidden {
        view! { <p class="notice">{text::out_of_sight(&goes)}</p> }.into_any()
    } else if let Some(kind) = out_of_reach {
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
        <p class="merge__becomes" dir="auto">{text::becomes(&goes, &stays, &pair)}</p>
        {from_elsewhere.then(|| view! { <p class="notice">{text::comes_again(kind, &goes, &stays)}</p> })}
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

fn of_status(pair: &Pair) -> Line {
    let (this, other) = (pair.stays.status, pair.goes.status);
    Line {
        name: STATUS,
        title: common::STATUS,
        keeps: vec![Keep::This, Keep::Other],
        usual: Keep::usual_status(this, other),
        differs: this != other,
        this: view! { <Status status=this/> }.into_any(),
        other: view! { <Status status=other/> }.into_any(),
    }
}

/// One property of the two.
struct Line {
    name: &'static str,
    title: &'static str,
    /// What can be kept.
    keeps: Vec<Keep>,
    usual: Keep,
    differs: bool,
    this: AnyView,
    other: AnyView,
}

impl Line {
    /// `called` are the one that stays and the one that goes.
    fn row(self, state: FormState, (stays, goes): (&str, &str)) -> AnyView {
        let Self { name, title, .. } = self;
        let wanted = state.typed(name).and_then(|name| Keep::from_name(&name));
        let chosen = wanted.unwrap_or(self.usual);
        let radio = |keep: Keep| {
            let fits = self.differs && self.keeps.contains(&keep);
            fits.then(|| {
                view! {
                    <input
                        type="radio"
                        name=format!("kept[{name}]")
                        value=keep.name()
                        checked=keep == chosen
                        aria-label=text::keep(title, keep, stays, goes)
                    />
                }
            })
        };
        let both = if self.differs {
            radio(Keep::Both).into_any()
        } else {
            view! { <span class="quiet">{text::SAME}</span> }.into_any()
        };
        let (keep_this, keep_other) = (radio(Keep::This), radio(Keep::Other));
        view! {
            <tr class="plain-table__row">
                <th scope="row">{title}</th>
                <td data-label=text::STAYS><div class="value-choice">{keep_this} <div>{self.this}</div></div></td>
                <td data-label=text::GOES><div class="value-choice">{keep_other} <div>{self.other}</div></div></td>
                <td data-label=text::KEEP_BOTH>{both}</td>
            </tr>
        }
        .into_any()
    }
}
