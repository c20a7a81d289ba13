//! What a list is asked for by its address, and what came of it.

use crate::{
    error::{AppError, set_status},
    ui::problem::Problem,
};
use daybook_domain::{
    object::{Filters, ObjectQuery, unreadable},
    query::QueryProblem,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// The state of the list that the address names, or why it can't be understood.
pub type Asked = Result<ObjectQuery, Vec<QueryProblem>>;

pub fn use_asked(filters: impl Filters + Send + Sync + 'static) -> Memo<Asked> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| ObjectQuery::parse(&filters, search)))
}

/// A page of a list with what was asked: while the next one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed<P> {
    pub query: ObjectQuery,
    page: Result<P, AppError>,
}

impl<P> Listed<P> {
    pub async fn read<F>(asked: Asked, list: impl FnOnce(ObjectQuery) -> F) -> Self
    where
        F: Future<Output = Result<P, AppError>>,
    {
        match asked {
            Ok(query) => Self {
                page: list(query.clone()).await,
                query,
            },
            Err(problems) => Self {
                query: ObjectQuery::default(),
                page: Err(unreadable(problems).into()),
            },
        }
    }

    /// The page as `draw` draws it, or what went wrong.
    pub fn shown(self, draw: impl FnOnce(&ObjectQuery, P) -> AnyView) -> AnyView {
        match self.page {
            Ok(page) => draw(&self.query, page),
            Err(error) => {
                set_status(error.kind().status());
                view! { <Problem error/> }.into_any()
            }
        }
    }
}
