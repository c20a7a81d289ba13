//! Conditions as a form: a box per group, a row per condition.

use super::{
    draft::{Draft, GroupDraft, TestDraft},
    text,
};
use daybook_domain::object::conditions::{
    Asked, Comparison, FIELDS, Join, MAX_COMPARED_CHARS, MAX_LEVELS, Unreadable,
};
use leptos::{html, prelude::*};

/// What was taken away last, and where it was.
#[derive(Debug, Clone)]
struct Removed {
    from: GroupDraft,
    place: usize,
    draft: Draft,
}

/// What all parts know.
#[derive(Clone)]
struct Shared {
    root: GroupDraft,
    wrong: Signal<Option<Unreadable>>,
    removed: RwSignal<Option<Removed>>,
    undo: NodeRef<html::Button>,
}

impl Shared {
    /// What is wrong with a part.
    fn problem(&self, id: usize) -> Signal<Option<String>> {
        let Self { root, wrong, .. } = self.clone();
        Signal::derive(move || {
            let wrong = wrong.get()?;
            (root.line_of(id) == Some(wrong.line)).then_some(wrong.reason)
        })
    }

    fn remove(&self, from: &GroupDraft, id: usize) {
        let place = from
            .of
            .with_untracked(|of| of.iter().position(|draft| draft.id() == id));
        let Some(place) = place else { return };
        let draft = from.of.try_update(|of| of.remove(place));
        let from = from.clone();
        self.removed
            .set(draft.map(|draft| Removed { from, place, draft }));
        // What had the cursor is gone.
        let undo = self.undo;
        request_animation_frame(move || {
            if let Some(undo) = undo.get_untracked() {
                let _ = undo.focus();
            }
        });
    }

    fn take_back(&self) {
        let removed = self.removed.try_update(Option::take).flatten();
        if let Some(Removed { from, place, draft }) = removed {
            from.of.update(|of| of.insert(place.min(of.len()), draft));
        }
    }
}

#[component]
pub(super) fn Builder(
    root: GroupDraft,
    /// The line that is wrong, once somebody has tried to save it.
    wrong: Signal<Option<Unreadable>>,
    label: &'static str,
) -> impl IntoView {
    let shared = Shared {
        root: root.clone(),
        wrong,
        removed: RwSignal::new(None),
        undo: NodeRef::new(),
    };
    let (removed, undo) = (shared.removed, shared.undo);
    let take_back = {
        let shared = shared.clone();
        move |_| shared.take_back()
    };
    view! {
        {group(&shared, &root, None, label)}
        <p class="conditions__removed" role="status">
            {move || removed.with(Option::is_some).then(|| {
                let take_back = take_back.clone();
                view! {
                    {text::REMOVED} " "
                    <button type="button" class="link-button" node_ref=undo on:click=take_back>{text::UNDO}</button>
                }
            })}
        </p>
    }
    .into_any()
}

/// `within`: the group it stands in, and how deep.
fn group(
    shared: &Shared,
    this: &GroupDraft,
    within: Option<(&GroupDraft, usize)>,
    label: &'static str,
) -> AnyView {
    let level = within.map_or(1, |(_, level)| level + 1);
    let joins = Join::ALL.iter().map(|join| {
        let is_chosen = this.join.get_untracked() == *join;
        view! { <option value=join.name() selected=is_chosen>{join.title()}</option> }
    });
    let joins = joins.collect_view();
    let problem = shared.problem(this.id);
    let chosen = this.join.clone();
    let choose = move |event| {
        if let Some(join) = Join::from_name(&event_target_value(&event)) {
            chosen.set(join);
        }
    };
    let add = |draft: fn() -> Draft| {
        let of = this.of.clone();
        move |_| of.update(|of| of.push(draft()))
    };
    let add_test = add(|| Draft::Test(TestDraft::new()));
    let add_group = add(|| Draft::Group(GroupDraft::new()));
    let remove = within.map(|(outer, _)| {
        let (shared, outer, id) = (shared.clone(), outer.clone(), this.id);
        let remove = move |_| shared.remove(&outer, id);
        view! {
            <button type="button" class="button" on:click=remove>{text::REMOVE_GROUP}</button>
        }
    });
    let each = this.of.clone();
    let (shared, this) = (shared.clone(), this.clone());
    let part = move |draft: Draft| match draft {
        Draft::Group(inner) => {
            let inner = group(&shared, &inner, Some((&this, level)), text::GROUP);
            view! { <li>{inner}</li> }.into_any()
        }
        Draft::Test(test) => row(&shared, &this, test),
    };
    view! {
        <fieldset class="conditions__group">
            <legend class="visually-hidden">{label}</legend>
            <div class="conditions__head">
                <select class="input input--select" aria-label=text::HOW_MANY on:change=choose>{joins}</select>
                <span>{text::HOLD}</span>
                {remove}
            </div>
            <p class="field__problem">{move || problem.get()}</p>
            <ul class="conditions__rows">
                <For each=move || each.get() key=Draft::id children=part/>
            </ul>
            <div class="form__actions">
                <button type="button" class="button" on:click=add_test>{text::ADD}</button>
                {(level < MAX_LEVELS).then(|| view! {
                    <button type="button" class="button" on:click=add_group>{text::ADD_GROUP}</button>
                })}
            </div>
        </fieldset>
    }
    .into_any()
}

fn row(shared: &Shared, within: &GroupDraft, test: TestDraft) -> AnyView {
    let problem = shared.problem(test.id);
    let problem_id = format!("condition-{}-problem", test.id);
    let fields = FIELDS.iter().map(|field| {
        let is_chosen = test.field.get_untracked() == field;
        view! { <option value=field.name selected=is_chosen>{field.title}</option> }
    });
    let fields = fields.collect_view();
    let first = NodeRef::<html::Select>::new();
    if test.is_new {
        Effect::new(move || {
            if let Some(first) = first.get() {
                let _ = first.focus();
            }
        });
    }
    let choose = {
        let test = test.clone();
        move |event| test.choose(&event_target_value(&event))
    };
    let compare = {
        let is = test.is.clone();
        move |event| {
            if let Some(comparison) = Comparison::from_name(&event_target_value(&event)) {
                is.set(comparison);
            }
        }
    };
    let comparisons = {
        let (field, is) = (test.field.clone(), test.is.clone());
        move || {
            let options = field.get().comparisons().iter().map(|comparison| {
                let is_chosen = is.get_untracked() == *comparison;
                view! { <option value=comparison.name() selected=is_chosen>{comparison.title()}</option> }
            });
            options.collect_view()
        }
    };
    let remove = {
        let (shared, within, id) = (shared.clone(), within.clone(), test.id);
        move |_| shared.remove(&within, id)
    };
    let described_by = problem_id.clone();
    let value = move || value(&test, problem, &described_by);
    view! {
        <li>
            <div class="conditions__row">
                <select class="input input--select" node_ref=first aria-label=text::FIELD on:change=choose>{fields}</select>
                <select class="input input--select" aria-label=text::COMPARISON on:change=compare>{comparisons}</select>
                {value}
                <button type="button" class="button" on:click=remove>{text::REMOVE}</button>
            </div>
            <p class="field__problem" id=problem_id>{move || problem.get()}</p>
        </li>
    }
    .into_any()
}

/// What a field is compared with. Made anew with the field, and with whether there is something to compare with.
fn value(test: &TestDraft, problem: Signal<Option<String>>, problem_id: &str) -> AnyView {
    let (field, typed) = (test.field.get(), test.value.clone());
    if !test.is.get().needs_value() {
        return view! { <span></span> }.into_any();
    }
    let described_by = problem_id.to_owned();
    let invalid = move || problem.with(Option::is_some).then_some("true");
    let now = typed.get_untracked();
    let change = move |event| typed.set(event_target_value(&event));
    if let Some(words) = field.words() {
        let options = words.iter().map(|(word, title)| {
            view! { <option value=*word selected=now == *word>{*title}</option> }
        });
        return view! {
            <select class="input input--select" aria-label=text::VALUE aria-invalid=invalid aria-describedby=described_by on:change=change>
                {options.collect_view()}
            </select>
        }
        .into_any();
    }
    let inputmode = (field.asked == Asked::Number).then_some("numeric");
    view! {
        <input
            class="input"
            value=now
            dir="auto"
            autocomplete="off"
            inputmode=inputmode
            maxlength=MAX_COMPARED_CHARS.to_string()
            aria-label=text::VALUE
            aria-invalid=invalid
            aria-describedby=described_by
            on:input=change
        />
    }
    .into_any()
}
