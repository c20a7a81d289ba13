//! The page: the workspace, and the logs.

use super::{
    api::{SetWorkspace, SwitchLog, show_settings},
    logs::LogTabs,
    text,
    workspace::WorkspaceForm,
};
use crate::{
    ui::{form::successes, problem::Problem},
    viewer::refresh_viewer,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let set = ServerAction::<SetWorkspace>::new();
    let switch = ServerAction::<SwitchLog>::new();
    let (saved, switched) = (successes(set), successes(switch));
    let settings = Resource::new(move || (saved.get(), switched.get()), |_| show_settings());
    // The name stands above the menu.
    Effect::watch(move || saved.get(), |_, _, _| refresh_viewer(), false);
    view! {
        <Title text=text::TITLE/>
        <header class="page-head">
            <h1>{text::TITLE}</h1>
            <p class="page-head__about">{text::LEAD}</p>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(known) => view! {
                        <WorkspaceForm name=known.workspace zone=known.zone action=set/>
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
