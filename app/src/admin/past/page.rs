//! The page.

use super::api::{RestorePast, show_past};
use crate::{
    admin::{retention, settings, sign_in},
    audit_logs::record::{diff::plain_words, readable},
    error::AppError,
    pages::{Forbidden, NotFound},
    past::{self, Line, PastPage, text},
    routes,
    ui::{
        form::{FormState, successes},
        page_head::back_link,
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    compare::Point,
    log::LogKind,
    past::{PastState, PropertyThen, Subject, ValueThen},
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde_json::Value;

/// Past states, below the head that `head` makes of what they are of.
#[component]
pub fn PastOf(
    #[prop(into)] subject: Signal<Option<Subject>>,
    head: fn(&PastState) -> AnyView,
) -> impl IntoView {
    let query = use_query_map();
    let restore = ServerAction::<RestorePast>::new();
    let restored = successes(restore);
    let point = Memo::new(move |_| {
        let at = query.read().get("at").unwrap_or_default();
        at.parse::<Point>().unwrap_or_default()
    });
    let then = Resource::new(
        move || (subject.get(), point.get(), restored.get()),
        |(subject, point, _)| async move {
            match subject {
                Some(subject) => show_past(subject, point).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match then.await {
                    Ok(then) => {
                        let head = head(&then);
                        view! { {head} {whole(then, restore)} }.into_any()
                    }
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn whole(then: PastState, restore: ServerAction<RestorePast>) -> AnyView {
    let subject = then.subject;
    let states = match &then.then {
        None => view! { <p class="notice">{text::NOT_THERE}</p> }.into_any(),
        Some(properties) => states(&then, properties, restore),
    };
    let page = PastPage {
        address: Box::new(move |at: Option<&Point>| routes::past(&subject, at)),
        moment: then.moment,
        zone: then.zone,
        history: then.history,
        more: then.more,
        states,
    };
    page.view()
}

fn states(then: &PastState, properties: &[PropertyThen], restore: ServerAction<RestorePast>) -> AnyView {
    let subject = then.subject;
    let lines: Vec<_> = properties.iter().map(|of| line(then, of)).collect();
    let some = lines.iter().any(|line| line.differs && line.gives_back);
    if !some || !then.is_here {
        return past::beside(lines);
    }
    let state = FormState::of::<RestorePast>(restore);
    let (name, at, seen) = (then.name.clone(), past::sent_as(&then.moment), then.seen.clone());
    view! {
        <ActionForm action=restore>
            <input type="hidden" name="kind" value=subject.kind()/>
            <input type="hidden" name="id" value=subject.id()/>
            <input type="hidden" name="name" value=name/>
            <input type="hidden" name="at" value=at/>
            <input type="hidden" name="seen" value=seen/>
            {past::table(lines, state)}
        </ActionForm>
    }
    .into_any()
}

fn line(state: &PastState, of: &PropertyThen) -> Line {
    let quiet = |said: &'static str| view! { <span class="quiet">{said}</span> }.into_any();
    let then = match &of.then {
        ValueThen::Known(value) => shown(value),
        ValueThen::Unknown => quiet(text::UNKNOWN),
        ValueThen::Secret { changed_since: true } => quiet(text::SECRET_CHANGED),
        ValueThen::Secret { changed_since: false } => quiet(text::SECRET_SAME),
    };
    Line {
        property: of.property.clone(),
        title: readable(&of.property),
        then,
        now: state.is_here.then(|| shown(&of.now)),
        differs: state.is_here && of.differs(),
        gives_back: state.subject.gives_back(&of.property),
    }
}

fn shown(value: &Value) -> AnyView {
    match value {
        Value::Null => view! { <span class="quiet">{text::NOTHING}</span> }.into_any(),
        Value::Array(members) => {
            let members = members.iter().map(|member| {
                view! { <li class="values__word"><bdi>{plain_words(member)}</bdi></li> }
            });
            view! { <ul class="values">{members.collect_view()}</ul> }.into_any()
        }
        other => view! { <bdi>{plain_words(other)}</bdi> }.into_any(),
    }
}

/// The whole page of something that has one of its own.
fn of_setting(subject: Option<Subject>, head: fn(&PastState) -> AnyView) -> AnyView {
    if let Some(permission) = lacking(&[Permission::AuditLogsView]) {
        return view! { <Forbidden permission/> }.into_any();
    }
    view! { <PastOf subject=Signal::stored(subject) head/> }.into_any()
}

fn head(list: &'static str, of: &'static str, which: Option<String>) -> AnyView {
    let back = back_link(list, of, Permission::SettingsManage);
    let title = match which {
        Some(which) => format!("{}: {which}", text::PAST),
        None => text::PAST.to_owned(),
    };
    view! {
        <Title text=format!("{title} · {of}")/>
        <header class="page-head">
            {back}
            <h1>{title}</h1>
        </header>
    }
    .into_any()
}

#[component]
pub fn PastOfSettings() -> impl IntoView {
    of_setting(Some(Subject::Workspace), |_| {
        head(routes::SETTINGS, settings::text::TITLE, None)
    })
}

#[component]
pub fn PastOfSignInPolicy() -> impl IntoView {
    of_setting(Some(Subject::SignInPolicy), |_| {
        head(routes::SIGN_IN_POLICY, sign_in::text::TITLE, None)
    })
}

/// How long one log has kept its records.
#[component]
pub fn PastOfRetention() -> impl IntoView {
    let params = use_params_map();
    let log = params.with_untracked(|params| LogKind::from_name(&params.get("log")?));
    of_setting(log.map(Subject::Retention), |state| {
        head(
            routes::RETENTION,
            retention::text::TITLE,
            Some(state.name.clone()),
        )
    })
}
