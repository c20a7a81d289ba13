//! The list of what Daybook's own mails say.

use super::{api::list_email_templates, text};
use crate::{
    admin::panel::own_history,
    routes,
    ui::{page_head::back_link, problem::Problem},
};
use daybook_domain::{email_template::TemplateSummary, permission::Permission};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn EmailTemplatesPage() -> impl IntoView {
    let templates = Resource::new(|| (), |()| list_email_templates());
    view! {
        <Title text=text::TEMPLATES/>
        <header class="page-head page-head--split">
            <div>
                {back_link(routes::MAIL_SETTINGS, text::SETTINGS, Permission::SettingsManage)}
                <h1>{text::TEMPLATES}</h1>
                <p class="page-head__about">{text::TEMPLATES_ABOUT}</p>
            </div>
            <div class="page-head__actions">{own_history(text::TEMPLATE_SECTIONS, None)}</div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                match templates.await {
                    Ok(templates) => table(templates),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn table(templates: Vec<TemplateSummary>) -> AnyView {
    let rows = templates.into_iter().map(|one| {
        let wording = if one.is_own { text::OWN } else { text::BUILT_IN };
        view! {
            <tr class="plain-table__row">
                <th scope="row">
                    <a class="row-link" href=routes::email_template(one.template)>{one.template.title()}</a>
                </th>
                <td data-label=text::SUBJECT><bdi>{one.subject}</bdi></td>
                <td data-label=text::WORDING>{wording}</td>
            </tr>
        }
    });
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TEMPLATES>
                <thead>
                    <tr>
                        <th scope="col">{text::TEMPLATE}</th>
                        <th scope="col">{text::SUBJECT}</th>
                        <th scope="col">{text::WORDING}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
