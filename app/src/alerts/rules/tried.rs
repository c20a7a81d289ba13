//! What a rule would have done in the past. It is asked by the address (`?try`), so that it works without JavaScript.

use crate::{
    admin::panel::use_flag,
    alerts::{api::try_alert_rule, text},
    routes,
    ui::problem::Problem,
};
use daybook_domain::monitoring::{RuleId, Trial};
use leptos::prelude::*;

/// The part of a rule's page that tries it. `changed` says that it was saved.
#[component]
pub fn Tried(id: RuleId) -> impl IntoView {
    let asked = use_flag("try");
    let trial = Resource::new(
        move || asked.get(),
        move |asked| async move {
            if asked {
                Some(try_alert_rule(id).await)
            } else {
                None
            }
        },
    );
    let pending = RwSignal::new(false);
    view! {
        <section class="part" aria-labelledby="tried-title">
            <h2 class="part__title" id="tried-title">{text::TRIED}</h2>
            <p class="part__lead">{text::TRY_ABOUT}</p>
            <p><a class="button" href=routes::try_alert_rule(id) data-noscroll="">{text::TRY}</a></p>
            <div class="progress" class:progress--on=pending></div>
            <Transition set_pending=pending.write_only()>
                {move || Suspend::new(async move {
                    trial.await.map(|tried| match tried {
                        Ok(trial) => outcome(trial),
                        Err(error) => view! { <Problem error/> }.into_any(),
                    })
                })}
            </Transition>
        </section>
    }
    .into_any()
}

fn outcome(trial: Trial) -> AnyView {
    let (said, against) = (text::would_have(&trial), text::against(&trial));
    let latest = text::no_examples(&trial).map(|latest| view! { <p>{latest}</p> });
    let examples = trial.examples.into_iter().map(|of| {
        let what = match of.event {
            Some(id) => {
                view! { <a class="link" href=routes::event(id)><bdi dir="ltr">{of.summary}</bdi></a> }
                    .into_any()
            }
            None => view! { <bdi dir="ltr">{of.summary}</bdi> }.into_any(),
        };
        view! { <li>{what} " " <span class="quiet">{of.at.date} " " {of.at.time}</span></li> }
    });
    let examples = examples.collect::<Vec<_>>();
    let examples = (!examples.is_empty()).then(|| view! { <ul class="alert__examples">{examples}</ul> });
    view! {
        <div class="alert__tried" role="status">
            <p><strong>{said}</strong></p>
            <p class="quiet">{against}</p>
            {latest}
            {examples}
        </div>
    }
    .into_any()
}
