//! What a mail would look like, for the frame beside the form that its text is typed into. The browser sends the form there
//! itself, so that it works without JavaScript, and nothing that is typed is lost by looking at it.

use super::{
    AppState, emails,
    pages::{problem, refused, sign_in_first},
};
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::Response,
};
use daybook_domain::{
    Error,
    email_template::{MailTemplate, TemplatePreview, Wording},
    permission::{ManageSettings, Permission},
    ports::Emails as _,
    viewer::Viewer,
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    subject: String,
    text: String,
}

/// `GET /admin/email/templates/{template}/preview`: what serves now.
pub async fn preview_of_page(
    state: State<AppState>,
    viewer: Option<Extension<Viewer>>,
    template: Path<String>,
    uri: Uri,
) -> Response {
    preview(state, viewer, template, uri, None).await
}

/// `POST /admin/email/templates/{template}/preview`: what is typed.
pub async fn preview_of_form(
    state: State<AppState>,
    viewer: Option<Extension<Viewer>>,
    template: Path<String>,
    uri: Uri,
    Form(Typed { subject, text }): Form<Typed>,
) -> Response {
    preview(state, viewer, template, uri, Some(Wording { subject, text })).await
}

async fn preview(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    Path(template): Path<String>,
    uri: Uri,
    typed: Option<Wording>,
) -> Response {
    const TITLE: &str = "There is nothing to show";
    let Some(Extension(viewer)) = viewer else {
        return sign_in_first(&uri);
    };
    let Ok(granted) = viewer.grant(ManageSettings) else {
        let title = "You can't see email templates";
        return refused(&state, &viewer, Permission::SettingsManage, title, &uri).await;
    };
    let Some(of) = MailTemplate::from_name(&template) else {
        return problem(StatusCode::NOT_FOUND, TITLE, &Error::NotFound.to_string());
    };
    let emails = &state.services().emails;
    let wording = match typed {
        Some(wording) => Ok(wording),
        None => emails
            .email_template(&granted, of)
            .await
            .map(|detail| detail.wording),
    };
    let made = match wording {
        Ok(wording) => emails.preview_email_template(&granted, of, &wording).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => emails::framed(document(made)),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            emails::in_frame(problem(status, TITLE, &error.to_string()))
        }
    }
}

/// The mail under its subject. Of the text nothing but the HTML is shown: the one is made from the other.
fn document(made: TemplatePreview) -> String {
    let subject = made
        .subject
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let head = format!(
        "<p style=\"margin:0;padding:12px 24px;border-bottom:1px solid;font:600 16px/1.5 sans-serif\">{subject}</p>\n"
    );
    // Inside of the body, whose beginning tag may have attributes.
    match made.html.split_once("<body") {
        Some((before, rest)) => {
            let (tag, rest) = rest.split_once('>').unwrap_or((rest, ""));
            format!("{before}<body{tag}>{head}{rest}")
        }
        None => format!("{head}{}", made.html),
    }
}
