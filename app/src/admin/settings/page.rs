//! The page: the workspace, and the logs.

use super::{
    api::{SetHelpdesk, SetWorkspace, SwitchCourses, SwitchLog, show_settings},
    courses::CoursesForm,
    helpdesk::HelpdeskForm,
    logs::LogTabs,
    text,
    workspace::WorkspaceForm,
};
use crate::{
    admin::panel::own_history,
    ui::{form::successes, problem::Problem},
    viewer::refresh_viewer,
};
use daybook_domain::past::Subject;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let set = ServerAction::<SetWorkspace>::new();
    let switch = ServerAction::<SwitchLog>::new();
    let called = ServerAction::<SetHelpdesk>::new();
    let courses = ServerAction::<SwitchCourses>::new();
    let (saved, switched, renamed) = (successes(set), successes(switch), successes(called));
    let taught = successes(courses);
    let settings = Resource::new(
        move || (saved.get(), switched.get(), renamed.get(), taught.get()),
        |_| show_settings(),
    );
    // The name stands above the menu, and agents in it.
    Effect::watch(
        move || (saved.get(), renamed.get()),
        |_, _, _| refresh_viewer(),
        false,
    );
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <div class="page-head__actions">
                {own_history(text::SECTIONS, Some(Subject::Workspace))}
            </div>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(known) => view! {
                        <WorkspaceForm name=known.workspace zone=known.zone format=known.format seen=known.seen.clone() action=set/>
                        <HelpdeskForm helpdesk=known.helpdesk seen=known.seen action=called/>
                        <CoursesForm on=known.courses action=courses/>
                        <LogTabs logs=known.logs action=switch/>
                    }
                    .into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
