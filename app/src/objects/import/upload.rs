//! The page where a file comes in, and the files of the last days.

use super::{api::list_imports, text};
use crate::{
    account::when::When,
    error::AppError,
    objects::{state::use_kind, text as things},
    pages::NotFound,
    routes,
    ui::{
        form::{FormProblem, FormState},
        number::thousands,
        problem::Problem,
    },
};
use daybook_domain::object::{Import, ObjectKind};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ImportsPage() -> impl IntoView {
    let kind = use_kind();
    let earlier = Resource::new(
        move || kind.get(),
        |kind| async move { Some((kind?, list_imports(kind?).await)) },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match earlier.await {
                    Some((kind, Ok(earlier))) => whole(kind, earlier),
                    Some((_, Err(error))) => unlisted(error),
                    None => view! { <NotFound/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn unlisted(error: AppError) -> AnyView {
    view! { <Problem error/> }.into_any()
}

fn whole(kind: ObjectKind, earlier: Vec<Import>) -> AnyView {
    let title = text::title(kind.spec());
    let state = FormState::plain();
    let rows = earlier.into_iter().map(|import| {
        view! {
            <tr class="plain-table__row">
                <th scope="row"><a class="link" href=routes::import(kind, import.id)><bdi>{import.file}</bdi></a></th>
                <td data-label=text::LINES>{thousands(import.lines)}</td>
                <td data-label=text::STATE>{import.state.title()}</td>
                <td data-label=text::BY><bdi>{import.by}</bdi></td>
                <td data-label=text::UPLOADED><When at=import.uploaded/></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let earlier = if rows.is_empty() {
        view! { <p class="quiet">{text::NONE_EARLIER}</p> }.into_any()
    } else {
        view! {
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::EARLIER>
                    <thead>
                        <tr>
                            <th scope="col">{text::FILE_NAME}</th>
                            <th scope="col">{text::LINES}</th>
                            <th scope="col">{text::STATE}</th>
                            <th scope="col">{text::BY}</th>
                            <th scope="col">{text::UPLOADED}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=kind.spec().path>{things::plural(kind)}</a></p>
            <h1>{title}</h1>
            <p class="page-head__about">{text::upload_about(kind.spec())}</p>
        </header>
        <form class="import__upload" method="post" enctype="multipart/form-data" action=routes::upload(kind)>
            <label class="field__label" for="import-file">{text::FILE}</label>
            <input class="input" type="file" id="import-file" name="file" accept=".csv,.tsv,.txt,text/csv" required/>
            <button type="submit" class="button button--primary">{text::UPLOAD}</button>
            <FormProblem state/>
        </form>
        <h2 class="import__title">{text::EARLIER}</h2>
        {earlier}
    }
    .into_any()
}
