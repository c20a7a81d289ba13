//! One message: where it stands, what has happened to it, and what it says.

use super::{
    api::{ResendEmail, show_email},
    cells::{Paused, Status, thing},
    text,
};
use crate::{
    account::when::When,
    address::use_id,
    error::AppError,
    pages::NotFound,
    routes,
    ui::{
        at_work::ask_again_while,
        copy::{CopyButton, Snippet},
        form::{FormProblem, FormState, SubmitButton, successes},
        page_head::back_link,
        problem::Problem,
        user_agent,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    email::{EmailAttachment, EmailDetail, EmailEvent, EmailStatus, SendAgain, SuppressionReason},
    event::NamedRef,
    id::EmailMessageId,
    object::ObjectKind,
    permission::Permission,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[component]
pub fn EmailMessagePage() -> impl IntoView {
    let id = use_id::<EmailMessageId>("message");
    let resend = ServerAction::<ResendEmail>::new();
    let done = successes(resend);
    let shown = Resource::new(
        move || (id.get(), done.get()),
        |(id, _)| async move {
            match id {
                Some(id) => show_email(id).await,
                None => Err(AppError::new(Error::NotFound)),
            }
        },
    );
    ask_again_while(shown, |shown| shown.as_ref().is_ok_and(|detail| detail.soon));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(detail) => page(detail, resend),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(detail: EmailDetail, resend: ServerAction<ResendEmail>) -> AnyView {
    let email = &detail.email;
    let (id, subject) = (email.id, text::subject(&email.subject));
    let suppressed = detail.suppressed.map(|reason| suppressed(&email.to, reason));
    let may_resend = detail.again == SendAgain::Can
        && !detail.soon
        && detail.paused.is_none()
        && lacking(&[Permission::SettingsManage]).is_none();
    let again = may_resend.then(|| again(id, email.status, resend));
    let gone =
        (detail.again == SendAgain::LinkGone).then(|| view! { <p class="quiet">{text::LINK_GONE}</p> });
    let paused = detail
        .paused
        .clone()
        .map(|at| view! { <Paused at then=text::IT_WAITS/> });
    let under_way = detail.soon.then(|| {
        view! {
            <p class="quiet" role="status">
                {text::UNDER_WAY} " "
                <noscript><a class="link" href=routes::email(id)>{text::LOOK_AGAIN}</a></noscript>
            </p>
        }
    });
    view! {
        <Title text=subject.clone()/>
        <header class="page-head">
            {back_link(routes::DELIVERY_HISTORY, text::HISTORY, Permission::EmailHistoryView)}
            <h1 class="thing__name"><bdi>{subject}</bdi> " " <Status status=email.status bounce=email.bounce/></h1>
        </header>
        <div class="email">
            {suppressed}
            {facts(&detail)}
            {under_way} {paused} {again} {gone}
            <section class="email__part">
                <h2>{text::EVENTS}</h2>
                {events(detail.events)}
            </section>
            <section class="email__part">
                <h2>{text::BODY}</h2>
                {body(id, detail.has_html, detail.text)}
            </section>
            {attachments(id, &detail.attachments)}
        </div>
    }
    .into_any()
}

fn suppressed(address: &str, reason: SuppressionReason) -> AnyView {
    let list = routes::suppressed(address);
    view! {
        <p class="email__caution">
            {text::suppressed_now(reason)} " " <a class="link" href=list>{text::SEE_SUPPRESSION}</a>
        </p>
    }
    .into_any()
}

fn facts(detail: &EmailDetail) -> AnyView {
    let email = &detail.email;
    let plain = |title, value: Option<&String>| {
        let value = value.map(|value| view! { <bdi>{value.clone()}</bdi> }.into_any());
        fact(title, value)
    };
    let named =
        |title, kind, named: &Option<NamedRef>| fact(title, named.as_ref().map(|named| thing(kind, named)));
    let at = email.at.clone();
    let recipient = text::mailbox(detail.to_name.as_deref(), &email.to);
    view! {
        <dl class="thing-facts">
            {plain(text::RECIPIENT, Some(&recipient))}
            {plain(text::SENDER, Some(&detail.from))}
            {fact(text::MADE, Some(view! { <When at/> }.into_any()))}
            {plain(text::TEMPLATE, email.template.as_ref())}
            {named(text::BRAND, ObjectKind::Brand, &email.brand)}
            {named(text::COMPANY, ObjectKind::Company, &email.company)}
            {named(text::CONTACT, ObjectKind::Contact, &email.contact)}
            {plain(text::SOURCE, Some(&email.source))}
            {fact(text::MESSAGE_ID, detail.message_id.clone().map(|id| to_copy(id, text::COPY_MESSAGE_ID)))}
            {fact(text::PROVIDER_ID, detail.provider_id.clone().map(|id| to_copy(id, text::COPY_PROVIDER_ID)))}
        </dl>
    }
    .into_any()
}

/// Nothing where it isn't known.
fn fact(title: &'static str, value: Option<AnyView>) -> Option<AnyView> {
    let row = |value| view! { <div class="thing-facts__row"><dt>{title}</dt><dd>{value}</dd></div> };
    value.map(|value| row(value).into_any())
}

fn to_copy(value: String, label: &'static str) -> AnyView {
    let stored = StoredValue::new(value.clone());
    view! { <code class="mono">{value}</code> " " <CopyButton label text=move || stored.get_value()/> }
        .into_any()
}

fn again(id: EmailMessageId, status: EmailStatus, action: ServerAction<ResendEmail>) -> AnyView {
    let state = FormState::of(action);
    let label = match status {
        EmailStatus::Queued | EmailStatus::Deferred => text::SEND_NOW,
        _ => text::RESEND,
    };
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id.to_string()/>
            <SubmitButton state label pending=text::SENDING/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

fn events(events: Vec<EmailEvent>) -> AnyView {
    if events.is_empty() {
        return view! { <p class="quiet">{text::NO_EVENTS}</p> }.into_any();
    }
    let events = events.into_iter().map(event).collect_view();
    view! { <ol class="email-events">{events}</ol> }.into_any()
}

fn event(event: EmailEvent) -> AnyView {
    let at = event.at;
    let code = event.code.map(|code| view! { <code>{code}</code> });
    let detail = event.detail.map(|detail| view! { <p><bdi>{detail}</bdi></p> });
    // Where a click led is the recipient's to follow: it may do something.
    let url = event
        .url
        .map(|url| view! { <p><code class="mono">{url}</code></p> });
    let ip = event
        .ip
        .map(|ip| view! { <p class="quiet">{text::IP} " " <code>{ip}</code></p> });
    let agent = event.user_agent.map(|agent| {
        view! { <p class="quiet">{user_agent::label(&agent)} <span class="sub">{agent}</span></p> }
    });
    view! {
        <li class="email-event">
            <p class="email-event__head">
                <Status status=event.status bounce=event.bounce/>
                <time datetime=at.utc.to_string() title=at.ago>{at.date} " " {at.time}</time>
                {code}
                <span class="quiet">{text::said_by(&event.source)}</span>
            </p>
            {detail} {url} {ip} {agent}
        </li>
    }
    .into_any()
}

/// The files that went along, to be had by those to whom records may be handed out.
fn attachments(id: EmailMessageId, files: &[EmailAttachment]) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let may_have = lacking(&[Permission::AuditLogsExport]).is_none();
    let files = files.iter().map(|file| {
        let name = view! { <bdi>{file.name.clone()}</bdi> };
        let name = if may_have {
            let href = routes::email_attachment(id, file.number);
            view! { <a class="link" href=href rel="external" download>{name}</a> }.into_any()
        } else {
            name.into_any()
        };
        view! { <li>{name} " " <span class="quiet">{text::size(file.size)}</span></li> }
    });
    let files = files.collect_view();
    let refused = (!may_have).then(|| view! { <p class="quiet">{text::ATTACHMENTS_REFUSED}</p> });
    let part = view! {
        <section class="email__part">
            <h2 id="attachments-title">{text::ATTACHMENTS}</h2>
            <ul aria-labelledby="attachments-title">{files}</ul>
            {refused}
        </section>
    };
    Some(part.into_any())
}

fn body(id: EmailMessageId, has_html: bool, text: Option<String>) -> AnyView {
    if !has_html && text.is_none() {
        return view! { <p class="quiet">{text::NO_BODY}</p> }.into_any();
    }
    // Whoever wrote it: in the frame no script runs, and it is nobody's page.
    let html = has_html.then(|| {
        view! { <iframe class="email__html" sandbox="" src=routes::email_body(id) title=text::BODY_TITLE></iframe> }
    });
    let text = text.map(|text| view! { <Snippet text/> });
    view! { {html} {text} }.into_any()
}
