//! What the forms about views send, read.

use super::api::ONLY_ME;
use daybook_domain::{
    Error, Result,
    log::LogScope,
    query::{LogQuery, QueryProblem},
    view::ViewForm,
};

/// The list a form was on.
pub fn list(log: &str, query: &str) -> Result<(LogScope, LogQuery)> {
    let scope = LogScope::from_slug(log).ok_or_else(|| Error::invalid("log", "There is no such log."))?;
    Ok((scope, LogQuery::parse(query).map_err(told)?))
}

pub fn parsed(pairs: &[(&str, &str)]) -> Result<LogQuery> {
    LogQuery::from_pairs(pairs.iter().copied()).map_err(told)
}

fn told(problems: Vec<QueryProblem>) -> Error {
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    Error::invalid("query", said.join(" "))
}

pub fn form(name: &str, share: &str) -> Result<ViewForm> {
    let role = (share != ONLY_ME).then(|| share.parse());
    Ok(ViewForm {
        name: name.to_owned(),
        shared_with: role
            .transpose()
            .map_err(|_| Error::invalid("share", "Choose who sees it."))?,
    })
}
