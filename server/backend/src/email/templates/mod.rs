//! What Daybook's own mails say: the wordings that come with it ([`built_in`]), those that workspaces have put in their
//! place, and how a mail is made of one ([`fill_in`]).
//!
//! There is one text to a mail. The HTML beside it is made from the filled-in text ([`layout`]), never written by hand: what
//! a name or a reason holds can't become markup, and the mail looks the same in clients that know little of CSS.
//!
//! A wording is tried with samples before it is stored. One that fails all the same when a mail is made (somebody has changed
//! the database) gives way to the one that comes with Daybook: a mistake in a text must not lock anybody out.

mod built_in;
mod fill_in;
mod layout;
#[cfg(test)]
mod tests;

use super::send::Parts;
use crate::{
    Error, Result,
    record::{Done, Recorded, has_seen, record, seen},
    writer::WriteTx,
};
use built_in::{BuiltIn, built_in};
use daybook_domain::{
    Error as Told,
    email_template::{
        MAX_SUBJECT, MAX_TEXT, MailTemplate, TemplateDetail, TemplatePreview, TemplateSummary,
        TemplateVariable, Wording,
    },
    id::WorkspaceId,
    seen::Tag,
    viewer::Viewer,
};
use daybook_entity::{
    email_template::{self, Column as C},
    workspace,
};
use fill_in::{Mistake, Values};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict};
use serde::Serialize;

/// The variable that leads to where the mail is about.
pub(crate) const LINK: &str = "link";
/// The variable that every template has: it is filled in by itself.
const WORKSPACE: &str = "workspace";

/// What stands in place of a link that isn't for everybody who may read the history.
const HIDDEN_LINK: &str = "(link)";

/// A mail as it is made from a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub subject: String,
    pub parts: Parts,
}

/// A template as the log compares it. Where the built-in one serves, nothing: another version of Daybook may have another.
#[derive(Debug, Serialize)]
pub(super) struct TemplateRecord {
    #[serde(skip)]
    template: MailTemplate,
    subject: Option<String>,
    text: Option<String>,
}

impl TemplateRecord {
    pub(super) fn new(template: MailTemplate, own: Option<&Wording>) -> Self {
        Self {
            template,
            subject: own.map(|own| own.subject.clone()),
            text: own.map(|own| own.text.clone()),
        }
    }
}

impl Recorded for TemplateRecord {
    fn kind(&self) -> &'static str {
        "email_template"
    }

    fn id(&self) -> String {
        self.template.name().to_owned()
    }

    fn name(&self) -> String {
        self.template.title().to_owned()
    }
}

/// What a workspace has of a template: what serves now, and what served before. `None` stands for the built-in one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) own: Option<Wording>,
    earlier: Option<Wording>,
    /// Whether it was ever changed.
    is_changed: bool,
}

impl Kept {
    fn of(row: Option<email_template::Model>) -> Self {
        let Some(row) = row else { return Self::default() };
        let wording = |subject: Option<String>, text: Option<String>| {
            Some(Wording {
                subject: subject?,
                text: text?,
            })
        };
        Self {
            own: wording(row.subject, row.body),
            earlier: wording(row.earlier_subject, row.earlier_body),
            is_changed: true,
        }
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    of: MailTemplate,
) -> Result<Kept> {
    let key = (workspace.0, of.name().to_owned());
    Ok(Kept::of(email_template::Entity::find_by_id(key).one(db).await?))
}

impl BuiltIn {
    fn wording(&self) -> Wording {
        Wording {
            subject: self.subject.to_owned(),
            text: self.text.to_owned(),
        }
    }
}

/// All of them.
pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<TemplateSummary>> {
    let mut all = Vec::new();
    for template in MailTemplate::ALL.iter().copied() {
        let own = find(db, workspace, template).await?.own;
        all.push(TemplateSummary {
            template,
            is_own: own.is_some(),
            subject: own.map_or_else(|| built_in(template).subject.to_owned(), |own| own.subject),
        });
    }
    Ok(all)
}

pub(super) async fn detail(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    of: MailTemplate,
) -> Result<TemplateDetail> {
    let kept = find(db, workspace, of).await?;
    let variables = built_in(of).variables.iter().map(|variable| TemplateVariable {
        name: variable.name.to_owned(),
        meaning: variable.meaning.to_owned(),
        sample: variable.sample.to_owned(),
        is_required: variable.is_required,
    });
    Ok(TemplateDetail {
        template: of,
        seen: seen(&TemplateRecord::new(of, kept.own.as_ref()))?,
        is_own: kept.own.is_some(),
        can_undo: kept.is_changed,
        variables: variables.collect(),
        wording: kept.own.unwrap_or_else(|| built_in(of).wording()),
    })
}

/// What a form is refused for: the field, and why.
fn wrong(field: &'static str) -> impl Fn(Mistake) -> Told {
    move |mistake| Told::invalid(field, mistake.to_string())
}

/// A wording as it may be stored, filled in with samples.
fn tried(of: MailTemplate, wording: &Wording) -> Result<(Wording, Written), Told> {
    let template = built_in(of);
    // As a browser sends it, a line ends otherwise.
    let wording = Wording {
        subject: wording.subject.trim().to_owned(),
        text: wording.text.replace("\r\n", "\n").trim_end().to_owned(),
    };
    for (field, text, most) in [
        ("subject", &wording.subject, MAX_SUBJECT),
        ("text", &wording.text, MAX_TEXT),
    ] {
        if text.trim().is_empty() {
            return Err(Told::invalid(field, "This can't be empty."));
        }
        if text.chars().count() > most {
            return Err(Told::invalid(
                field,
                format!("This is longer than {most} characters."),
            ));
        }
        let odd = |c: char| c.is_control() && (field == "subject" || !matches!(c, '\n' | '\t'));
        if text.contains(odd) {
            return Err(Told::invalid(
                field,
                "This holds a character that can't be shown.",
            ));
        }
    }
    let samples = Values::samples(template);
    // The history shows subjects to everybody who may read it.
    let in_subject = |name: &str| name != LINK;
    fill_in::known(template, &wording.subject, in_subject).map_err(wrong("subject"))?;
    fill_in::known(template, &wording.text, |_| true).map_err(wrong("text"))?;
    let subject = fill_in::line(&wording.subject, &samples).map_err(wrong("subject"))?;
    let text = fill_in::text(&wording.text, &samples).map_err(wrong("text"))?;
    if subject.is_empty() {
        return Err(Told::invalid(
            "subject",
            "Nothing is left of it once it is filled in.",
        ));
    }
    for required in template.variables.iter().filter(|variable| variable.is_required) {
        if !text.contains(required.sample) {
            let reason = format!(
                "The mail would be useless without {{{{ {} }}}}: write it where it is to stand.",
                required.name
            );
            return Err(Told::invalid("text", reason));
        }
    }
    if of.has_secret_link() {
        plain_link(template, &wording.text)?;
    }
    let made = Written {
        subject,
        parts: layout::parts(text, samples.link()),
    };
    Ok((wording, made))
}

/// Refuses where a link that is for its reader alone isn't written plainly: alone on its line, whatever else is filled in. As
/// part of another address it would be told to whoever that is of.
fn plain_link(template: &BuiltIn, text: &str) -> Result<(), Told> {
    let wrong = |reason: &str| Told::invalid("text", reason);
    let is_link = |line: &&str| {
        let within = line
            .trim()
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"));
        within.is_some_and(|within| within.trim().trim_matches('-').trim() == LINK)
    };
    let others: Vec<_> = text.lines().filter(|line| !is_link(line)).collect();
    let beside = fill_in::known(template, &others.join("\n"), |name| name != LINK);
    // What is wrong with the rest was told before.
    if beside.is_err() {
        return Err(wrong("Write {{ link }} alone on its line, and nowhere else."));
    }
    // Whoever gets it, and whatever they are called.
    for other in ["", "other"] {
        let values = Values::others(template, other);
        let filled = fill_in::text(text, &values).map_err(|mistake| wrong(&mistake.to_string()))?;
        if !filled.lines().any(|line| line.trim() == values.link()) {
            return Err(wrong(
                "Write {{ link }} where it stands in every mail, alone on its line.",
            ));
        }
    }
    Ok(())
}

/// A wording as its mail would be. It isn't stored.
pub(super) fn preview(of: MailTemplate, wording: &Wording) -> Result<TemplatePreview, Told> {
    let (_, made) = tried(of, wording)?;
    Ok(TemplatePreview {
        subject: made.subject,
        text: made.parts.text,
        html: made.parts.html.unwrap_or_default(),
    })
}

/// What is put in place of a wording.
pub(super) enum Instead {
    Own(Wording),
    BuiltIn,
    /// What served before the last change.
    Earlier,
}

pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    of: MailTemplate,
    tag: &Tag,
    instead: Instead,
) -> Result<()> {
    let kept = find(tx.db(), who.workspace(), of).await?;
    let before = TemplateRecord::new(of, kept.own.as_ref());
    has_seen(tag, &before)?;
    let own = match instead {
        Instead::Own(wording) => Some(wording),
        Instead::BuiltIn => None,
        Instead::Earlier if kept.is_changed => kept.earlier.clone(),
        Instead::Earlier => return Err(Told::conflict("Nothing was changed that could be undone.").into()),
    };
    let own = own.map(|own| tried(of, &own)).transpose()?.map(|(own, _)| own);
    // What is written as the built-in one is, is the built-in one, also once that is another.
    let own = own.filter(|own| *own != built_in(of).wording());
    if own == kept.own {
        return Ok(());
    }
    let (subject, body) = parted(own.clone());
    let (earlier_subject, earlier_body) = parted(kept.own.clone());
    let row = email_template::Model {
        workspace_id: who.workspace().0,
        template: of.name().to_owned(),
        subject,
        body,
        earlier_subject,
        earlier_body,
    };
    let mut in_place = OnConflict::columns([C::WorkspaceId, C::Template]);
    in_place.update_columns(C::iter().filter(|column| !matches!(column, C::WorkspaceId | C::Template)));
    email_template::Entity::insert(row.into_active_model())
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    let after = TemplateRecord::new(of, own.as_ref());
    record(tx, who, &Done::updated(&before, &after))
}

fn parted(wording: Option<Wording>) -> (Option<String>, Option<String>) {
    wording.map(|wording| (wording.subject, wording.text)).unzip()
}

/// A mail of a template. `given` are the values of its variables beside the workspace's name; one that isn't given is empty.
pub(crate) async fn make(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    of: MailTemplate,
    given: &[(&'static str, &str)],
) -> Result<Written> {
    let own = find(db, workspace, of).await?.own;
    let workspace = workspace_name(db, workspace).await?;
    let given = [given, &[(WORKSPACE, workspace.as_str())]].concat();
    let values = Values::of(built_in(of), &given);
    if let Some(own) = own {
        match filled_in(&own, &values) {
            Ok(made) => return Ok(made),
            Err(mistake) => tracing::warn!(template = %of, %mistake, "a mail is made with the built-in text"),
        }
    }
    filled_in(&built_in(of).wording(), &values).map_err(|mistake| Error::damaged(mistake.to_string()))
}

/// A mail whose link is for its reader alone: as others may read it, and as it is sent.
pub(crate) async fn make_with_secret(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    of: MailTemplate,
    given: &[(&'static str, &str)],
    link: &str,
) -> Result<(Written, Parts)> {
    let sent = make(db, workspace, of, &[given, &[(LINK, link)]].concat()).await?;
    // The very text, so that the history tells of no other.
    let text = sent.parts.text.replace(link, HIDDEN_LINK);
    let shown = Written {
        subject: sent.subject,
        parts: layout::parts(text, HIDDEN_LINK),
    };
    Ok((shown, sent.parts))
}

async fn workspace_name(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<String> {
    let row = workspace::Entity::find_by_id(workspace.0).one(db).await?;
    row.map(|row| row.name)
        .ok_or_else(|| Error::damaged("the workspace is gone"))
}

fn filled_in(wording: &Wording, values: &Values) -> Result<Written, Mistake> {
    let text = fill_in::text(&wording.text, values)?;
    Ok(Written {
        subject: fill_in::line(&wording.subject, values)?,
        parts: layout::parts(text, values.link()),
    })
}
