//! The steps of a record in their order, with the time between them.

use super::json::JsonTree;
use crate::ui::number::{counted, span};
use daybook_domain::event::Step;
use leptos::prelude::*;

#[component]
pub fn Trace(steps: Vec<Step>) -> impl IntoView {
    let total = between(steps.first(), steps.last()).filter(|_| steps.len() > 1);
    let count = counted(u64::try_from(steps.len()).unwrap_or(u64::MAX), "step", "steps");
    let offsets: Vec<_> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| between(at.checked_sub(1).map(|before| &steps[before]), Some(step)))
        .collect();
    let entries = steps
        .into_iter()
        .zip(offsets)
        .map(|(step, offset)| view! { <StepEntry step offset/> });
    view! {
        <section class="record__part">
            <h2 class="record__title">
                "Steps"
                " "
                <span class="record__note">{count} {total.map(|total| format!(" in {}", span(total)))}</span>
            </h2>
            <ol class="trace">{entries.collect_view()}</ol>
        </section>
    }
}

/// Microseconds from one step to another, where both say when they were.
fn between(from: Option<&Step>, to: Option<&Step>) -> Option<i64> {
    to?.at?.micros().checked_sub(from?.at?.micros())
}

#[component]
fn StepEntry(step: Step, offset: Option<i64>) -> impl IntoView {
    let at = step.at.map(|at| at.to_string());
    let later = offset.map(|micros| {
        if micros < 0 {
            span(micros)
        } else {
            format!("+{}", span(micros))
        }
    });
    let data = (!step.data.is_null()).then_some(step.data);
    view! {
        <li class="trace__step">
            <div class="trace__line">
                <span class="trace__message" dir="auto">{step.message}</span>
                {later.map(|later| view! { " " <span class="trace__later" title=at>{later}</span> })}
            </div>
            {data.map(|value| view! {
                <details class="trace__data">
                    <summary>"Data"</summary>
                    <JsonTree value/>
                </details>
            })}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::time::Timestamp;

    #[test]
    fn time_passes_only_between_steps_that_have_one() {
        let at = |micros| Timestamp::from_micros(micros).map(|at| Step::new(at, "step"));
        let without = at(0).map(|step| Step { at: None, ..step });
        assert_eq!(between(at(10).as_ref(), at(250).as_ref()), Some(240));
        assert_eq!(between(without.as_ref(), at(250).as_ref()), None);
        assert_eq!(between(None, at(250).as_ref()), None);
    }
}
