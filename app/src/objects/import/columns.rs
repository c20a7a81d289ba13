//! What each column of a file holds, chosen by whoever knows it.

use super::{api::CheckImport, text};
use crate::ui::form::{FormProblem, FormState, SubmitButton, Weight};
use daybook_domain::object::{ColumnMeaning, Import, ImportColumn, ImportState, ObjectKind, STATUS};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn Columns(import: Import, action: ServerAction<CheckImport>) -> impl IntoView {
    let state = FormState::of::<CheckImport>(action);
    let kind = import.kind;
    let rows = import
        .columns
        .iter()
        .zip(&import.settings.columns)
        .enumerate()
        .map(|(at, (column, meaning))| row(kind, at, column, meaning));
    let rows = rows.collect_view();
    let tick = |name: &'static str, checked: bool, title: &'static str, explanation: &'static str| {
        let (id, about) = (format!("import-{name}"), format!("import-{name}-about"));
        view! {
            <div class="choice">
                <input
                    class="choice__box"
                    type="checkbox"
                    id=id.clone()
                    name=name
                    value="true"
                    checked=checked
                    aria-describedby=about.clone()
                />
                <label class="choice__title" for=id>{title}</label>
                <p class="choice__explanation" id=about>{explanation}</p>
            </div>
        }
    };
    // Once it is checked, to import it is the next step.
    let (label, weight) = match import.state {
        ImportState::Checked => (text::CHECK_AGAIN, Weight::Plain),
        _ => (text::CHECK, Weight::Primary),
    };
    view! {
        <ActionForm action attr:class="import__columns">
            <input type="hidden" name="kind" value=kind.name()/>
            <input type="hidden" name="id" value=import.id.to_string()/>
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::COLUMN>
                    <thead>
                        <tr>
                            <th scope="col">{text::COLUMN}</th>
                            <th scope="col">{text::SAMPLES}</th>
                            <th scope="col">{text::HOLDS}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <fieldset class="import__how">
                <legend>{text::HOW}</legend>
                {tick("update", import.settings.update, text::UPDATE, text::UPDATE_ABOUT)}
                {tick("clear", import.settings.clear, text::CLEAR, text::CLEAR_ABOUT)}
            </fieldset>
            <FormProblem state/>
            <SubmitButton state label pending=text::CHECKING weight/>
        </ActionForm>
    }
    .into_any()
}

fn row(kind: ObjectKind, at: usize, column: &ImportColumn, chosen: &ColumnMeaning) -> AnyView {
    let head = column.head.clone();
    let option = |meaning: ColumnMeaning, title: String| {
        let selected = meaning == *chosen;
        view! { <option value=meaning.name() selected=selected>{title}</option> }
    };
    let properties = kind.spec().properties.iter();
    let properties: Vec<_> = properties
        .map(|property| {
            let meaning = ColumnMeaning::Property(property.name.to_owned());
            option(meaning, property.title.to_owned())
        })
        .collect();
    let status = option(
        ColumnMeaning::Property(STATUS.to_owned()),
        text::STATUS.to_owned(),
    );
    let custom = kind
        .spec()
        .property("custom")
        .map(|_| option(ColumnMeaning::Custom(head.clone()), text::custom(&head)));
    let samples = column.samples.join(" · ");
    let id = format!("column-{at}");
    view! {
        <tr class="plain-table__row">
            <th scope="row"><label for=id.clone()><bdi>{head.clone()}</bdi></label></th>
            <td data-label=text::SAMPLES dir="auto">{samples}</td>
            <td data-label=text::HOLDS>
                <select class="input" id=id name="columns[]" aria-label=text::holds(&head)>
                    {option(ColumnMeaning::Nothing, text::NOT_IMPORTED.to_owned())}
                    {properties}
                    {status}
                    {custom}
                </select>
            </td>
        </tr>
    }
    .into_any()
}
